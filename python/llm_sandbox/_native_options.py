"""What is said of a session, in the words of its backend: `runtime_configs`, and what else differs between them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, Callable, Optional

from llm_sandbox._model import nearest, shown
from llm_sandbox._requests import clean, deadline, path_inside, whole, word
from llm_sandbox.exceptions import UnsupportedError, ValidationError, WrongTypeError

_UNITS = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?\s*$", re.IGNORECASE)
_BILLION = 1_000_000_000
_LARGEST_SIZE = (1 << 63) - 1
_LARGEST_NUMBER = (1 << 31) - 1


def split_timeout(configs: Mapping[str, Any]) -> tuple[dict[str, Any], Optional[float]]:
    """The options without `timeout`, which every backend has, and that."""
    rest = dict(configs)
    timeout = rest.pop("timeout", None)
    if timeout is not None:
        deadline("runtime_configs['timeout']", timeout)
    return rest, timeout


def native_options(configs: Mapping[str, Any]) -> dict[str, Any]:
    """What the native backend has of container options, by the same names.

    Raises:
        UnsupportedError: It is an option that only containers have.
        ValidationError: It is unknown, or its value cannot be used.
    """
    options: dict[str, Any] = {}
    for name, value in configs.items():
        if name in ("cpu_period", "cpu_quota") or value is None:
            continue
        read = _NATIVE.get(name)
        if read is None:
            raise _refused(name)
        options.update(read(f"runtime_configs[{name!r}]", value))
    options.update(_share_of_time(configs))
    return options


def container_limits(configs: Mapping[str, Any]) -> dict[str, Any]:
    """The limits that options of a container set, by the names that a session's limits have; None is no limit."""
    limits: dict[str, Any] = {}
    for name, limit in _LIMITS_OF_CONTAINERS.items():
        if configs.get(name) is not None:
            try:
                limits.update(_NATIVE[name](name, configs[name]))
            except ValidationError:
                # Zero and less are none; what is no value at all is refused when the container is made.
                limits[limit] = None
    return {**limits, **_share_of_time(configs)} if _is_above_zero(configs.get("cpu_quota")) else limits


_LIMITS_OF_CONTAINERS = {
    "mem_limit": "memory_bytes",
    "cpu_count": "cpus",
    "nano_cpus": "cpus",
    "pids_limit": "processes",
}


def _is_above_zero(value: Any) -> bool:
    return isinstance(value, int) and value > 0


def _refused(name: str) -> Exception:
    from llm_sandbox import _native

    known = [*_NATIVE, "cpu_period", "cpu_quota", "timeout"]
    meant = nearest(name, known)
    if name in _native.container_option_names():
        return UnsupportedError(
            f"runtime_configs: {name!r} is an option of containers, and the native backend has none",
            hint="leave it out, or name a backend with containers: backend='docker'",
        )
    hint = f"did you mean {meant!r}?" if meant else f"there are {', '.join(sorted(known))}"
    return ValidationError(f"runtime_configs: {name!r} is unknown", hint=hint)


def _size(name: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        size: float = value
    else:
        found = _SIZE.match(value) if isinstance(value, str) else None
        size = float(found[1]) * _UNITS[found[2].lower()] if found else 0
    if not 1 <= size <= _LARGEST_SIZE:
        raise ValidationError(f"{name}: {shown(value)} is not a size", hint="give bytes, or a text such as '512m'")
    return int(size)


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= _LARGEST_NUMBER:
        raise ValidationError(f"{name}: {shown(value)} is not a number above 0", hint="give a number, such as 2")
    return float(value)


def _whole(name: str, value: Any) -> int:
    return whole(name, value, 1, _LARGEST_NUMBER)


def _billionths(name: str, value: Any) -> float:
    return whole(name, value, 1, _LARGEST_SIZE) / _BILLION


def _share_of_time(configs: Mapping[str, Any]) -> dict[str, Any]:
    quota = configs.get("cpu_quota")
    if quota is None:
        return {}
    period = configs.get("cpu_period")
    of_period = 100_000 if period is None else _whole("runtime_configs['cpu_period']", period)
    return {"cpus": _whole("runtime_configs['cpu_quota']", quota) / of_period}


def environment(name: str, value: Any) -> list[tuple[str, str]]:
    """Variables, given as a dict or as a list of `NAME=VALUE`."""
    if isinstance(value, Mapping):
        pairs = list(value.items())
    elif isinstance(value, (list, tuple)) and all(isinstance(each, str) and "=" in each for each in value):
        pairs = [tuple(each.split("=", 1)) for each in value]
    else:
        raise WrongTypeError(f"{name}: {shown(value)} is not a dict of variables", hint="give a dict of strings")
    for variable, text in pairs:
        if not isinstance(variable, str) or not isinstance(text, (str, int, float)) or isinstance(text, bool):
            raise WrongTypeError(f"{name}: {shown(variable)} or its value is not a string", hint="give strings")
    texts = [(variable, text if isinstance(text, str) else str(text)) for variable, text in pairs]
    return [(word(name, variable), word(f"{name}[{shown(variable)}]", text)) for variable, text in texts]


def _no_network(name: str, value: Any) -> dict[str, Any]:
    if value in ("none", True):
        return {}
    raise UnsupportedError(
        f"{name}: the native backend has no network",
        hint="leave it out, or name a backend that has one: backend='docker'",
    )


def _binds(name: str, value: Any) -> dict[str, Any]:
    """Volumes, as the Docker SDK for Python takes them."""
    if isinstance(value, Mapping):
        return {"mounts": [_bind(name, source, to) for source, to in value.items()]}
    if isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        return {"mounts": [_bind_of_text(name, each) for each in value]}
    raise WrongTypeError(
        f"{name}: {shown(value)} are no volumes",
        hint="give a dict such as {'/data': {'bind': '/data', 'mode': 'ro'}}, or a list such as ['/data:/data:ro']",
    )


def _bind(name: str, source: Any, to: Any) -> tuple[str, str, bool]:
    target, mode = (to.get("bind"), to.get("mode", "rw")) if isinstance(to, Mapping) else (to, "rw")
    return _mount(name, source, target, str(mode))


def _bind_of_text(name: str, text: str) -> tuple[str, str, bool]:
    source, _, rest = text.partition(":")
    target, _, mode = rest.partition(":")
    return _mount(name, source, target, mode or "rw")


def _mount(name: str, source: Any, target: Any, mode: str) -> tuple[str, str, bool]:
    if not isinstance(source, (str, os.PathLike)) or not isinstance(target, (str, os.PathLike)):
        raise WrongTypeError(f"{name}: {shown(source)} or {shown(target)} is not a path", hint="give two paths")
    source, target = path_inside(name, source), path_inside(name, target)
    if not os.path.isabs(source):
        raise ValidationError(
            f"{name}: {shown(source)} is a named volume or a relative path", hint="give a path that begins with /"
        )
    if mode not in ("ro", "rw"):
        raise ValidationError(f"{name}: the mode {shown(mode)} is unknown", hint="give 'ro' or 'rw'")
    return source, target, mode == "rw"


def mounts(name: str, value: Any) -> list[tuple[str, str, bool]]:
    """Mounts for the native backend: pairs of paths, or what the Docker SDK for Python calls a mount."""
    if not isinstance(value, (list, tuple)):
        raise WrongTypeError(f"{name}: {shown(value)} is not a list", hint="give a list of (source, target) or dicts")
    return [_any_mount(f"{name}[{at}]", each) for at, each in enumerate(value)]


def _any_mount(name: str, value: Any) -> tuple[str, str, bool]:
    if isinstance(value, Mapping):
        named = {str(key).lower(): each for key, each in value.items()}
        if named.get("type", "bind") != "bind":
            raise UnsupportedError(f"{name}: {shown(named['type'])} is none for the native backend", hint="give a bind")
        source, target = named.get("source"), named.get("target")
        return _mount(name, source, target, "ro" if named.get("readonly", named.get("read_only", False)) else "rw")
    if isinstance(value, (list, tuple)) and len(value) in (2, 3):
        return _mount(name, value[0], value[1], value[2] if len(value) == 3 else "ro")
    raise WrongTypeError(f"{name}: {shown(value)} is no mount", hint="give (source, target) or (source, target, 'rw')")


def _ulimits(name: str, value: Any) -> dict[str, Any]:
    options = {}
    for each in value if isinstance(value, (list, tuple)) else [value]:
        named = {str(key).lower(): part for key, part in each.items()} if isinstance(each, Mapping) else {}
        option = {"nofile": "open_files", "fsize": "file_size_bytes"}.get(str(named.get("name", "")))
        if option is None:
            raise UnsupportedError(f"{name}: the native backend has no {shown(each)}", hint="it has nofile and fsize")
        options[option] = _whole(name, named.get("soft", named.get("hard")))
    return options


def _held_anyway(name: str, value: Any) -> dict[str, Any]:
    if value is True:
        return {}
    raise UnsupportedError(f"{name}: the native backend's root is read-only always", hint="leave it out")


def _labels(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(part, str) for pair in value.items() for part in pair):
        raise WrongTypeError(f"{name}: {shown(value)} is not a dict of strings", hint="give a dict of strings")
    return {"labels": {clean(name, label): clean(name, text) for label, text in value.items()}}


def _as(option: str, read: Callable[[str, Any], Any]) -> Callable[[str, Any], dict[str, Any]]:
    return lambda name, value: {option: read(name, value)}


_NATIVE: dict[str, Callable[[str, Any], dict[str, Any]]] = {
    "mem_limit": _as("memory_bytes", _size),
    "cpu_count": _as("cpus", _number),
    "cpus": _as("cpus", _number),
    "nano_cpus": _as("cpus", _billionths),
    "pids_limit": _as("processes", _whole),
    "disk_limit": _as("disk_bytes", _size),
    "output_limit": _as("output_bytes", _size),
    "cpu_time": _as("cpu_time", _number),
    "environment": _as("env", environment),
    "working_dir": _as("workdir", path_inside),
    "volumes": _binds,
    "mounts": _as("mounts", mounts),
    "ulimits": _ulimits,
    "labels": _labels,
    "network_mode": _no_network,
    "network_disabled": _no_network,
    "read_only": _held_anyway,
}
