"""Bounds a program in time and memory, and tells what was in its way."""

from llm_sandbox import SandboxSession, SandboxTimeoutError


def main() -> None:
    with SandboxSession(lang="python", runtime_configs={"mem_limit": "64m", "timeout": 3}) as session:
        try:
            session.run("print('begun', flush=True)\nwhile True: pass")
        except SandboxTimeoutError as error:
            printed = error.result.stdout.strip() if error.result else ""
            print(f"after {error.timeout_duration:g} seconds it had printed: {printed}")

        result = session.run("x = bytearray(200 << 20)", timeout=30)
        print(result.outcome)
        print(*result.hints)

        # The session goes on. What a program used is known.
        result = session.run("print('done')", timeout=10)
        print(result.stdout.strip(), result.usage is not None)


if __name__ == "__main__":
    main()
