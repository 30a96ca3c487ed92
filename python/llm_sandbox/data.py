"""What comes out of a run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any, Optional, TypeVar

_SHOWN_CHARACTERS = 80
_SHOWN_ITEMS = 3

_Figures = TypeVar("_Figures", "Outcome", "Usage")


class FileType(Enum):
    """The form of a file that a run left."""

    PNG = "png"
    """A picture of pixels."""
    JPEG = "jpeg"
    """A photograph, with losses."""
    PDF = "pdf"
    """A page to print."""
    SVG = "svg"
    """A picture of lines, as XML."""
    CSV = "csv"
    """A table, with commas between its cells."""
    JSON = "json"
    """Values as JSON."""
    TXT = "txt"
    """Plain text."""
    HTML = "html"
    """A page for a browser."""


@dataclass(frozen=True, repr=False)
class PlotOutput:
    """A figure that a run drew.

    Attributes:
        format: The form of the picture.
        content_base64: Its bytes, in base64.
        width: In pixels, where known.
        height: In pixels, where known.
        dpi: Dots per inch, where known.
    """

    format: FileType
    content_base64: str
    width: Optional[int] = None
    height: Optional[int] = None
    dpi: Optional[int] = None

    def __repr__(self) -> str:
        """The picture, with most of its bytes left out."""
        return _repr_of(self, (each.name for each in fields(self)))

    def _as_object(self) -> dict[str, Any]:
        return {
            "format": getattr(self.format, "value", self.format),
            "content_base64": self.content_base64,
            "width": self.width,
            "height": self.height,
            "dpi": self.dpi,
        }


@dataclass(frozen=True)
class Outcome:
    """How a run ended; never guessed from an exit status.

    Attributes:
        kind: `exited`, `signalled`, `timed-out`, `out-of-memory`, `compile-failed`, `killed` or `never-started`.
        code: The exit status, where it exited.
        signal: The number of the signal that ended it, where one did that nobody here sent.
        limit: Which time ran out, `wall` or `cpu`, where it timed out.
        reason: Why, where it never started.
    """

    kind: str
    code: Optional[int] = None
    signal: Optional[int] = None
    limit: Optional[str] = None
    reason: Optional[str] = None

    @classmethod
    def from_native(cls, form: Mapping[str, Any]) -> Outcome:
        """Reads the form that the core writes, leaving aside what this version does not know."""
        return _known(cls, form)

    def __str__(self) -> str:
        """The kind in words, with what is known besides."""
        words = self.kind.replace("-", " ")
        if self.code is not None:
            return f"{words} with status {self.code}"
        if self.signal is not None:
            return f"{words} by signal {self.signal}"
        if self.limit is not None:
            return f"{words} ({self.limit} time)"
        return words if self.reason is None else f"{words}: {self.reason}"


@dataclass(frozen=True)
class Usage:
    """What a run used. A figure that is not known is None, not zero.

    Attributes:
        wall: Wall-clock time, in seconds.
        user: CPU time in user mode of all its processes, in seconds.
        system: CPU time in the kernel of all its processes, in seconds.
        peak_memory_bytes: The most memory held at once.
        peak_processes: The most processes and threads alive at once.
        output_bytes: What was written to both output streams.
    """

    wall: Optional[float] = None
    user: Optional[float] = None
    system: Optional[float] = None
    peak_memory_bytes: Optional[int] = None
    peak_processes: Optional[int] = None
    output_bytes: Optional[int] = None

    @classmethod
    def from_native(cls, form: Mapping[str, Any]) -> Usage:
        """Reads the form that the core writes, leaving aside what this version does not know."""
        return _known(cls, form)


@dataclass(frozen=True, init=False, repr=False)
class ConsoleOutput:
    """What a program printed, and how it ended.

    Two are equal if the program said and returned the same; what it used does not count.

    Attributes:
        exit_code: The exit status; 0 is success.
        stderr: Standard error.
        stdout: Standard output.
        outcome: How the run ended, where the sandbox says so.
        usage: What it used, where the sandbox says so.
        hints: What stood in its way, a sentence each, where it did not succeed and that is known.
        stdout_truncated: How many bytes of standard output were left out.
        stderr_truncated: How many bytes of standard error were left out.
    """

    __match_args__ = ("exit_code", "stderr", "stdout")

    exit_code: int = 0
    stderr: str = ""
    stdout: str = ""
    outcome: Optional[Outcome] = field(default=None, compare=False)
    usage: Optional[Usage] = field(default=None, compare=False)
    hints: tuple[str, ...] = field(default=(), compare=False)
    stdout_truncated: int = field(default=0, compare=False)
    stderr_truncated: int = field(default=0, compare=False)

    def __init__(
        self,
        exit_code: int = 0,
        stderr: str = "",
        stdout: str = "",
        *,
        outcome: Optional[Outcome] = None,
        usage: Optional[Usage] = None,
        hints: tuple[str, ...] = (),
        stdout_truncated: int = 0,
        stderr_truncated: int = 0,
    ) -> None:
        """Takes what is known of the run."""
        self.__dict__.update(
            exit_code=exit_code,
            stderr=stderr,
            stdout=stdout,
            outcome=outcome,
            usage=usage,
            hints=tuple(hints),
            stdout_truncated=stdout_truncated,
            stderr_truncated=stderr_truncated,
        )

    def text(self) -> str:
        """What the program printed to standard output."""
        return self.stdout

    def success(self) -> bool:
        """Whether the exit status is 0."""
        return self.exit_code == 0

    def to_json(self, include_plots: bool = False) -> str:
        """A JSON object of the exit status and both streams.

        Args:
            include_plots: Adds the plots, where there can be some, each as an object of its attributes.
        """
        return json.dumps(self._as_object(include_plots), indent=2)

    def _as_object(self, include_plots: bool) -> dict[str, Any]:
        return {"exit_code": self.exit_code, "stderr": self.stderr, "stdout": self.stdout}

    def __repr__(self) -> str:
        """What is worth telling, with long texts cut in the middle."""
        return _repr_of(self, self._telling())

    def _telling(self) -> list[str]:
        telling = ["exit_code", "stderr", "stdout"]
        if self.outcome is not None and self.outcome.kind != "exited":
            telling.append("outcome")
        return telling + [name for name in ("hints", "stdout_truncated", "stderr_truncated") if getattr(self, name)]


@dataclass(frozen=True, init=False, repr=False)
class ExecutionResult(ConsoleOutput):
    """What a program printed and drew.

    Attributes:
        plots: The figures, in the order they were drawn.
    """

    __match_args__ = ("exit_code", "stderr", "stdout", "plots")

    plots: list[PlotOutput] = field(default_factory=list)

    def __init__(
        self,
        exit_code: int = 0,
        stderr: str = "",
        stdout: str = "",
        plots: Optional[list[PlotOutput]] = None,
        *,
        outcome: Optional[Outcome] = None,
        usage: Optional[Usage] = None,
        hints: tuple[str, ...] = (),
        stdout_truncated: int = 0,
        stderr_truncated: int = 0,
    ) -> None:
        """Takes what is known of the run, and its figures."""
        super().__init__(
            exit_code,
            stderr,
            stdout,
            outcome=outcome,
            usage=usage,
            hints=hints,
            stdout_truncated=stdout_truncated,
            stderr_truncated=stderr_truncated,
        )
        self.__dict__["plots"] = [] if plots is None else plots

    def _as_object(self, include_plots: bool) -> dict[str, Any]:
        plain = super()._as_object(include_plots)
        return {**plain, "plots": [plot._as_object() for plot in self.plots]} if include_plots else plain

    def _telling(self) -> list[str]:
        return [*super()._telling(), "plots"]


def _known(record: type[_Figures], form: Mapping[str, Any]) -> _Figures:
    known = record.__dataclass_fields__
    return record(**{name: value for name, value in form.items() if name in known})


def _repr_of(record: Any, names: Any) -> str:
    shown = ", ".join(f"{name}={_shortened(getattr(record, name))}" for name in names)
    return f"{type(record).__name__}({shown})"


def _shortened(value: object) -> str:
    """The value's repr; of a long text its beginning and end, of a long list its beginning."""
    if isinstance(value, (list, tuple)) and len(value) > _SHOWN_ITEMS:
        first = ", ".join(_shortened(item) for item in value[:_SHOWN_ITEMS])
        return f"[{first}, …{len(value) - _SHOWN_ITEMS} more…]"
    if not isinstance(value, str) or len(value) <= 2 * _SHOWN_CHARACTERS:
        return repr(value)
    left_out = len(value) - 2 * _SHOWN_CHARACTERS
    return f"{value[:_SHOWN_CHARACTERS]!r}…{left_out} more…{value[-_SHOWN_CHARACTERS:]!r}"
