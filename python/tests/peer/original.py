"""The interpreter that has the original package: named by a variable, or made here once."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "LLM_SANDBOX_PEER_PYTHON"
REQUIREMENT = "llm-sandbox[docker]==0.3.46"
PLACE = Path("~/.cache/llm-sandbox/peer-0.3.46").expanduser()
SECONDS = 900
NOT_THERE = f"{REQUIREMENT} cannot be installed here, and {VARIABLE} names no interpreter that has it"


class UnavailableError(Exception):
    """It cannot be made here, for the reason given."""


def interpreter() -> Path:
    """The interpreter.

    Raises:
        UnavailableError: None is named, and none can be made.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    made, complete = PLACE / "bin/python", PLACE / "complete"
    if not complete.exists():
        shutil.rmtree(PLACE, ignore_errors=True)
        PLACE.parent.mkdir(parents=True, exist_ok=True)
        run(_recent_python(), "-m", "venv", str(PLACE))
        run(str(made), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", REQUIREMENT)
        complete.touch()
    return made


def run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"{NOT_THERE}: {error}") from error
    if done.returncode:
        errors = [
            line for line in done.stderr.splitlines() if re.match("ERROR|error", line)
        ] or done.stderr.splitlines()
        raise UnavailableError(f"{NOT_THERE}: {(errors or ['it did not say why'])[-1]}")


def _recent_python() -> str:
    if sys.version_info >= (3, 10):
        return sys.executable
    for minor in range(13, 9, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found
    raise UnavailableError(f"{REQUIREMENT} needs Python 3.10, and there is none on the search path")
