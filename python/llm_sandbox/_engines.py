"""Where an engine is, as the SDKs' client objects know it."""

from __future__ import annotations

import urllib.parse
from typing import Any

from llm_sandbox._model import shown
from llm_sandbox.exceptions import ValidationError


def engine_of_client(client: Any) -> dict[str, Any]:
    """The engine's address and TLS files, read from a client of the Docker SDK or of podman-py.

    Raises:
        ValidationError: It is no such client.
    """
    if client is None:
        return {}
    api = getattr(client, "api", None)
    base_url = getattr(api, "base_url", None)
    if base_url is None:
        raise ValidationError(
            f"client: {shown(client)} is no client of an engine",
            hint="give a docker.DockerClient or a podman.PodmanClient, or leave it out",
        )
    address = _address(api, base_url)
    if not address.startswith("https://"):
        return {"address": address}
    return {"address": "tcp://" + address[len("https://") :], "tls": _tls(api)}


def _address(api: Any, base_url: Any) -> str:
    # podman-py keeps the parts of its address.
    address = base_url if isinstance(base_url, str) else getattr(base_url, "geturl", lambda: str(base_url))()
    if address.startswith("http+docker://"):
        socket: str = api.get_adapter(address).socket_path
        return f"unix://{socket}"
    if address.startswith(("http+unix://", "unix://")):
        path = urllib.parse.unquote(address.partition("://")[2])
        return "unix:///" + path.lstrip("/")
    if address.startswith("http://"):
        return "tcp://" + address[len("http://") :].rstrip("/")
    return address.rstrip("/")


def _tls(api: Any) -> tuple[Any, Any, Any, bool]:
    certificate, key = api.cert if isinstance(api.cert, tuple) else (api.cert, None)
    authority = api.verify if isinstance(api.verify, str) else None
    return authority, certificate, key, bool(api.verify)
