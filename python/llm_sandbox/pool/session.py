"""Sessions on a pool's sandboxes. They are not there yet."""

from __future__ import annotations

from typing import Any, Optional

from llm_sandbox.const import EncodingErrorsType
from llm_sandbox.exceptions import ValidationError
from llm_sandbox.pool.base import ContainerPoolManager, refuse_pools
from llm_sandbox.security.policy import SecurityPolicy


class DuplicateClientError(ValidationError):
    """A session on a pool was given a client of its own."""

    def __init__(self, *, hint: Optional[str] = "give the client to the pool") -> None:
        """Takes what would help."""
        super().__init__("a session on a pool uses the pool's client, and was given another one", hint=hint)


class PooledSandboxSession:
    """A session on a sandbox of a pool. It is not there yet."""

    def __init__(
        self,
        pool_manager: ContainerPoolManager,
        verbose: bool = False,
        stream: bool = False,
        workdir: str = "/sandbox",
        security_policy: Optional[SecurityPolicy] = None,
        default_timeout: Optional[float] = None,
        execution_timeout: Optional[float] = None,
        session_timeout: Optional[float] = None,
        encoding_errors: EncodingErrorsType = "strict",
        **kwargs: Any,
    ) -> None:
        """Is refused.

        Raises:
            UnsupportedError: Always.
        """
        refuse_pools()


class ArtifactPooledSandboxSession:
    """A session on a sandbox of a pool, which takes drawings. It is not there yet."""

    def __init__(
        self,
        pool_manager: ContainerPoolManager,
        *,
        verbose: bool = False,
        stream: bool = False,
        workdir: str = "/sandbox",
        enable_plotting: bool = True,
        security_policy: Optional[SecurityPolicy] = None,
        **kwargs: Any,
    ) -> None:
        """Is refused.

        Raises:
            UnsupportedError: Always.
        """
        refuse_pools()
