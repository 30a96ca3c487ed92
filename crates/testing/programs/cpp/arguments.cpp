#include <iostream>

int main(int count, char** words) {
    std::cout << count - 1;
    for (int at = 1; at < count; ++at) std::cout << " [" << words[at] << ']';
    std::cout << '\n';
}
