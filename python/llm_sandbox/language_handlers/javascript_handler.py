"""JavaScript."""

from __future__ import annotations

import logging
from re import Pattern
from typing import ClassVar, Optional

from llm_sandbox.const import SupportedLanguage
from llm_sandbox.language_handlers import _comments
from llm_sandbox.language_handlers.base import AbstractLanguageHandler, LanguageConfig, escaped_module

_TEMPLATE = r"`(?:[^`\\]|\\[\s\S])*`?"
_REGULAR_EXPRESSION = r"(?<=[=(,:;!&|?{\[+])[ \t]*/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/"


class JavaScriptHandler(AbstractLanguageHandler):
    """JavaScript, by Node.js."""

    _reader: ClassVar[Optional[Pattern[str]]] = _comments.reader(
        comments=_comments.C_COMMENTS, texts=f"{_comments.QUOTED}|{_TEMPLATE}|{_REGULAR_EXPRESSION}"
    )

    def __init__(self, logger: Optional[logging.Logger] = None) -> None:
        """Takes the logger."""
        super().__init__(logger)
        self.config: LanguageConfig = LanguageConfig(
            name=SupportedLanguage.JAVASCRIPT,
            file_extension="js",
            execution_commands=["node {file}"],
            package_manager="npm install",
        )

    def get_import_patterns(self, module: str) -> str:
        """A regular expression for `import` and `require` of a module or of what is in it."""
        name = escaped_module(module)
        return rf"(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['\"`])(?:node:)?{name}(?:/[^'\"`\n]*)?\1"

    @staticmethod
    def get_multiline_comment_patterns() -> str:
        """A regular expression for comments between slashes and stars."""
        return r"/\*[\s\S]*?\*/"

    @staticmethod
    def get_inline_comment_patterns() -> str:
        """A regular expression for what follows two slashes."""
        return r"//.*$"
