"""Tries answers to a task, each in a fresh sandbox, and counts those that pass."""

from llm_sandbox import run_many

ANSWERS = [
    "def double(x): return x * 2",
    "def double(x): return x + x",
    "def double(x): return x ** 2",
    "def double(x):\n    while True: pass",
]
TEST = "\nassert [double(x) for x in (0, 1, 5)] == [0, 2, 10]\n"


def main() -> None:
    programs = [{"id": f"answer-{at}", "code": answer + TEST, "timeout": 2} for at, answer in enumerate(ANSWERS)]
    passed = 0
    for result in run_many(programs, lang="python", runtime_configs={"mem_limit": "128m"}, concurrency=2):
        if result.output is None:
            print(result.id, "was not tried:", result.error)
            continue
        passed += result.output.success()
        print(result.id, result.output.outcome)
    print(f"{passed} of {len(ANSWERS)} pass")


if __name__ == "__main__":
    main()
