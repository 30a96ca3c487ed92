"""A session as it was described, and what that says about what goes in and comes out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Optional, Union

from llm_sandbox._model import shown
from llm_sandbox._native_options import container_limits, environment, mounts, native_options, split_timeout
from llm_sandbox._requests import clean, code_text, console_output, deadline, in_time, path_inside, word
from llm_sandbox.exceptions import ValidationError, WrongTypeError

if TYPE_CHECKING:
    from llm_sandbox.core.config import SessionConfig
    from llm_sandbox.data import ConsoleOutput
    from llm_sandbox.security.policy import SecurityPattern


class Described:
    """What a session of any kind is to be. Its caller's objects are never changed."""

    EXTRAS = (
        "accept_weaker",
        "compiler_options",
        "env",
        "idle_timeout",
        "interpreter",
        "isolation",
        "labels",
        "logger",
        "mounts",
        "require",
        "runtime_options",
    )
    """Arguments that sessions of every backend have besides those of the API."""

    def __init__(
        self, backend: str, config: SessionConfig, extras: Mapping[str, Any], engine_options: Mapping[str, Any]
    ) -> None:
        """Checks everything.

        Raises:
            ValidationError: A value cannot be used.
        """
        from llm_sandbox import _native

        self._config = config
        configs, timeout = split_timeout(config.runtime_configs)
        options: dict[str, Any] = {"backend": backend, "lang": config.lang.value}
        if config.workdir != "/sandbox":
            options["workdir"] = config.workdir
            if configs.get("working_dir", config.workdir) != config.workdir:
                raise ValidationError(
                    "workdir and runtime_configs['working_dir'] are both given, and differ",
                    hint="give only one of them",
                )
        options.update(_timing(config, timeout))
        options.update(native_options(configs) if backend == "native" else {"container_options": configs})
        self._limits = {} if backend == "native" else container_limits(configs)
        options.update(engine_options)
        options.update(_extras(extras, options))
        if config.security_policy is not None:
            options["policy"] = config.security_policy._to_native()
            options["enforce"] = config.enforce_policy
        _native.check_options(options)
        self._options = options
        self._allowed: Optional[float] = options.get("timeout")

    def options(self) -> dict[str, Any]:
        """What the extension is told, with the policy as it is now."""
        if self._config.security_policy is not None:
            self._options["policy"] = self._config.security_policy._to_native()
        return self._options

    def limits(self, limits: Mapping[str, Any]) -> dict[str, Any]:
        """Limits as the core has them, with those that options of the container set."""
        return {**limits, **self._limits}

    def output(self, result: Mapping[str, Any], timeout: Optional[float]) -> ConsoleOutput:
        """What came of a run.

        Raises:
            SandboxTimeoutError: Its time was up.
        """
        return in_time(self.output_at_all(result), self.allowed(timeout))

    def allowed(self, timeout: Optional[float]) -> Optional[float]:
        """How many seconds a run may take, None for no limit."""
        allowed = self._allowed if timeout is None else timeout
        if allowed is None or math.isinf(allowed):
            return None
        # Other numbers, such as fractions, do not show as decimals.
        return allowed if isinstance(allowed, (int, float)) else float(allowed)

    def output_at_all(self, result: Mapping[str, Any]) -> ConsoleOutput:
        """The same, also where its time was up."""
        return console_output(result, self._config.encoding_errors)

    def judged(self, code: Union[str, bytes]) -> tuple[bool, list[SecurityPattern]]:
        """What the policy says of code."""
        from llm_sandbox import _native
        from llm_sandbox.security.policy import Violation

        text = code_text(code)
        policy = self._config.security_policy
        if policy is None:
            return True, []
        report = _native.check(policy._to_native(), self._config.lang.value, text)
        found: list[SecurityPattern] = [Violation.from_native(each) for each in report["violations"]]
        if report["gave_up"] is not None:
            found.append(Violation.of_what_was_not_seen(report["gave_up"]))
        return report["is_safe"], found


def _timing(config: SessionConfig, configured: Optional[float]) -> dict[str, Any]:
    """The deadline of runs, and of the session. What is said of runs alone wins."""
    timing: dict[str, Any]
    if config.execution_timeout is None and configured is not None:
        timing = deadline("timeout", configured)
    else:
        name = "default_timeout" if config.execution_timeout is None else "execution_timeout"
        allowed = config.get_execution_timeout()
        timing = {"is_endless": True} if allowed is None else deadline(name, allowed)
    if config.session_timeout is not None:
        timing["lifetime"] = _lifetime("session_timeout", config.session_timeout)
    return timing


def _lifetime(name: str, value: Any) -> Optional[float]:
    """Seconds that a session is given, None for no end."""
    seconds: Optional[float] = deadline(name, value).get("timeout")
    if seconds == 0:
        raise ValidationError(f"{name}: 0 leaves no time for anything", hint="give more, or leave it out for no end")
    return seconds


def _extras(extras: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in extras.items():
        if value is None:
            continue
        if name == "env":
            read["env"] = [*options.get("env", ()), *environment("env", value)]
        elif name == "mounts":
            read["mounts"] = [*options.get("mounts", ()), *mounts("mounts", value)]
        elif name == "idle_timeout":
            seconds = _lifetime("idle_timeout", value)
            read.update({} if seconds is None else {"idle_timeout": seconds})
        elif name == "labels":
            read["labels"] = _labels(value)
        elif name == "interpreter":
            read[name] = path_inside(name, value)
        elif name == "isolation":
            read[name] = clean(name, _text(name, value))
        elif name in ("require", "accept_weaker"):
            read[name] = [clean(name, each) for each in _texts(name, value)]
        else:
            read[name] = _texts(name, value)
    return read


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise WrongTypeError(f"{name}: {shown(value)} is not a string", hint="give a string")
    return value


def _texts(name: str, value: Any) -> list[str]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
        raise WrongTypeError(f"{name}: {shown(value)} is not a list of strings", hint="give a list of strings")
    return [word(f"{name}[{at}]", each) for at, each in enumerate(value)]


def _labels(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise WrongTypeError(f"labels: {shown(value)} is not a dict", hint="give a dict of strings")
    for label, text in value.items():
        if not isinstance(label, str) or not isinstance(text, str):
            raise ValidationError(f"labels: {shown(label)} or its value is not a string", hint="give strings")
    return {clean("labels", label): clean(f"labels[{shown(label)}]", text) for label, text in value.items()}
