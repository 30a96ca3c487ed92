"""Programs that are run by the commands of a handler which somebody wrote."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from functools import cache
from inspect import isabstract
from secrets import token_hex
from time import monotonic
from typing import TYPE_CHECKING, Any, Optional

from llm_sandbox._requests import RunOptions, command_request
from llm_sandbox.language_handlers.runtime_context import RuntimeContext

if TYPE_CHECKING:
    from llm_sandbox import _native
    from llm_sandbox.language_handlers.base import AbstractLanguageHandler

_HANDLERS = "llm_sandbox.language_handlers."


def has_commands_of_its_own(handler: AbstractLanguageHandler) -> bool:
    """Whether it runs files otherwise than that of the package, or is derived from none of the package."""
    built_in: Any = next((each for each in type(handler).__mro__ if each.__module__.startswith(_HANDLERS)), None)
    if built_in is None or isabstract(built_in):
        return True
    # It may be the object itself that was given another.
    runs = getattr(handler.get_execution_commands, "__func__", None)
    return runs is not built_in.get_execution_commands or handler.config.execution_commands != _usual_commands(built_in)


@cache
def _usual_commands(built_in: type[Any]) -> list[str]:
    commands: list[str] = built_in().config.execution_commands
    return commands


def interpreter_of(session: _native.Session) -> Optional[str]:
    """The interpreter of a session of Python's."""
    programs = session.programs
    return str(programs[0]) if programs and session.language == "python" else None


class HandlersRun:
    """A run of a program by a handler: files that are written first, and commands that are run one after the other.

    Attributes:
        files: What is written first.
        path: Which of them is the program, by a name of its own, as runs may overlap.
    """

    def __init__(
        self,
        handler: AbstractLanguageHandler,
        session: _native.Session,
        request: dict[str, Any],
        options: RunOptions,
        allowed: Optional[float],
    ) -> None:
        """Asks the handler. The program's arguments are put after the last command.

        Args:
            handler: The handler.
            session: Where the program is run.
            request: The run as it would be without the handler.
            options: What is said of it besides.
            allowed: How many seconds all commands together may take, None for no limit.
        """
        self.path = str(session.directory / f"code-{token_hex(4)}.{handler.file_extension}")
        self.files: list[tuple[str, bytes]] = [*request.get("files", ()), (self.path, request["words"][0])]
        context = RuntimeContext(workdir=str(session.directory), python_executable_path=interpreter_of(session))
        commands = list(handler.get_execution_commands(self.path, context))
        arguments = [argument.decode("utf-8", "surrogateescape") for argument in request.get("args", ())]
        if commands and arguments:
            commands[-1] = " ".join([commands[-1], *map(shlex.quote, arguments)])
        self._requests = [command_request(each, options._replace(files=None, args=())) for each in commands]
        self._allowed = allowed

    def in_turn(self) -> Iterator[dict[str, Any]]:
        """Each command, with the time that is left to it."""
        begun = monotonic()
        for request in self._requests:
            left = {} if self._allowed is None else {"timeout": max(self._allowed - (monotonic() - begun), 0.0)}
            yield {**request, **left}
