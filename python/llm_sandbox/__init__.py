"""Runs code that a language model wrote, safely and fast, and hands back what it printed, drew and cost.

    from llm_sandbox import SandboxSession

    with SandboxSession(lang="python") as session:
        result = session.run("print('Hello, World!')")
        print(result.stdout)

Names are loaded when they are used first.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llm_sandbox.aio import AsyncSandboxSession
    from llm_sandbox.backends import (
        BackendCapabilities,
        BackendDefinition,
        get_backend,
        list_backends,
        register_backend,
    )
    from llm_sandbox.batch import ProgramResult, run_many
    from llm_sandbox.const import DefaultImage, SandboxBackend, SupportedLanguage
    from llm_sandbox.core.config import SessionConfig
    from llm_sandbox.data import ConsoleOutput, ExecutionResult, FileType, Outcome, PlotOutput, Usage
    from llm_sandbox.exceptions import (
        ContainerError,
        ResourceError,
        SandboxError,
        SandboxTimeoutError,
        SecurityError,
        SecurityViolationError,
        ValidationError,
    )
    from llm_sandbox.files import FileInfo
    from llm_sandbox.interactive import InteractiveSandboxSession, KernelType
    from llm_sandbox.protocols import ContainerProtocol, StreamCallback
    from llm_sandbox.security.policy import (
        RestrictedModule,
        SecurityIssueSeverity,
        SecurityPattern,
        SecurityPolicy,
        Violation,
        get_security_policy,
    )
    from llm_sandbox.session import ArtifactSandboxSession, SandboxSession, create_session

_MODULES = {
    "aio": "AsyncSandboxSession",
    "backends": "BackendCapabilities BackendDefinition get_backend list_backends register_backend",
    "batch": "ProgramResult run_many",
    "const": "DefaultImage SandboxBackend SupportedLanguage",
    "core.config": "SessionConfig",
    "data": "ConsoleOutput ExecutionResult FileType Outcome PlotOutput Usage",
    "exceptions": "ContainerError ResourceError SandboxError SandboxTimeoutError SecurityError SecurityViolationError"
    " ValidationError",
    "files": "FileInfo",
    "interactive": "InteractiveSandboxSession KernelType",
    "protocols": "ContainerProtocol StreamCallback",
    "security.policy": "RestrictedModule SecurityIssueSeverity SecurityPattern SecurityPolicy Violation"
    " get_security_policy",
    "session": "ArtifactSandboxSession SandboxSession create_session",
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names.split()}

__all__ = [
    "ArtifactSandboxSession",
    "AsyncSandboxSession",
    "BackendCapabilities",
    "BackendDefinition",
    "ConsoleOutput",
    "ContainerError",
    "ContainerProtocol",
    "DefaultImage",
    "ExecutionResult",
    "FileInfo",
    "FileType",
    "InteractiveSandboxSession",
    "KernelType",
    "Outcome",
    "PlotOutput",
    "ProgramResult",
    "ResourceError",
    "RestrictedModule",
    "SandboxBackend",
    "SandboxError",
    "SandboxSession",
    "SandboxTimeoutError",
    "SecurityError",
    "SecurityIssueSeverity",
    "SecurityPattern",
    "SecurityPolicy",
    "SecurityViolationError",
    "SessionConfig",
    "StreamCallback",
    "SupportedLanguage",
    "Usage",
    "ValidationError",
    "Violation",
    "create_session",
    "get_backend",
    "get_security_policy",
    "list_backends",
    "register_backend",
    "run_many",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from llm_sandbox._native import VERSION

        return VERSION
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
