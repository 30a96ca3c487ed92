#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

int main() {
    std::ofstream("right").flush();
    while (!std::filesystem::exists("left")) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::cout << "right met left" << '\n';
}
