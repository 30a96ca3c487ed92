"""Makes pools. They are not there yet."""

from __future__ import annotations

from typing import Any, Optional, Union

from llm_sandbox.const import SandboxBackend, SupportedLanguage
from llm_sandbox.pool.base import ContainerPoolManager, refuse_pools
from llm_sandbox.pool.config import PoolConfig


def create_pool_manager(
    client: Optional[Any] = None,
    backend: SandboxBackend = SandboxBackend.DOCKER,
    config: Optional[PoolConfig] = None,
    lang: Union[SupportedLanguage, str] = SupportedLanguage.PYTHON,
    **kwargs: Any,
) -> ContainerPoolManager:
    """Is refused.

    Raises:
        UnsupportedError: Always.
    """
    refuse_pools()
