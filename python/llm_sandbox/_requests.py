"""What is asked of a sandbox, and what comes back: the same for sessions that wait and for those that are awaited."""

from __future__ import annotations

import codecs
import math
import os
from collections.abc import Mapping, Sequence
from inspect import iscoroutinefunction
from numbers import Integral, Real
from typing import Any, Callable, NamedTuple, Optional, Union

from llm_sandbox._model import Refused, boolean, nearest, shown
from llm_sandbox.data import ConsoleOutput, Outcome, Usage
from llm_sandbox.exceptions import (
    CommandEmptyError,
    LibraryInstallationNotSupportedError,
    SandboxTimeoutError,
    ValidationError,
    WrongTypeError,
)
from llm_sandbox.protocols import StreamCallback

_Text = Union[str, bytes]

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

_NO_ARGUMENTS: tuple[str, ...] = ()


class RunOptions(NamedTuple):
    """What may be said of a run besides what it runs."""

    timeout: Optional[float] = None
    stdin: Optional[_Text] = None
    args: Sequence[_Text] = _NO_ARGUMENTS
    env: Optional[Mapping[str, str]] = None
    files: Optional[Mapping[str, _Text]] = None
    workdir: Optional[str] = None


def code_request(code: _Text, options: RunOptions) -> dict[str, Any]:
    """A run of a program text."""
    text = code_text(code)
    if not text.strip():
        raise ValidationError("code: it is empty", hint="give a program to run")
    return {"kind": "code", "words": [_word("code", text)], **_described(options)}


def code_text(code: Any) -> bytes:
    """The bytes of a program's text."""
    if not isinstance(code, (str, bytes)):
        raise WrongTypeError(f"code: {shown(code)} is not a string", hint="give the program's text")
    return _text("code", code)


def command_request(command: Union[str, Sequence[str]], options: RunOptions) -> dict[str, Any]:
    """A run of a command: a line as for a shell, or a program and its arguments."""
    if isinstance(command, str):
        if not command.strip():
            raise CommandEmptyError
        plain = _plain_words(command)
        kind, words = ("shell", [command]) if plain is None else ("command", plain)
        return {"kind": kind, "words": [_word("command", word) for word in words], **_described(options)}
    if not isinstance(command, (list, tuple)):
        raise WrongTypeError(
            f"command: {shown(command)} is not a command", hint="give a string, or a list of arguments"
        )
    if not command or not command[0]:
        raise CommandEmptyError
    return {"kind": "command", "words": _words("command", command), **_described(options)}


def commands_of(commands: Any) -> list[tuple[Any, Optional[str]]]:
    """Commands, each with where it runs."""
    if isinstance(commands, (str, bytes)) or not isinstance(commands, Sequence):
        raise WrongTypeError(f"commands: {shown(commands)} is not a list of commands", hint="give a list of strings")
    if not commands:
        raise CommandEmptyError
    pairs: list[Any] = [each if isinstance(each, tuple) else (each, None) for each in commands]
    wrong = next((pair for pair in pairs if len(pair) != 2), None)
    if wrong is not None:
        raise ValidationError(
            f"commands: {shown(wrong)} is not a command with where it runs", hint="give (command, workdir)"
        )
    return pairs


def _plain_words(line: str) -> Optional[list[str]]:
    """The words of a line that means the same without a shell, which an image need not have."""
    if _SHELL_CHARACTERS.intersection(line):
        return None
    # As a shell divides it: other blanks of Unicode's are parts of words.
    words = line.replace("\t", " ").split(" ")
    words = [word for word in words if word]
    return None if words[0] in _SHELL_WORDS else words


def _described(options: RunOptions) -> dict[str, Any]:
    described: dict[str, Any] = {}
    if options.args is not _NO_ARGUMENTS:
        described["args"] = _words("args", options.args)
    if options.timeout is not None:
        described.update(deadline("timeout", options.timeout))
    if options.stdin is not None:
        described["stdin"] = _text("stdin", options.stdin)
    if options.env is not None:
        variables = _pairs("env", options.env)
        described["env"] = [(_word("env", name), _word(where, value)) for where, name, value in variables]
    if options.files is not None:
        files = _pairs("files", options.files)
        described["files"] = [(path_inside("files", path), _text(where, content)) for where, path, content in files]
    if options.workdir is not None:
        described["workdir"] = path_inside("workdir", options.workdir)
    return described


def _is_number(value: Any, kind: type[Any]) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def deadline(name: str, value: Any) -> dict[str, Any]:
    """A deadline in seconds, as the extension takes it; infinity is none."""
    if not _is_number(value, Real):
        raise WrongTypeError(f"{name}: {shown(value)} is not a number of seconds", hint="give a number, such as 30")
    if not value >= 0:
        raise ValidationError(f"{name}: {shown(value)} is not a time", hint="give seconds from 0 on")
    if _LONGEST < value < math.inf:
        raise ValidationError(f"{name}: {shown(value)} seconds are too many", hint="give math.inf for no limit")
    return {"timeout": float(value)} if value < math.inf else {"is_endless": True}


_LONGEST = 1e9
"""In seconds, some thirty years; what is longer is a mistake, or meant to be no limit."""


def _text(name: str, value: Any) -> bytes:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if not isinstance(value, str):
        raise WrongTypeError(f"{name}: {shown(value)} is neither text nor bytes", hint="give a string or bytes")
    return encoded(name, value)


def encoded(name: str, text: str) -> bytes:
    """The bytes of a text. What it has of undecodable names becomes the bytes that it stood for.

    Raises:
        ValidationError: There is half a character in it.
    """
    try:
        return str.encode(text, "utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise ValidationError(
            f"{name}: the character at {error.start} is half of one (a lone surrogate), which has no bytes",
            hint="give text that was decoded whole, or bytes",
        ) from error


def clean(name: str, text: str) -> str:
    """A text without halves of characters, not even those that stand for bytes."""
    try:
        str.encode(text, "utf-8")
    except UnicodeEncodeError as error:
        raise ValidationError(
            f"{name}: the character at {error.start} is half of one (a lone surrogate)", hint="give text that is whole"
        ) from error
    return str.__str__(text)


def _word(name: str, value: Any) -> bytes:
    """What the system takes as a string, which ends at a zero byte."""
    word = _text(name, value)
    if b"\0" in word:
        raise ValidationError(
            f"{name}: there is a NUL byte at {word.index(0)}", hint="leave it out: the system ends strings there"
        )
    return word


def word(name: str, value: str) -> str:
    """A text that the system takes as a string."""
    _word(name, value)
    # Whatever a subclass makes of itself.
    return str.__str__(value)


def _texts(name: str, values: Any) -> list[bytes]:
    return [_text(f"{name}[{at}]", value) for at, value in enumerate(_listed(name, values))]


def _words(name: str, values: Any) -> list[bytes]:
    return [_word(f"{name}[{at}]", value) for at, value in enumerate(_listed(name, values))]


def _listed(name: str, values: Any) -> Sequence[Any]:
    if isinstance(values, (list, tuple)):
        return values
    if isinstance(values, (str, bytes)) or not isinstance(values, Sequence):
        raise WrongTypeError(f"{name}: {shown(values)} is not a list of strings", hint="give a list of strings")
    return values


def _pairs(name: str, values: Any) -> list[tuple[str, Any, Any]]:
    """Where each value stands, its key and itself."""
    if not isinstance(values, Mapping):
        raise WrongTypeError(f"{name}: {shown(values)} is not a dict", hint="give a dict of strings")
    return [(f"{name}[{shown(key)}]", key, value) for key, value in values.items()]


def path_inside(name: str, value: Any) -> str:
    """A path in the sandbox."""
    return _path(name, value, "in the sandbox")


def path_of_host(name: str, value: Any) -> str:
    """A path on the host."""
    return os.path.expanduser(_path(name, value, "on this machine"))


def _path(name: str, value: Any, where: str) -> str:
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str):
        raise WrongTypeError(f"{name}: {shown(value)} is not a path", hint=f"give a path {where} as a string")
    if not path:
        raise ValidationError(f"{name}: the path is empty", hint=f"give a path {where}, such as data.csv")
    return word(name, path)


def truth(name: str, value: Any) -> bool:
    """A truth value, by the name of its argument.

    Raises:
        ValidationError: It is none.
    """
    try:
        return bool(boolean(value))
    except Refused as refused:
        raise WrongTypeError(f"{name}: {refused.problem}", hint=refused.remedy) from refused


def whole(name: str, value: Any, at_least: int, at_most: int) -> int:
    """A whole number within bounds, by the name of its argument.

    Raises:
        ValidationError: It is none.
    """
    if not _is_number(value, Integral):
        raise WrongTypeError(f"{name}: {shown(value)} is not a whole number", hint="give one")
    if not at_least <= value <= at_most:
        raise ValidationError(f"{name}: {shown(value)} is not from {at_least} to {at_most}", hint="give another")
    return int(value)


def listeners_of(on_stdout: Any, on_stderr: Any) -> dict[str, Optional[StreamCallback]]:
    """Who takes which stream's output as it comes."""
    for name, listener in (("on_stdout", on_stdout), ("on_stderr", on_stderr)):
        if listener is not None and not callable(listener):
            raise WrongTypeError(f"{name}: {shown(listener)} cannot be called", hint="give a function of a string")
        if iscoroutinefunction(listener):
            raise WrongTypeError(
                f"{name}: {shown(listener)} would have to be awaited",
                hint="give a plain function, which may start a task",
            )
    return {"stdout": on_stdout, "stderr": on_stderr}


def refuse_libraries(libraries: Any, lang: str) -> None:
    """Says how to do without libraries that would have to be installed.

    Raises:
        LibraryInstallationNotSupportedError: There are some.
        ValidationError: It is not a list of names.
    """
    if libraries is None:
        return
    names = [name.decode(errors="replace") for name in _texts("libraries", libraries) if name]
    if names:
        raise LibraryInstallationNotSupportedError(
            lang,
            hint=f"use an image or an interpreter that has {', '.join(names)} already: image=, dockerfile= or "
            "interpreter=",
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


def _handler(encoding_errors: str) -> str:
    return _REFERENCES if encoding_errors == "xmlcharrefreplace" else encoding_errors


class Decoder:
    """Makes text of the pieces of a stream, whole characters only."""

    def __init__(self, encoding_errors: str) -> None:
        """Takes what is done with what is not UTF-8."""
        self._decoder = codecs.getincrementaldecoder("utf-8")(_handler(encoding_errors))

    def feed(self, piece: bytes, is_last: bool = False) -> str:
        """The text of a piece, without a character that is not whole yet."""
        return self._decoder.decode(piece, is_last)


def is_cut(outcome: Mapping[str, Any], encoding_errors: str) -> bool:
    """Whether the last character may be cut in two by the end of the run, which is no fault of the program."""
    return encoding_errors == "strict" and outcome["kind"] != "exited"


def _decoded(output: bytes, gap: Optional[tuple[int, int]], encoding_errors: str, cut: bool) -> tuple[str, int]:
    """The text of a stream, with a line where something was left out, and how much that was."""
    if gap is None:
        if cut:
            return Decoder(encoding_errors).feed(output), 0
        return output.decode("utf-8", _handler(encoding_errors)), 0
    at, missing = gap
    head = Decoder(encoding_errors).feed(output[:at])
    tail = output[at:]
    # The gap may lie in a character.
    begin = next((index for index, byte in enumerate(tail[:3]) if byte & 0xC0 != 0x80), min(3, len(tail)))
    return f"{head}\n[{missing} bytes omitted]\n{Decoder(encoding_errors).feed(tail[begin:], is_last=not cut)}", missing


def console_output(result: Mapping[str, Any], encoding_errors: str) -> ConsoleOutput:
    """What a run gave.

    Raises:
        UnicodeDecodeError: Its output is not UTF-8, and the session is strict about that.
    """
    outcome = Outcome.from_native(result["outcome"])
    if outcome.kind == "timed-out" and encoding_errors == "strict":
        # That is what its caller is to be told.
        encoding_errors = "replace"
    cut = is_cut(result["outcome"], encoding_errors)
    stdout, stdout_missing = _decoded(result["stdout"], result["stdout_gap"], encoding_errors, cut)
    stderr, stderr_missing = _decoded(result["stderr"], result["stderr_gap"], encoding_errors, cut)
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
