"""What a policy is made of, and what is found by one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Optional

from llm_sandbox._checks import Refused, filled_text, integer, list_of, nearest, one_of, optional, shown, text
from llm_sandbox._model import Model, field, model
from llm_sandbox.exceptions import InvalidRegexPatternError, ValidationError

if TYPE_CHECKING:
    from typing_extensions import Self


class SecurityIssueSeverity(IntEnum):
    """How much something matters that is found in code."""

    SAFE = 0
    """Worth knowing. It never blocks."""
    LOW = 1
    """Unusual, and harmless in most programs."""
    MEDIUM = 2
    """Reaches for what the policy keeps to itself."""
    HIGH = 3
    """Harms the system it runs on, or takes control of it."""


def _severity(value: Any) -> SecurityIssueSeverity:
    """A severity, its number or its name."""
    if isinstance(value, str) and value.upper() in SecurityIssueSeverity.__members__:
        return SecurityIssueSeverity[value.upper()]
    try:
        return SecurityIssueSeverity(integer()(value))
    except (Refused, ValueError) as error:
        choices = ", ".join(f"{each.name} ({each.value})" for each in SecurityIssueSeverity)
        raise Refused(f"{shown(value)} is not a severity", f"use one of {choices}") from error


def _regular_expression(value: Any) -> str:
    pattern = text(value)
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise InvalidRegexPatternError(
            pattern, hint=f"write it in the syntax of Python's re, or escape it by re.escape ({error})"
        ) from error
    return pattern


class SecurityPattern(Model):
    """A regular expression that code must not match, its comments left aside.

    Attributes:
        pattern: In the syntax of Python's `re`.
        description: What is wrong with what it matches.
        severity: How much it matters.

    Raises:
        InvalidRegexPatternError: The pattern cannot be read.
        ValidationError: Another value cannot be used.
    """

    pattern: str = field(_regular_expression)
    description: str = field(text)
    severity: SecurityIssueSeverity = field(_severity)

    @classmethod
    def validate_pattern(cls, v: str) -> str:
        """Returns the pattern if it can be read.

        Raises:
            InvalidRegexPatternError: It cannot.
        """
        return _regular_expression(v)


class Violation(SecurityPattern):
    """Something in code that a policy is against, and where.

    Attributes:
        pattern: The regular expression, where one is the cause; else one for the text that was found.
        description: What is wrong with it.
        severity: How much it matters.
        line: The line, counted from 1; 0 where it is not known.
        column: The column in characters, counted from 1; 0 where it is not known.
        source_line: The line of the source, without its indentation.
        found: What in the code it is, by the name that the language has for it.
        instead: What could be written instead, where the policy knows.
        cause: What of the policy is against it: `rule:` and a rule's name, `pattern:` and a regular expression, or
            `module:` and a module's name; `gave-up` where not all of the code could be looked at.
    """

    line: int = field(integer(at_least=0), default=0)
    column: int = field(integer(at_least=0), default=0)
    source_line: str = field(text, default="")
    found: str = field(text, default="")
    instead: Optional[str] = field(optional(text), default=None)
    cause: str = field(text, default="")

    @classmethod
    def from_native(cls, form: Mapping[str, Any]) -> Self:
        """Reads the form that the core writes, leaving aside what this version does not know."""
        cause = form.get("cause") or {}
        kind, name = next(iter(cause.items())) if isinstance(cause, Mapping) and cause else ("", "")
        found = str(form.get("found") or "")
        known = {each: form[each] for each in ("line", "column", "source_line", "instead") if each in form}
        return cls(
            pattern=name if kind == "pattern" else re.escape(found),
            description=form.get("description", ""),
            severity=form.get("severity", SecurityIssueSeverity.SAFE),
            found=found,
            cause=f"{kind}:{name}" if kind else str(cause or ""),
            **known,
        )

    @classmethod
    def of_what_was_not_seen(cls, why: str) -> Self:
        """What stands for the rest of code that was not all looked at, which counts as unsafe."""
        description = f"not all of it was looked at: {why}"
        return cls(pattern="", description=description, severity=SecurityIssueSeverity.HIGH, cause="gave-up")

    def __str__(self) -> str:
        """One line: where, how much it matters, what it is and what to write instead."""
        where = f"{self.line}:{self.column}: {SecurityIssueSeverity(self.severity).name.lower()}"
        what = ": ".join(part for part in (self.found, self.description) if part)
        return f"{where}: {what}" + (f" ({self.instead})" if self.instead else "")


class RestrictedModule(Model):
    """A module that code must not load, with all modules in it.

    Attributes:
        name: As the language has it: `os`, `xml.etree`, `child_process`, `java.io`, `net/http`.
        description: What is wrong with it.
        severity: How much it matters.

    Raises:
        ValidationError: A value cannot be used.
    """

    name: str = field(filled_text)
    description: str = field(text)
    severity: SecurityIssueSeverity = field(_severity)


class SecurityPolicy(Model):
    """What code must not do.

    A policy advises. Sessions that enforce theirs run nothing that it blocks.

    Attributes:
        severity_threshold: What blocks: findings of this severity and above. At `SAFE`, which is the default, nothing
            does.
        patterns: Regular expressions over the code, its comments left aside; None, if not given.
        restricted_modules: Modules that must not be loaded; None, if not given.

    Raises:
        ValidationError: A value cannot be used.
    """

    severity_threshold: SecurityIssueSeverity = field(_severity, default=SecurityIssueSeverity.SAFE)
    patterns: Optional[list[SecurityPattern]] = field(optional(list_of(model(SecurityPattern))), default=None)
    restricted_modules: Optional[list[RestrictedModule]] = field(
        optional(list_of(model(RestrictedModule))), default=None
    )

    @classmethod
    def model_validate(cls, obj: Any) -> Self:
        """Makes a policy of a mapping; one that names a preset is a `PresetPolicy`.

        Raises:
            ValidationError: It is no mapping, or its values cannot be used.
        """
        names_a_preset = cls is SecurityPolicy and isinstance(obj, Mapping) and "preset" in obj
        return PresetPolicy.model_validate(obj) if names_a_preset else super().model_validate(obj)  # type: ignore[return-value]

    def add_pattern(self, pattern: SecurityPattern) -> None:
        """Forbids what a pattern matches.

        Raises:
            ValidationError: It is not a pattern.
        """
        self.patterns = [*(self.patterns or []), _given(SecurityPattern, pattern)]

    def add_restricted_module(self, module: RestrictedModule) -> None:
        """Forbids a module.

        Raises:
            ValidationError: It is not a module.
        """
        self.restricted_modules = [*(self.restricted_modules or []), _given(RestrictedModule, module)]

    @property
    def _preset(self) -> Optional[str]:
        """The name of the policy that holds besides."""
        return None

    def _to_native(self) -> dict[str, Any]:
        """What the extension takes. Values that were assigned are checked here."""
        from llm_sandbox._requests import clean

        return {
            "preset": self._preset,
            "severity_threshold": int(_checked("severity_threshold", self.severity_threshold)),
            "patterns": [
                (
                    clean("pattern", _regular_expression(each.pattern)),
                    clean("description", _checked_text("description", each.description)),
                    int(_checked("severity", each.severity)),
                )
                for each in self._all_of(SecurityPattern, self.patterns)
                # An empty one is none.
                if each.pattern
            ],
            "restricted_modules": [
                (
                    clean("name", _checked_text("name", each.name)),
                    clean("description", _checked_text("description", each.description)),
                    int(_checked("severity", each.severity)),
                )
                for each in self._all_of(RestrictedModule, self.restricted_modules)
            ],
        }

    @staticmethod
    def _all_of(kind: type[Any], given: Optional[list[Any]]) -> list[Any]:
        return [_given(kind, each) for each in given or []]


POLICIES = {
    "minimal": SecurityIssueSeverity.MEDIUM,
    "development": SecurityIssueSeverity.MEDIUM,
    "production": SecurityIssueSeverity.MEDIUM,
    "strict": SecurityIssueSeverity.LOW,
    "educational": SecurityIssueSeverity.MEDIUM,
    "data_science": SecurityIssueSeverity.MEDIUM,
}
"""The policies that have a name, with the severity from which on each blocks."""


class PresetPolicy(SecurityPolicy):
    """A policy that has a name, and what was added to it.

    Its own rules are not among `patterns` and `restricted_modules`: they look at what code means and not at its text.

    Attributes:
        preset: The name.
        severity_threshold: What blocks; that of the name, unless another is given.

    Raises:
        ValidationError: A value cannot be used.
    """

    severity_threshold: SecurityIssueSeverity = field(optional(_severity), default=None)
    preset: str = field(one_of(*POLICIES))

    def model_post_init(self, __context: Any, /) -> None:
        """Takes the threshold from the name, and starts the lists empty."""
        if self.severity_threshold is None:
            self.severity_threshold = POLICIES[self.preset]
        self.patterns: Optional[list[SecurityPattern]] = self.patterns or []
        self.restricted_modules: Optional[list[RestrictedModule]] = self.restricted_modules or []

    @property
    def _preset(self) -> str:
        return self.preset


def get_security_policy(name: str) -> SecurityPolicy:
    """The policy of that name: minimal, development, production, strict, educational or data_science.

    Each call makes a new one, which can be added to.

    Raises:
        ValidationError: No policy has that name.
    """
    if not isinstance(name, str) or name not in POLICIES:
        meant = nearest(name, POLICIES)
        all_of_them = ", ".join(POLICIES)
        raise ValidationError(
            f"no policy is called {shown(name)}",
            hint=f"did you mean {meant!r}? There are {all_of_them}" if meant else f"use one of {all_of_them}",
        )
    return PresetPolicy(preset=name)


def _given(kind: type[Any], value: Any) -> Any:
    if not isinstance(value, (kind, Mapping)):
        raise ValidationError(
            f"{shown(value)} is not a {kind.__name__}", hint=f"give a {kind.__name__}, or a dict of its fields"
        )
    return kind.model_validate(value)


def _checked_text(name: str, value: Any) -> str:
    try:
        return text(value)
    except Refused as refused:
        raise ValidationError(f"{name}: {refused.problem}", hint=refused.remedy) from refused


def _checked(name: str, value: Any) -> SecurityIssueSeverity:
    try:
        return _severity(value)
    except Refused as refused:
        raise ValidationError(f"{name}: {refused.problem}", hint=refused.remedy) from refused
