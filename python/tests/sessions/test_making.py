"""Sessions by the name of their backend, and without."""

import os

import pytest

import llm_sandbox
from llm_sandbox import (
    ArtifactSandboxSession,
    AsyncSandboxSession,
    SandboxBackend,
    SandboxSession,
    create_session,
    list_backends,
    register_backend,
    run_many,
)
from llm_sandbox.docker import SandboxDockerSession
from llm_sandbox.exceptions import UnsupportedBackendError, UnsupportedError, ValidationError
from llm_sandbox.micromamba import MicromambaSession
from llm_sandbox.native import SandboxNativeSession
from llm_sandbox.podman import SandboxPodmanSession

CLASSES = {
    "native": SandboxNativeSession,
    "docker": SandboxDockerSession,
    "podman": SandboxPodmanSession,
    "micromamba": MicromambaSession,
}


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    monkeypatch.delenv("LLM_SANDBOX_BACKEND", raising=False)


@pytest.mark.parametrize("name", CLASSES)
def test_a_backend_is_found_by_its_name(name, monkeypatch):
    for given in (name, name.upper(), SandboxBackend(name)):
        assert type(create_session(given)) is type(SandboxSession(backend=given)) is CLASSES[name]
        assert ArtifactSandboxSession(given).backend_name == name
        assert name in repr(AsyncSandboxSession(given))
    monkeypatch.setenv("LLM_SANDBOX_BACKEND", name)
    assert type(create_session()) is CLASSES[name]
    assert type(create_session("native")) is SandboxNativeSession


def test_without_a_name_it_is_native_where_that_works():
    with SandboxSession(lang="python") as session:
        assert session.backend_name == "native"
        assert session.run("print(6 * 7)").stdout == "42\n"
    assert [each.output.stdout for each in run_many(["print(1)"])] == ["1\n"]


@pytest.mark.parametrize("name, value", [("image", "x"), ("dockerfile", "./Dockerfile"), ("container_id", "abc")])
def test_what_only_containers_have_means_docker(name, value):
    assert type(create_session(**{name: value})) is SandboxDockerSession


@pytest.mark.parametrize("given", ["nonsense", "nativ", "kubernetes", "bubblewrap", ""])
def test_a_wrong_name_is_refused_with_what_to_use(given, monkeypatch):
    with pytest.raises(UnsupportedBackendError, match="Try: "):
        create_session(given)
    monkeypatch.setenv("LLM_SANDBOX_BACKEND", given)
    if given:
        with pytest.raises(UnsupportedBackendError, match="LLM_SANDBOX_BACKEND") as raised:
            create_session()
        assert isinstance(raised.value, UnsupportedError) and raised.value.backend == given
    else:
        assert create_session().backend_name == "native"


def test_describing_a_session_asks_no_engine(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "tcp://192.0.2.1:1")
    monkeypatch.setenv("CONTAINER_HOST", "tcp://192.0.2.1:1")
    for name in ("docker", "podman", "micromamba"):
        made = CLASSES[name](image="absent:latest", runtime_configs={"mem_limit": "1g", "network_mode": "none"})
        assert not made.is_open and made.config.image == "absent:latest"
        made.close()


def test_a_backend_that_is_registered_is_found():
    made = []

    def factory(*args, **kwargs):
        made.append((args, kwargs))
        return SandboxNativeSession(*args, **kwargs)

    name = f"mine-{os.getpid()}-{len(list_backends())}"
    register_backend(name, factory)
    with create_session(name.upper(), lang="python") as session:
        assert session.run("print(1)").stdout == "1\n"
    assert made == [((), {"lang": "python"})]
    with pytest.raises(ValidationError, match="taken"):
        register_backend(name, factory)
    with pytest.raises(ValidationError, match="taken"):
        register_backend("native", factory)


def test_all_names_of_the_package_are_there():
    for name in llm_sandbox.__all__:
        assert getattr(llm_sandbox, name) is not None
    assert llm_sandbox.__version__
    assert set(llm_sandbox.__all__) <= set(dir(llm_sandbox))
    with pytest.raises(AttributeError, match="unheard_of"):
        llm_sandbox.unheard_of
