"""Processes that are forked from one with sessions."""

import multiprocessing
import os
import signal
import threading
import warnings

import pytest
from helpers_of_sessions import run_program

from llm_sandbox import run_many
from llm_sandbox.exceptions import ForkedError
from llm_sandbox.native import SandboxNativeSession

# Newer versions of Python warn of forks in processes with threads, which those of sessions are.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")

PATIENCE = 20


def in_child(work):
    """What `work` makes of a forked child: its status, 0 where it returned; a hang is ended by a signal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        signal.alarm(PATIENCE)
        status = 99
        try:
            work()
            status = 0
        except BaseException as error:
            os.write(2, f"in the child: {type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1]


def opens_and_runs():
    with SandboxNativeSession() as session:
        assert session.run("print(6 * 7)").stdout == "42\n"
        assert session.run("print(1)", on_stdout=str).stdout == "1\n"


def test_a_child_may_not_use_its_parents_session_and_the_parents_works_on(session):
    files = session.files

    def work():
        for use in (
            lambda: session.run("print(1)"),
            lambda: session.run("print(1)", on_stdout=str),
            lambda: session.execute_command("true"),
            lambda: files.read("main.py"),
            lambda: session.get_archive("."),
            lambda: session.info,
            lambda: session.copy_to_runtime("/etc/hostname", "x"),
        ):
            with pytest.raises(ForkedError, match="forked"):
                use()
        with pytest.raises(ForkedError):
            session.close()

    session.run("open('kept', 'w').write('x')")
    assert in_child(work) == 0
    assert session.run("print(open('kept').read())").stdout == "x\n"


def test_a_child_opens_sessions_of_its_own(session):
    assert in_child(opens_and_runs) == 0
    assert session.run("print(1)").stdout == "1\n"


def test_a_child_runs_batches_of_its_own(session):
    def work():
        assert sorted(each.output.stdout for each in run_many(["print(1)", "print(2)"], backend="native")) == [
            "1\n",
            "2\n",
        ]

    assert in_child(work) == 0


def test_a_child_of_a_child_does_too(session):
    def work():
        with SandboxNativeSession() as own:
            assert in_child(opens_and_runs) == 0
            assert own.run("print(1)").stdout == "1\n"

    assert in_child(work) == 0
    assert session.run("print(1)").stdout == "1\n"


def test_dropping_a_parents_session_in_a_child_does_nothing():
    session = SandboxNativeSession()
    session.open()

    def work():
        nonlocal session
        session = None
        import gc

        gc.collect()
        opens_and_runs()

    assert in_child(work) == 0
    assert session.run("print(1)").stdout == "1\n"
    session.close()


def test_a_child_that_ends_as_usual_leaves_its_parents_sessions_alone():
    code = """
import os, sys, warnings
from llm_sandbox.native import SandboxNativeSession
warnings.simplefilter("ignore", DeprecationWarning)
session = SandboxNativeSession(); session.open()
session.run("open('kept', 'w').write('x')")
for status in (0, 5):
    pid = os.fork()
    if pid == 0:
        with SandboxNativeSession() as own:
            assert own.run("print(1)").stdout == "1\\n"
        sys.exit(status)
    assert os.WEXITSTATUS(os.waitpid(pid, 0)[1]) == status
print(session.run("print(open('kept').read())").stdout, end="")
"""
    program = run_program(code)
    assert (program.stdout, program.stderr, program.returncode) == ("x\n", "", 0)


def test_a_child_of_a_run_that_goes_on_lets_it_go_on(session):
    started = threading.Event()
    outputs = []

    def work():
        code = "print('up', flush=True)\nimport time; time.sleep(1)\nprint('done')"
        outputs.append(session.run(code, on_stdout=lambda _: started.set()))

    thread = threading.Thread(target=work)
    thread.start()
    assert started.wait(30)
    assert in_child(opens_and_runs) == 0
    thread.join(30)
    assert outputs[0].stdout == "up\ndone\n"


@pytest.mark.parametrize("openers", [1, 20])
@pytest.mark.parametrize("delay", [0.01, 0.05, 0.15])
def test_a_child_that_is_forked_during_the_very_first_opening_does_not_hang(openers, delay):
    """Whoever looks for the interpreter, or has a place among those that open, is not there in the child."""
    code = """
import os, signal, sys, threading, time, warnings
from llm_sandbox.native import SandboxNativeSession
warnings.simplefilter("ignore", DeprecationWarning)
openers, delay = int(sys.argv[1]), float(sys.argv[2])
failures = []
def work():
    try:
        with SandboxNativeSession(): pass
    except BaseException as error:
        failures.append(error)
threads = [threading.Thread(target=work) for _ in range(openers)]
for thread in threads: thread.start()
time.sleep(delay)
pid = os.fork()
if pid == 0:
    signal.alarm(20)
    with SandboxNativeSession() as session:
        os._exit(0 if session.run("print(1)").stdout == "1\\n" else 9)
status = os.waitpid(pid, 0)[1]
for thread in threads: thread.join()
print(status, failures)
"""
    program = run_program(code, str(openers), str(delay))
    assert (program.stdout, program.stderr) == ("0 []\n", "")


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_children_that_are_forked_while_others_open_sessions_open_theirs(session):
    is_over, failures = threading.Event(), []

    def work():
        while not is_over.is_set():
            try:
                with SandboxNativeSession() as own:
                    own.run("print(1)")
            except BaseException as error:
                failures.append(error)

    def opens():
        with SandboxNativeSession():
            pass

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        statuses = [in_child(opens) for _ in range(49)] + [in_child(opens_and_runs)]
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    assert set(statuses) == {0}
    assert failures == []
    assert session.run("print(1)").stdout == "1\n"


def test_a_child_that_lives_long_holds_no_run_of_its_parents_up(session):
    started, is_over = threading.Event(), threading.Event()
    reading, writing = os.pipe()

    def work():
        code = "import os, time; print(1, flush=True)\nwhile not os.path.exists('go'): time.sleep(0.01)"
        session.run("pass")
        session.run(code, on_stdout=lambda _: started.set())
        session.run("pass")
        is_over.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert started.wait(30)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    try:
        session.files.write("go", "")
        assert is_over.wait(10)
    finally:
        os.close(reading)
        os.close(writing)
        os.waitpid(pid, 0)
        thread.join(10)


def test_an_interpreter_that_is_asked_where_it_lives_is_heard_while_a_child_holds_its_pipe():
    """A child has copies of all that is open, and may live long: who waits for an end of file waits as long."""
    code = """
import os, sys, threading, time, warnings
from llm_sandbox.native import SandboxNativeSession
warnings.simplefilter("ignore", DeprecationWarning)
failures = []
def work():
    try:
        with SandboxNativeSession() as session:
            print(session.run("print(1)").stdout, end="")
    except BaseException as error:
        failures.append(error)
thread = threading.Thread(target=work)
thread.start()
time.sleep(0.02)
pid = os.fork()
if pid == 0:
    time.sleep(15)
    os._exit(0)
began = time.monotonic()
thread.join()
print(failures, time.monotonic() - began < 8)
os.kill(pid, 9)
os.waitpid(pid, 0)
"""
    program = run_program(code)
    assert (program.stdout, program.stderr) == ("1\n[] True\n", "")


def _in_a_pool(number):
    with SandboxNativeSession() as session:
        return int(session.run(f"print({number} ** 2)").stdout)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_the_workers_of_a_pool_have_sessions(method, session, monkeypatch):
    home = os.path.dirname(os.path.abspath(__file__))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([home, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]))
    context = multiprocessing.get_context(method)
    with context.Pool(2) as pool:
        assert pool.map_async(_in_a_pool, range(4)).get(60) == [0, 1, 4, 9]
        pool.close()
        pool.join()
    assert session.run("print(1)").stdout == "1\n"


def _use(session, results):
    try:
        session.run("print(1)")
    except BaseException as error:
        results.put(type(error).__name__)


def test_a_process_of_multiprocessing_that_was_forked_may_not_use_a_session(session):
    context = multiprocessing.get_context("fork")
    results = context.SimpleQueue()
    process = context.Process(target=_use, args=(session, results))
    process.start()
    assert results.get() == "ForkedError"
    process.join(20)
    assert process.exitcode == 0
    assert session.run("print(1)").stdout == "1\n"


def test_a_childs_own_ending_is_what_counts():
    program = """
import os, sys, warnings
from llm_sandbox.native import SandboxNativeSession
warnings.simplefilter("ignore", DeprecationWarning)
with SandboxNativeSession() as session:
    child = os.fork()
    if child == 0:
        sys.exit(7)
    print(os.waitpid(child, 0)[1] >> 8, session.run("print(1)").stdout)
"""
    ended = run_program(program)
    assert (ended.stdout, ended.stderr) == ("7 1\n\n", ""), ended
