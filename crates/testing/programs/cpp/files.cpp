// Writes, appends, renames, reads and removes below the working directory.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

namespace fs = std::filesystem;

int main() {
    fs::create_directories("reports/2024");
    std::ofstream("reports/2024/sales.csv") << "item,price\ntea,3.5\n";
    std::ofstream("reports/2024/sales.csv", std::ios::app) << "coffee,4.25\n";
    fs::rename("reports/2024/sales.csv", "reports/2024/sold.csv");
    std::ifstream file("reports/2024/sold.csv");
    double sum = 0;
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) sum += std::stod(line.substr(line.find(',') + 1));
    std::cout << sum << ' ' << fs::absolute("reports").string() << ' ' << fs::file_size("reports/2024/sold.csv") << '\n';
    std::cout << fs::remove_all("reports") << ' ' << std::boolalpha << fs::exists("reports") << '\n';
}
