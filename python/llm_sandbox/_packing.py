"""Files of a sandbox as a tar archive."""

from __future__ import annotations

import io
import os
import posixpath
import stat
import tarfile
import tempfile
from typing import TYPE_CHECKING, Any, Optional

from llm_sandbox.files import FileInfo

if TYPE_CHECKING:
    from llm_sandbox import _native

_KINDS = {"file": tarfile.REGTYPE, "directory": tarfile.DIRTYPE, "link": tarfile.SYMTYPE}


def archive(session: _native.Session, path: str) -> tuple[bytes, dict[str, Any]]:
    """The archive's bytes, and what there is to know of the path. Links are packed as links."""
    about = FileInfo.from_native(session.stat(path).wait())
    name = posixpath.basename(posixpath.normpath(posixpath.join(str(session.directory), path))) or "/"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", errors="surrogateescape") as tar:
        if about.kind == "link":
            tar.addfile(_entry(name, about))
        else:
            _add(tar, session, path, name, about)
    return packed.getvalue(), {
        "name": name,
        "size": about.size,
        "mode": about.mode,
        "mtime": int(about.modified.timestamp()),
        "linkTarget": about.target or "",
    }


def _add(tar: tarfile.TarFile, session: _native.Session, path: str, name: str, about: FileInfo) -> None:
    """Adds what is there, as it was listed, with contents as they were copied: the modes of copies are the host's."""
    forms = session.list(path, True).wait() if about.kind == "directory" else []
    found = [FileInfo.from_native(each) for each in forms]
    with tempfile.TemporaryDirectory(prefix="llm-sandbox-") as directory:
        # A name of the sandbox's is nothing to give a path of the host's.
        copied = os.path.join(directory, "copied")
        session.download(path, copied).wait()
        _add_one(tar, name, about, copied)
        for each in found:
            _add_one(tar, f"{name.rstrip('/')}/{each.path}", each, os.path.join(copied, each.path))


def _add_one(tar: tarfile.TarFile, name: str, about: FileInfo, copied: str) -> None:
    if about.kind not in _KINDS:
        return
    entry = _entry(name, about)
    if not entry.isreg():
        tar.addfile(entry)
        return
    content = _opened(copied)
    if content is not None:
        with content:
            entry.size = os.fstat(content.fileno()).st_size
            tar.addfile(entry, content)


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
