// N processes each of which starts a successor and is gone at once, over and over: whoever looks for them one by one may
// never meet one. Each carries the program's arguments. Prints a line first.
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static char stacks[64][2][8192] __attribute__((aligned(16)));

static int hop(void *place) {
    long hopper = (long)place >> 1, turn = !((long)place & 1);
    for (;;) {
        void *next = (void *)(hopper << 1 | turn);
        if (clone(hop, stacks[hopper][turn] + 8192 - 64, CLONE_VM | CLONE_FILES | CLONE_FS | SIGCHLD, next) > 0)
            syscall(SYS_exit, 0);
    }
}

int main(int count, char **arguments) {
    (void)count;
    signal(SIGCHLD, SIG_IGN);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (long hopper = 0; hopper < atol(arguments[1]); hopper++)
        clone(hop, stacks[hopper][0] + 8192 - 64, CLONE_VM | CLONE_FILES | SIGCHLD, (void *)(hopper << 1));
    write(1, "on\n", 3);
    for (;;) pause();
}
