"""Ruby."""

from __future__ import annotations

import logging
from re import Pattern
from typing import ClassVar, Optional

from llm_sandbox.const import SupportedLanguage
from llm_sandbox.language_handlers import _comments
from llm_sandbox.language_handlers.base import AbstractLanguageHandler, LanguageConfig, escaped_module

_BLOCK = r"(?m:^)=begin\b[\s\S]*?(?:\n=end\b[^\n]*|\Z)"
# A hash before a brace may be in a regular expression, and there it is code.
_REST_OF_LINE = r"(?m:^)[ \t]*\#[^\n]*|(?<!\?)\#(?!\{)[^\n]*"


class RubyHandler(AbstractLanguageHandler):
    """Ruby."""

    _reader: ClassVar[Optional[Pattern[str]]] = _comments.reader(
        comments=f"{_BLOCK}|{_REST_OF_LINE}", texts=_comments.QUOTED_OVER_LINES
    )

    def __init__(self, logger: Optional[logging.Logger] = None) -> None:
        """Takes the logger."""
        super().__init__(logger)
        self.config: LanguageConfig = LanguageConfig(
            name=SupportedLanguage.RUBY,
            file_extension="rb",
            execution_commands=["ruby {file}"],
            package_manager="gem install",
        )

    def get_import_patterns(self, module: str) -> str:
        """A regular expression for `require` and the like of a file or of what is below it."""
        name = escaped_module(module)
        words = "(?:require|require_relative|load)"
        return rf"(?:^|[\s;({{]){words}\s*\(?\s*(['\"])(?:\./)?{name}(?:\.rb|/[^'\"\n]*)?\1"

    @staticmethod
    def get_multiline_comment_patterns() -> str:
        """A regular expression for what is between `=begin` and `=end`."""
        return r"(?m:^)=begin\b[\s\S]*?\n=end\b[^\n]*"

    @staticmethod
    def get_inline_comment_patterns() -> str:
        """A regular expression for what follows a hash."""
        return r"#.*$"
