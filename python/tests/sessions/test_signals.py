"""Signals that reach a program while it waits for a sandbox."""

import os
import signal
import subprocess
import threading
import time

import pytest
from helpers_of_sessions import descendants, environment_of_programs, eventually, start_program, strict_python

from llm_sandbox import run_many
from llm_sandbox.native import SandboxNativeSession

ENDLESS = "while True: pass"


class Alarm(Exception):
    """What a handler of a signal raises."""


@pytest.fixture
def alarm():
    """Has SIGALRM raise after so many seconds."""

    def handler(_number, _frame):
        raise Alarm

    before = signal.signal(signal.SIGALRM, handler)
    yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


INTERRUPTED = """
import sys, time
from llm_sandbox.native import SandboxNativeSession

with SandboxNativeSession() as session:
    for arguments in ({}, {"on_stdout": str}):
        print("running", flush=True)
        try:
            session.run("while True: pass", **arguments)
        except KeyboardInterrupt:
            while session.info["runs_live"]:
                time.sleep(0.01)
            print("interrupted", session.run("print('on')").stdout.strip(), flush=True)
"""


def test_ctrl_c_interrupts_a_run_at_once_and_the_session_works_on():
    with start_program(INTERRUPTED) as program:
        for _ in range(2):
            assert program.stdout.readline() == "running\n"
            time.sleep(0.3)
            began = time.monotonic()
            program.send_signal(signal.SIGINT)
            assert program.stdout.readline() == "interrupted on\n"
            assert time.monotonic() - began < 15
        out, err = program.communicate(timeout=30)
        assert (out, err, program.returncode) == ("", "", 0)


def test_ctrl_c_that_nobody_handles_ends_the_program():
    code = "from llm_sandbox.native import SandboxNativeSession\n"
    code += "with SandboxNativeSession() as session:\n"
    code += "    session.run('print(1, flush=True)\\nwhile True: pass', on_stdout=lambda _: print('up', flush=True))"
    with start_program(code) as program:
        assert program.stdout.readline() == "up\n"
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=30)
        assert "KeyboardInterrupt" in err and program.returncode == -signal.SIGINT


def test_ctrl_c_interrupts_what_is_awaited():
    code = """
import asyncio, os, signal, threading
from llm_sandbox import AsyncSandboxSession

async def main():
    async with AsyncSandboxSession("native") as session:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        await session.run("while True: pass")

try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted")
"""
    with start_program(code) as program:
        out, err = program.communicate(timeout=30)
        assert (out, program.returncode) == ("interrupted\n", 0) and "Traceback" not in err


@pytest.mark.parametrize("arguments", [{}, {"on_stdout": str}])
def test_a_handler_that_raises_ends_the_run(session, alarm, arguments):
    for _ in range(3):
        began = time.monotonic()
        alarm(0.1)
        with pytest.raises(Alarm):
            session.run(ENDLESS, **arguments)
        assert time.monotonic() - began < 15
        assert eventually(lambda: session.info["runs_live"] == 0, within=5)
        assert session.run("print('on')").stdout == "on\n"


def test_a_handler_that_raises_ends_commands_and_batches_too(session, alarm):
    alarm(0.1)
    with pytest.raises(Alarm):
        session.execute_command("sleep 60")
    alarm(0.3)
    with pytest.raises(Alarm):
        for _ in run_many([ENDLESS, ENDLESS], backend="native"):
            pass
    assert session.run("print('on')").stdout == "on\n"


def test_a_handler_that_raises_while_a_session_opens_leaves_nothing(alarm):
    for delay in (0.001, 0.003, 0.01, 0.02, 0.04):
        session = SandboxNativeSession()
        try:
            alarm(delay)
            while True:
                session.open()
                session.close()
        except Alarm:
            session.close()
    with SandboxNativeSession() as session:
        assert session.run("print(1)").stdout == "1\n"


def test_a_handler_that_does_not_raise_disturbs_nothing(session):
    count = 0

    def handler(_number, _frame):
        nonlocal count
        count += 1

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
    try:
        assert session.run("import time; time.sleep(1); print('done')").stdout == "done\n"
        session.files.write("large", b"x" * 5_000_000)
        assert len(session.files.read("large")) == 5_000_000
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert count > 20


def test_a_signal_that_reaches_another_thread_is_handled_by_the_first(session, alarm):
    """The kernel may give a signal of the process to any thread; handlers run in the first."""
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGALRM)).start()
    began = time.monotonic()
    with pytest.raises(Alarm):
        session.run(ENDLESS)
    assert time.monotonic() - began < 15


def test_a_run_on_another_thread_is_not_interrupted(session, alarm):
    output = []
    code = "import time; print('up', flush=True); time.sleep(0.6); print('done')"
    started = threading.Event()
    thread = threading.Thread(target=lambda: output.append(session.run(code, on_stdout=lambda _: started.set())))
    thread.start()
    started.wait(30)
    with pytest.raises(Alarm):
        alarm(0.05)
        while True:
            time.sleep(1)
    thread.join(30)
    assert output[0].stdout == "up\ndone\n"


def test_terminating_a_program_takes_its_sandboxes_along():
    code = "from llm_sandbox.native import SandboxNativeSession\nsession = SandboxNativeSession(); session.open()\n"
    code += "session.run('print(1, flush=True)\\nwhile True: pass', on_stdout=lambda _: print('up', flush=True))"
    for number in (signal.SIGTERM, signal.SIGKILL):
        program = subprocess.Popen(
            strict_python(code), env=environment_of_programs(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        with program:
            assert program.stdout.readline() == b"up\n"
            below = descendants(program.pid)
            assert len(below) >= 3, below
            program.send_signal(number)
            assert program.wait(30) == -number
        assert eventually(lambda: not any(os.path.exists(f"/proc/{each}/exe") for each in below))
