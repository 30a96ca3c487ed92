"""What the suites of sessions look at, and how they wait."""

import os
import subprocess
import sys
import time
from pathlib import Path

import llm_sandbox

PACKAGE_HOME = str(Path(llm_sandbox.__file__).parent.parent)


def eventually(holds, within=20.0):
    """Whether something becomes true before long."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def threads_of_sandboxes(pid="self"):
    """The names of the threads that the package has started."""
    names = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            names.append((task / "comm").read_text().strip())
        except OSError:
            continue
    return [name for name in names if name.startswith("llm-sandbox")]


def descendants(pid):
    """The processes below one."""
    children = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            children.setdefault(parent, []).append(int(process.name))
    found, waiting = [], [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def processes_of_sandboxes():
    """Those below this process that sandboxes are made from, and all below them."""
    tops = [pid for pid in descendants(os.getpid()) if _name_of(pid).startswith("llm-sandbox")]
    return {each for top in tops for each in (top, *descendants(top))}


def _name_of(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""


def open_descriptors():
    return len(os.listdir("/proc/self/fd"))


def environment_of_programs(**more):
    """The environment of a Python program that has the package."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LLM_SANDBOX_")}
    return {**kept, "PYTHONPATH": PACKAGE_HOME, "PYTHONDONTWRITEBYTECODE": "1", **more}


def strict_python(code, *args):
    """The words that start a Python program which no warning passes."""
    return [sys.executable, "-X", "dev", "-W", "error", "-c", code, *args]


def run_program(code, *args, timeout=60, env=None):
    """Runs a Python program beside this one to its end."""
    return subprocess.run(
        strict_python(code, *args),
        env=env or environment_of_programs(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


def start_program(code, *args):
    """Starts a Python program beside this one."""
    return subprocess.Popen(
        strict_python(code, *args),
        env=environment_of_programs(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
