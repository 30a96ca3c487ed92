#include <cassert>
#include <cstdio>
#include <vector>

int third(const std::vector<int>& numbers) {
    assert(numbers.size() > 2);
    return numbers[2];
}

int main() {
    std::printf("%d\n", third({1, 2, 3}));
    std::fflush(stdout);
    return third({1});
}
