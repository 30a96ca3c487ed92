#include "store.hpp"

#include <algorithm>

Store::Store(std::map<std::string, int> items) : items_(std::move(items)) {}

int Store::total() const {
    int sum = 0;
    for (const auto& [name, price] : items_) sum += price;
    return sum;
}

std::string Store::cheapest() const {
    auto less = [](const auto& a, const auto& b) { return a.second < b.second; };
    return std::min_element(items_.begin(), items_.end(), less)->first;
}
