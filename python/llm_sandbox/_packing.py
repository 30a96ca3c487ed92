"""Files of a sandbox as a tar archive."""

from __future__ import annotations

import io
import os
import posixpath
import tarfile
import tempfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llm_sandbox import _native


def archive(session: _native.Session, path: str) -> tuple[bytes, dict[str, Any]]:
    """The archive's bytes, and what there is to know of the path."""
    about = session.stat(path).wait()
    name = posixpath.basename(posixpath.normpath(posixpath.join(str(session.directory), path))) or "/"
    with tempfile.TemporaryDirectory(prefix="llm-sandbox-") as directory:
        # A name of the sandbox's is nothing to give a path of the host's.
        copied = os.path.join(directory, "copied")
        session.download(path, copied).wait()
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            tar.add(copied, arcname=name, filter=_without_owner)
    target = about.get("target")
    stat = {
        "name": name,
        "size": about["size"],
        "mode": about["mode"],
        "mtime": about["modified"]["secs_since_epoch"],
        "linkTarget": bytes(target).decode("utf-8", "surrogateescape") if target else "",
    }
    return packed.getvalue(), stat


def _without_owner(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    # Whoever copied it is nobody in the sandbox.
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
