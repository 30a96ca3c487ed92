"""Files of a sandbox as a tar archive."""

from __future__ import annotations

import io
import os
import posixpath
import stat
import tarfile
import tempfile
from typing import TYPE_CHECKING, Any, Optional

from llm_sandbox._requests import whole
from llm_sandbox.exceptions import SandboxFileError
from llm_sandbox.files import FileInfo

if TYPE_CHECKING:
    from llm_sandbox import _native

_MOST = 256 << 20
_KINDS = {"file": tarfile.REGTYPE, "directory": tarfile.DIRTYPE, "link": tarfile.SYMTYPE}


def archive(session: _native.Session, path: str, max_bytes: Any) -> tuple[bytes, dict[str, Any]]:
    """The archive's bytes, and what there is to know of the path. Links are packed as links.

    Args:
        session: Where it is.
        path: What is packed.
        max_bytes: How large its files may be together; None for 256 MiB. A file may say that it is larger than all that
            holds it, and is packed as large as it says.
    """
    most = _MOST if max_bytes is None else whole("max_bytes", max_bytes, 0, (1 << 63) - 1)
    about = FileInfo.from_native(session.stat(path).wait())
    name = posixpath.basename(posixpath.normpath(posixpath.join(str(session.directory), path))) or "/"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", errors="surrogateescape") as tar:
        if about.kind == "link":
            tar.addfile(_entry(name, about))
        else:
            _Packing(tar, path, most).add_all(session, name, about)
    return packed.getvalue(), {
        "name": name,
        "size": about.size,
        "mode": about.mode,
        "mtime": int(about.modified.timestamp()),
        "linkTarget": about.target or "",
    }


class _Packing:
    """An archive that is being made, of files that are not larger than allowed."""

    def __init__(self, tar: tarfile.TarFile, path: str, most: int) -> None:
        self._tar = tar
        self._path = path
        self._most = most
        self._size = 0

    def add_all(self, session: _native.Session, name: str, about: FileInfo) -> None:
        """Adds what is there, as it was listed: modes of copies are the host's. Contents are those of the copies."""
        forms = session.list(self._path, True).wait() if about.kind == "directory" else []
        found = [FileInfo.from_native(each) for each in forms]
        self._check(sum(each.size for each in (about, *found) if each.kind == "file"))
        with tempfile.TemporaryDirectory(prefix="llm-sandbox-") as directory:
            # A name of the sandbox's is nothing to give a path of the host's.
            copied = os.path.join(directory, "copied")
            session.download(self._path, copied).wait()
            self._add(name, about, copied)
            for each in found:
                self._add(f"{name.rstrip('/')}/{each.path}", each, os.path.join(copied, each.path))

    def _add(self, name: str, about: FileInfo, copied: str) -> None:
        if about.kind not in _KINDS:
            return
        entry = _entry(name, about)
        if not entry.isreg():
            self._tar.addfile(entry)
            return
        content = _opened(copied)
        if content is not None:
            with content:
                entry.size = os.fstat(content.fileno()).st_size
                # It may have grown since it was listed.
                self._size += entry.size
                self._check(self._size)
                self._tar.addfile(entry, content)

    def _check(self, size: int) -> None:
        if size > self._most:
            raise SandboxFileError(
                f"pack {self._path}: its files are {size} bytes together, more than {self._most}",
                path=self._path,
                problem="too-large",
                hint="give max_bytes= for more, or take it by copy_from_runtime",
            )


def _opened(copied: str) -> Optional[io.BufferedReader]:
    """The copy of a file; None where there was none any more, or something else, when it was copied."""
    try:
        content = os.fdopen(os.open(copied, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    except OSError:
        return None
    if stat.S_ISREG(os.fstat(content.fileno()).st_mode):
        return content
    content.close()
    return None


def _entry(name: str, about: FileInfo) -> tarfile.TarInfo:
    """Without an owner: whoever copied it is nobody in the sandbox."""
    entry = tarfile.TarInfo(name)
    entry.type = _KINDS[about.kind]
    entry.mode = about.mode
    entry.mtime = about.modified.timestamp()
    entry.linkname = about.target or ""
    return entry
