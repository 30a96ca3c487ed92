"""Names that are there and say that what they stand for is not there yet."""

import pytest

from llm_sandbox.exceptions import SandboxError, UnsupportedBackendError, UnsupportedError, ValidationError
from llm_sandbox.interactive import InteractiveSandboxSession, InteractiveSettings, KernelType
from llm_sandbox.kubernetes import SandboxKubernetesSession


@pytest.mark.parametrize("keywords", [{}, {"lang": "python", "history_size": 3, "anything": 1}])
def test_interactive_sessions_say_what_to_use(keywords):
    with pytest.raises(UnsupportedError, match="not there yet\nTry: use SandboxSession"):
        InteractiveSandboxSession(**keywords)


@pytest.mark.parametrize("keywords", [{}, {"kube_namespace": "x", "pod_manifest": {}, "anything": 1}])
def test_pods_say_what_to_use(keywords):
    with pytest.raises(
        UnsupportedBackendError, match=r"^Unsupported backend: kubernetes\nTry: use SandboxDockerSession"
    ) as caught:
        SandboxKubernetesSession(**keywords)
    assert isinstance(caught.value, SandboxError)


def test_interactive_settings():
    settings = InteractiveSettings(kernel_type="IPython", timeout=None, history_size=0)
    assert settings == InteractiveSettings(KernelType.IPYTHON, None, 0, None, 0.1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kernel_type", "x"),
        ("kernel_type", None),
        ("max_memory", 3),
        ("history_size", -1),
        ("history_size", 1.5),
        ("history_size", "a"),
        ("history_size", None),
        ("timeout", -1),
        ("timeout", "a"),
        ("timeout", True),
        ("poll_interval", 0),
        ("poll_interval", -1),
        ("poll_interval", None),
    ],
)
def test_wrong_settings_are_refused(name, value):
    with pytest.raises(ValidationError, match=name):
        InteractiveSettings(**{name: value})
