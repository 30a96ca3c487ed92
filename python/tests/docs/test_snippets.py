"""Every program in README.md and in docs/ runs as it stands, and prints what stands below it.

A program that needs an engine has a comment `<!-- needs: docker -->` before it, and is run where
LLM_SANDBOX_TEST_BACKENDS names that engine, with an image `my-image` on it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fenced import LANGUAGES, ROOT, Block, blocks, difference
from named_engines import IMAGE, is_named

NOT_HERE = {"api-reference.md"}
"""Pages whose programs have a test of their own."""
PAGES = [ROOT / "README.md", *sorted(path for path in (ROOT / "docs").rglob("*.md") if path.name not in NOT_HERE)]
PROGRAMS = [block for page in PAGES for block in blocks(page) if block.language == "python"]
SECONDS = 120


@pytest.fixture
def engine(request):
    """The engine that a program needs, with the image that it finds there."""
    needed = request.param
    if needed is None:
        yield None
        return
    if not is_named(needed):
        pytest.skip(f"LLM_SANDBOX_TEST_BACKENDS does not name {needed}")
    subprocess.run([needed, "tag", IMAGE, "my-image"], check=True, capture_output=True)
    yield needed
    subprocess.run([needed, "rmi", "my-image"], check=False, capture_output=True)


@pytest.mark.parametrize(
    ("engine", "program"),
    [pytest.param(program.needs, program, id=program.place) for program in PROGRAMS],
    indirect=["engine"],
)
def test_program(engine: str | None, program: Block, tmp_path: Path):
    file = tmp_path / "program.py"
    file.write_text(program.text)
    ran = subprocess.run(
        [sys.executable, str(file)],
        cwd=tmp_path,
        env={**os.environ, "LLM_SANDBOX_BACKEND": engine or "native"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, f"{program.place}:\n{ran.stdout}{ran.stderr}"
    if program.output is not None:
        problem = difference(program.output, ran.stdout)
        assert problem is None, f"{program.place}: {problem}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_blocks_name_a_language_that_is_known(page: Path):
    assert [block.place for block in blocks(page) if block.language not in LANGUAGES] == []


def test_there_are_programs_in_the_readme_and_in_the_guide():
    places = [program.place for program in PROGRAMS]
    assert any(place.startswith("README.md") for place in places)
    assert sum(place.startswith("docs/guide") for place in places) > 20


@pytest.mark.parametrize(
    ("expected", "printed", "agrees"),
    [
        ("a", "a\n", True),
        ("a ... c", "a b c", True),
        ("a\n...", "a\nb\nc\n", True),
        ("a\n...\nc", "a\nc", True),
        ("...\nc", "c", True),
        ("a", "b", False),
        ("a\nb", "a", False),
        ("a ... c", "a b d", False),
        ("a.c", "abc", False),
    ],
)
def test_dots_stand_for_anything(expected: str, printed: str, agrees: bool):
    assert (difference(expected, printed) is None) == agrees
