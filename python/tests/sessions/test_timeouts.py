"""Programs and sessions whose time is up."""

import asyncio
import math
import time
from fractions import Fraction

import pytest
from helpers_of_sessions import eventually

from llm_sandbox import AsyncSandboxSession, SandboxTimeoutError, run_many
from llm_sandbox.exceptions import SessionExpiredError
from llm_sandbox.native import SandboxNativeSession

SLOW = "print('begun', flush=True)\nwhile True: pass"


def timed_out(session, allowed, **arguments):
    began = time.monotonic()
    with pytest.raises(SandboxTimeoutError) as raised:
        session.run(SLOW, **arguments)
    assert time.monotonic() - began < allowed + 30
    error = raised.value
    assert isinstance(error, TimeoutError) and error.timeout_duration == allowed
    assert f"{allowed:g} seconds" in str(error) and "timeout" in error.hint
    assert (error.result.exit_code, error.result.outcome.kind, error.result.outcome.limit) == (137, "timed-out", "wall")
    return error.result


@pytest.mark.parametrize(
    "options, arguments, allowed",
    [
        ({}, {"timeout": 2.0}, 2.0),
        ({"default_timeout": 2.0}, {}, 2.0),
        ({"execution_timeout": 2.0, "default_timeout": 30}, {}, 2.0),
        ({"runtime_configs": {"timeout": 2.0}}, {}, 2.0),
        ({"runtime_configs": {"timeout": 30}, "execution_timeout": 2.0}, {}, 2.0),
        ({"runtime_configs": {"timeout": 2.0}, "default_timeout": 30}, {}, 2.0),
        ({"execution_timeout": 30}, {"timeout": 2.0}, 2.0),
        ({"default_timeout": math.inf}, {"timeout": 2.0}, 2.0),
    ],
)
def test_the_nearest_time_holds_and_the_session_goes_on(native, options, arguments, allowed):
    session = native(**options)
    result = timed_out(session, allowed, **arguments)
    assert result.stdout == "begun\n"
    assert result.usage.wall >= allowed - 0.05
    assert session.run("print('on')").stdout == "on\n"


def test_zero_is_a_time(native):
    timed_out(native(), 0, timeout=0)
    timed_out(native(default_timeout=0), 0)
    timed_out(native(execution_timeout=0, default_timeout=30), 0)
    timed_out(native(runtime_configs={"timeout": 0}), 0)
    assert native(default_timeout=0).run("print('more')", timeout=30).stdout == "more\n"


def test_infinity_is_none(native):
    for session in (native(default_timeout=math.inf), native(runtime_configs={"timeout": math.inf})):
        assert session.limits["wall_time"] is None
        assert session.run("print(1)").stdout == "1\n"
    session = native(default_timeout=2)
    assert session.run("import time; time.sleep(2.5); print('done')", timeout=math.inf).stdout == "done\n"


def test_callbacks_are_told_what_came_before(session):
    pieces = []
    result = timed_out(session, 2, timeout=2, on_stdout=pieces.append)
    assert "".join(pieces) == result.stdout == "begun\n"


def test_children_of_a_run_whose_time_is_up_are_dead(session):
    code = """
import os, subprocess, sys
beat = "while True: open('/tmp/beat', 'a').write('x')"
subprocess.Popen([sys.executable, "-c", beat], start_new_session=True, stdout=subprocess.DEVNULL)
while not os.path.exists("/tmp/beat"): pass
while True: pass
"""
    with pytest.raises(SandboxTimeoutError):
        session.run(code, timeout=4)
    size = session.files.stat("/tmp/beat").size
    assert size and session.info["runs_live"] == 0
    session.execute_command("sleep 0.2")
    assert session.files.stat("/tmp/beat").size == size


def test_time_on_the_processor_is_told_apart(native):
    session = native(runtime_configs={"cpu_time": 1.0})
    with pytest.raises(SandboxTimeoutError, match="CPU time") as raised:
        session.run(SLOW)
    assert raised.value.result.outcome.limit == "cpu"
    assert session.run("import time; time.sleep(0.5); print('slept')").stdout == "slept\n"


def test_a_session_whose_time_is_up_says_so(native):
    session = native(session_timeout=0.5)
    assert session.run("print(1)").stdout == "1\n"
    with pytest.raises(SessionExpiredError):
        session.run(SLOW)
    for use in (
        lambda: session.run("print(1)"),
        lambda: session.files.read("main.py"),
        lambda: session.execute_command("true"),
    ):
        with pytest.raises(SessionExpiredError) as raised:
            use()
        assert isinstance(raised.value, SandboxTimeoutError) and raised.value.timeout_duration == 0.5
        assert "lifetime" in str(raised.value)
    session.close()
    session.open()
    assert session.run("print('anew')").stdout == "anew\n"


def test_a_session_that_nobody_uses_ends(native):
    session = native(idle_timeout=0.5)
    for _ in range(4):
        assert session.run("import time; time.sleep(0.3)").success()
    assert eventually(lambda: session._open_session.is_over(), within=10)
    with pytest.raises(SessionExpiredError, match="idle"):
        session.run("print(1)")


def test_in_an_event_loop_times_are_the_same():
    async def scenario():
        async with AsyncSandboxSession("native", default_timeout=2) as session:
            with pytest.raises(SandboxTimeoutError) as raised:
                await session.run(SLOW)
            assert raised.value.result.stdout == "begun\n"
            assert (await session.run("import time; time.sleep(0.5); print(1)", timeout=30)).stdout == "1\n"
            with pytest.raises(SandboxTimeoutError):
                await session.execute_command("sleep 60", timeout=0.1)
        async with AsyncSandboxSession("native", session_timeout=0.3) as session:
            with pytest.raises(SessionExpiredError):
                await session.run(SLOW)

    asyncio.run(scenario())


def test_in_a_batch_a_time_that_is_up_is_an_outcome():
    results = {each.id: each for each in run_many([SLOW, "print(1)"], backend="native", default_timeout=3)}
    assert results["0"].error is None
    assert (results["0"].output.outcome.kind, results["0"].output.stdout) == ("timed-out", "begun\n")
    assert results["1"].output.stdout == "1\n"


@pytest.mark.parametrize("name", ["default_timeout", "execution_timeout", "session_timeout", "idle_timeout"])
@pytest.mark.parametrize("value", [-1, math.nan, 1e300, 10**400, "soon", True, [1], -math.inf])
def test_what_is_no_time_is_refused_by_name(name, value):
    from llm_sandbox import ValidationError

    with pytest.raises(ValidationError, match=name):
        SandboxNativeSession(**{name: value})


def test_a_session_that_has_ended_is_not_open_and_can_be_opened_anew(native):
    session = native(session_timeout=0.5)
    first = session.id
    assert session.is_open
    assert eventually(lambda: not session.is_open)
    with pytest.raises(SessionExpiredError):
        session.run("print(1)")
    session.open()
    assert session.is_open and session.id != first


def test_a_number_of_any_kind_is_a_time(session):
    assert session.run("print(1)", timeout=Fraction(61, 2)).stdout == "1\n"
    with pytest.raises(SandboxTimeoutError, match="0.25 seconds"):
        session.run("while True: pass", timeout=Fraction(1, 4))
