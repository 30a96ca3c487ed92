"""R."""

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
    PlotDetectionConfig,
    PlotLibrary,
    checked_library,
    escaped_module,
)
from llm_sandbox.language_handlers.runtime_context import RuntimeContext

_REPOSITORY = "https://cloud.r-project.org"
_RAW_TEXT = (
    r"\b[rR](?:\"(?P<dashes>-*)\([\s\S]*?(?:\)(?P=dashes)\"|\Z)|'(?P<dashes2>-*)\([\s\S]*?(?:\)(?P=dashes2)'|\Z))"
)


class RHandler(AbstractLanguageHandler):
    """R."""

    _reader: ClassVar[Optional[Pattern[str]]] = _comments.reader(
        comments=_comments.HASH_COMMENTS, texts=f"{_RAW_TEXT}|{_comments.QUOTED_OVER_LINES}|`[^`\n]*`?"
    )

    def __init__(self, logger: Optional[logging.Logger] = None) -> None:
        """Takes the logger."""
        super().__init__(logger)
        self.config: LanguageConfig = LanguageConfig(
            name=SupportedLanguage.R,
            file_extension="R",
            execution_commands=["Rscript {file}"],
            package_manager="install.packages",
            plot_detection=PlotDetectionConfig(
                libraries=[PlotLibrary.ROOT, PlotLibrary.PLOTLY], setup_code="", cleanup_code=""
            ),
        )

    def get_library_installation_command(self, library: str, runtime_context: Optional[RuntimeContext] = None) -> str:
        """The command that installs a package from CRAN.

        Raises:
            ValidationError: That is no name of a library.
        """
        name = checked_library(library).replace("\\", r"\\").replace('"', r"\"")
        return "Rscript -e " + shlex.quote(f'install.packages("{name}", repos="{_REPOSITORY}")')

    def get_import_patterns(self, module: str) -> str:
        """A regular expression for `library` and the like of a package, and for what is named by `package::`."""
        name = escaped_module(module)
        words = "(?:library|require|requireNamespace|loadNamespace)"
        return rf"(?<![\w.])(?:{words}\s*\(\s*(?:package\s*=\s*)?(['\"]?){name}\1\s*[,)]|{name}:::?[\w.`])"

    @staticmethod
    def get_multiline_comment_patterns() -> str:
        """Nothing: R has no such comments."""
        return ""

    @staticmethod
    def get_inline_comment_patterns() -> str:
        """A regular expression for what follows a hash."""
        return r"#.*$"
