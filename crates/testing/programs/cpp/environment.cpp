#include <cstdlib>
#include <filesystem>
#include <iostream>

int main() {
    std::cout << std::getenv("GREETING") << ' ' << (std::getenv("ABSENT") ? "there" : "absent") << ' ' << std::getenv("HOME")
              << ' ' << std::filesystem::current_path().string() << '\n';
}
