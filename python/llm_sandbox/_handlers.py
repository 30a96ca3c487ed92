"""Programs that are run by the commands of a handler which somebody wrote."""

from __future__ import annotations

import shlex
from inspect import isabstract
from typing import TYPE_CHECKING, Any, Optional

from llm_sandbox._requests import RunOptions, command_request
from llm_sandbox.language_handlers.runtime_context import RuntimeContext

if TYPE_CHECKING:
    from llm_sandbox import _native
    from llm_sandbox.language_handlers.base import AbstractLanguageHandler

_HANDLERS = "llm_sandbox.language_handlers."


def has_commands_of_its_own(handler: AbstractLanguageHandler) -> bool:
    """Whether it runs files otherwise than that of the package, or is derived from none of the package."""
    if type(handler).__module__.startswith(_HANDLERS):
        return False
    built_in: Optional[type[Any]] = next(
        (each for each in type(handler).__mro__ if each.__module__.startswith(_HANDLERS)), None
    )
    if built_in is None or isabstract(built_in):
        return True
    usual = built_in()
    overrides = type(handler).get_execution_commands is not built_in.get_execution_commands
    return overrides or handler.config.execution_commands != usual.config.execution_commands


def interpreter_of(session: _native.Session) -> Optional[str]:
    """The interpreter of a session of Python's."""
    programs = session.programs
    return str(programs[0]) if programs and session.language == "python" else None


class HandlersRun:
    """A run of a program by a handler: files that are written first, and commands that are run one after the other."""

    def __init__(
        self, handler: AbstractLanguageHandler, session: _native.Session, request: dict[str, Any], options: RunOptions
    ) -> None:
        """Asks the handler. The program's arguments are put after the last command."""
        path = str(session.directory / f"code.{handler.file_extension}")
        self.files: list[tuple[str, bytes]] = [*request.get("files", ()), (path, request["words"][0])]
        context = RuntimeContext(workdir=str(session.directory), python_executable_path=interpreter_of(session))
        commands = list(handler.get_execution_commands(path, context))
        arguments = [argument.decode("utf-8", "surrogateescape") for argument in request.get("args", ())]
        if commands and arguments:
            commands[-1] = " ".join([commands[-1], *map(shlex.quote, arguments)])
        self.requests = [command_request(each, options._replace(files=None, args=())) for each in commands]
