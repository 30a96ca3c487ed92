"""Java."""

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
    checked_library,
    escaped_module,
)
from llm_sandbox.language_handlers.runtime_context import RuntimeContext

_TEXT_BLOCK = r'"""(?:[^\\]|\\[\s\S])*?(?:"""|\Z)'


class JavaHandler(AbstractLanguageHandler):
    """Java, whose launcher compiles and runs a single file."""

    _reader: ClassVar[Optional[Pattern[str]]] = _comments.reader(
        comments=_comments.C_COMMENTS, texts=f"{_TEXT_BLOCK}|{_comments.QUOTED}"
    )

    def __init__(self, logger: Optional[logging.Logger] = None) -> None:
        """Takes the logger."""
        super().__init__(logger)
        self.config: LanguageConfig = LanguageConfig(
            name=SupportedLanguage.JAVA,
            file_extension="java",
            execution_commands=["java {file}"],
            package_manager="mvn",
            is_support_library_installation=False,
        )

    def get_library_installation_command(self, library: str, runtime_context: Optional[RuntimeContext] = None) -> str:
        """The command that fetches a library into Maven's own repository.

        Args:
            library: Its coordinates, `group:artifact:version`.
            runtime_context: Where things are in the sandbox.

        Raises:
            ValidationError: That is no name of a library.
        """
        return "mvn dependency:get " + shlex.quote(f"-Dartifact={checked_library(library)}")

    def get_import_patterns(self, module: str) -> str:
        """A regular expression for `import` of a package or class, or of what is in it."""
        return rf"(?:^|[\s;])import\s+(?:static\s+)?{escaped_module(module)}(?:\s*\.\s*(?:\w+|\*))*\s*;"

    @staticmethod
    def get_multiline_comment_patterns() -> str:
        """A regular expression for comments between slashes and stars."""
        return r"/\*[\s\S]*?\*/"

    @staticmethod
    def get_inline_comment_patterns() -> str:
        """A regular expression for what follows two slashes."""
        return r"//.*$"
