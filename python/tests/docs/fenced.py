"""The fenced blocks of a Markdown text, and what they say of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).parents[3]
ANYTHING = "..."
LANGUAGES = {"sh", "text", "python", "rust", "toml", "json", "mermaid"}

_FENCE = re.compile(r"```(\S*)(.*)")
_NEEDS = re.compile(r"<!--\s*needs:\s*([a-z-]+)\s*-->")


@dataclass
class Block:
    """A block: where it is, what it is in, and for a program what it needs and prints."""

    place: str
    language: str
    text: str
    needs: Optional[str] = None
    output: Optional[str] = None


def blocks(path: Path) -> list[Block]:
    """All blocks of a file. A block `text` after one of `python` is its output, unless a heading stands between."""
    found: list[Block] = []
    awaiting: Optional[Block] = None
    for block in _read(path):
        if block is None:
            awaiting = None
        elif block.language == "text" and awaiting is not None:
            awaiting.output, awaiting = block.text, None
        else:
            found.append(block)
            awaiting = block if block.language == "python" else None
    return found


def _read(path: Path) -> Iterator[Optional[Block]]:
    """The blocks in order, and None for each heading."""
    lines = iter(enumerate(path.read_text().splitlines(), start=1))
    needs = None
    for number, line in lines:
        opened, marked = _FENCE.fullmatch(line), _NEEDS.fullmatch(line.strip())
        if opened:
            body = []
            for _, inner in lines:
                if inner == "```":
                    break
                body.append(inner)
            else:
                raise ValueError(f"{path}:{number}: the block is never closed")
            yield Block(f"{path.relative_to(ROOT)}:{number}", opened[1], "\n".join(body) + "\n", needs)
        elif line.startswith("#"):
            yield None
        if line.strip():
            needs = marked[1] if marked else None


def difference(expected: str, printed: str) -> Optional[str]:
    """How output differs from what is told, in which `...` stands for anything in a line, and alone for any lines."""
    promised = [re.escape(line.rstrip()).replace(re.escape(ANYTHING), ".*") for line in expected.rstrip().splitlines()]
    pattern = "".join("(?:[^\n]*\n)*" if line == ".*" else f"{line}\n" for line in promised)
    text = "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())
    return None if re.fullmatch(pattern, text) else f"it should print\n{expected}\nand prints\n{printed}"
