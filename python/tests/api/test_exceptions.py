"""Errors: what they say, what catches them, and that they survive copies."""

import copy
import errno
import inspect
import pickle
import re

import pytest

from llm_sandbox import _native, exceptions
from llm_sandbox._checks import shown
from llm_sandbox.data import ConsoleOutput
from llm_sandbox.exceptions import (
    KINDS,
    AbortedError,
    AgentMisbehavedError,
    CommandFailedError,
    ContainerError,
    ForkedError,
    HostFileError,
    HostFileNotFoundError,
    ImageBuildError,
    ImageNotFoundError,
    ImagePullError,
    InvalidRegexPatternError,
    LanguageNotSupportedError,
    MissingDependencyError,
    NotOpenSessionError,
    ResourceError,
    SandboxDiedError,
    SandboxError,
    SandboxFileError,
    SandboxFileNotFoundError,
    SandboxTimeoutError,
    SecurityViolationError,
    SessionExpiredError,
    StdinClosedError,
    UnsupportedBackendError,
    UnsupportedError,
    ValidationError,
    WrongTypeError,
    from_native,
)
from llm_sandbox.pool import exceptions as pool_exceptions
from llm_sandbox.pool.session import DuplicateClientError
from llm_sandbox.security import SecurityIssueSeverity, SecurityPattern, Violation

ALL = sorted(
    {
        each
        for module in (exceptions, pool_exceptions)
        for each in vars(module).values()
        if inspect.isclass(each) and issubclass(each, SandboxError)
    }
    | {DuplicateClientError},
    key=lambda each: each.__name__,
)


def made(error_class, **keywords):
    parameters = list(inspect.signature(error_class.__init__).parameters.values())[1:]
    required = [each for each in parameters if each.default is each.empty and each.kind is each.POSITIONAL_OR_KEYWORD]
    return error_class(
        *[{"exit_code": 3, "pool_size": 3}.get(each.name, f"«{each.name}»") for each in required], **keywords
    )


@pytest.mark.parametrize("error_class", ALL)
def test_every_error_says_its_message_and_its_hint(error_class):
    plain, hinted = made(error_class, hint=None), made(error_class, hint="do that")
    assert str(plain) == plain.args[0]
    assert plain.hint is None
    assert str(hinted) == f"{plain}\nTry: do that"
    assert hinted.args == plain.args
    assert hinted.hint == "do that"


@pytest.mark.parametrize("error_class", ALL)
def test_every_error_has_a_kind(error_class):
    assert re.fullmatch("[a-z]+(-[a-z]+)*", made(error_class).kind)


@pytest.mark.parametrize("error_class", ALL)
def test_every_error_survives_copies(error_class):
    error = made(error_class, hint="é")
    error.kind = "changed"
    for copied in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error), copy.copy(error)):
        assert type(copied) is error_class
        assert (str(copied), copied.args, vars(copied)) == (str(error), error.args, vars(error))


@pytest.mark.parametrize("error_class", ALL)
def test_every_error_is_caught_by_its_base(error_class):
    with pytest.raises(SandboxError):
        raise made(error_class)


@pytest.mark.parametrize(
    ("error_class", "also"),
    [
        (ValidationError, ValueError),
        (WrongTypeError, TypeError),
        (LanguageNotSupportedError, ValueError),
        (InvalidRegexPatternError, ValidationError),
        (SandboxTimeoutError, TimeoutError),
        (SessionExpiredError, SandboxTimeoutError),
        (ImageBuildError, ContainerError),
        (SandboxDiedError, ContainerError),
        (AgentMisbehavedError, ContainerError),
        (AbortedError, ContainerError),
        (UnsupportedBackendError, UnsupportedError),
        (SandboxFileError, OSError),
        (SandboxFileNotFoundError, FileNotFoundError),
        (HostFileError, OSError),
        (HostFileNotFoundError, FileNotFoundError),
        (pool_exceptions.PoolExhaustedError, ResourceError),
        (pool_exceptions.SessionNotOpenError, RuntimeError),
        (DuplicateClientError, ValueError),
    ],
)
def test_errors_are_caught_as_what_they_are_too(error_class, also):
    with pytest.raises(also):
        raise made(error_class)


def test_errors_with_parts_keep_them():
    error = CommandFailedError("make", 2, "é" * 100_000)
    assert (error.command, error.exit_code, len(error.output)) == ("make", 2, 100_000)
    assert str(error).startswith("Command make failed with exit code 2:\né")
    assert ImagePullError("i", "no network").args == ("Failed to pull image i: no network",)


def test_a_timeout_knows_how_long_and_what_was_said_until_then():
    error = SandboxTimeoutError("too slow", 2.5, result=ConsoleOutput(124, stdout="half"))
    copied = pickle.loads(pickle.dumps(error))
    assert (copied.timeout_duration, copied.result.stdout, str(copied)) == (2.5, "half", "too slow")
    assert SandboxTimeoutError("m").timeout_duration is None
    assert SandboxTimeoutError("m", timeout_duration=1).timeout_duration == 1


def test_file_errors_have_what_the_system_has_for_them():
    error = SandboxFileError("write /x: the disk limit is reached", path="/x", problem="no-space")
    copied = pickle.loads(pickle.dumps(error))
    for each in (error, copied):
        assert (each.errno, each.filename, each.path, each.problem) == (errno.ENOSPC, "/x", "/x", "no-space")
        assert str(each) == "write /x: the disk limit is reached"


def test_a_forked_session_says_what_to_do_without_being_told():
    assert str(ForkedError()).endswith("\nTry: open a session in this process")


def test_users_may_derive_from_them():
    class MineError(ContainerError):
        def __init__(self, one, two):
            super().__init__(f"{one}{two}")
            self.one = one

    copied = pickle.loads(pickle.dumps(copy.deepcopy(ContainerError("x"))))
    assert copied.kind == "backend"
    mine = copy.deepcopy(MineError(1, 2))
    assert (str(mine), mine.one, mine.kind) == ("12", 1, "mine")


@pytest.mark.parametrize("message", ["", "é\n\ud800", "x" * 1_000_000], ids=shown)
def test_any_message_will_do(message):
    assert str(SandboxError(message)) == message
    assert str(from_native("backend", message, None, {})) == message


def test_hints_are_by_keyword_only():
    with pytest.raises(TypeError):
        SandboxError("message", "hint")


DETAILS = {
    "image": "app:1",
    "error": "no network",
    "timeout": 3.5,
    "violations": [],
    "path": "/x",
    "errno": errno.EACCES,
    "problem": "io",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("details", [{}, DETAILS])
def test_every_kind_of_the_core_has_a_class(kind, details):
    error = from_native(kind, "it happened", "do that", details)
    assert isinstance(error, KINDS[kind])
    assert (error.kind, error.hint) == (kind, "do that")
    assert pickle.loads(pickle.dumps(error)).kind == kind


def test_kinds_are_those_of_the_core():
    assert _native.error_kinds() == list(KINDS)


@pytest.mark.parametrize(
    ("kind", "error_class"),
    [
        ("invalid-input", ValidationError),
        ("unsupported", UnsupportedError),
        ("backend", ContainerError),
        ("exhausted", ResourceError),
        ("interpreter-missing", MissingDependencyError),
        ("image-not-found", ImageNotFoundError),
        ("image-pull-failed", ImagePullError),
        ("image-build-failed", ImageBuildError),
        ("sandbox-died", SandboxDiedError),
        ("agent-misbehaved", AgentMisbehavedError),
        ("aborted", AbortedError),
        ("closed", NotOpenSessionError),
        ("expired", SessionExpiredError),
        ("stdin-closed", StdinClosedError),
        ("unsafe-code", SecurityViolationError),
        ("file", SandboxFileError),
        ("host-file", HostFileError),
        ("inside-runtime", SandboxError),
        ("of a later version", SandboxError),
    ],
)
def test_the_class_of_each_kind(kind, error_class):
    assert type(from_native(kind, "m", None, {})) is error_class


def test_images_are_named_once():
    missing = from_native("image-not-found", "image app:1 is not found: no such manifest", None, {"image": "app:1"})
    assert str(missing) == "Image app:1 not found: no such manifest"
    message = "image app:1 could not be pulled: there is no room for it (12 bytes)"
    pulled = from_native("image-pull-failed", message, None, {"image": "app:1"})
    assert str(pulled) == "Failed to pull image app:1: there is no room for it (12 bytes)"
    told = from_native("image-pull-failed", message, None, {"image": "app:1", "error": "E"})
    assert str(told) == "Failed to pull image app:1: E"


def test_an_expired_session_knows_its_time():
    assert from_native("expired", "m", None, {"timeout": 5.0}).timeout_duration == 5.0


@pytest.mark.parametrize(
    ("problem", "number"),
    [
        ("not-found", errno.ENOENT),
        ("permission-denied", errno.EACCES),
        ("wrong-kind", errno.EINVAL),
        ("too-large", errno.EFBIG),
        ("no-space", errno.ENOSPC),
        ("bad-name", errno.EINVAL),
        ("io", errno.EIO),
        ("of a later version", None),
    ],
)
def test_files_of_the_sandbox(problem, number):
    error = from_native("file", "read /x: …", None, {"path": "/x", "problem": problem})
    assert (error.path, error.problem, error.errno) == ("/x", problem, number)
    assert isinstance(error, FileNotFoundError) is (problem == "not-found")


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, None])
def test_files_of_the_host(number):
    error = from_native("host-file", "read /x on the host", None, {"path": "/x", "errno": number})
    assert (error.path, error.errno, error.filename) == ("/x", number, "/x")
    assert isinstance(error, FileNotFoundError) is (number == errno.ENOENT)


def test_violations_are_objects_whichever_form_they_come_in():
    form = {
        "cause": {"rule": "process"},
        "description": "starts a program",
        "severity": "high",
        "line": 2,
        "column": 3,
        "source_line": "os.system('x')",
        "found": "os.system",
        "instead": None,
    }
    pattern = SecurityPattern(pattern="x", description="d", severity=1)
    error = from_native("unsafe-code", "refused", None, {"violations": [form, pattern]})
    first, second = pickle.loads(pickle.dumps(error)).violations
    assert isinstance(first, Violation)
    assert (first.line, first.found, first.severity) == (2, "os.system", SecurityIssueSeverity.HIGH)
    assert second == pattern
    assert SecurityViolationError("m").violations == []
