#pragma once

#include <map>
#include <string>

class Store {
public:
    explicit Store(std::map<std::string, int> items);
    int total() const;
    std::string cheapest() const;

private:
    std::map<std::string, int> items_;
};
