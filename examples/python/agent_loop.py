"""Has a model write code until it works: what went wrong goes back to the model.

The model here is a list of answers. Put a call to yours in the place of `answer`.
"""

from __future__ import annotations

from llm_sandbox import SandboxSession, SandboxTimeoutError, SecurityViolationError, get_security_policy
from llm_sandbox.core.session_base import BaseSession

ANSWERS = [
    "import os\nos.system('seq 1 10')",
    "print(sum(numbers))",
    "while True: pass",
    "print(sum(range(1, 11)))",
]


def answer(attempt: int, feedback: str) -> str:
    """What the model writes, having read what became of its last answer."""
    return ANSWERS[attempt]


def tried(session: BaseSession, code: str) -> tuple[bool, str]:
    """Whether code worked, and what to tell the model."""
    try:
        result = session.run(code, timeout=5)
    except SandboxTimeoutError as error:
        return False, str(error)
    except SecurityViolationError as error:
        return False, str(error)
    if result.success():
        return True, result.stdout
    # The end of a traceback says what was wrong; hints say what stood in the way.
    return False, "\n".join([f"It {result.outcome}.", *result.stderr.splitlines()[-1:], *result.hints])


def main() -> None:
    policy = get_security_policy("production")
    feedback = "Print the sum of the numbers from 1 to 10."
    with SandboxSession(lang="python", security_policy=policy, enforce_policy=True) as session:
        for attempt in range(len(ANSWERS)):
            works, feedback = tried(session, answer(attempt, feedback))
            print(f"attempt {attempt + 1}: {feedback.strip()}\n")
            if works:
                break


if __name__ == "__main__":
    main()
