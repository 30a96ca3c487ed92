#include <iostream>
#include <unistd.h>

int main() {
    std::cout << "begun" << std::endl;
    for (;;) pause();
}
