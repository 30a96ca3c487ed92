#include <iostream>
#include <optional>
#include <string_view>

#ifndef LEVEL
#define LEVEL 0
#endif

int main() {
    std::optional<std::string_view> word = "tea";
    std::cout << __cplusplus << ' ' << LEVEL << ' ' << *word << '\n';
}
