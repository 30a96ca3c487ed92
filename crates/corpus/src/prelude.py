import ctypes, errno, os, sys

# The process that starts and ends this one: in a sandbox it is the sandbox's.
first = os.getppid()
aim = sys.argv[1] if len(sys.argv) > 1 else ''
libc = ctypes.CDLL(None, use_errno=True)


def say(word, detail):
    for stream in (1, 2):
        try:
            os.write(stream, f'{word} {detail}\n'.encode())
            break
        except OSError:
            pass
    os._exit(0)


def denied(detail=''):
    say('DENIED', detail)


def escaped(detail=''):
    say('ESCAPED', detail)


def refuse(call, *errors):
    """The attempt must fail with an error, one of these where they are given."""
    try:
        result = call()
    except OSError as error:
        name = errno.errorcode.get(error.errno, error.errno)
        if errors and name not in errors:
            escaped(f'{name} comes from behind the door')
        return name
    escaped(repr(result)[:80])


X86_64 = dict(ioctl=16, clone=56, chroot=161, pivot_root=155, mount=165, personality=135, ptrace=101, syslog=103,
    capget=125, capset=126, init_module=175, add_key=248, keyctl=250, unshare=272, setns=308, open_by_handle_at=304,
    name_to_handle_at=303, perf_event_open=298, bpf=321, userfaultfd=323, seccomp=317, io_uring_setup=425, clone3=435,
    process_vm_readv=310, pidfd_getfd=438, kcmp=312, mlock=149, sched_setaffinity=203, swapon=167, mount_setattr=442,
    open_tree=428, fsopen=430, kexec_load=246, memfd_secret=447, ioprio_set=251)
AARCH64 = dict(ioctl=29, clone=220, chroot=51, pivot_root=41, mount=40, personality=92, ptrace=117, syslog=116,
    capget=90, capset=91, init_module=105, add_key=217, keyctl=219, unshare=97, setns=268, open_by_handle_at=265,
    name_to_handle_at=264, perf_event_open=241, bpf=280, userfaultfd=282, seccomp=277, io_uring_setup=425, clone3=435,
    process_vm_readv=270, pidfd_getfd=438, kcmp=272, mlock=228, sched_setaffinity=122, swapon=224, mount_setattr=442,
    open_tree=428, fsopen=430, kexec_load=104, memfd_secret=447, ioprio_set=30)
NUMBERS = AARCH64 if os.uname().machine == 'aarch64' else X86_64


def syscall(name, *arguments):
    ctypes.set_errno(0)
    arguments = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = libc.syscall(ctypes.c_long(NUMBERS[name]), *arguments)
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result


def shut(name, *arguments):
    """The door itself must be shut, before anybody looks at what is brought."""
    return refuse(lambda: syscall(name, *arguments), 'EPERM', 'ENOSYS')


buffer = ctypes.create_string_buffer


def machine_code(code):
    """Runs it as a function without arguments."""
    import mmap
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
