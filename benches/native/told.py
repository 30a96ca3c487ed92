"""A Python library of sandboxes, ours or PyPI's, told by lines on standard input what to do: answers with the seconds
that took. Its first argument has the arguments of sessions, as JSON.

open: a session opened and closed. fresh: the same with a run in it. true and print: a run in a session that stays open,
of /bin/true and of Python's print(1).
"""

import json
import sys
import time

from llm_sandbox import SandboxSession


def session():
    return SandboxSession(**json.loads(sys.argv[1]))


def open_and_close():
    with session():
        pass


def fresh():
    with session() as its:
        return its.run("print(1)")


with session() as opened:
    work = {
        "open": open_and_close,
        "fresh": fresh,
        "true": lambda: opened.execute_command("/bin/true"),
        "print": lambda: opened.run("print(1)"),
    }
    for line in sys.stdin:
        done = work[line.strip()]
        begun = time.perf_counter()
        output = done()
        took = time.perf_counter() - begun
        assert output is None or output.exit_code == 0, output
        print(took, flush=True)
