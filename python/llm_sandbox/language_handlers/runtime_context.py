"""Where things are in a sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass
class RuntimeContext:
    """Where things are in a sandbox, for the commands that are run in it.

    Attributes:
        workdir: The working directory.
        python_executable_path: The interpreter of Python, where it is not to be looked for.
        pip_executable_path: The pip that installs for it.
        pip_cache_dir: Where that pip keeps what it has downloaded.
    """

    workdir: str
    python_executable_path: Optional[str] = None
    pip_executable_path: Optional[str] = None
    pip_cache_dir: Optional[str] = None
