"""How a pool is kept."""

from __future__ import annotations

from enum import Enum
from typing import Any, Optional

from llm_sandbox._checks import Refused, boolean, integer, member, number, optional
from llm_sandbox._model import Model, field
from llm_sandbox.exceptions import ValidationError


class ExhaustionStrategy(str, Enum):
    """What is done when all sandboxes of a pool are lent."""

    FAIL_FAST = "fail_fast"
    """Fail at once."""
    WAIT = "wait"
    """Wait for one to come back."""
    TEMPORARY = "temporary"
    """Make one more, which is not kept."""


class PoolConfig(Model):
    """How a pool is kept.

    Attributes:
        max_pool_size: The most sandboxes, at least 1.
        min_pool_size: The fewest that are kept ready, at most `max_pool_size`.
        idle_timeout: How long one is kept that nobody uses, in seconds; None for ever.
        acquisition_timeout: How long is waited for one, in seconds; None for ever.
        health_check_interval: How often they are looked after, in seconds.
        max_container_lifetime: How old one may become, in seconds; None for no limit.
        max_container_uses: How often one may be lent; None for no limit.
        exhaustion_strategy: What is done when all are lent.
        enable_prewarming: Whether they are made before they are needed.

    Raises:
        ValidationError: A value cannot be used, or not together with another.
    """

    max_pool_size: int = field(integer(at_least=1), default=10)
    min_pool_size: int = field(integer(at_least=0), default=0)
    idle_timeout: Optional[float] = field(optional(number(above=0)), default=300.0)
    acquisition_timeout: Optional[float] = field(optional(number(above=0)), default=30.0)
    health_check_interval: float = field(number(above=0), default=60.0)
    max_container_lifetime: Optional[float] = field(optional(number(above=0)), default=3600.0)
    max_container_uses: Optional[int] = field(optional(integer(at_least=1)), default=None)
    exhaustion_strategy: ExhaustionStrategy = field(member(ExhaustionStrategy), default=ExhaustionStrategy.WAIT)
    enable_prewarming: bool = field(boolean, default=True)

    @classmethod
    def validate_min_pool_size(cls, v: int) -> int:
        """Returns the number if it can be the fewest sandboxes of some pool.

        Raises:
            ValidationError: It cannot.
        """
        try:
            fewest: int = cls.model_fields["min_pool_size"].check(v)
        except Refused as refused:
            raise ValidationError(f"{cls.__name__}.min_pool_size: {refused.problem}", hint=refused.remedy) from refused
        return fewest

    def model_post_init(self, __context: Any, /) -> None:
        """Looks at the values together."""
        if self.min_pool_size > self.max_pool_size:
            raise ValidationError(
                f"PoolConfig: min_pool_size ({self.min_pool_size}) is more than max_pool_size ({self.max_pool_size})",
                hint="raise max_pool_size, or lower min_pool_size",
            )
