"""The files in a sandbox."""

from __future__ import annotations

import codecs
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Optional, Union

from llm_sandbox._model import shown
from llm_sandbox._requests import _text, path_inside, path_of_host, truth, whole
from llm_sandbox.exceptions import SandboxFileError, ValidationError

if TYPE_CHECKING:
    from llm_sandbox import _native

_HostPath = Union[str, "os.PathLike[str]"]


@dataclass(frozen=True)
class FileInfo:
    """What there is to know of a file in a sandbox.

    Attributes:
        path: Where it is: relative to the directory that was listed, or as it was asked for.
        kind: `file`, `directory`, `link` or `other`.
        size: Its size in bytes.
        mode: Its permission bits.
        modified: When it last changed.
        target: Where a symbolic link points.
    """

    path: str
    kind: str
    size: int
    mode: int
    modified: datetime
    target: Optional[str] = None

    @classmethod
    def from_native(cls, form: dict[str, Any]) -> FileInfo:
        """Reads the form that the core writes."""
        since, target = form["modified"], form["target"]
        seconds = since["secs_since_epoch"] + since["nanos_since_epoch"] / 1e9
        return cls(
            path=_path_of(form["path"]),
            kind=form["kind"],
            size=form["size"],
            mode=form["mode"],
            modified=datetime.fromtimestamp(seconds, tz=timezone.utc),
            target=None if target is None else bytes(target).decode("utf-8", "surrogateescape"),
        )


def _path_of(form: Any) -> str:
    if isinstance(form, str):
        return form
    import base64

    return base64.b64decode(form["base64"]).decode("utf-8", "surrogateescape")


def left_out(copied: Mapping[str, Any]) -> tuple[str, ...]:
    """What was not copied, by paths below what was."""
    return tuple(_path_of(each) for each in copied["skipped"])


_NOWHERE = ("wrong-kind", "bad-name")


def _most(max_bytes: Any) -> Optional[int]:
    return None if max_bytes is None else whole("max_bytes", max_bytes, 0, (1 << 63) - 1)


def _check_encoding(encoding: Any, errors: Any) -> None:
    for name, value, look_up in (("encoding", encoding, codecs.lookup), ("errors", errors, codecs.lookup_error)):
        try:
            look_up(value)
        except (TypeError, ValueError, LookupError) as error:
            raise ValidationError(f"{name}: {shown(value)} is unknown", hint="give one of bytes.decode") from error


class Files:
    """Reads and writes files of an open session. Relative paths stand below the working directory.

    Every method raises `SandboxFileError` where the sandbox refuses, and `FileNotFoundError` where nothing is there.
    """

    def __init__(self, session: _native.Session) -> None:
        """Takes the session."""
        self._session = session

    def read(self, path: str, max_bytes: Optional[int] = None) -> bytes:
        """Reads a file, of at most 256 MiB unless more is asked for."""
        return self._session.read(path_inside("path", path), _most(max_bytes)).wait()

    def read_text(self, path: str, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Reads a file as text."""
        _check_encoding(encoding, errors)
        return self.read(path).decode(encoding, errors)

    def write(self, path: str, content: Union[str, bytes]) -> None:
        """Writes a file; its directories are made where they are absent."""
        self._session.write_files([(path_inside("path", path), _text("content", content))]).wait()

    def list(self, path: str = ".", *, recursive: bool = False) -> list[FileInfo]:
        """Lists a directory, sorted by name; with all below it, if `recursive`."""
        found = self._session.list(path_inside("path", path), truth("recursive", recursive)).wait()
        return [FileInfo.from_native(each) for each in found]

    def stat(self, path: str) -> FileInfo:
        """Describes a path, without following a link."""
        inside = path_inside("path", path)
        return replace(FileInfo.from_native(self._session.stat(inside).wait()), path=inside)

    def exists(self, path: str) -> bool:
        """Whether something is there."""
        try:
            self.stat(path)
        except FileNotFoundError:
            return False
        except SandboxFileError as error:
            if error.problem in _NOWHERE:
                return False
            raise
        return True

    def remove(self, path: str, *, recursive: bool = False) -> None:
        """Removes a file or an empty directory; a directory with all below it, if `recursive`."""
        self._session.remove(path_inside("path", path), truth("recursive", recursive)).wait()

    def make_directory(self, path: str) -> None:
        """Makes a directory, and those that it is in."""
        self._session.make_directory(path_inside("path", path)).wait()

    def upload(self, host: _HostPath, inside: str) -> tuple[str, ...]:
        """Copies a file, or a directory with all below it, into the sandbox.

        Returns:
            What was left out: links that lead outside what is copied, and what is neither file nor directory.
        """
        return left_out(self._session.upload(path_of_host("host", host), path_inside("inside", inside)).wait())

    def download(self, inside: str, host: _HostPath) -> tuple[str, ...]:
        """Copies a file, or a directory with all below it, out of the sandbox.

        Returns:
            As `upload`.
        """
        return left_out(self._session.download(path_inside("inside", inside), path_of_host("host", host)).wait())


class AsyncFiles:
    """The same as `Files`, to be awaited."""

    def __init__(self, session: _native.Session) -> None:
        """Takes the session."""
        self._session = session

    async def read(self, path: str, max_bytes: Optional[int] = None) -> bytes:
        """As `Files.read`."""
        return await self._session.read(path_inside("path", path), _most(max_bytes))

    async def read_text(self, path: str, encoding: str = "utf-8", errors: str = "strict") -> str:
        """As `Files.read_text`."""
        _check_encoding(encoding, errors)
        return (await self.read(path)).decode(encoding, errors)

    async def write(self, path: str, content: Union[str, bytes]) -> None:
        """As `Files.write`."""
        await self._session.write_files([(path_inside("path", path), _text("content", content))])

    async def list(self, path: str = ".", *, recursive: bool = False) -> list[FileInfo]:
        """As `Files.list`."""
        found = await self._session.list(path_inside("path", path), truth("recursive", recursive))
        return [FileInfo.from_native(each) for each in found]

    async def stat(self, path: str) -> FileInfo:
        """As `Files.stat`."""
        inside = path_inside("path", path)
        return replace(FileInfo.from_native(await self._session.stat(inside)), path=inside)

    async def exists(self, path: str) -> bool:
        """As `Files.exists`."""
        try:
            await self.stat(path)
        except FileNotFoundError:
            return False
        except SandboxFileError as error:
            if error.problem in _NOWHERE:
                return False
            raise
        return True

    async def remove(self, path: str, *, recursive: bool = False) -> None:
        """As `Files.remove`."""
        await self._session.remove(path_inside("path", path), truth("recursive", recursive))

    async def make_directory(self, path: str) -> None:
        """As `Files.make_directory`."""
        await self._session.make_directory(path_inside("path", path))

    async def upload(self, host: _HostPath, inside: str) -> tuple[str, ...]:
        """As `Files.upload`."""
        return left_out(await self._session.upload(path_of_host("host", host), path_inside("inside", inside)))

    async def download(self, inside: str, host: _HostPath) -> tuple[str, ...]:
        """As `Files.download`."""
        return left_out(await self._session.download(path_inside("inside", inside), path_of_host("host", host)))
