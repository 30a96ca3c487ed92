#include <cstdio>

int main() {
    std::puts("begun");
    std::fflush(stdout);
    volatile int* nowhere = nullptr;
    return *nowhere;
}
