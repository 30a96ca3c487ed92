#include <cstdio>

int main(int count, char**) {
    int* volatile numbers = new int[3]{1, 2, 3};
    if (count == 1) {
        std::printf("whole %d\n", numbers[2]);
    }
    delete[] numbers;
    return count == 1 ? 0 : numbers[2];
}
