"""What values have to pass, and what is said of those that do not."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any, Callable, Optional

Check = Callable[[Any], Any]
"""Takes a value and returns what is kept of it, or raises `Refused`."""


class Refused(Exception):
    """A value does not pass a check.

    Attributes:
        problem: What is wrong with it.
        remedy: What would do.
        place: Where in the value it is, where that is not the value itself.
    """

    def __init__(self, problem: str, remedy: str, place: str = "") -> None:
        """Takes what is wrong, and what would do."""
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.place = place


def text(value: Any) -> str:
    """Any string."""
    if not isinstance(value, str):
        raise Refused(f"{shown(value)} is not a string", "give a string")
    return value


def filled_text(value: Any) -> str:
    """A string with something in it that the system can take, which a zero byte is not."""
    given = text(value)
    if not given or "\0" in given:
        raise Refused(f"{shown(value)} is empty or has a zero byte in it", "give a name, or leave it out")
    try:
        str.encode(given, "utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise Refused(f"{shown(value)} has half a character in it (a lone surrogate)", "give a whole text") from error
    return given


def boolean(value: Any) -> bool:
    """A truth value, or what environment variables and config files have for one."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.lower() in _TRUTH:
        return _TRUTH[value.lower()]
    raise Refused(f"{shown(value)} is neither true nor false", "give True or False")


_TRUTH = {
    **dict.fromkeys(("1", "true", "t", "yes", "y", "on"), True),
    **dict.fromkeys(("0", "false", "f", "no", "n", "off"), False),
}


def number(*, at_least: Optional[float] = None, above: Optional[float] = None) -> Check:
    """A number, or a string that is one."""

    def check(value: Any) -> float:
        given = _number_of(value)
        _in_bounds(given, at_least, above)
        return given

    return check


def integer(*, at_least: Optional[int] = None) -> Check:
    """A whole number, or a string that is one."""

    def check(value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            given = value
        else:
            as_number = _number_of(value)
            if not as_number.is_integer():
                raise Refused(f"{shown(value)} is not a whole number", "give a whole number")
            given = int(as_number)
        _in_bounds(given, at_least, None)
        return int(given)

    return check


def _number_of(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise Refused(f"{shown(value)} is not a number", "give a number")
    try:
        given = float(value)
    except (ValueError, OverflowError) as error:
        raise Refused(f"{shown(value)} is not a number", "give a number") from error
    if math.isnan(given):
        raise Refused("nan is not a number", "give a number")
    return given


def _in_bounds(given: float, at_least: Optional[float], above: Optional[float]) -> None:
    if at_least is not None and given < at_least:
        raise Refused(f"{shown(given)} is less than {at_least}", f"give {at_least} or more")
    if above is not None and given <= above:
        raise Refused(f"{shown(given)} is not more than {above}", f"give more than {above}")


def optional(check: Check) -> Check:
    """None, or what passes another check."""

    def check_optional(value: Any) -> Any:
        return None if value is None else check(value)

    return check_optional


def one_of(*choices: str) -> Check:
    """One of these strings."""

    def check(value: Any) -> str:
        if isinstance(value, str) and value in choices:
            return value
        raise Refused(f"{shown(value)} is not one of them", _choose(value, choices))

    return check


def member(enumeration: type[Enum]) -> Check:
    """A member of an enumeration of strings, or its value."""

    def check(value: Any) -> Enum:
        try:
            # Enumerations show what they do not know, which may be anything.
            return enumeration(value if isinstance(value, (str, enumeration)) else "")
        except (ValueError, TypeError) as error:
            choices = [str(each.value) for each in enumeration]
            raise Refused(f"{shown(value)} is not a {enumeration.__name__}", _choose(value, choices)) from error

    return check


def list_of(check: Check) -> Check:
    """A list or tuple whose items pass another check."""

    def check_list(value: Any) -> list[Any]:
        if not isinstance(value, (list, tuple)):
            raise Refused(f"{shown(value)} is not a list", "give a list")
        return [_item(check, at, item) for at, item in enumerate(value)]

    return check_list


def _item(check: Check, at: int, item: Any) -> Any:
    try:
        return check(item)
    except Refused as refused:
        raise Refused(refused.problem, refused.remedy, joined(str(at), refused.place)) from refused


def mapping(value: Any) -> dict[str, Any]:
    """A mapping from strings to anything, which is copied."""
    if not isinstance(value, Mapping):
        raise Refused(f"{shown(value)} is not a dict", "give a dict")
    strange = [key for key in value if not isinstance(key, str)]
    if strange:
        raise Refused(f"its key {shown(strange[0])} is not a string", "name the options by strings")
    return dict(value)


def shown(value: object) -> str:
    """A short repr, whatever the value is."""
    try:
        return _SHORT.repr(value)
    except ValueError:
        return f"a {type(value).__name__} that is too large to show"


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_SHORT.maxlevel = 2


def nearest(name: object, names: Collection[str]) -> Optional[str]:
    """That of the names which was probably meant, if one is near."""
    if not isinstance(name, str) or len(name) > 100:
        return None
    import difflib

    lower = {each.lower(): each for each in names}
    found = difflib.get_close_matches(name.strip().lower(), lower, n=1)
    return lower[found[0]] if found else None


def joined(place: str, inner: str) -> str:
    return f"{place}.{inner}" if inner else place


def _choose(value: object, choices: Collection[str]) -> str:
    all_of_them = "use one of " + ", ".join(choices)
    meant = nearest(value, choices)
    return f"did you mean {meant!r}? If not, {all_of_them}" if meant else all_of_them
