"""The package is typed: for mypy, for pyright, and as the extension really is. Ruff's rules hold, too."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SECONDS = 300
NOT_FETCHED = ("npm error", "npm ERR!", "nodeenv", "Could not find node", "getaddrinfo", "urlopen error")
"""What pyright's package says where it cannot fetch pyright itself."""


def tool(module: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a tool of Python's at the root of the repository; skipped where it is not installed."""
    if importlib.util.find_spec(module.partition(".")[0]) is None:
        pytest.skip(f"{module} is not installed: python/tests/requirements.txt has it for Python 3.10 and later")
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1", **variables},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def pyright(*arguments: str) -> subprocess.CompletedProcess[str]:
    # To verify types it looks for the package where the interpreter would.
    ran = tool("pyright", "--pythonpath", sys.executable, *arguments, PYTHONPATH=str(ROOT / "python"))
    if ran.returncode and "errors, " not in ran.stdout and any(words in ran.stderr for words in NOT_FETCHED):
        pytest.skip(f"pyright cannot be fetched: {ran.stderr.strip().splitlines()[-1]}")
    return ran


def succeeded(ran: subprocess.CompletedProcess[str]) -> None:
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_mypy_is_content_with_package_and_examples():
    # The files are those of pyproject.toml.
    succeeded(tool("mypy"))


def test_the_extension_is_as_its_stub_says():
    succeeded(tool("mypy.stubtest", "llm_sandbox._native", MYPYPATH="python"))


def test_pyright_is_content_with_package_and_examples():
    succeeded(pyright())


def test_every_public_name_has_a_type():
    ran = pyright("--verifytypes", "llm_sandbox", "--ignoreexternal")
    assert "Type completeness score: 100%" in ran.stdout, ran.stdout + ran.stderr


def test_rules_of_ruff_hold():
    succeeded(tool("ruff", "check"))


def test_format_is_ruffs():
    succeeded(tool("ruff", "format", "--check"))


USES = """
from llm_sandbox import AsyncSandboxSession, ConsoleOutput, SandboxBackend, SandboxSession, run_many
from llm_sandbox import get_security_policy

with SandboxSession(lang="python", security_policy=get_security_policy("strict")) as session:
    reveal_type(session.run("1"))
    reveal_type(session.files.read("a"))
    reveal_type(session.is_safe("1")[0])
for done in run_many(["1"]):
    reveal_type(done.output)
name: str = SandboxBackend("native").value


async def waits() -> None:
    async with AsyncSandboxSession() as opened:
        reveal_type(await opened.run("1"))


ConsoleOutput(exit_code="0")
"""


def test_types_reach_programs_that_use_the_package(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(USES)
    ran = tool("mypy", "--config-file=", "--strict", f"--cache-dir={tmp_path}/cache", str(program), MYPYPATH="python")
    revealed = [
        line.partition('Revealed type is "')[2].rstrip('"') for line in ran.stdout.splitlines() if "Revealed" in line
    ]
    output = "llm_sandbox.data.ConsoleOutput"
    assert [each.replace("builtins.", "") for each in revealed] == [
        output,
        "bytes",
        "bool",
        f"{output} | None",
        output,
    ]
    assert ran.stdout.count("error:") == 1, ran.stdout
    assert 'incompatible type "str"; expected "int"' in ran.stdout
