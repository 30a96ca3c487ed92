// A filter: the most frequent words of standard input.
#include <algorithm>
#include <cctype>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::map<std::string, int> counts;
    for (std::string word; std::cin >> word;) {
        std::erase_if(word, [](unsigned char c) { return !std::isalnum(c); });
        std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::tolower(c); });
        if (!word.empty()) ++counts[word];
    }
    std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
    std::ranges::stable_sort(sorted, std::greater{}, &std::pair<std::string, int>::second);
    for (std::size_t at = 0; at < std::min<std::size_t>(3, sorted.size()); ++at)
        std::cout << std::setw(3) << sorted[at].second << ' ' << sorted[at].first << '\n';
}
