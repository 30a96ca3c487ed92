// How many ways there are to place queens, by backtracking.
#include <array>
#include <cstdio>

template <int N>
int place(int row, unsigned columns, unsigned left, unsigned right) {
    if (row == N) return 1;
    int ways = 0;
    for (unsigned free = ((1u << N) - 1) & ~(columns | left | right); free != 0; free &= free - 1) {
        unsigned queen = free & -free;
        ways += place<N>(row + 1, columns | queen, (left | queen) << 1, (right | queen) >> 1);
    }
    return ways;
}

int main() {
    std::array<int, 3> ways{place<6>(0, 0, 0, 0), place<8>(0, 0, 0, 0), place<10>(0, 0, 0, 0)};
    for (int count : ways) std::printf("%d ", count);
    std::puts("");
}
