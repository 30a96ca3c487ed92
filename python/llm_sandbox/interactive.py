"""Sessions whose interpreter keeps its state between runs. They are not there yet; their settings are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional, Union

from llm_sandbox._checks import Refused, integer, member, number, optional, text
from llm_sandbox.const import SandboxBackend, StrEnum, SupportedLanguage
from llm_sandbox.exceptions import UnsupportedError, ValidationError

RUNTIME_START_TIMEOUT = 30.0
"""How long an interpreter may take to start, in seconds."""

RESULT_POLL_INTERVAL = 0.2
"""How often results were looked for, in seconds, where they have to be."""


class KernelType(StrEnum):
    """An interpreter that keeps its state."""

    IPYTHON = "ipython"


@dataclass
class InteractiveSettings:
    """How an interpreter is kept.

    Attributes:
        kernel_type: Which one.
        max_memory: The most memory it may hold, such as `512MB`; None for the session's limit.
        history_size: How many runs it remembers.
        timeout: How long a run may take, in seconds; None for no limit.
        poll_interval: How often results are looked for, in seconds, where they have to be.

    Raises:
        ValidationError: A value cannot be used.
    """

    kernel_type: KernelType = KernelType.IPYTHON
    max_memory: Optional[str] = None
    history_size: int = 1000
    timeout: Optional[float] = 300.0
    poll_interval: float = 0.1

    def __post_init__(self) -> None:
        """Checks the values."""
        for name, check in _CHECKS.items():
            try:
                setattr(self, name, check(getattr(self, name)))
            except Refused as refused:
                raise ValidationError(
                    f"InteractiveSettings.{name}: {refused.problem}", hint=refused.remedy
                ) from refused


_CHECKS = {
    "kernel_type": member(KernelType),
    "max_memory": optional(text),
    "history_size": integer(at_least=0),
    "timeout": optional(number(at_least=0)),
    "poll_interval": number(above=0),
}


class InteractiveSandboxSession:
    """A session whose interpreter keeps its state between runs. It is not there yet."""

    def __init__(
        self,
        *,
        backend: SandboxBackend = SandboxBackend.DOCKER,
        lang: Union[str, SupportedLanguage] = SupportedLanguage.PYTHON,
        kernel_type: Union[KernelType, str] = KernelType.IPYTHON,
        max_memory: Optional[str] = "1GB",
        history_size: int = 1000,
        timeout: Optional[float] = 300.0,
        runtime_configs: Optional[dict[str, Any]] = None,
        **kwargs: Any,
    ) -> None:
        """Is refused.

        Raises:
            UnsupportedError: Always.
        """
        raise UnsupportedError(
            "interactive sessions are not there yet",
            hint="use SandboxSession, whose files stay between runs: keep in a file what the next run needs",
        )
