"""Python."""

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
    escaped_module,
    quoted_library,
    quoted_path,
)
from llm_sandbox.language_handlers.runtime_context import RuntimeContext

_LONG_TEXT = (
    r'(?:"""(?:(?!""")[^\\]|\\[\s\S])*(?:"""|\Z)'
    r"|'''(?:(?!''')[^\\]|\\[\s\S])*(?:'''|\Z))"
)
_TEXT_ALONE = rf"(?m:^)(?<![(\[{{,=+\\]\n)[ \t]*[rRuU]?{_LONG_TEXT}(?=[ \t]*(?:\#.*)?\r?(?:\n|\Z))"


class PythonHandler(AbstractLanguageHandler):
    """Python. Strings of three quotes that stand for themselves, such as docstrings, count as comments."""

    _reader: ClassVar[Optional[Pattern[str]]] = _comments.reader(
        comments=f"{_comments.HASH_COMMENTS}|{_TEXT_ALONE}", texts=f"{_LONG_TEXT}|{_comments.QUOTED}"
    )

    def __init__(self, logger: Optional[logging.Logger] = None) -> None:
        """Takes the logger."""
        super().__init__(logger)
        self.config: LanguageConfig = LanguageConfig(
            name=SupportedLanguage.PYTHON,
            file_extension="py",
            execution_commands=["python {file}"],
            package_manager="pip install",
            plot_detection=PlotDetectionConfig(
                libraries=[PlotLibrary.MATPLOTLIB, PlotLibrary.PLOTLY, PlotLibrary.SEABORN],
                setup_code="",
                cleanup_code="",
            ),
        )

    def get_execution_commands(self, code_file: str, runtime_context: Optional[RuntimeContext] = None) -> list[str]:
        """The command that runs a file, by the interpreter of the context if it names one."""
        interpreter = runtime_context and runtime_context.python_executable_path
        if not interpreter:
            return super().get_execution_commands(code_file, runtime_context)
        return [f"{quoted_path(interpreter)} {quoted_path(code_file)}"]

    def get_library_installation_command(self, library: str, runtime_context: Optional[RuntimeContext] = None) -> str:
        """The command that installs a library, by the pip of the context if it names one.

        Raises:
            ValidationError: That is no name of a library.
        """
        if runtime_context is None:
            return super().get_library_installation_command(library)
        return f"{_pip(runtime_context)} install {quoted_library(library)}{_cache(runtime_context)}"

    def get_import_patterns(self, module: str) -> str:
        """A regular expression for `import` and `from … import` of a module or of what is in it."""
        name = escaped_module(module)
        others = r"(?:[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*,[ \t]*)*"
        return rf"(?:^|[\n;:])[ \t]*(?:from\s+{name}(?:\.[\w.]*)?\s*import\b|import\s+{others}{name}(?!\w))"

    @staticmethod
    def get_multiline_comment_patterns() -> str:
        """A regular expression for strings of three quotes."""
        return r"'''[\s\S]*?'''" + r'|"""[\s\S]*?"""'

    @staticmethod
    def get_inline_comment_patterns() -> str:
        """A regular expression for what follows a hash."""
        return r"#.*$"


def _pip(context: RuntimeContext) -> str:
    if context.pip_executable_path:
        return quoted_path(context.pip_executable_path)
    interpreter = context.python_executable_path
    return f"{quoted_path(interpreter)} -m pip" if interpreter else "pip"


def _cache(context: RuntimeContext) -> str:
    return f" --cache-dir {shlex.quote(context.pip_cache_dir)}" if context.pip_cache_dir else ""
