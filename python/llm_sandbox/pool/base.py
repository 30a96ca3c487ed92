"""What a pool is made of. Pools themselves are not there yet."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NoReturn, Optional, Union

from llm_sandbox.const import DefaultImage, SupportedLanguage
from llm_sandbox.core.config import language_of
from llm_sandbox.exceptions import UnsupportedError
from llm_sandbox.pool.config import PoolConfig

PREWARMING_CHECK_INTERVAL = 10
"""How often it is looked whether enough sandboxes are ready, in seconds."""


def resolve_default_image(
    lang: Union[SupportedLanguage, str], image: Optional[str], dockerfile: Optional[str] = None
) -> Optional[str]:
    """The image that a pool's containers are made of.

    Args:
        lang: The language.
        image: The image that was named, if one was.
        dockerfile: The file that one is built of, if one was named.

    Returns:
        The image; None where it is built first.

    Raises:
        LanguageNotSupportedError: There is no such language.
    """
    if image:
        return image
    if dockerfile:
        return None
    default: str = getattr(DefaultImage, language_of(lang).name)
    return default


class ContainerState(str, Enum):
    """What a sandbox of a pool is doing."""

    INITIALIZING = "initializing"
    IDLE = "idle"
    BUSY = "busy"
    UNHEALTHY = "unhealthy"
    REMOVING = "removing"


@dataclass
class PooledContainer:
    """A sandbox of a pool.

    Attributes:
        container_id: Its id.
        container: What the backend knows it by.
        state: What it is doing.
        created_at: When it was made, in seconds since the epoch.
        last_used_at: When it was last lent or given back, in seconds since the epoch.
        use_count: How often it was lent.
    """

    container_id: str
    container: Any
    state: ContainerState = ContainerState.INITIALIZING
    created_at: float = field(default_factory=time.time)
    last_used_at: float = field(default_factory=time.time)
    use_count: int = 0

    def mark_busy(self) -> None:
        """Says that it is lent, once more."""
        self.state = ContainerState.BUSY
        self.use_count += 1
        self.last_used_at = time.time()

    def mark_idle(self) -> None:
        """Says that it is back."""
        self.state = ContainerState.IDLE
        self.last_used_at = time.time()

    def mark_unhealthy(self) -> None:
        """Says that it is not to be lent any more."""
        self.state = ContainerState.UNHEALTHY

    def mark_removing(self) -> None:
        """Says that it is being removed."""
        self.state = ContainerState.REMOVING

    def is_available(self) -> bool:
        """Whether it can be lent."""
        return self.state is ContainerState.IDLE

    def is_expired(self, max_lifetime: Optional[float], max_uses: Optional[int]) -> bool:
        """Whether it is too old, or was lent too often.

        Args:
            max_lifetime: How old it may become, in seconds; None for no limit.
            max_uses: How often it may be lent; None for no limit.
        """
        is_old = max_lifetime is not None and time.time() - self.created_at >= max_lifetime
        return is_old or (max_uses is not None and self.use_count >= max_uses)

    def get_idle_time(self) -> float:
        """How long ago it was last lent or given back, in seconds."""
        return time.time() - self.last_used_at


class ContainerPoolManager(ABC):
    """A pool. It is not there yet."""

    def __init__(
        self,
        client: Any,
        config: PoolConfig,
        lang: Union[SupportedLanguage, str],
        image: Optional[str] = None,
        **session_kwargs: Any,
    ) -> None:
        """Is refused.

        Raises:
            UnsupportedError: Always.
        """
        refuse_pools()

    @abstractmethod
    def acquire(self) -> PooledContainer:
        """Lends a sandbox."""

    @abstractmethod
    def release(self, container: PooledContainer) -> None:
        """Takes a sandbox back."""

    @abstractmethod
    def close(self) -> None:
        """Removes all sandboxes."""

    @abstractmethod
    def get_stats(self) -> dict[str, Any]:
        """How many there are of each state."""


def refuse_pools() -> NoReturn:
    """Says that there are no pools yet, and what to use.

    Raises:
        UnsupportedError: Always.
    """
    raise UnsupportedError(
        "pools are not there yet", hint="open a session for each run; on the native backend that takes milliseconds"
    )
