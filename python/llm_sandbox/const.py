"""Names that are shared by everything else: backends, languages and the images they start from."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, Optional

EncodingErrorsType = Literal["strict", "replace", "ignore", "surrogateescape", "backslashreplace", "xmlcharrefreplace"]
"""What is done with output that is not UTF-8, in the words of `bytes.decode`."""


class StrEnum(str, Enum):
    """An enumeration whose members are strings, and equal to them.

    It is the one of Python 3.11, for older versions too, and finds members whatever the case of the letters.
    """

    _value_: str

    if not TYPE_CHECKING:
        # Type checkers that see it no longer know what the values are.

        def __new__(cls, value: str) -> StrEnum:
            """Makes a member, which has to be a string."""
            if not isinstance(value, str):
                raise TypeError(f"a member of {cls.__name__} is a string, and {value!r} is not")
            member = str.__new__(cls, value)
            member._value_ = value
            return member

    def __str__(self) -> str:
        """The value alone."""
        return self._value_

    def __format__(self, format_spec: str) -> str:
        """The value alone, in the form asked for."""
        return str.__format__(self._value_, format_spec)

    def __repr__(self) -> str:
        """The member with its class."""
        return f"<{type(self).__name__}.{self._name_}: {self._value_!r}>"

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[Any]) -> str:
        return name.lower()

    @classmethod
    def _missing_(cls, value: object) -> Optional[StrEnum]:
        if not isinstance(value, str):
            return None
        lower = value.lower()
        return next((member for member in cls if member.value.lower() == lower), None)


class SandboxBackend(StrEnum):
    """What holds the code."""

    DOCKER = "docker"
    """Containers on a Docker engine."""
    KUBERNETES = "kubernetes"
    """Pods; not there yet."""
    PODMAN = "podman"
    """Containers on a Podman engine."""
    MICROMAMBA = "micromamba"
    """Containers whose programs run inside an environment of micromamba."""
    NATIVE = "native"
    """A jail of this host's own kernel; Linux only, with no daemon and no image."""


class SupportedLanguage(StrEnum):
    """A language that is built in. Its other names, such as `py` and `c++`, are understood as well."""

    PYTHON = "python"
    """Python; also `py` and `python3`."""
    JAVA = "java"
    """Java; also `jdk`."""
    JAVASCRIPT = "javascript"
    """JavaScript, by Node.js; also `js`, `node` and `nodejs`."""
    CPP = "cpp"
    """C++; also `c++`, `cxx` and `cplusplus`."""
    GO = "go"
    """Go; also `golang`."""
    RUBY = "ruby"
    """Ruby; also `rb`."""
    R = "r"
    """R; also `rscript` and `rlang`."""

    @classmethod
    def _missing_(cls, value: object) -> Optional[SupportedLanguage]:
        if not isinstance(value, str):
            return None
        lower = value.strip().lower()
        lower = LANGUAGE_ALIASES.get(lower, lower)
        return next((language for language in cls if language.value == lower), None)


LANGUAGE_ALIASES = {
    "py": "python",
    "python3": "python",
    "js": "javascript",
    "node": "javascript",
    "nodejs": "javascript",
    "jdk": "java",
    "c++": "cpp",
    "cxx": "cpp",
    "cplusplus": "cpp",
    "golang": "go",
    "rb": "ruby",
    "rscript": "r",
    "rlang": "r",
}
"""Other names of languages, in lower case."""


class DefaultImage:
    """The images that containers are made of unless another is named."""

    PYTHON: str = "python:3.13-slim"
    """Of Python."""
    JAVA: str = "eclipse-temurin:21-jdk"
    """Of Java."""
    JAVASCRIPT: str = "node:22-slim"
    """Of JavaScript."""
    CPP: str = "gcc:14"
    """Of C++."""
    GO: str = "golang:1.24"
    """Of Go."""
    RUBY: str = "ruby:3.4-slim"
    """Of Ruby."""
    R: str = "r-base:4.5.0"
    """Of R."""
