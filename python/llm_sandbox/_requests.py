"""What is asked of a sandbox, and what comes back: the same for sessions that wait and for those that are awaited."""

from __future__ import annotations

import codecs
import math
import os
from collections.abc import Mapping, Sequence
from typing import Any, Callable, NamedTuple, Optional, Union

from llm_sandbox._model import nearest, shown
from llm_sandbox.data import ConsoleOutput, Outcome, Usage
from llm_sandbox.exceptions import (
    CommandEmptyError,
    LibraryInstallationNotSupportedError,
    SandboxTimeoutError,
    ValidationError,
    WrongTypeError,
)

_Text = Union[str, bytes]
_Path = Union[str, "os.PathLike[str]"]

# What makes a line more than a program and its arguments.
_SHELL_CHARACTERS = frozenset("|&;<>()$`\\\"'*?[]#~=%{}!^\n\r")
_SHELL_WORDS = frozenset(
    (
        ". : alias bg break case cd command continue do done elif else esac eval exec exit export fc fg fi for getopts"
        " hash if in jobs read readonly return set shift source then times trap type ulimit umask unalias unset until"
        " wait while"
    ).split()
)

SIGKILL = 9


class RunOptions(NamedTuple):
    """What may be said of a run besides what it runs."""

    timeout: Optional[float] = None
    stdin: Optional[_Text] = None
    args: Sequence[_Text] = ()
    env: Optional[Mapping[str, str]] = None
    files: Optional[Mapping[str, _Text]] = None
    workdir: Optional[str] = None


def code_request(code: _Text, options: RunOptions) -> dict[str, Any]:
    """A run of a program text."""
    if not isinstance(code, (str, bytes)):
        raise WrongTypeError(f"code: {shown(code)} is not a string", hint="give the program's text")
    return {"kind": "code", "words": [code], **_described(options)}


def command_request(command: Union[str, Sequence[str]], options: RunOptions) -> dict[str, Any]:
    """A run of a command: a line as for a shell, or a program and its arguments."""
    if isinstance(command, str):
        if not command.strip():
            raise CommandEmptyError
        words = _plain_words(command)
        kind = "shell" if words is None else "command"
        return {"kind": kind, "words": [command] if words is None else words, **_described(options)}
    if not isinstance(command, (list, tuple)):
        raise WrongTypeError(
            f"command: {shown(command)} is not a command", hint="give a string, or a list of arguments"
        )
    if not command or not command[0]:
        raise CommandEmptyError
    return {"kind": "command", "words": _texts("command", command), **_described(options)}


def _plain_words(line: str) -> Optional[list[str]]:
    """The words of a line that means the same without a shell, which an image need not have."""
    if _SHELL_CHARACTERS.intersection(line):
        return None
    words = line.split()
    return None if words[0] in _SHELL_WORDS else words


def _described(options: RunOptions) -> dict[str, Any]:
    described: dict[str, Any] = {"args": _texts("args", options.args)}
    if options.timeout is not None:
        described.update(deadline("timeout", options.timeout))
    if options.stdin is not None:
        described["stdin"] = _text("stdin", options.stdin)
    if options.env is not None:
        described["env"] = list(_pairs("env", options.env))
    if options.files is not None:
        described["files"] = list(_pairs("files", options.files))
    if options.workdir is not None:
        described["workdir"] = path_inside("workdir", options.workdir)
    return described


def deadline(name: str, value: Any) -> dict[str, Any]:
    """A deadline in seconds, as the extension takes it; infinity is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise WrongTypeError(f"{name}: {shown(value)} is not a number of seconds", hint="give a number, such as 30")
    if math.isnan(value) or value < 0:
        raise ValidationError(f"{name}: {value} is not a time", hint="give seconds from 0 on")
    return {"is_endless": True} if math.isinf(value) else {"timeout": float(value)}


def _text(name: str, value: Any) -> _Text:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if not isinstance(value, str):
        raise WrongTypeError(f"{name}: {shown(value)} is neither text nor bytes", hint="give a string or bytes")
    return value


def _texts(name: str, values: Any) -> list[_Text]:
    if isinstance(values, (str, bytes)) or not isinstance(values, Sequence):
        raise WrongTypeError(f"{name}: {shown(values)} is not a list of strings", hint="give a list of strings")
    return [_text(f"{name}[{at}]", value) for at, value in enumerate(values)]


def _pairs(name: str, values: Any) -> list[tuple[_Text, _Text]]:
    if not isinstance(values, Mapping):
        raise WrongTypeError(f"{name}: {shown(values)} is not a dict", hint="give a dict of strings")
    return [(_text(name, key), _text(f"{name}[{key!r}]", value)) for key, value in values.items()]


def path_inside(name: str, value: Any) -> str:
    """A path in the sandbox."""
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str):
        raise WrongTypeError(f"{name}: {shown(value)} is not a path", hint="give a path in the sandbox as a string")
    if not path:
        raise ValidationError(f"{name}: the path is empty", hint="give a path in the sandbox, such as data.csv")
    return path


def path_of_host(name: str, value: Any) -> str:
    """A path on the host."""
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str):
        raise WrongTypeError(f"{name}: {shown(value)} is not a path", hint="give a path on this machine as a string")
    if not path:
        raise ValidationError(f"{name}: the path is empty", hint="give a path on this machine")
    return os.path.expanduser(path)


def refuse_libraries(libraries: Any, lang: str) -> None:
    """Says how to do without libraries that would have to be installed.

    Raises:
        LibraryInstallationNotSupportedError: There are some.
        ValidationError: It is not a list of names.
    """
    if libraries is None:
        return
    if isinstance(libraries, (str, bytes)) or not isinstance(libraries, Sequence):
        raise WrongTypeError(f"libraries: {shown(libraries)} is not a list of names", hint="give a list of strings")
    names = [name for name in _texts("libraries", libraries) if name]
    if names:
        raise LibraryInstallationNotSupportedError(
            lang,
            hint=f"use an image or an interpreter that has {', '.join(map(str, names))} already: image=, dockerfile= "
            "or interpreter=",
        )


def refuse_unknown(where: str, given: Mapping[str, Any], known: Sequence[str], error: Callable[..., Exception]) -> None:
    """Names what is unknown, and what may be meant."""
    for name in given:
        if name not in known:
            meant = nearest(name, list(known))
            hint = f"did you mean {meant!r}?" if meant else f"there are {', '.join(sorted(known))}"
            raise error(f"{where}: {name!r} is unknown", hint=hint)


# What comes back.


def _as_character_references(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(f"&#{byte};" for byte in error.object[error.start : error.end]), error.end


# Python's own handler of that name only encodes.
_REFERENCES = "llm_sandbox.xmlcharrefreplace"
codecs.register_error(_REFERENCES, _as_character_references)


class Decoder:
    """Makes text of the pieces of a stream, whole characters only."""

    def __init__(self, encoding_errors: str) -> None:
        """Takes what is done with what is not UTF-8."""
        errors = _REFERENCES if encoding_errors == "xmlcharrefreplace" else encoding_errors
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors)

    def feed(self, piece: bytes, is_last: bool = False) -> str:
        """The text of a piece, without a character that is not whole yet."""
        return self._decoder.decode(piece, is_last)


def _decoded(output: bytes, gap: Optional[tuple[int, int]], encoding_errors: str) -> tuple[str, int]:
    """The text of a stream, with a line where something was left out, and how much that was."""
    if gap is None:
        return Decoder(encoding_errors).feed(output, is_last=True), 0
    at, missing = gap
    head = Decoder(encoding_errors).feed(output[:at])
    tail = output[at:]
    # The gap may lie in a character.
    begin = next((index for index, byte in enumerate(tail[:3]) if byte & 0xC0 != 0x80), min(3, len(tail)))
    return f"{head}\n[{missing} bytes omitted]\n{Decoder(encoding_errors).feed(tail[begin:], is_last=True)}", missing


def console_output(result: Mapping[str, Any], encoding_errors: str) -> ConsoleOutput:
    """What a run gave.

    Raises:
        UnicodeDecodeError: Its output is not UTF-8, and the session is strict about that.
    """
    stdout, stdout_missing = _decoded(result["stdout"], result["stdout_gap"], encoding_errors)
    stderr, stderr_missing = _decoded(result["stderr"], result["stderr_gap"], encoding_errors)
    outcome = Outcome.from_native(result["outcome"])
    if outcome.kind == "never-started" and outcome.reason:
        stderr += f"{outcome.reason}\n"
    return ConsoleOutput(
        exit_code=_exit_code(outcome),
        stderr=stderr,
        stdout=stdout,
        outcome=outcome,
        usage=Usage.from_native(result["usage"]),
        hints=tuple(f"{hint['message']} {_remedy(hint)}" for hint in result["hints"]),
        stdout_truncated=stdout_missing,
        stderr_truncated=stderr_missing,
    )


_REMEDIES = {
    "memory": "Hold less at once, or raise the limit: runtime_configs['mem_limit'].",
    "disk": "Write less, remove files, or raise the limit: runtime_configs['disk_limit'].",
    "processes": "Use fewer at once, or raise the limit: runtime_configs['pids_limit'].",
    "wall-time": "Do less, or give it more time: timeout.",
    "cpu-time": "Compute less, or raise the limit: runtime_configs['cpu_time'].",
    "file-size": "Write smaller files, or raise the limit: runtime_configs['ulimits'].",
}
"""What would help against a refusal, in the names of this package."""


def _remedy(hint: Mapping[str, Any]) -> str:
    return _REMEDIES.get(hint["refusal"]) or str(hint["remedy"])


def in_time(output: ConsoleOutput, allowed: Optional[float]) -> ConsoleOutput:
    """What a run gave that had so many seconds.

    Raises:
        SandboxTimeoutError: Its time was up; the error has what it gave until then.
    """
    outcome = output.outcome
    if outcome is None or outcome.kind != "timed-out":
        return output
    if outcome.limit == "cpu":
        raise SandboxTimeoutError(
            "The run was stopped: its CPU time is over.",
            result=output,
            hint="raise runtime_configs['cpu_time'], or have the code compute less; the session goes on",
        )
    raise SandboxTimeoutError(
        f"The run was stopped: its {'time is' if allowed is None else f'{allowed:g} seconds are'} over.",
        timeout_duration=allowed,
        result=output,
        hint="give it more by timeout=, or have the code do less; the session goes on",
    )


def _exit_code(outcome: Outcome) -> int:
    """The status that a shell would give for it."""
    if outcome.kind == "exited" and outcome.code is not None:
        return outcome.code
    if outcome.kind == "signalled" and outcome.signal is not None:
        return 128 + outcome.signal
    return {"compile-failed": 1, "never-started": 127}.get(outcome.kind, 128 + SIGKILL)
