"""Reads files out of a tar archive that came from a sandbox, and is not to be trusted.

Nothing is written, no name is used as a path, nothing is uncompressed, and everything is bounded by what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Optional, Union

_BLOCK = 512
_REGULAR = (b"0", b"\0", b"7")
_LONG_NAME = b"L"
_EXTENDED = b"x"
_LONGEST_NAME = 65_536


class BrokenArchiveError(Exception):
    """The archive makes no sense, or is larger than allowed."""


def bytes_of(archive: Union[bytes, bytearray, memoryview, Iterable[bytes]], *, at_most: int) -> bytes:
    """An archive in one piece.

    Args:
        archive: The whole, or its pieces.
        at_most: How large it may be, in bytes.

    Raises:
        BrokenArchiveError: It is larger.
    """
    pieces = [bytes(archive)] if isinstance(archive, (bytes, bytearray, memoryview)) else archive
    whole = bytearray()
    for piece in pieces:
        if len(whole) + len(piece) > at_most:
            raise BrokenArchiveError(f"it is larger than {at_most} bytes")
        whole += piece
    return bytes(whole)


def regular_files(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """The names and contents of the regular files in it. Links, devices and sparse files are passed over.

    Raises:
        BrokenArchiveError: It is no archive, or ends too early.
    """
    at, name, is_sparse = 0, None, False
    while at + _BLOCK <= len(archive):
        header = archive[at : at + _BLOCK]
        if not header.strip(b"\0"):
            return
        kind, size = header[156:157], _size(header)
        start, at = at + _BLOCK, at + _BLOCK + -(-size // _BLOCK) * _BLOCK
        if start + size > len(archive):
            raise BrokenArchiveError("it ends within a file")
        if kind == _LONG_NAME and size <= _LONGEST_NAME:
            name = _text(archive[start : start + size])
        elif kind == _EXTENDED and size <= _LONGEST_NAME:
            name, is_sparse = _extended(archive[start : start + size])
        else:
            if kind in _REGULAR and not is_sparse:
                yield name or _short_name(header), archive[start : start + size]
            name, is_sparse = None, False
    if at < len(archive):
        raise BrokenArchiveError("it ends within a header")


def _size(header: bytes) -> int:
    if _checksum(header) != _octal(header[148:156]):
        raise BrokenArchiveError("a header has a wrong checksum")
    return _octal(header[124:136])


def _checksum(header: bytes) -> int:
    return sum(header) - sum(header[148:156]) + 8 * ord(" ")


def _octal(digits: bytes) -> int:
    text = digits.strip(b" \0")
    if text.strip(b"01234567"):
        raise BrokenArchiveError("a header has a number that is none")
    return int(text or b"0", 8)


def _short_name(header: bytes) -> str:
    name, prefix = _text(header[:100]), _text(header[345:500])
    return f"{prefix}/{name}" if prefix and header[257:262] == b"ustar" else name


def _extended(records: bytes) -> tuple[Optional[str], bool]:
    """The name that an extended header gives, and whether it is of a sparse file. What makes no sense is left aside."""
    name, is_sparse = None, False
    while records:
        length, _, _ = records.partition(b" ")
        if not length.isdigit() or len(length) > 6 or not len(length) + 2 < int(length) <= len(records):
            break
        key, _, value = records[len(length) + 1 : int(length) - 1].partition(b"=")
        if key == b"path":
            name = _text(value)
        is_sparse = is_sparse or key.startswith(b"GNU.sparse")
        records = records[int(length) :]
    return name, is_sparse


def _text(name: bytes) -> str:
    return name.partition(b"\0")[0].decode(errors="replace")
