"""Backends by name: those that are built in, and those that a program registers."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from threading import Lock
from typing import TYPE_CHECKING, Any, Optional, Union

from llm_sandbox._checks import nearest, shown
from llm_sandbox.const import SandboxBackend
from llm_sandbox.exceptions import UnsupportedBackendError, ValidationError, WrongTypeError

if TYPE_CHECKING:
    from llm_sandbox.core.session_base import BaseSession


@dataclass(frozen=True)
class BackendCapabilities:
    """What a backend can do.

    Attributes:
        platforms: The values of `sys.platform` that it works on; empty for all.
        container_images: Whether sandboxes are made of images.
        interactive: Whether an interpreter can be kept alive between runs.
        pooling: Whether sandboxes can be kept ready.
        filesystem_isolation: Whether code sees no files of the host but those it is given.
        network_isolation: Whether code can be kept from the network.
        seccomp: Whether system calls are filtered.
        daemon_required: Whether it needs a service that runs already.
    """

    platforms: tuple[str, ...] = ()
    container_images: bool = False
    interactive: bool = False
    pooling: bool = False
    filesystem_isolation: bool = False
    network_isolation: bool = False
    seccomp: bool = False
    daemon_required: bool = False


@dataclass(frozen=True)
class BackendDefinition:
    """A backend that sessions can be opened on.

    Attributes:
        name: Its name, in lower case.
        factory: Makes a session of the arguments that `create_session` was called with.
        capabilities: What it can do.
        builtin: Whether it is part of the package.
    """

    name: str
    factory: Callable[..., BaseSession]
    capabilities: BackendCapabilities
    builtin: bool = False


def register_backend(
    name: str, factory: Callable[..., BaseSession], *, capabilities: Optional[BackendCapabilities] = None
) -> BackendDefinition:
    """Makes a backend known to `create_session` in this process. Threads may do so at once.

    Args:
        name: Letters, digits, underscores and hyphens, beginning with a letter; their case does not matter.
        factory: Makes a session of the arguments that `create_session` was called with.
        capabilities: What it can do; by default it is said to do nothing special.

    Raises:
        ValidationError: The name cannot be used, or is taken.
        WrongTypeError: An argument is not of its type.
    """
    if not isinstance(name, str):
        raise WrongTypeError(f"{shown(name)} is not the name of a backend", hint="name it by a string")
    if not _NAME.fullmatch(name):
        raise ValidationError(
            f"{shown(name)} cannot be the name of a backend",
            hint="begin with a letter, and use only letters, digits, underscores and hyphens",
        )
    if not callable(factory):
        raise WrongTypeError(f"{shown(factory)} makes no sessions", hint="give a class of sessions or a function")
    if not isinstance(capabilities, (BackendCapabilities, type(None))):
        raise WrongTypeError(f"{shown(capabilities)} are no capabilities", hint="give a BackendCapabilities")
    return _added(BackendDefinition(name.lower(), factory, capabilities or BackendCapabilities()))


def get_backend(name: Union[SandboxBackend, str]) -> BackendDefinition:
    """The backend of that name, whatever the case of the letters.

    Raises:
        UnsupportedBackendError: There is none; the hint says what to use instead.
    """
    wanted = str(name.value if isinstance(name, Enum) else name).lower()
    with _lock:
        found, names = _backends.get(wanted), list(_backends)
    if found is None:
        given = name if isinstance(name, str) else shown(name)
        raise UnsupportedBackendError(str(given)[:100], hint=_instead_of(wanted, names))
    return found


def list_backends() -> tuple[BackendDefinition, ...]:
    """All backends, those that are built in first."""
    with _lock:
        return tuple(_backends.values())


def _added(backend: BackendDefinition) -> BackendDefinition:
    with _lock:
        if backend.name in _backends or backend.name in _RESERVED:
            raise ValidationError(
                f"the name {backend.name!r} is taken by a backend, which cannot be replaced",
                hint="register it under another name",
            )
        _backends[backend.name] = backend
    return backend


def _instead_of(name: str, names: list[str]) -> str:
    if name in _RESERVED:
        return _RESERVED[name]
    meant = nearest(name, names)
    all_of_them = ", ".join(names)
    return f"did you mean {meant!r}? There are {all_of_them}" if meant else f"use one of {all_of_them}"


def _lazily(module: str, name: str) -> Callable[..., Any]:
    """A factory that imports its class when the first session is made."""

    def make(*args: Any, **kwargs: Any) -> Any:
        return getattr(importlib.import_module(module), name)(*args, **kwargs)

    make.__name__ = make.__qualname__ = name
    return make


def _of_containers(module: str, name: str) -> BackendDefinition:
    capabilities = BackendCapabilities(
        container_images=True, filesystem_isolation=True, network_isolation=True, seccomp=True, daemon_required=True
    )
    return BackendDefinition(module, _lazily(f"llm_sandbox.{module}", name), capabilities, builtin=True)


_NAME = re.compile("[A-Za-z][A-Za-z0-9_-]*")
_NATIVE = BackendCapabilities(
    platforms=("linux",), filesystem_isolation=True, network_isolation=True, seccomp=True, daemon_required=False
)
_INSTEAD = "use backend='native', which isolates with the kernel alone and takes its place"
_RESERVED = {
    "kubernetes": "use backend='docker', 'podman' or 'native'; pods are not there yet",
    "bubblewrap": _INSTEAD,
    "nsjail": _INSTEAD,
    "windows-mxc": _INSTEAD + ", on Linux",
    "wsl2-bubblewrap": _INSTEAD + ", inside WSL as on any Linux",
}
"""Names that are no backends here, and that nobody else may take, with what to use instead."""

_lock = Lock()
_backends: dict[str, BackendDefinition] = {
    backend.name: backend
    for backend in (
        BackendDefinition("native", _lazily("llm_sandbox.native", "SandboxNativeSession"), _NATIVE, builtin=True),
        _of_containers("docker", "SandboxDockerSession"),
        _of_containers("podman", "SandboxPodmanSession"),
        _of_containers("micromamba", "MicromambaSession"),
    )
}
