"""Many threads, many sessions, and one session of many."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from llm_sandbox.native import SandboxNativeSession


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_two_hundred_threads_have_two_hundred_sessions():
    everybody = threading.Barrier(200, timeout=150)

    def work(number):
        with SandboxNativeSession() as session:
            everybody.wait()
            return session.run(f"print({number} ** 2)").stdout

    with ThreadPoolExecutor(200) as pool:
        assert list(pool.map(work, range(200))) == [f"{number**2}\n" for number in range(200)]


def test_sixteen_threads_share_a_session(session):
    def work(number):
        for turn in range(4):
            name = f"{number}-{turn}"
            pieces = []
            output = session.run(f"print(open('{name}').read())", files={name: name}, on_stdout=pieces.append)
            assert output.stdout == "".join(pieces) == f"{name}\n"
            assert session.files.read(name) == name.encode()
        return number

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(work, range(16))) == list(range(16))
    assert session.info["runs_begun"] == session.info["runs_ended"] == 64


def test_runs_of_one_session_overlap(session):
    """Each waits for the file that the other one writes."""
    code = """
import os, sys, time
mine, other = sys.argv[1:]
open(mine, "w").close()
while not os.path.exists(other): time.sleep(0.01)
print(mine)
"""
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(session.run, code, args=pair, timeout=30) for pair in (("a", "b"), ("b", "a"))]
        assert [run.result().stdout for run in runs] == ["a\n", "b\n"]


@pytest.mark.parametrize("arguments", [{}, {"on_stdout": str}])
def test_other_threads_count_on_while_one_waits(session, arguments):
    count, is_over = 0, False

    def add():
        nonlocal count
        while not is_over:
            count += 1

    adding = threading.Thread(target=add)
    adding.start()
    try:
        before = count
        session.run("import time; time.sleep(0.5)", **arguments)
        assert count - before > 1000
    finally:
        is_over = True
        adding.join()


def test_closing_a_session_ends_the_runs_of_other_threads():
    session = SandboxNativeSession()
    session.open()
    started, outcome = threading.Event(), []

    def work():
        try:
            session.run("print(1, flush=True)\nwhile True: pass", on_stdout=lambda _: started.set())
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert started.wait(30)
    session.close()
    thread.join(10)
    assert not thread.is_alive()
    assert type(outcome[0]).__name__ == "NotOpenSessionError"


def test_sessions_are_opened_and_closed_by_different_threads():
    with ThreadPoolExecutor(1) as opener, ThreadPoolExecutor(1) as closer:
        for _ in range(5):
            session = SandboxNativeSession()
            opener.submit(session.open).result()
            assert session.run("print(1)").stdout == "1\n"
            closer.submit(session.close).result()


def test_sessions_that_are_opened_at_once_are_opened_soon():
    began = time.monotonic()
    with ThreadPoolExecutor(32) as pool:
        sessions = [SandboxNativeSession() for _ in range(32)]
        list(pool.map(SandboxNativeSession.open, sessions))
        assert len({session.id for session in sessions}) == 32
        list(pool.map(SandboxNativeSession.close, sessions))
    assert time.monotonic() - began < 60
