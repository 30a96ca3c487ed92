#include <iostream>
#include <string>

int main() {
    std::string text = "tea";
    int length = text;
    std::cout << missing << '\n';
}
