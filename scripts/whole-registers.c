/*
 * For scripts/in-user-mode-linux and scripts/under-service-manager, by LD_PRELOAD: lets user-mode Linux run on processors with more registers than it
 * knows (AMX). It reads as much of a process's extended state as it has room for and sets as much again; Linux takes
 * only the whole. So what it sets is laid over what is there.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

typedef long (*ptrace_function)(int, int, void *, void *);

long ptrace(enum __ptrace_request request, ...) {
    static ptrace_function original;
    static char whole[64 << 10];
    va_list arguments;
    va_start(arguments, request);
    int process = va_arg(arguments, int);
    void *address = va_arg(arguments, void *);
    void *data = va_arg(arguments, void *);
    va_end(arguments);
    if (!original) original = (ptrace_function)dlsym(RTLD_NEXT, "ptrace");
    if (request == PTRACE_SETREGSET && address == (void *)NT_X86_XSTATE) {
        struct iovec *given = data, current = {whole, sizeof whole};
        if (original(PTRACE_GETREGSET, process, address, &current) == 0 && given->iov_len < current.iov_len) {
            memcpy(whole, given->iov_base, given->iov_len);
            return original(request, process, address, &current);
        }
    }
    return original(request, process, address, data);
}
