#include <map>
#include <string>

int main() {
    std::map<std::string, int> prices{{"tea", 3}};
    return prices.at("coffee");
}
