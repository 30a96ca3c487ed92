#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

int main() {
    std::ofstream("left").flush();
    while (!std::filesystem::exists("right")) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::cout << "left met right" << '\n';
}
