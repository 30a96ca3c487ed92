#include <cstdlib>
#include <iostream>

struct Last {
    ~Last() { std::cout << "last words\n"; }
} last;

int main() {
    std::cerr << "checked\n";
    std::exit(7);
}
