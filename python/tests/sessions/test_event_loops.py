"""Sessions in event loops."""

import asyncio
import gc
import time

import pytest
from helpers_of_sessions import eventually, threads_of_sandboxes

from llm_sandbox import AsyncSandboxSession, SandboxTimeoutError
from llm_sandbox.exceptions import NotOpenSessionError

ENDLESS = "print('up', flush=True)\nwhile True: pass"


async def soon(holds):
    for _ in range(1000):
        if await holds():
            return True
        await asyncio.sleep(0.01)
    return False


async def is_idle(session):
    return await soon(lambda: _is_idle(session))


async def _is_idle(session):
    return (await session.info())["runs_live"] == 0


def test_a_session_is_opened_used_and_closed():
    async def scenario():
        session = AsyncSandboxSession("native", lang="py", env={"A": "1"})
        assert not session.is_open and "closed" in repr(session)
        with pytest.raises(NotOpenSessionError):
            await session.run("print(1)")
        for _ in range(2):
            await session.open()
        assert session.is_open and session.id in repr(session)
        output = await session.run(
            "import os, sys; print(os.environ['A'], os.environ['B'], sys.argv[1:], sys.stdin.read(), os.getcwd())",
            args=["x"],
            stdin="typed",
            env={"B": "2"},
            workdir="/tmp",
        )
        assert output.stdout == "1 2 ['x'] typed /tmp\n"
        assert (await session.info())["runs_ended"] == 1 and session.limits["wall_time"] == 60.0
        await session.environment_setup()
        await session.install([])
        for _ in range(2):
            await session.close()
        for use in (session.run("1"), session.execute_command("true"), session.info(), session.get_archive(".")):
            with pytest.raises(NotOpenSessionError):
                await use
        with pytest.raises(NotOpenSessionError):
            session.files

    asyncio.run(scenario())


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_thousand_sessions_sixty_four_at_once():
    async def scenario():
        places = asyncio.Semaphore(64)

        async def work(number):
            async with places, AsyncSandboxSession("native") as session:
                return (await session.run(f"print({number})")).stdout

        return await asyncio.gather(*(work(number) for number in range(1000)))

    assert asyncio.run(scenario()) == [f"{number}\n" for number in range(1000)]


def test_runs_overlap():
    async def scenario():
        async with AsyncSandboxSession("native") as session:
            began = time.monotonic()
            outputs = await asyncio.gather(*(session.run(f"import time; time.sleep(4); print({n})") for n in range(8)))
            assert [output.stdout for output in outputs] == [f"{n}\n" for n in range(8)]
            assert time.monotonic() - began < 25

    asyncio.run(scenario())


@pytest.mark.parametrize("arguments", [{}, {"on_stdout": str}])
def test_cancelling_kills_the_run_and_keeps_the_session(arguments):
    async def scenario():
        async with AsyncSandboxSession("native") as session:
            task = asyncio.ensure_future(session.run("open('begun', 'w').close()\n" + ENDLESS, **arguments))
            assert await soon(lambda: session.files.exists("begun"))
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await is_idle(session)
            assert (await session.run("print('on')")).stdout == "on\n"

    asyncio.run(scenario())


@pytest.mark.parametrize("delay", [0, 0.001, 0.005, 0.02, 0.1])
def test_cancelling_at_any_time_leaves_nothing_running(delay):
    async def scenario():
        async with AsyncSandboxSession("native") as session:
            for use in (session.run, lambda code, **_: session.execute_command(["python3", "-c", code])):
                for arguments in ({}, {"on_stdout": str}):
                    task = asyncio.ensure_future(use(ENDLESS, **arguments))
                    await asyncio.sleep(delay)
                    task.cancel()
                    with pytest.raises(asyncio.CancelledError):
                        await task
            assert await is_idle(session)
            assert (await session.run("print('on')")).stdout == "on\n"

    asyncio.run(scenario())


@pytest.mark.parametrize("delay", [0, 0.005, 0.02, 0.05])
def test_cancelling_while_a_session_opens_or_closes_leaves_nothing(delay):
    async def scenario():
        for step in ("open", "close"):
            session = AsyncSandboxSession("native")
            if step == "close":
                await session.open()
            task = asyncio.ensure_future(getattr(session, step)())
            await asyncio.sleep(delay)
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                assert not session.is_open
            await session.close()

    asyncio.run(scenario())
    gc.collect()
    assert eventually(lambda: not [name for name in threads_of_sandboxes() if name != "llm-sandbox-stock"])


def test_wait_for_gives_up_and_the_session_works_on():
    async def scenario():
        async with AsyncSandboxSession("native") as session:
            with pytest.raises(asyncio.TimeoutError) as raised:
                await asyncio.wait_for(session.run(ENDLESS), 0.3)
            assert not isinstance(raised.value, SandboxTimeoutError)
            assert await is_idle(session)
            with pytest.raises(SandboxTimeoutError):
                await asyncio.wait_for(session.run(ENDLESS, timeout=0.3), 30)
            assert (await asyncio.wait_for(session.run("print('on')"), 30)).stdout == "on\n"

    asyncio.run(scenario())


def test_the_loop_goes_on_while_something_is_awaited():
    async def scenario():
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.001)

        async with AsyncSandboxSession("native") as session:
            ticking = asyncio.ensure_future(tick())
            await session.run("import time; time.sleep(0.5)")
            ticking.cancel()
        assert ticks > 100

    asyncio.run(scenario())


def test_several_loops_have_sessions_of_their_own():
    from concurrent.futures import ThreadPoolExecutor

    async def scenario(number):
        async with AsyncSandboxSession("native") as session:
            return (await session.run(f"print({number})", on_stdout=str)).stdout

    with ThreadPoolExecutor(8) as pool:
        outputs = pool.map(lambda number: asyncio.run(scenario(number)), range(16))
        assert list(outputs) == [f"{number}\n" for number in range(16)]


def test_one_session_may_be_used_by_several_loops_after_each_other():
    session = AsyncSandboxSession("native")
    asyncio.run(session.open())
    assert asyncio.run(session.run("print(1)")).stdout == "1\n"
    asyncio.run(session.close())


def test_many_tasks_that_open_one_session_open_one():
    async def scenario():
        session = AsyncSandboxSession("native")
        await asyncio.gather(*(session.open() for _ in range(8)))
        assert (await session.run("print(1)")).stdout == "1\n"
        await session.close()

    asyncio.run(scenario())
    gc.collect()
    assert eventually(lambda: not [name for name in threads_of_sandboxes() if name != "llm-sandbox-stock"])


def test_a_failure_to_open_is_raised_where_it_is_awaited():
    from llm_sandbox import ValidationError

    async def scenario():
        session = AsyncSandboxSession("native", interpreter="/no/such/program")
        with pytest.raises(ValidationError, match="/no/such/program"):
            await session.open()
        assert not session.is_open

    asyncio.run(scenario())
