"""The Python library of PyPI, told by lines on standard input what to do: answers with the seconds that took.

fresh: a session opened, one run, closed. run: a run in a session that stays open.
"""
import sys
import time

from llm_sandbox import SandboxSession


def session():
    return SandboxSession(lang="python", image=sys.argv[1], keep_template=True, skip_environment_setup=True)


def check(result):
    assert (result.exit_code, result.stdout.strip()) == (0, "1"), result


with session() as opened:
    for line in sys.stdin:
        begun = time.perf_counter()
        if line == "run\n":
            check(opened.run("print(1)"))
        else:
            with session() as fresh:
                check(fresh.run("print(1)"))
        print(time.perf_counter() - begun, flush=True)
