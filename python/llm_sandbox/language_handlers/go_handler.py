"""Go."""

from __future__ import annotations

import logging
from re import Pattern
from typing import ClassVar, Optional

from llm_sandbox.const import SupportedLanguage
from llm_sandbox.language_handlers import _comments
from llm_sandbox.language_handlers.base import AbstractLanguageHandler, LanguageConfig, escaped_module


class GoHandler(AbstractLanguageHandler):
    """Go."""

    _reader: ClassVar[Optional[Pattern[str]]] = _comments.reader(
        comments=_comments.C_COMMENTS, texts=rf"{_comments.QUOTED}|`[^`]*`?"
    )

    def __init__(self, logger: Optional[logging.Logger] = None) -> None:
        """Takes the logger."""
        super().__init__(logger)
        self.config: LanguageConfig = LanguageConfig(
            name=SupportedLanguage.GO,
            file_extension="go",
            execution_commands=["go run {file}"],
            package_manager="go get",
        )

    def get_import_patterns(self, module: str) -> str:
        """A regular expression for `import` of a package or of what is in it, alone or in a group.

        The package is named by its path or by the end of it, as `rand` is the end of `math/rand`.
        """
        path = rf"[\"`](?:[^\"`\s]*/)?{escaped_module(module)}(?:/[^\"`\s]*)?[\"`]"
        return rf"\bimport\s*(?:(?:[\w.]+\s+)?{path}|\((?:[^()\"`]|\"[^\"\n]*\"|`[^`]*`)*?{path})"

    @staticmethod
    def get_multiline_comment_patterns() -> str:
        """A regular expression for comments between slashes and stars."""
        return r"/\*[\s\S]*?\*/"

    @staticmethod
    def get_inline_comment_patterns() -> str:
        """A regular expression for what follows two slashes."""
        return r"//.*$"
