"""Errors of the core are classes of the API, and say what would help."""

import copy
import pickle

import pytest

from llm_sandbox import _native, exceptions
from llm_sandbox.exceptions import KINDS, SandboxError, from_native
from llm_sandbox.native import SandboxNativeSession

DETAILS = {
    "image-not-found": {"image": "absent:latest"},
    "image-pull-failed": {"image": "absent:latest", "error": "the registry is asleep"},
    "expired": {"timeout": 5.0},
    "file": {"path": "/sandbox/x", "problem": "not-found"},
    "host-file": {"path": "/x", "errno": 2},
    "unsafe-code": {"violations": []},
}


@pytest.mark.parametrize("kind", _native.error_kinds())
def test_every_kind_of_the_core_has_a_class(kind):
    assert kind in KINDS
    error = from_native(kind, "it happened", "do something", DETAILS.get(kind, {}))
    assert isinstance(error, KINDS[kind]) and error.kind == kind and error.hint == "do something"
    assert "Try: do something" in str(error)
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (type(again), str(again), again.kind) == (type(error), str(error), kind)


def test_every_class_of_a_kind_is_one_that_the_core_may_raise():
    assert set(KINDS) - set(_native.error_kinds()) <= {"inside-runtime"}


def test_a_kind_that_is_not_known_is_an_error_even_so():
    error = from_native("from-the-future", "it happened", None, {})
    assert type(error) is SandboxError and error.kind == "from-the-future"


def test_errors_are_also_what_python_has_for_them(session, tmp_path):
    for use, classes in [
        (lambda: session.files.read("absent"), (FileNotFoundError, OSError, exceptions.SandboxFileError)),
        (lambda: session.copy_to_runtime(tmp_path / "absent", "x"), (FileNotFoundError, exceptions.HostFileError)),
        (lambda: session.run("while True: pass", timeout=0), (TimeoutError, exceptions.SandboxTimeoutError)),
        (lambda: session.run(5), (TypeError, ValueError, exceptions.ValidationError)),
        (lambda: session.run("1", env={"": "x"}), (ValueError, exceptions.ValidationError)),
    ]:
        with pytest.raises(SandboxError) as raised:
            use()
        for each in classes:
            assert isinstance(raised.value, each)
        again = pickle.loads(pickle.dumps(raised.value))
        assert str(again) == str(raised.value)


def test_messages_say_what_happened_and_what_to_do():
    cases = [
        (lambda: SandboxNativeSession("pyhton"), "pyhton", "'python'"),
        (lambda: SandboxNativeSession(interpreter="/no/such").open(), "/no/such", "executable"),
        (lambda: SandboxNativeSession(mounts=[("/no/such", "/x")]).open(), "/no/such", "create it"),
        (lambda: SandboxNativeSession(require=["nonsense"]).open(), "nonsense", "memory-limit"),
        (lambda: SandboxNativeSession(labls={}), "labls", "labels"),
        (lambda: SandboxNativeSession(image="x"), "image", "docker"),
    ]
    for use, what, remedy in cases:
        with pytest.raises(SandboxError) as raised:
            use()
        assert what in raised.value.args[0] and remedy in raised.value.hint


def test_an_interpreter_that_is_missing_is_told_with_how_to_have_it(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    for name in ("LLM_SANDBOX_RUBY",):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(exceptions.MissingDependencyError, match="ruby") as raised:
        SandboxNativeSession("ruby").open()
    assert "install" in raised.value.hint
