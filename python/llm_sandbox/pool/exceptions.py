"""What goes wrong with a pool."""

from __future__ import annotations

from typing import Optional

from llm_sandbox.exceptions import ResourceError, SandboxError


class PoolExhaustedError(ResourceError):
    """All sandboxes of the pool are lent, and none came back in time.

    Attributes:
        pool_size: How many there are.
        timeout: How long was waited, in seconds, where it was.
    """

    kind = "pool-exhausted"

    def __init__(self, pool_size: int, timeout: Optional[float] = None, *, hint: Optional[str] = None) -> None:
        """Takes how many there are, and how long was waited."""
        waited = "" if timeout is None else f" and timeout of {timeout}s exceeded"
        super().__init__(f"All {pool_size} containers in pool are busy{waited}", hint=hint)
        self.pool_size = pool_size
        self.timeout = timeout


class PoolClosedError(SandboxError):
    """The pool was closed."""

    def __init__(self, *, hint: Optional[str] = None) -> None:
        """Takes what would help."""
        super().__init__("Container pool has been closed", hint=hint)


class PoolHealthCheckError(SandboxError):
    """A sandbox of the pool is not well.

    Attributes:
        container_id: Which one.
        reason: What is wrong with it.
    """

    def __init__(self, container_id: str, reason: str, *, hint: Optional[str] = None) -> None:
        """Takes which one it is, and what is wrong with it."""
        super().__init__(f"Health check failed for container {container_id}: {reason}", hint=hint)
        self.container_id = container_id
        self.reason = reason


class SessionNotOpenError(SandboxError, RuntimeError):
    """The session on a pool was not opened, or has been closed."""

    kind = "closed"

    def __init__(self, *, hint: Optional[str] = None) -> None:
        """Takes what would help."""
        super().__init__("Session not open - call open() first or use context manager", hint=hint)
