"""What goes wrong with a sandbox, as opposed to the code that runs in it: code that fails is a result.

Everything derives from `SandboxError`. Each error has a `kind`, which is stable and meant for programs, and a `hint`,
which says what would help and is shown after the message.
"""

from __future__ import annotations

import errno as errors
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Optional

if TYPE_CHECKING:
    from llm_sandbox.data import ConsoleOutput
    from llm_sandbox.security.policy import SecurityPattern


class SandboxError(Exception):
    """Something is wrong with a sandbox, or with what was asked of it.

    Attributes:
        kind: Which failure it is, such as `invalid-input`.
        hint: What would help, where that is known.
    """

    kind: str = "sandbox"
    hint: Optional[str]

    def __init_subclass__(cls, **options: Any) -> None:
        """Gives each class a kind of its own: its name, unless it says another."""
        super().__init_subclass__(**options)
        if "kind" not in cls.__dict__:
            words = re.sub(r"Error$", "", cls.__name__.lstrip("_"))
            cls.kind = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", words).lower()

    def __init__(self, message: str, *, hint: Optional[str] = None) -> None:
        """Takes what happened, and what would help."""
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        """The message, and the hint on a line of its own where there is one."""
        message = str(self.args[0]) if self.args else ""
        return f"{message}\nTry: {self.hint}" if self.hint else message

    def __reduce__(self) -> tuple[Any, ...]:
        """Everything it knows, so that it survives copying and being sent to another process."""
        system = {name: getattr(self, name) for name in _SYSTEM_ATTRIBUTES if getattr(self, name, None) is not None}
        return _restored, (type(self), self.args, {**system, **self.__dict__})


_SYSTEM_ATTRIBUTES = ("errno", "strerror", "filename")


def _restored(error_class: type[SandboxError], args: tuple[Any, ...], attributes: dict[str, Any]) -> SandboxError:
    error = error_class.__new__(error_class)
    error.args = args
    for name, value in attributes.items():
        setattr(error, name, value)
    return error


class ContainerError(SandboxError):
    """A backend could not create, reach or remove a sandbox."""

    kind = "backend"


class SecurityError(SandboxError):
    """Something was refused for the sake of security."""


class ResourceError(SandboxError):
    """This process or this host has no more of something that every sandbox takes."""

    kind = "exhausted"


class ValidationError(SandboxError, ValueError):
    """A value cannot be used."""

    kind = "invalid-input"


class WrongTypeError(ValidationError, TypeError):
    """A value is not of the type that is needed."""

    kind = "invalid-input"


class ExtraArgumentsError(SandboxError):
    """An argument was given that does not go with the others."""


class LanguageNotSupportedError(ValidationError):
    """There is no such language."""

    def __init__(self, lang: str, *, hint: Optional[str] = None) -> None:
        """Takes the language's name."""
        super().__init__(f"Language {lang} is not supported", hint=hint)
        self.lang = lang


class ImageNotFoundError(SandboxError):
    """No such image is here, and its registry has none, or shows none to this caller."""

    kind = "image-not-found"

    def __init__(self, image: str, *, reason: Optional[str] = None, hint: Optional[str] = None) -> None:
        """Takes the image's name, and what was said of it."""
        super().__init__(f"Image {image} not found" + (f": {reason}" if reason else ""), hint=hint)
        self.image = image


class NotOpenSessionError(SandboxError):
    """The session was not opened, or has been closed."""

    kind = "closed"

    def __init__(self, *, hint: Optional[str] = None) -> None:
        """Takes what would help."""
        super().__init__("Session is not open. Please call open() method before running code.", hint=hint)


class LibraryInstallationNotSupportedError(SandboxError):
    """Libraries of that language cannot be installed."""

    def __init__(self, lang: str, *, hint: Optional[str] = None) -> None:
        """Takes the language's name."""
        super().__init__(f"Library installation is not supported for {lang}", hint=hint)
        self.lang = lang


class CommandEmptyError(SandboxError):
    """A command has nothing in it."""

    def __init__(self, *, hint: Optional[str] = None) -> None:
        """Takes what would help."""
        super().__init__("Command cannot be empty", hint=hint)


class CommandFailedError(SandboxError):
    """A command that had to succeed did not."""

    def __init__(self, command: str, exit_code: int, output: str, *, hint: Optional[str] = None) -> None:
        """Takes the command, its exit status and what it printed."""
        super().__init__(f"Command {command} failed with exit code {exit_code}:\n{output}", hint=hint)
        self.command = command
        self.exit_code = exit_code
        self.output = output


class PackageManagerError(SandboxError):
    """A language has no package manager that could install something."""

    def __init__(self, package_manager: str, *, hint: Optional[str] = None) -> None:
        """Takes the package manager's name, or that of the language."""
        super().__init__(f"Package manager {package_manager} not found", hint=hint)
        self.package_manager = package_manager


class ImagePullError(SandboxError):
    """An image could not be brought here, which says nothing about whether its registry has it."""

    kind = "image-pull-failed"

    def __init__(self, image: str, error: str, *, hint: Optional[str] = None) -> None:
        """Takes the image's name, and what was wrong."""
        super().__init__(f"Failed to pull image {image}: {error}", hint=hint)
        self.image = image
        self.error = error


class UnsupportedError(SandboxError):
    """The backend or this host cannot do what was asked, or nothing can yet."""

    kind = "unsupported"


class UnsupportedBackendError(UnsupportedError):
    """There is no such backend."""

    def __init__(self, backend: str, *, hint: Optional[str] = None) -> None:
        """Takes the backend's name."""
        super().__init__(f"Unsupported backend: {backend}", hint=hint)
        self.backend = backend


class MissingDependencyError(SandboxError):
    """Something is not installed that is needed, such as a language's interpreter."""

    kind = "interpreter-missing"


class LanguageNotSupportPlotError(SandboxError):
    """Plots of that language cannot be taken."""

    def __init__(self, lang: str, *, hint: Optional[str] = None) -> None:
        """Takes the language's name."""
        super().__init__(f"Language {lang} does not support plot detection", hint=hint)
        self.lang = lang


class InvalidRegexPatternError(ValidationError):
    """A regular expression cannot be read."""

    def __init__(self, pattern: str, *, hint: Optional[str] = None) -> None:
        """Takes the regular expression."""
        super().__init__(f"Invalid regex pattern: {pattern}", hint=hint)
        self.pattern = pattern


class LanguageHandlerNotInitializedError(SandboxError):
    """A session has no handler of its language yet."""

    def __init__(self, language: str, *, hint: Optional[str] = None) -> None:
        """Takes the language's name."""
        super().__init__(f"Language handler for {language} is not initialized.", hint=hint)
        self.language = language


class SecurityViolationError(SandboxError):
    """The session's policy is enforced and against the code. Nothing was run.

    Attributes:
        violations: All that was found in the code, what does not block included.
    """

    kind = "unsafe-code"

    def __init__(self, message: str, *, violations: Iterable[SecurityPattern] = (), hint: Optional[str] = None) -> None:
        """Takes what happened, and what was found."""
        super().__init__(message, hint=hint)
        self.violations: list[SecurityPattern] = list(violations)


class SandboxTimeoutError(SandboxError, TimeoutError):
    """Something took longer than it was given.

    Attributes:
        timeout_duration: How long that was, in seconds, where known.
        result: What the program had printed until then, where it was a program.
    """

    def __init__(
        self,
        message: str,
        timeout_duration: Optional[float] = None,
        *,
        result: Optional[ConsoleOutput] = None,
        hint: Optional[str] = None,
    ) -> None:
        """Takes what happened, and how long it was given."""
        super().__init__(message, hint=hint)
        self.timeout_duration = timeout_duration
        self.result = result


class SessionExpiredError(SandboxTimeoutError):
    """The session has ended by itself, as it was told to when it was opened."""

    kind = "expired"


class ImageBuildError(ContainerError):
    """An image could not be built of its file."""

    kind = "image-build-failed"


class SandboxDiedError(ContainerError):
    """The sandbox ended by itself while it was needed."""

    kind = "sandbox-died"


class AgentMisbehavedError(ContainerError):
    """What came out of the sandbox made no sense; it was destroyed."""

    kind = "agent-misbehaved"


class AbortedError(ContainerError):
    """The sandbox gave up on one operation, and lives on."""

    kind = "aborted"


class StdinClosedError(SandboxError):
    """The run is over, or its standard input was closed or never opened."""

    kind = "stdin-closed"


class SandboxFileError(SandboxError, OSError):
    """A file operation inside the sandbox did not succeed.

    Attributes:
        path: Where, inside the sandbox.
        problem: What was wrong: `not-found`, `permission-denied`, `wrong-kind`, `too-large`, `no-space`, `bad-name`
            or `io`.
        errno: The number that the system has for it.
    """

    kind = "file"

    def __init__(
        self,
        message: str,
        *,
        path: Optional[str] = None,
        problem: Optional[str] = None,
        errno: Optional[int] = None,
        hint: Optional[str] = None,
    ) -> None:
        """Takes what happened, and where."""
        super().__init__(message, hint=hint)
        self.path: Optional[str] = path
        self.filename: Any = path
        self.problem: Optional[str] = problem
        self.errno: Optional[int] = _ERRNO_OF_PROBLEM.get(problem or "") if errno is None else errno
        self.strerror: Optional[str] = message


class SandboxFileNotFoundError(SandboxFileError, FileNotFoundError):
    """There is no such file inside the sandbox."""

    kind = "file"


class HostFileError(SandboxError, OSError):
    """A file on the host could not be read or written.

    Attributes:
        path: Where, on the host.
        errno: What the system said, as a number.
    """

    kind = "host-file"

    def __init__(
        self, message: str, *, path: Optional[str] = None, errno: Optional[int] = None, hint: Optional[str] = None
    ) -> None:
        """Takes what happened, and where."""
        super().__init__(message, hint=hint)
        self.path: Optional[str] = path
        self.filename: Any = path
        self.errno: Optional[int] = errno
        self.strerror: Optional[str] = message


class HostFileNotFoundError(HostFileError, FileNotFoundError):
    """There is no such file on the host."""

    kind = "host-file"


class ForkedError(SandboxError):
    """A session was used in a process that was forked from the one that opened it."""

    def __init__(
        self,
        message: str = "the session belongs to the process that opened it, and this one was forked from that",
        *,
        hint: Optional[str] = "open a session in this process",
    ) -> None:
        """Takes what happened, and what would help."""
        super().__init__(message, hint=hint)


_ERRNO_OF_PROBLEM = {
    "not-found": errors.ENOENT,
    "permission-denied": errors.EACCES,
    "wrong-kind": errors.EINVAL,
    "too-large": errors.EFBIG,
    "no-space": errors.ENOSPC,
    "bad-name": errors.EINVAL,
    "io": errors.EIO,
}

KINDS: dict[str, type[SandboxError]] = {
    "invalid-input": ValidationError,
    "unsupported": UnsupportedError,
    "backend": ContainerError,
    "exhausted": ResourceError,
    "interpreter-missing": MissingDependencyError,
    "image-not-found": ImageNotFoundError,
    "image-pull-failed": ImagePullError,
    "image-build-failed": ImageBuildError,
    "sandbox-died": SandboxDiedError,
    "agent-misbehaved": AgentMisbehavedError,
    "aborted": AbortedError,
    "closed": NotOpenSessionError,
    "expired": SessionExpiredError,
    "stdin-closed": StdinClosedError,
    "unsafe-code": SecurityViolationError,
    "file": SandboxFileError,
    "host-file": HostFileError,
    "inside-runtime": SandboxError,
}
"""The class of each kind of the core's errors."""


def from_native(kind: str, message: str, hint: Optional[str], details: Mapping[str, Any]) -> SandboxError:
    """The error that stands for one of the core's.

    Args:
        kind: The core's name for it, one of `KINDS`; of one that is not known a plain `SandboxError` is made.
        message: What happened.
        hint: What would help.
        details: What is known besides, by these names: `image`, `error`, `timeout` (seconds), `violations`, `path`,
            `errno`, `problem`.
    """
    error = _made(kind, message, hint, details)
    error.kind = kind
    return error


def _made(kind: str, message: str, hint: Optional[str], details: Mapping[str, Any]) -> SandboxError:
    path, errno, problem = details.get("path"), details.get("errno"), details.get("problem")
    if kind == "image-not-found":
        return ImageNotFoundError(details.get("image", ""), reason=_reason(message, details), hint=hint)
    if kind == "image-pull-failed":
        return ImagePullError(details.get("image", ""), _reason(message, details), hint=hint)
    if kind == "closed":
        return NotOpenSessionError(hint=hint)
    if kind == "expired":
        # Sessions of the package have no method that puts their end off.
        own = hint and hint.replace("longer lifetime, or extend() it in time", "longer session_timeout")
        return SessionExpiredError(message, details.get("timeout"), hint=own)
    if kind == "unsafe-code":
        return SecurityViolationError(message, violations=_violations(details), hint=hint)
    if kind == "file":
        file_error = SandboxFileNotFoundError if problem == "not-found" else SandboxFileError
        return file_error(message, path=path, problem=problem, errno=errno, hint=hint)
    if kind == "host-file":
        host_error = HostFileNotFoundError if errno == errors.ENOENT else HostFileError
        return host_error(message, path=path, errno=errno, hint=hint)
    return KINDS.get(kind, SandboxError)(message, hint=hint)


def _reason(message: str, details: Mapping[str, Any]) -> str:
    """What the error is about, without the image's name, which its class says itself."""
    given = details.get("error")
    if given:
        return str(given)
    _, _, after = message.partition(f"image {details.get('image')} ")
    _, _, reason = after.partition(": ")
    return reason or message


def _violations(details: Mapping[str, Any]) -> list[SecurityPattern]:
    from llm_sandbox.security.policy import Violation

    found = details.get("violations") or ()
    return [Violation.from_native(each) if isinstance(each, Mapping) else each for each in found]
