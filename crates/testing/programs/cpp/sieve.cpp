// Counts primes below a million and lists the last few.
#include <iostream>
#include <vector>

int main() {
    constexpr int limit = 1'000'000;
    std::vector<bool> composite(limit);
    std::vector<int> primes;
    for (int number = 2; number < limit; ++number) {
        if (composite[number]) continue;
        primes.push_back(number);
        for (long multiple = 1L * number * number; multiple < limit; multiple += number) composite[multiple] = true;
    }
    std::cout << primes.size();
    for (auto prime = primes.end() - 3; prime != primes.end(); ++prime) std::cout << ' ' << *prime;
    std::cout << '\n';
}
