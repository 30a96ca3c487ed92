"""Every program in examples/python runs, and prints what it is for."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from fenced import ROOT, difference
from named_engines import IMAGE, is_named

EXAMPLES = ROOT / "examples/python"
PRINTS = {
    "first_program": "printed: 45\nended: signalled by signal 6 - as a status: 134",
    "agent_loop": "...\nattempt 4: 55",
    "policy": "not safe\n2:16: high: os.system: ...\n3:1: high: os.system: ...\n4:8: high: token-123: a secret",
    "asynchronous": "['0', '1', '4', '9']\nstopped\n0\n1\n2",
    "batch": "...\n2 of 4 pass",
    "files": 'totals.json 31 bytes\n{\n  "apples": 8,\n  "pears": 4\n}',
    "timeouts": "after 3 seconds it had printed: begun\nout of memory\n...\ndone True",
    "docker_image": "hello 3",
}
NEEDS_DOCKER = {"docker_image": [IMAGE]}
"""Their arguments, too."""


@pytest.mark.parametrize("name", PRINTS)
def test_example(name, tmp_path):
    if name in NEEDS_DOCKER and not is_named("docker"):
        pytest.skip("LLM_SANDBOX_TEST_BACKENDS does not name docker")
    ran = subprocess.run(
        [sys.executable, str(EXAMPLES / f"{name}.py"), *NEEDS_DOCKER.get(name, ())],
        cwd=tmp_path,
        env={**os.environ, "LLM_SANDBOX_BACKEND": "native"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert difference(PRINTS[name], ran.stdout) is None, difference(PRINTS[name], ran.stdout)


def test_every_example_is_run():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(PRINTS)
