"""Runs a program, and looks at what came of it."""

from llm_sandbox import SandboxSession


def main() -> None:
    with SandboxSession(lang="python") as session:
        result = session.run("print(sum(range(10)))")
        print("printed:", result.stdout.strip())

        # Code that fails is a result like any other.
        result = session.run("import os; os.abort()")
        print("ended:", result.outcome, "- as a status:", result.exit_code)


if __name__ == "__main__":
    main()
