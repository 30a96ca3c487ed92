"""The complete example of the API reference, taken out of docs/api-reference.md, and the names that it tells.

Its parts run as they stand, up to what is not there yet: that is a typed error, and a test here has to be changed when
it comes.
"""

from __future__ import annotations

import hashlib
import importlib
import linecache
import re
import subprocess

import pytest
from fenced import ROOT, blocks
from named_engines import IMAGE, is_named

from llm_sandbox import DefaultImage, SandboxSession, exceptions
from llm_sandbox.exceptions import LibraryInstallationNotSupportedError, SandboxError, UnsupportedBackendError

REFERENCE = ROOT / "docs/api-reference.md"
BASIC, POLICY, ARTIFACTS, KUBERNETES = TITLES = [
    "# Basic usage",
    "# With security policy",
    "# With artifact extraction",
    "# Kubernetes backend",
]
NAMES = re.findall(r"^::: (\S+)$", REFERENCE.read_text(), re.MULTILINE)
EXCEPTIONS = re.findall(r"^- `(\w+Error)`$", REFERENCE.read_text(), re.MULTILINE)


SHA256 = "96fbb60862f44f4c6399c12598661a34b693f0466f718ecc70a9e4312c532549"


def example():
    (found,) = [block.text for block in blocks(REFERENCE) if TITLES[0] in block.text]
    return found


def part(title):
    """A part with the imports that stand above all of them."""
    imports, *parts = re.split(r"(?m)^(?=# )", example())
    (found,) = [each for each in parts if each.startswith(f"{title}\n")]
    return imports + found


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Runs a part as a program of its own, and gives its names."""
    monkeypatch.setenv("LLM_SANDBOX_BACKEND", "native")
    monkeypatch.chdir(tmp_path)

    def run(title):
        code, names = part(title), {}
        # So that a traceback has the lines.
        linecache.cache[title] = (len(code), None, code.splitlines(keepends=True), title)
        try:
            exec(compile(code, title, "exec"), names)
        except SandboxError as error:
            return names, error
        return names, None

    return run


def line_of(error, title):
    """The line of a part at which an error came."""
    frames, at = [], error.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_filename == title:
            frames.append(at.tb_lineno)
        at = at.tb_next
    return part(title).splitlines()[frames[-1] - 1].strip()


def test_the_reference_is_word_for_word_what_it_was():
    assert hashlib.sha256(REFERENCE.read_bytes()).hexdigest() == SHA256


def test_the_example_has_its_four_parts_and_nothing_else():
    assert re.findall(r"(?m)^# .*", example()) == TITLES


def test_basic_usage(run, capsys):
    _, error = run(BASIC)
    assert error is None
    assert capsys.readouterr().out == "Hello, World!\n\n"


def test_with_security_policy_up_to_libraries(run, capsys):
    names, error = run(POLICY)
    assert type(error) is LibraryInstallationNotSupportedError
    assert line_of(error, POLICY) == 'result = session.run(code, libraries=["requests"])'
    assert "requests" in error.hint
    assert (names["is_safe"], names["violations"]) == (True, [])
    assert [each.description for each in names["policy"].patterns] == ["Internal network access"]
    assert not names["session"].is_open
    assert capsys.readouterr().out == ""


def test_its_policy_and_its_limits_hold(run):
    names, _ = run(POLICY)
    with SandboxSession(
        lang="python", security_policy=names["policy"], runtime_configs=names["session"].config.runtime_configs
    ) as session:
        is_safe, violations = session.is_safe("import requests; requests.get('http://internal.company/x')")
        limits = session.limits
    assert not is_safe
    assert [each.description for each in violations] == ["Internal network access"]
    assert (limits["cpus"], limits["memory_bytes"], limits["wall_time"]) == (2.0, 512 << 20, 30.0)


@pytest.fixture
def docker():
    """Docker's engine, with an image of the name that Python's has by default."""
    if not is_named("docker"):
        pytest.skip("LLM_SANDBOX_TEST_BACKENDS does not name docker")
    image = DefaultImage.PYTHON
    is_there = subprocess.run(["docker", "image", "inspect", image], capture_output=True, check=False).returncode == 0
    if not is_there:
        subprocess.run(["docker", "tag", IMAGE, image], check=True, capture_output=True)
    yield
    if not is_there:
        subprocess.run(["docker", "rmi", image], check=False, capture_output=True)


@pytest.mark.usefixtures("docker")
def test_with_artifact_extraction_up_to_libraries(run):
    names, error = run(ARTIFACTS)
    assert type(error) is LibraryInstallationNotSupportedError
    assert "matplotlib" in error.hint
    assert not names["session"].is_open


def test_kubernetes_is_not_there_yet(run):
    names, error = run(KUBERNETES)
    assert type(error) is UnsupportedBackendError
    assert error.backend == "kubernetes"
    assert "docker" in error.hint
    assert "session" not in names


@pytest.mark.parametrize("name", NAMES)
def test_every_name_of_the_reference_is_there(name):
    module, _, attribute = name.rpartition(".")
    assert getattr(importlib.import_module(module), attribute).__doc__


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_every_exception_of_the_reference_is_there(name):
    assert issubclass(getattr(exceptions, name), SandboxError)


def test_the_reference_tells_names():
    assert len(NAMES) == 19
    assert len(EXCEPTIONS) == 6
