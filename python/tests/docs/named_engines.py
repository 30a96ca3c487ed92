"""The engines that tests are to use."""

from __future__ import annotations

import os

IMAGE = "llm-sandbox-test:base"
"""An image with Python and Node.js, which `scripts/engines` puts on each engine."""


def is_named(engine: str) -> bool:
    """Whether the tests are to use it."""
    return engine in os.environ.get("LLM_SANDBOX_TEST_BACKENDS", "").split(",")
