"""What is left of sessions when they are over: nothing."""

import gc
import os
import subprocess
import time
from pathlib import Path

import pytest
from helpers_of_sessions import (
    descendants,
    environment_of_programs,
    eventually,
    open_descriptors,
    processes_of_sandboxes,
    start_program,
    strict_python,
    threads_of_sandboxes,
)

from llm_sandbox.native import SandboxNativeSession

OPEN = "from llm_sandbox.native import SandboxNativeSession\nsession = SandboxNativeSession(); session.open()\n"


def only_the_fork_server_is_left():
    return len(processes_of_sandboxes()) <= 1


def is_quiet():
    return not threads_of_sandboxes() and only_the_fork_server_is_left()


def test_no_thread_is_left_after_the_last_close():
    with SandboxNativeSession() as first:
        with SandboxNativeSession() as second:
            assert threads_of_sandboxes()
            second.run("print(1)", on_stdout=str)
        assert first.run("print(1)").stdout == "1\n"
    # The kernel may still be taking leave of them.
    assert eventually(lambda: set(threads_of_sandboxes()) <= {"llm-sandbox-stock"}, within=1)
    assert eventually(is_quiet, within=5)


def test_a_hundred_sessions_leave_no_descriptor():
    def use():
        with SandboxNativeSession() as session:
            session.run("print(1)")

    for _ in range(3):
        use()
    assert eventually(is_quiet)
    before = open_descriptors()
    for _ in range(100):
        use()
    assert eventually(is_quiet)
    assert open_descriptors() <= before


def test_failures_leave_no_descriptor():
    def fail():
        session = SandboxNativeSession(mounts=[("/no/such/path", "/x")])
        with pytest.raises(ValueError):
            session.open()
        with SandboxNativeSession() as session:
            with pytest.raises(ZeroDivisionError):
                session.run("print(1)\nwhile True: pass", on_stdout=lambda _: 1 / 0)
            with pytest.raises(OSError):
                session.files.read("absent")

    fail()
    assert eventually(is_quiet)
    before = open_descriptors()
    for _ in range(10):
        fail()
    gc.collect()
    assert eventually(is_quiet)
    assert open_descriptors() <= before


def test_a_session_that_is_dropped_is_destroyed():
    assert eventually(only_the_fork_server_is_left)
    session = SandboxNativeSession()
    session.open()
    assert len(processes_of_sandboxes()) >= 3
    del session
    assert eventually(is_quiet, within=10)


def test_a_session_in_a_cycle_is_destroyed_with_it():
    class Owner:
        def __init__(self):
            self.session = SandboxNativeSession()
            self.session.open()
            self.itself = self
            self.callback = lambda text: self.session.run(text)

    for _ in range(3):
        owner = Owner()
        owner.session.run("print('x')", on_stdout=lambda _: None)
        del owner
    gc.collect()
    assert eventually(is_quiet, within=10)


def test_an_endless_run_ends_with_its_session():
    import threading

    session = SandboxNativeSession()
    session.open()
    started = threading.Event()

    def work():
        try:
            session.run("print(1, flush=True)\nwhile True: pass", on_stdout=lambda _: started.set())
        except Exception:
            return

    thread = threading.Thread(target=work)
    thread.start()
    assert started.wait(30)
    session.close()
    thread.join(10)
    assert eventually(is_quiet, within=10)


def test_an_open_session_costs_no_processor():
    with SandboxNativeSession() as session:
        session.run("print(1)")
        time.sleep(1.5)
        before = time.process_time()
        time.sleep(1)
        assert time.process_time() - before < 0.5


ENDINGS = {
    "with a session open": (OPEN, 0),
    "with two sessions open": (OPEN + "other = SandboxNativeSession(); other.open(); other.run('print(1)')", 0),
    "with a status of its own": (OPEN + "import sys; sys.exit(7)", 7),
    "with a session in a cycle": (OPEN + "session.itself = session; del session", 0),
    "with a run in a daemon thread": (
        OPEN
        + """
import threading
started = threading.Event()
code = "print(1, flush=True)\\nwhile True: pass"
run = lambda: session.run(code, on_stdout=lambda _: started.set())
threading.Thread(target=run, daemon=True).start()
threading.Thread(target=lambda: session.run(code), daemon=True).start()
started.wait()
""",
        0,
    ),
    "with sessions opening in daemon threads": (
        """
import threading, time
from llm_sandbox.native import SandboxNativeSession
def work():
    while True:
        with SandboxNativeSession() as session:
            session.run("print(1)")
            begun.set()
begun = threading.Event()
for _ in range(3): threading.Thread(target=work, daemon=True).start()
begun.wait()
""",
        0,
    ),
    "with a loop that was never closed": (
        """
import asyncio, logging, warnings
from llm_sandbox import AsyncSandboxSession
loop = asyncio.new_event_loop()
session = AsyncSandboxSession("native")
loop.run_until_complete(session.open())
task = loop.create_task(session.run("while True: pass"))
loop.run_until_complete(asyncio.sleep(0.1))
# What asyncio itself says of loops and tasks that nobody ended.
warnings.filterwarnings("ignore", "unclosed event loop", ResourceWarning)
logging.getLogger("asyncio").setLevel(logging.CRITICAL)
""",
        0,
    ),
    "with a loop that cancelled a run": (
        """
import asyncio, logging
from llm_sandbox import AsyncSandboxSession
# It tells of slow steps.
logging.getLogger("asyncio").setLevel(logging.ERROR)
async def main():
    global session, task
    session = AsyncSandboxSession("native")
    await session.open()
    task = asyncio.ensure_future(session.run("while True: pass"))
    await asyncio.sleep(0.1)
asyncio.run(main())
""",
        0,
    ),
    "with a batch going on": (
        """
from llm_sandbox import run_many
results = run_many(["print(1)"] + ["while True: pass"] * 3, backend="native", concurrency=2)
assert next(results).output.stdout == "1\\n"
""",
        0,
    ),
    "with a session that is used when the interpreter ends": (
        OPEN
        + """
import atexit
atexit.register(lambda: print(session.run("print(6 * 7)").stdout, end=""))
""",
        0,
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_interpreter_ends_quietly(ending):
    code, status = ENDINGS[ending]
    began = time.monotonic()
    program, below = start_program(code), {}
    while program.poll() is None:
        below.update({pid: began_at(pid) for pid in descendants(program.pid)})
        time.sleep(0.02)
    out, err = program.communicate(timeout=30)
    assert (program.returncode, err) == (status, ""), err
    assert time.monotonic() - began < 20
    assert out == ("42\n" if "used" in ending else "")
    assert below
    assert eventually(lambda: not any(begun and began_at(pid) == begun for pid, begun in below.items()))


def began_at(pid):
    """When a process began, in the system's ticks, by which it is told from others of its number."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return None


@pytest.mark.parametrize("how", ["os._exit(3)", "os.kill(os.getpid(), 9)", "os.abort()"])
def test_a_program_that_ends_abruptly_leaves_no_process(how):
    program = subprocess.Popen(
        strict_python(OPEN + "import os, sys; print('up', flush=True); sys.stdin.read(1)\n" + how),
        env=environment_of_programs(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with program:
        assert program.stdout.readline() == b"up\n"
        below = descendants(program.pid)
        assert len(below) >= 3
        program.stdin.write(b"x")
        program.stdin.flush()
        program.wait(30)
    assert eventually(lambda: not any(is_alive(pid) for pid in below))


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_child_that_subprocess_starts_keeps_nothing_open():
    """Descriptors of sessions are not inherited: closing one is not held up by a program that goes on."""
    with SandboxNativeSession() as session:
        session.run("print(1)")
        child = subprocess.Popen(["sleep", "60"], close_fds=False)
    try:
        assert eventually(lambda: not threads_of_sandboxes(), within=5)
        links = [os.readlink(each) for each in Path(f"/proc/{child.pid}/fd").iterdir()]
        assert not [link for link in links if "llm-sandbox" in link]
    finally:
        child.kill()
        child.wait()
    with SandboxNativeSession() as session:
        assert session.run("print(1)").stdout == "1\n"
