"""C++."""

from __future__ import annotations

import logging
import shlex
from re import Pattern
from typing import ClassVar, Optional

from llm_sandbox.const import SupportedLanguage
from llm_sandbox.language_handlers import _comments
from llm_sandbox.language_handlers.base import (
    AbstractLanguageHandler,
    LanguageConfig,
    escaped_module,
    quoted_library,
    quoted_path,
)
from llm_sandbox.language_handlers.runtime_context import RuntimeContext

_RAW_TEXT = r'\b(?:u8|[uUL])?R"(?P<mark>[^()\\\s"]{0,16})\([\s\S]*?(?:\)(?P=mark)"|\Z)'
_TEXT = r'"(?:[^"\\\n]|\\[\s\S])*"?'
# An apostrophe between digits groups them.
_CHARACTER = r"(?<![0-9A-Fa-f])'(?:[^'\\\n]|\\.)*'?"


class CppHandler(AbstractLanguageHandler):
    """C++17, by g++."""

    _reader: ClassVar[Optional[Pattern[str]]] = _comments.reader(
        comments=_comments.C_COMMENTS, texts=f"{_RAW_TEXT}|{_TEXT}|{_CHARACTER}"
    )

    def __init__(self, logger: Optional[logging.Logger] = None) -> None:
        """Takes the logger."""
        super().__init__(logger)
        self.config: LanguageConfig = LanguageConfig(
            name=SupportedLanguage.CPP,
            file_extension="cpp",
            execution_commands=["g++ -std=c++17 -o /tmp/a.out {file}", "/tmp/a.out"],
            package_manager="apt-get install",
        )

    def get_execution_commands(self, code_file: str, runtime_context: Optional[RuntimeContext] = None) -> list[str]:
        """The commands that compile a file into the working directory, and run what came of it."""
        if runtime_context is None:
            return super().get_execution_commands(code_file)
        program = shlex.quote(f"{runtime_context.workdir.rstrip('/')}/a.out")
        return [f"g++ -std=c++17 -o {program} {quoted_path(code_file)}", program]

    def get_library_installation_command(self, library: str, runtime_context: Optional[RuntimeContext] = None) -> str:
        """The command that installs a package of the distribution.

        Raises:
            ValidationError: That is no name of a library.
        """
        command = f"apt-get install --yes {quoted_library(library)}"
        if runtime_context is None:
            return command
        return f"{command} -o " + shlex.quote(f"Dir::Cache={runtime_context.workdir.rstrip('/')}/apt-cache")

    def get_import_patterns(self, module: str) -> str:
        """A regular expression for `#include` of a header."""
        name = escaped_module(module)
        return rf"(?:^|\s)#[ \t]*include\s*(?:<[ \t]*{name}[ \t]*>|\"{name}\")"

    @staticmethod
    def get_multiline_comment_patterns() -> str:
        """A regular expression for comments between slashes and stars."""
        return r"/\*[\s\S]*?\*/"

    @staticmethod
    def get_inline_comment_patterns() -> str:
        """A regular expression for what follows two slashes."""
        return r"//.*$"
