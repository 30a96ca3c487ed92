"""Takes comments out of code, and leaves alone what only looks like one because it stands in a string."""

from __future__ import annotations

import re
from re import Match, Pattern

C_COMMENTS = r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)"
HASH_COMMENTS = r"\#[^\n]*"
QUOTED = r'"(?:[^"\\\n]|\\[\s\S])*"?' + r"|'(?:[^'\\\n]|\\[\s\S])*'?"
QUOTED_OVER_LINES = r'"(?:[^"\\]|\\[\s\S])*"?' + r"|'(?:[^'\\]|\\[\s\S])*'?"

_BLANK_LINE = re.compile(r"^[ \t]+(?=\r?$)", re.MULTILINE)


def reader(*, comments: str, texts: str) -> Pattern[str]:
    """What reads code of a language.

    Args:
        comments: A regular expression for its comments.
        texts: One for its strings, and whatever else may have the marks of comments in it.
    """
    return re.compile(f"(?P<comment>{comments})|(?P<text>{texts})")


def without_comments(code: str, read: Pattern[str]) -> str:
    """The code without its comments; lines that have nothing else become empty."""
    return _BLANK_LINE.sub("", read.sub(_kept, code))


def _kept(found: Match[str]) -> str:
    return "" if found.lastgroup == "comment" else found.group()
