#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

int main() {
    std::FILE* pipe = popen("printf 'b\\na\\nc\\n' | sort -r | tr '\\n' ' '", "r");
    std::array<char, 64> line{};
    while (std::fgets(line.data(), line.size(), pipe)) std::cout << line.data() << std::endl;
    std::cout << pclose(pipe) << std::endl;

    int ends[2];
    if (::pipe(ends) != 0) return 1;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        execlp("echo", "echo", "from", "the", "child", nullptr);
        _exit(127);
    }
    close(ends[1]);
    std::string said(64, '\0');
    said.resize(read(ends[0], said.data(), said.size()));
    int status = 0;
    waitpid(child, &status, 0);
    std::cout << said << WEXITSTATUS(status) << std::endl;
    std::cout << WEXITSTATUS(std::system("exit 3")) << std::endl;
}
