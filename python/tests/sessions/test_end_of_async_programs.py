"""A program ends as it should while threads of sandboxes come out of Python."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

AWAITS_LAST = """
import asyncio
from llm_sandbox import AsyncSandboxSession

async def main():
    async with AsyncSandboxSession("native") as session:
        print((await session.run("print('ran')")).stdout, end="")

asyncio.run(main())
"""

LEAVES_WORK = """
import asyncio
from llm_sandbox import AsyncSandboxSession

async def main():
    session = AsyncSandboxSession("native")
    await session.open()
    # Nobody waits for any of these, and the loop is closed.
    works = [asyncio.ensure_future(session.run("print(1)")) for _ in range(5)]
    await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
    print("ran")

asyncio.run(main())
"""

AWAITS_AT_THE_END = """
import asyncio, atexit
from llm_sandbox import AsyncSandboxSession

async def main():
    async with AsyncSandboxSession("native") as session:
        return (await session.run("print('ran')")).stdout

# Is called after the package's own.
atexit.register(lambda: print(asyncio.run(main()), end=""))
asyncio.run(main())
"""


def run(program):
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    return ran.returncode, ran.stdout, ran.stderr


def test_programs_that_await_until_their_end_do_not_crash():
    programs = [AWAITS_LAST] * 40 + [LEAVES_WORK] * 20 + [AWAITS_AT_THE_END] * 2
    with ThreadPoolExecutor(2) as pool:
        ends = set(pool.map(run, programs))
    assert ends == {(0, "ran\n", "")}
