"""Ours behaves as the original does, but for what `differences.py` tells."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import original
import pytest
from differences import DIFFERENCES

import llm_sandbox

FACTS = Path(__file__).with_name("facts.py")


def facts(*command, **variables):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [*command, str(FACTS)],
        capture_output=True,
        env={**environment, "PYTHONIOENCODING": "utf-8", **variables},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def theirs():
    try:
        interpreter = original.interpreter()
    except original.UnavailableError as error:
        pytest.skip(str(error))
    return facts(str(interpreter), "-I")


@pytest.fixture(scope="module")
def ours():
    return facts(sys.executable, PYTHONPATH=str(Path(llm_sandbox.__file__).parents[1]))


def agrees(known, own):
    """Whether a fact holds here, too. An error may be more than it was."""
    if isinstance(known, dict) and isinstance(own, dict) and "raises" in known and "raises" in own:
        return set(known["raises"]) <= set(own["raises"])
    return known == own


def test_it_is_the_original_that_is_compared(theirs, ours):
    assert len(theirs) > 700
    assert theirs["ExecutionResult: to_json with plots"] != ours["ExecutionResult: to_json with plots"]


def test_ours_behaves_as_the_original_does(theirs, ours):
    unexpected = {
        name: {"theirs": known, "ours": ours.get(name, "nothing")}
        for name, known in theirs.items()
        if not agrees(known, ours.get(name, "nothing"))
        and not any(re.fullmatch(pattern, name, re.DOTALL) for pattern in DIFFERENCES)
    }
    assert unexpected == {}


@pytest.mark.parametrize("pattern", DIFFERENCES)
def test_every_difference_is_one(theirs, ours, pattern):
    named = [name for name in theirs if re.fullmatch(pattern, name, re.DOTALL)]
    assert any(theirs[name] != ours.get(name) for name in named)
