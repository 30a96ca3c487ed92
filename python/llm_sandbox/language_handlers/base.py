"""What all languages have in common."""

from __future__ import annotations

import base64
import logging
import re
import shlex
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from re import Pattern
from typing import Any, ClassVar, Optional

from llm_sandbox._archive import BrokenArchiveError, bytes_of, regular_files
from llm_sandbox._checks import shown
from llm_sandbox.data import FileType, PlotOutput
from llm_sandbox.exceptions import PackageManagerError, SandboxFileError, ValidationError
from llm_sandbox.language_handlers._comments import without_comments
from llm_sandbox.language_handlers.runtime_context import RuntimeContext
from llm_sandbox.protocols import ContainerProtocol

__all__ = [
    "AbstractLanguageHandler",
    "ContainerProtocol",
    "LanguageConfig",
    "PlotDetectionConfig",
    "PlotLibrary",
]

_PLOT_FORMATS = {
    "png": FileType.PNG,
    "jpg": FileType.JPEG,
    "jpeg": FileType.JPEG,
    "svg": FileType.SVG,
    "pdf": FileType.PDF,
    "html": FileType.HTML,
    "htm": FileType.HTML,
}
_LARGEST_ARCHIVE = 256 * 1024 * 1024
_MOST_PLOTS = 1_000


class PlotLibrary(Enum):
    """A library that draws."""

    MATPLOTLIB = "matplotlib"
    PLOTLY = "plotly"
    SEABORN = "seaborn"
    CHARTJS = "chartjs"
    D3JS = "d3js"
    JFREECHART = "jfreechart"
    XCHART = "xchart"
    ROOT = "root"
    GONUM_PLOT = "gonum_plot"
    GRUFF = "gruff"


@dataclass
class PlotDetectionConfig:
    """Which drawings of a language are taken.

    Attributes:
        libraries: Those whose drawings are.
        setup_code: Code to run before the program; the handlers here have none.
        cleanup_code: Code to run after it; the handlers here have none.
    """

    libraries: list[PlotLibrary]
    setup_code: str
    cleanup_code: str


@dataclass
class LanguageConfig:
    """What is known of a language.

    Attributes:
        name: Its name, in lower case.
        file_extension: The ending of its files, without the dot.
        execution_commands: The shell commands that run a file, one after the other; `{file}` stands for it.
        package_manager: The command that installs a library, without the library's name; None if there is none.
        is_support_library_installation: Whether a session installs libraries by it.
        plot_detection: Which drawings are taken; None if none are.
    """

    name: str
    file_extension: str
    execution_commands: list[str]
    package_manager: Optional[str]
    is_support_library_installation: bool = True
    plot_detection: Optional[PlotDetectionConfig] = None


class AbstractLanguageHandler(ABC):
    """A language: how its files are run, its libraries installed and its code read.

    A subclass sets `config` in its constructor.

    Attributes:
        config: What is known of the language.
        logger: Where steps are logged.
    """

    config: LanguageConfig
    _reader: ClassVar[Optional[Pattern[str]]] = None
    """What tells comments from strings; where it is None the comment patterns have to do."""

    def __init__(self, logger: Optional[logging.Logger] = None) -> None:
        """Takes the logger, of which each handler has one by default."""
        self.logger: logging.Logger = logger or logging.getLogger(type(self).__module__)

    def get_execution_commands(self, code_file: str, runtime_context: Optional[RuntimeContext] = None) -> list[str]:
        """The shell commands that run a file, one after the other.

        Args:
            code_file: The file's path in the sandbox.
            runtime_context: Where things are in it.
        """
        file = quoted_path(code_file)
        return [command.replace("{file}", file) for command in self.config.execution_commands]

    def get_library_installation_command(self, library: str, runtime_context: Optional[RuntimeContext] = None) -> str:
        """The shell command that installs a library.

        Args:
            library: Its name as the package manager has it, with a version if it takes one.
            runtime_context: Where things are in the sandbox.

        Raises:
            PackageManagerError: The language has no package manager.
            ValidationError: That is no name of a library.
        """
        if not self.config.package_manager:
            raise PackageManagerError(self.name, hint="use an image that has the library")
        return f"{self.config.package_manager} {quoted_library(library)}"

    def inject_plot_detection_code(self, code: str) -> str:
        """Returns the code as it is: drawings are caught by hooks of the libraries, never by editing the code."""
        return code

    def extract_plots(self, container: ContainerProtocol, output_dir: str) -> list[PlotOutput]:
        """The drawings in a directory of the sandbox, ordered by the names of their files.

        What is there was written by code that is not trusted: only regular files with the ending of a picture are
        taken, at most a thousand, and nothing is kept on the host. What cannot be read is passed over with a warning.

        Args:
            container: The session.
            output_dir: The directory. Where there is none, there are no drawings.
        """
        try:
            archive, _ = container.get_archive(output_dir)
        except FileNotFoundError:
            return []
        except SandboxFileError as error:
            self.logger.warning("plots in %s were not read: %s", output_dir, error)
            return []
        pictures: list[tuple[str, bytes]] = []
        try:
            files = regular_files(bytes_of(archive, at_most=_LARGEST_ARCHIVE))
            pictures.extend((name, content) for name, content in files if _format_of(name) is not None)
        except BrokenArchiveError as error:
            self.logger.warning("plots in %s were not all read: %s", output_dir, error)
        return [_plot(name, content) for name, content in sorted(pictures)[:_MOST_PLOTS]]

    def run_with_artifacts(
        self,
        container: ContainerProtocol,
        code: str,
        libraries: Optional[list[str]] = None,
        enable_plotting: bool = True,
        output_dir: str = "/tmp/sandbox_plots",
        timeout: int = 30,
        **kwargs: Any,
    ) -> tuple[Any, list[PlotOutput]]:
        """Runs code and takes what it drew.

        Args:
            container: The session.
            code: The program.
            libraries: What is installed first.
            enable_plotting: Whether drawings are taken.
            output_dir: Where they are in the sandbox.
            timeout: How long the program may take, in seconds.
            kwargs: More arguments of the session's `run`.

        Returns:
            What `run` returned, and the drawings.
        """
        takes_plots = enable_plotting and self.is_support_plot_detection
        program = self.inject_plot_detection_code(code) if takes_plots else code
        run: Any = container.run
        result = run(program, libraries=libraries, timeout=timeout, **kwargs)
        return result, self.extract_plots(container, output_dir) if takes_plots else []

    @abstractmethod
    def get_import_patterns(self, module: str) -> str:
        """A regular expression for code that loads a module."""

    @staticmethod
    @abstractmethod
    def get_multiline_comment_patterns() -> str:
        """A regular expression for comments that may be longer than a line; empty if the language has none."""

    @staticmethod
    @abstractmethod
    def get_inline_comment_patterns() -> str:
        """A regular expression for comments that end with their line, where `$` means that end."""

    def filter_comments(self, code: str) -> str:
        """The code without its comments; lines that have nothing else become empty."""
        if self._reader is not None:
            return without_comments(code, self._reader)
        for pattern in (self.get_multiline_comment_patterns(), self.get_inline_comment_patterns()):
            code = re.sub(pattern, "", code, flags=re.MULTILINE) if pattern else code
        return "\n".join(line if line.strip() else "" for line in code.split("\n"))

    @property
    def name(self) -> str:
        """The language's name, in lower case."""
        return self.config.name

    @property
    def file_extension(self) -> str:
        """The ending of its files, without the dot."""
        return self.config.file_extension

    @property
    def supported_plot_libraries(self) -> list[PlotLibrary]:
        """The libraries whose drawings are taken."""
        return self.config.plot_detection.libraries if self.config.plot_detection else []

    @property
    def is_support_library_installation(self) -> bool:
        """Whether a session installs libraries of this language."""
        return self.config.is_support_library_installation

    @property
    def is_support_plot_detection(self) -> bool:
        """Whether drawings are taken."""
        return self.config.plot_detection is not None


def quoted_path(path: str) -> str:
    """A path as one word of a shell command, which no program takes for an option."""
    return shlex.quote(f"./{path}" if path.startswith("-") else path)


def quoted_library(library: str) -> str:
    """The name of a library as one word of a shell command.

    Raises:
        ValidationError: It is no name, or would be taken for an option.
    """
    return shlex.quote(checked_library(library))


def checked_library(library: str) -> str:
    """The name of a library, unchanged.

    Raises:
        ValidationError: It is no name, or would be taken for an option.
    """
    if not isinstance(library, str) or not library.strip() or library.startswith("-") or not library.isprintable():
        raise ValidationError(
            f"{shown(library)} is not the name of a library",
            hint="give its name as the package manager has it; options of the package manager are not taken",
        )
    return library


def escaped_module(module: str) -> str:
    """The name of a module as part of a regular expression.

    Raises:
        ValidationError: It is no name.
    """
    if not isinstance(module, str) or not module.strip():
        raise ValidationError(f"{shown(module)} is not the name of a module", hint="give its name as code has it")
    return re.escape(module)


def _format_of(name: str) -> Optional[FileType]:
    _, dot, ending = name.rpartition(".")
    return _PLOT_FORMATS.get(ending.lower()) if dot else None


def _plot(name: str, content: bytes) -> PlotOutput:
    form = _format_of(name)
    assert form is not None, "only pictures are kept"
    return PlotOutput(format=form, content_base64=base64.b64encode(content).decode("ascii"))
