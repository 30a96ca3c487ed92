#include <algorithm>
#include <codecvt>
#include <fstream>
#include <iostream>
#include <locale>
#include <string>

int main(int, char** argv) {
    int größe = 42;
    std::cout << "größe=" << größe << " — naïve ☕ 日本語 🦀\n";
    std::wstring_convert<std::codecvt_utf8<char32_t>, char32_t> utf8;
    for (std::string word; std::getline(std::cin, word);) {
        std::u32string letters = utf8.from_bytes(word);
        std::reverse(letters.begin(), letters.end());
        std::cout << utf8.to_bytes(letters) << ' ' << letters.size() << ' ' << word.size() << '\n';
    }
    std::ofstream("ünïcode-☕.txt") << "ja";
    std::string said;
    std::ifstream("ünïcode-☕.txt") >> said;
    std::cout << said << ' ' << argv[1] << '\n';
    std::cerr << "Fehler: Ärger\n";
}
