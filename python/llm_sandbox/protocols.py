"""What the package asks of objects that are not its own."""

from __future__ import annotations

from typing import Any, Callable, Optional, Protocol, runtime_checkable

StreamCallback = Callable[[str], None]
"""Takes output as it comes, in pieces of any length."""


@runtime_checkable
class ContainerProtocol(Protocol):
    """What a language handler asks of the session that it works in."""

    def execute_command(self, command: str, workdir: Optional[str] = None) -> Any:
        """Runs a shell command in the sandbox."""
        ...

    def get_archive(self, path: str) -> tuple[Any, dict[str, Any]]:
        """A file or directory of the sandbox as a tar archive, and what is known of it."""
        ...

    def run(self, code: str, libraries: Optional[list[str]] = None) -> Any:
        """Runs code in the sandbox."""
        ...
