"""Runs programs at the same time in one session, and stops one that nobody waits for any more."""

import asyncio

from llm_sandbox import AsyncSandboxSession


async def main() -> None:
    async with AsyncSandboxSession(lang="python") as session:
        results = await asyncio.gather(*(session.run(f"print({number} ** 2)") for number in range(4)))
        print([result.stdout.strip() for result in results])

        try:
            await asyncio.wait_for(session.run("while True: pass"), timeout=0.5)
        except asyncio.TimeoutError:
            print("stopped")

        await session.run("for number in range(3): print(number)", on_stdout=lambda text: print(text, end=""))


if __name__ == "__main__":
    asyncio.run(main())
