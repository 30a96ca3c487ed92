#include <fstream>
#include <iostream>
#include <string>

#include "store/store.hpp"

int main() {
    Store store({{"tea", 3}, {"coffee", 4}});
    std::string price;
    std::getline(std::ifstream("prices.txt"), price);
    std::cout << store.total() << ' ' << store.cheapest() << ' ' << price << '\n';
}
