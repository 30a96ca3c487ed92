"""Backends by name."""

import dataclasses
import sys
import types
from concurrent.futures import ThreadPoolExecutor

import pytest

from llm_sandbox import backends
from llm_sandbox._checks import shown
from llm_sandbox.backends import BackendCapabilities, BackendDefinition, get_backend, list_backends, register_backend
from llm_sandbox.const import SandboxBackend
from llm_sandbox.exceptions import UnsupportedBackendError, ValidationError


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    monkeypatch.setattr(backends, "_backends", dict(backends._backends))


def factory(**arguments):
    return arguments


def test_what_is_built_in():
    assert [each.name for each in list_backends()] == ["native", "docker", "podman", "micromamba"]
    assert all(each.builtin for each in list_backends())


@pytest.mark.parametrize("name", ["native", "NATIVE", SandboxBackend.NATIVE])
def test_a_backend_is_found_by_name_and_member(name):
    native = get_backend(name)
    assert native.name == "native"
    assert native.capabilities == BackendCapabilities(
        platforms=("linux",), filesystem_isolation=True, network_isolation=True, seccomp=True
    )


@pytest.mark.parametrize("name", ["docker", "podman", "micromamba"])
def test_engines_need_a_daemon_and_have_images(name):
    capabilities = get_backend(name).capabilities
    assert capabilities.daemon_required
    assert capabilities.container_images
    assert not capabilities.interactive
    assert not capabilities.pooling


@pytest.mark.parametrize(
    ("name", "module", "session"),
    [
        ("native", "llm_sandbox.native", "SandboxNativeSession"),
        ("docker", "llm_sandbox.docker", "SandboxDockerSession"),
        ("podman", "llm_sandbox.podman", "SandboxPodmanSession"),
        ("micromamba", "llm_sandbox.micromamba", "MicromambaSession"),
    ],
)
def test_sessions_are_imported_when_the_first_is_made(monkeypatch, name, module, session):
    made = types.ModuleType(module)
    setattr(made, session, lambda *arguments, **keywords: (arguments, keywords))
    monkeypatch.setitem(sys.modules, module, made)
    assert get_backend(name).factory(1, lang="go") == ((1,), {"lang": "go"})


@pytest.mark.parametrize("name", ["kubernetes", "Kubernetes", SandboxBackend.KUBERNETES])
def test_pods_are_not_there_yet(name):
    with pytest.raises(UnsupportedBackendError, match="pods are not there yet"):
        get_backend(name)


@pytest.mark.parametrize("name", ["bubblewrap", "nsjail", "windows-mxc", "WSL2-bubblewrap"])
def test_native_takes_the_place_of_other_launchers(name):
    with pytest.raises(UnsupportedBackendError, match=f"^Unsupported backend: {name}\nTry: use backend='native'"):
        get_backend(name)


@pytest.mark.parametrize(("name", "meant"), [("dokcer", "docker"), ("nativ", "native"), ("Podmann", "podman")])
def test_a_misspelt_backend_is_refused_and_the_nearest_is_named(name, meant):
    with pytest.raises(UnsupportedBackendError, match=f"did you mean '{meant}'"):
        get_backend(name)


@pytest.mark.parametrize("name", [None, 3, "", "quux", b"docker", [], object(), "é" * 100_000], ids=shown)
def test_what_is_no_backend_is_refused(name):
    with pytest.raises(UnsupportedBackendError, match=r"^Unsupported backend: ") as caught:
        get_backend(name)
    assert len(str(caught.value)) < 300


def test_a_registered_backend_is_found():
    capabilities = BackendCapabilities(platforms=("linux", "darwin"), pooling=True)
    made = register_backend("Mine-2_x", factory, capabilities=capabilities)
    assert made == BackendDefinition("mine-2_x", factory, capabilities, builtin=False)
    assert get_backend("MINE-2_X") is made is list_backends()[-1]
    assert register_backend("other", factory).capabilities == BackendCapabilities()


@pytest.mark.parametrize("name", [*SandboxBackend, "DOCKER", "bubblewrap", "nsjail", "windows-mxc", "wsl2-bubblewrap"])
def test_what_is_built_in_cannot_be_replaced(name):
    with pytest.raises(ValidationError, match="is taken"):
        register_backend(str(name), factory)
    with pytest.raises(ValueError, match="cannot be replaced"):
        register_backend(name, factory)


def test_what_is_registered_cannot_be_replaced():
    register_backend("mine", factory)
    with pytest.raises(ValidationError, match="cannot be replaced"):
        register_backend("MINE", factory)


@pytest.mark.parametrize("name", ["", " ", "1a", "-a", "a b", "a.b", "é", "a\n", "a/b", "a\0"])
def test_a_name_that_cannot_be_used_is_refused(name):
    with pytest.raises(ValidationError, match="begin with a letter"):
        register_backend(name, factory)


@pytest.mark.parametrize(
    "call",
    [
        lambda: register_backend(3, factory),
        lambda: register_backend(None, factory),
        lambda: register_backend(b"x", factory),
        lambda: register_backend("x", None),
        lambda: register_backend("x", "factory"),
        lambda: register_backend("x", factory, capabilities=3),
        lambda: register_backend("x", factory, capabilities={"pooling": True}),
    ],
)
def test_a_wrong_type_is_both_a_type_error_and_an_error_of_this_package(call):
    with pytest.raises(TypeError):
        call()
    with pytest.raises(ValidationError):
        call()


def test_definitions_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        get_backend("native").name = "x"


def test_threads_register_each_name_once():
    def work(number):
        try:
            register_backend(f"backend{number % 50}", factory)
        except ValidationError:
            return 0
        return len(get_backend(f"BACKEND{number % 50}").name) and 1

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(work, range(400))) == 50
    assert len(list_backends()) == 54
