"""Output that is told as it comes."""

import asyncio
import threading

import pytest
from helpers_of_sessions import eventually, threads_of_sandboxes

from llm_sandbox import AsyncSandboxSession, ValidationError

# Each line is printed only when the one before was taken, so that they come as pieces.
STEPS = """
import sys
for step in range(5):
    print("out", step, flush=True)
    print("err", step, file=sys.stderr, flush=True)
    sys.stdin.readline()
"""


class Refusal(Exception):
    """What a caller's own callback raises."""


def test_output_comes_in_order_and_is_in_the_result_too(session):
    pieces = []
    code = "for number in range(1000): print(number)"
    output = session.run(code, on_stdout=pieces.append)
    expected = "".join(f"{number}\n" for number in range(1000))
    assert "".join(pieces) == output.stdout == expected
    assert all(isinstance(piece, str) and piece for piece in pieces)


def test_each_stream_has_its_own_callback(session):
    out, err = [], []
    code = "import sys; print('o'); print('e', file=sys.stderr)"
    output = session.run(code, on_stdout=out.append, on_stderr=err.append)
    assert ("".join(out), "".join(err)) == ("o\n", "e\n") == (output.stdout, output.stderr)
    del out[:], err[:]
    session.run(code, on_stderr=err.append)
    assert ("".join(out), "".join(err)) == ("", "e\n")


def test_output_comes_while_the_program_runs(session):
    """The program waits for a file, which is written when its first line was seen."""
    code = (
        "import os, time\nprint('first', flush=True)\nwhile not os.path.exists('go'): time.sleep(0.01)\nprint('second')"
    )
    seen = []

    def go(text):
        seen.append(text)
        if "first" in text:
            session.files.write("go", "")

    assert session.run(code, on_stdout=go, timeout=30).stdout == "first\nsecond\n"
    assert len(seen) >= 2


def test_a_callback_may_use_its_session(session):
    inner = []
    session.run("print('outer', end='')", on_stdout=lambda _: inner.append(session.run("print('inner')").stdout))
    assert inner == ["inner\n"]


def test_callbacks_are_called_on_the_thread_that_runs(session):
    threads = set()

    def run():
        session.run("print(1)", on_stdout=lambda _: threads.add(threading.get_ident()))

    run()
    other = threading.Thread(target=run)
    other.start()
    other.join()
    assert threads == {threading.get_ident(), other.ident} or len(threads) == 2


def test_a_character_that_is_split_between_writes_arrives_whole(session):
    code = """
import os, sys, time
for byte in "ü✓😀".encode():
    os.write(1, bytes([byte])); os.write(2, bytes([byte]))
    time.sleep(0.02)
"""
    out, err = [], []
    output = session.run(code, on_stdout=out.append, on_stderr=err.append)
    assert "".join(out) == "".join(err) == output.stdout == "ü✓😀"
    assert set(out) <= {"ü", "✓", "😀", "ü✓", "✓😀", "ü✓😀"}


def test_much_output_is_told_whole(session):
    count = 0

    def add(text):
        nonlocal count
        count += len(text)

    output = session.run("import sys\nfor _ in range(400): sys.stdout.write('x' * 100_000)", on_stdout=add)
    assert count == 40_000_000
    assert output.stdout_truncated > 30_000_000 and len(output.stdout) < 10_000_000


def test_output_beyond_the_cap_is_told_whole_and_kept_within_it(native):
    session = native(runtime_configs={"output_limit": 1001})
    pieces = []
    output = session.run("import sys; sys.stdout.buffer.write('😀'.encode() * 5000)", on_stdout=pieces.append)
    assert "".join(pieces) == "😀" * 5000
    assert output.stdout_truncated == 20_000 - 1001 and len(output.stdout) < 300


@pytest.mark.parametrize("error", [Refusal, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_a_callback_raises_reaches_the_caller_and_ends_the_run(session, error):
    code = "import time\nprint('up', flush=True)\ntime.sleep(0.5)\nopen('trace', 'w').close()\nwhile True: pass"

    def refuse(_):
        raise error("enough")

    with pytest.raises(error, match="enough"):
        session.run(code, on_stdout=refuse)
    assert session.info["runs_live"] == 0
    session.run("import time; time.sleep(0.7)")
    assert not session.files.exists("trace")
    assert session.run("print('it works on')").stdout == "it works on\n"


def test_children_of_a_run_that_a_callback_ends_are_dead(session):
    code = """
import os, subprocess, sys
beat = "while True: open('/tmp/beat', 'a').write('x')"
child = subprocess.Popen([sys.executable, "-c", beat], start_new_session=True)
while not os.path.exists("/tmp/beat"): pass
print("up", flush=True)
child.wait()
"""

    def refuse(_):
        raise Refusal

    with pytest.raises(Refusal):
        session.run(code, on_stdout=refuse)
    size = session.files.stat("/tmp/beat").size
    assert session.execute_command("sleep 0.2").success()
    assert session.files.stat("/tmp/beat").size == size


def test_an_error_on_the_last_piece_is_raised_too(session):
    def refuse(_):
        raise Refusal

    for _ in range(5):
        with pytest.raises(Refusal):
            session.run("print(1)", on_stderr=refuse, on_stdout=refuse)
    assert session.info["runs_live"] == 0


def test_an_error_that_is_kept_keeps_nothing_running(native):
    """The traceback of an exception holds the frames in which it passed, and what those knew."""

    def refuse(_):
        raise Refusal

    session = native()
    with pytest.raises(Refusal) as kept:
        session.run("print(1)\nwhile True: pass", on_stdout=refuse)
    session.close()
    assert eventually(lambda: not threads_of_sandboxes(), within=5), threads_of_sandboxes()
    assert kept.value is not None


def test_the_next_run_has_callbacks_of_its_own(session):
    first, second = [], []
    session.run("print(1)", on_stdout=first.append)
    session.run("print(2)", on_stdout=second.append)
    assert ("".join(first), "".join(second)) == ("1\n", "2\n")


def test_in_an_event_loop_callbacks_are_called_in_the_loop():
    async def scenario():
        loop = asyncio.get_running_loop()
        seen = []

        def take(text):
            assert asyncio.get_running_loop() is loop
            seen.append(text)

        async with AsyncSandboxSession("native") as session:
            output = await session.run(STEPS, stdin="\n" * 5, on_stdout=take, on_stderr=take)
            assert sorted("".join(seen).splitlines()) == sorted(f"{s} {n}" for s in ("out", "err") for n in range(5))
            assert output.success()

    asyncio.run(scenario())


def test_in_an_event_loop_what_a_callback_raises_ends_the_run():
    def refuse(_):
        raise Refusal("enough")

    async def scenario():
        async with AsyncSandboxSession("native") as session:
            with pytest.raises(Refusal, match="enough"):
                await session.run("print(1, flush=True)\nwhile True: pass", on_stdout=refuse)
            assert (await session.info())["runs_live"] == 0
            assert (await session.run("print('on')")).stdout == "on\n"

    asyncio.run(scenario())


def test_in_an_event_loop_other_tasks_go_on_while_a_program_prints():
    async def scenario():
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.001)

        async with AsyncSandboxSession("native") as session:
            ticking = asyncio.ensure_future(tick())
            await session.run("import time\nfor n in range(20): print(n, flush=True); time.sleep(0.01)", on_stdout=str)
            ticking.cancel()
        assert ticks > 20

    asyncio.run(scenario())


def test_what_would_have_to_be_awaited_is_refused(session):
    async def listener(text):
        raise AssertionError("called")

    for stream in ("on_stdout", "on_stderr"):
        with pytest.raises(ValidationError, match=f"{stream}: .* would have to be awaited"):
            session.run("print(1)", **{stream: listener})
