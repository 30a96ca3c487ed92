#include <cstdio>
#include <cstring>
#include <vector>

int main() {
    std::puts("begun");
    std::fflush(stdout);
    std::vector<char*> kept;
    for (;;) {
        kept.push_back(new char[8 << 20]);
        std::memset(kept.back(), 1, 8 << 20);
    }
}
