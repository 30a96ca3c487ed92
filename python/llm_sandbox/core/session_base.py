"""What all sessions have in common, whatever their backend."""

from __future__ import annotations

import atexit
import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Optional, Union

from llm_sandbox._described import Described
from llm_sandbox._handlers import HandlersRun, has_commands_of_its_own, interpreter_of
from llm_sandbox._model import shown
from llm_sandbox._requests import (
    Decoder,
    RunOptions,
    code_request,
    command_request,
    commands_of,
    is_cut,
    listeners_of,
    path_inside,
    path_of_host,
    refuse_libraries,
    refuse_unknown,
)
from llm_sandbox.core.config import SessionConfig
from llm_sandbox.data import ConsoleOutput
from llm_sandbox.exceptions import (
    ExtraArgumentsError,
    ForkedError,
    HostFileNotFoundError,
    NotOpenSessionError,
    SandboxError,
    WrongTypeError,
)
from llm_sandbox.protocols import StreamCallback

if TYPE_CHECKING:
    from typing_extensions import Self

    from llm_sandbox import _native
    from llm_sandbox.files import Files
    from llm_sandbox.language_handlers.base import AbstractLanguageHandler
    from llm_sandbox.security.policy import SecurityPattern

_Text = Union[str, bytes]
_LOGGER = logging.getLogger(__name__)


class BaseSession(ABC):
    """A sandbox with a language: opened, used as often as wanted, and closed.

    Use it as a context manager, or call `open` and `close`. It can be used by several threads at once, and its runs may
    overlap. Files in the working directory stay between runs; nothing stays when it is closed.
    """

    backend_name: ClassVar[str]
    """The name of its backend."""
    config: SessionConfig
    """What it was made with."""
    verbose: bool
    """Whether steps are logged."""
    logger: logging.Logger
    """Where they are logged."""
    language_handler: AbstractLanguageHandler
    """What the API knows of its language. One of your own may be put in its place."""

    def __init__(self, config: SessionConfig, **kwargs: Any) -> None:
        """Describes a session; `open` opens it.

        Args:
            config: What all sessions have.
            **kwargs: What only some have: `interpreter`, `labels`, `idle_timeout` (seconds), `env`, `isolation`,
                `mounts`, `require`, `accept_weaker`, `compiler_options`, `runtime_options`, `logger`.

        Raises:
            ValidationError: A value cannot be used.
            ExtraArgumentsError: An argument is unknown.
        """
        refuse_unknown(type(self).__name__, kwargs, Described.EXTRAS, ExtraArgumentsError)
        from llm_sandbox.language_handlers.factory import LanguageHandlerFactory

        self.config = config
        self.verbose = config.verbose
        self.logger = _logger_of(kwargs.pop("logger", None))
        self.language_handler = LanguageHandlerFactory.create_handler(config.lang.value, self.logger)
        self._described = Described(self.backend_name, config, kwargs, self._engine_options())
        self._place: dict[str, _native.Session] = {}

    @abstractmethod
    def _engine_options(self) -> dict[str, Any]:
        """What the backend is told besides, in the extension's words."""

    # Opening and closing.

    @property
    def _session(self) -> Optional[_native.Session]:
        return self._place.get("session")

    @property
    def is_open(self) -> bool:
        """Whether it is open, and has not ended by itself."""
        return is_usable(self._session)

    def open(self) -> None:
        """Makes the sandbox. One that is open already stays as it is; one that has ended by itself is made anew.

        Raises:
            SandboxError: It cannot be made; its class says why.
        """
        from llm_sandbox import _native

        ended = self._session
        if not is_usable(ended):
            if ended is not None:
                # Nothing of it can be kept any more.
                self._place.pop("session", None)
                ended.close().wait()
            self._log("opening a sandbox on %s", self.backend_name)
            close_all_at_the_end()
            opened = _native.open_session(self._described.options()).wait()
            if self._place.setdefault("session", opened) is not opened:
                # Another thread was faster.
                opened.close().wait()
            self._log("session %s is open", opened.id)

    def close(self) -> None:
        """Destroys the sandbox and all that runs in it; nothing of it is left. Closing twice is closing once.

        Raises:
            SandboxError: Something could not be removed, or kept as the image that was asked for.
        """
        session = self._place.pop("session", None)
        if session is not None:
            try:
                tag = self._image_to_keep(session)
                if tag is not None:
                    session.commit(tag).wait()
            finally:
                session.close().wait()
                self._log("session %s is closed", session.id)

    def _image_to_keep(self, session: _native.Session) -> Optional[str]:
        """The name of an image that the files are kept as when the session closes, if there is to be one."""
        return None

    def __enter__(self) -> Self:
        """Opens it."""
        self.open()
        return self

    def __exit__(
        self,
        exc_type: Optional[type[BaseException]],
        exc_val: Optional[BaseException],
        exc_tb: Optional[TracebackType],
    ) -> None:
        """Closes it. In a forked child nothing is done: it has no part in its parent's."""
        with suppress(ForkedError):
            self.close()

    def __repr__(self) -> str:
        """What it is, and whether it is open."""
        session = self._session
        state = "closed" if session is None else f"open as {session.id}"
        return f"<{type(self).__name__} {self.config.lang.value} on {self.backend_name}, {state}>"

    @property
    def _open_session(self) -> _native.Session:
        session = self._session
        if session is None:
            raise NotOpenSessionError
        return session

    @property
    def id(self) -> str:
        """What the session is known by, 16 hexadecimal digits.

        Raises:
            NotOpenSessionError: It is not open.
        """
        return self._open_session.id

    @property
    def limits(self) -> dict[str, Any]:
        """The limits in force, in bytes and seconds; None where there is none.

        Raises:
            NotOpenSessionError: It is not open.
        """
        return self._described.limits(self._open_session.limits)

    @property
    def capabilities(self) -> dict[str, Any]:
        """What the sandbox promises, and how firmly.

        Raises:
            NotOpenSessionError: It is not open.
        """
        return self._open_session.capabilities

    @property
    def info(self) -> dict[str, Any]:
        """What there is to know of the session now: uptime, runs, what they used.

        Raises:
            NotOpenSessionError: It is not open.
        """
        return self._open_session.info().wait()

    @property
    def files(self) -> Files:
        """The files in the sandbox.

        Raises:
            NotOpenSessionError: It is not open.
        """
        from llm_sandbox.files import Files

        return Files(self._open_session)

    # Running.

    def run(
        self,
        code: _Text,
        libraries: Optional[list[str]] = None,
        timeout: Optional[float] = None,
        on_stdout: Optional[StreamCallback] = None,
        on_stderr: Optional[StreamCallback] = None,
        *,
        stdin: Optional[_Text] = None,
        args: Sequence[_Text] = (),
        env: Optional[Mapping[str, str]] = None,
        files: Optional[Mapping[str, _Text]] = None,
        workdir: Optional[str] = None,
    ) -> ConsoleOutput:
        """Runs a program, and waits for it.

        A program that fails is a result like any other: its status and its output say so.

        Args:
            code: The program's text, in the session's language.
            libraries: What it needs to have installed.
            timeout: How long it may take, in seconds; the session's time, if not given. 0 is a time, infinity is none.
            on_stdout: Takes what it prints as it comes, on this thread. What it raises ends the run and is raised here.
            on_stderr: The same for standard error.
            stdin: What it reads; nothing, if not given.
            args: Its arguments.
            env: Its environment besides the session's.
            files: Files that are written first, by paths in the sandbox.
            workdir: Where it runs, if not in the session's working directory.

        Returns:
            What it printed and how it ended.

        Raises:
            SandboxTimeoutError: Its time was up; `result` has what it printed until then. The session goes on.
            LibraryInstallationNotSupportedError: Libraries are asked for.
            SecurityViolationError: The session enforces its policy, which is against the code.
            NotOpenSessionError: The session is not open.
            SandboxError: The sandbox failed, which says nothing about the code.
        """
        refuse_libraries(libraries, self.config.lang.value)
        options = RunOptions(timeout, stdin, args, env, files, workdir)
        request = code_request(code, options)
        self._log("running a program of %d bytes", len(request["words"][0]))
        listeners = listeners_of(on_stdout, on_stderr)
        if has_commands_of_its_own(self.language_handler):
            return self._run_by_handler(request, options, listeners)
        return self._do(request, timeout, listeners)

    def execute_command(
        self,
        command: Union[str, Sequence[str]],
        workdir: Optional[str] = None,
        on_stdout: Optional[StreamCallback] = None,
        on_stderr: Optional[StreamCallback] = None,
        *,
        timeout: Optional[float] = None,
        stdin: Optional[_Text] = None,
        env: Optional[Mapping[str, str]] = None,
    ) -> ConsoleOutput:
        """Runs a command in the sandbox, and waits for it.

        Args:
            command: A line for the shell, or a list of a program and its arguments, which no shell looks at. Put
                nothing into a line that you have not written yourself.
            workdir: Where it runs, if not in the session's working directory.
            on_stdout: As in `run`.
            on_stderr: As in `run`.
            timeout: As in `run`.
            stdin: As in `run`.
            env: As in `run`.

        Raises:
            CommandEmptyError: There is no command.
            SandboxTimeoutError: Its time was up.
            NotOpenSessionError: The session is not open.
            SandboxError: The sandbox failed.
        """
        request = command_request(command, RunOptions(timeout, stdin, (), env, None, workdir))
        self._log("running the command %s", command)
        return self._do(request, timeout, listeners_of(on_stdout, on_stderr))

    def execute_commands(
        self,
        commands: Sequence[Union[str, tuple[str, Optional[str]]]],
        workdir: Optional[str] = None,
        on_stdout: Optional[StreamCallback] = None,
        on_stderr: Optional[StreamCallback] = None,
    ) -> ConsoleOutput:
        """Runs commands one after the other, until one fails.

        Args:
            commands: The commands, each a line or a line with where it runs.
            workdir: Where those run that do not say.
            on_stdout: As in `run`.
            on_stderr: As in `run`.

        Returns:
            What came of the last one that was run.

        Raises:
            CommandEmptyError: There is none.
            NotOpenSessionError: The session is not open.
        """
        output = ConsoleOutput()
        for command, directory in commands_of(commands):
            output = self.execute_command(command, directory or workdir, on_stdout, on_stderr)
            if not output.success():
                break
        return output

    def _do(
        self,
        request: dict[str, Any],
        timeout: Optional[float],
        listeners: Mapping[str, Optional[StreamCallback]],
    ) -> ConsoleOutput:
        session = self._open_session
        if all(listener is None for listener in listeners.values()):
            result = session.run(request).wait()
        else:
            result = self._follow(session, request, listeners)
        return self._described.output(result, timeout)

    def _follow(
        self, session: _native.Session, request: dict[str, Any], listeners: Mapping[str, Optional[StreamCallback]]
    ) -> dict[str, Any]:
        running = session.start({**request, "is_streamed": True}).wait()
        decoders = {stream: Decoder(self.config.encoding_errors) for stream in listeners}
        try:
            while True:
                events = running.next_events().wait()
                for stream, piece in events or ():
                    tell(listeners[stream], decoders[stream].feed(piece))
                if events is None:
                    break
            result = running.wait().wait()
            if not is_cut(result["outcome"], self.config.encoding_errors):
                for stream, decoder in decoders.items():
                    tell(listeners[stream], decoder.feed(b"", is_last=True))
            return result
        except BaseException:
            running.kill().wait()
            raise

    def _run_by_handler(
        self,
        request: dict[str, Any],
        options: RunOptions,
        listeners: Mapping[str, Optional[StreamCallback]],
    ) -> ConsoleOutput:
        """Runs a program by the commands of a handler that somebody wrote."""
        session = self._open_session
        run = HandlersRun(self.language_handler, session, request, options, self._described.allowed(options.timeout))
        session.write_files(run.files).wait()
        output = ConsoleOutput()
        try:
            for each in run.in_turn():
                output = self._do(each, options.timeout, listeners)
                if not output.success():
                    break
        finally:
            # The program may have removed it itself, or the sandbox.
            with suppress(SandboxError):
                session.remove(run.path, False).wait()
        return output

    @property
    def python_executable_path(self) -> str:
        """The interpreter that runs Python code in the sandbox.

        Raises:
            NotOpenSessionError: The session is not open.
        """
        return interpreter_of(self._open_session) or "python3"

    @property
    def pip_executable_path(self) -> str:
        """The command that would install Python's packages.

        Sandboxes have no environment of their own to install to.

        Raises:
            NotOpenSessionError: The session is not open.
        """
        return f"{self.python_executable_path} -m pip"

    @property
    def pip_cache_dir_path(self) -> str:
        """Where that would keep what it fetched.

        Raises:
            NotOpenSessionError: The session is not open.
        """
        return str(self._open_session.directory / ".cache" / "pip")

    def environment_setup(self) -> None:  # noqa: B027 - subclasses need not have it
        """Does nothing: sandboxes are ready when they are open."""

    def install(self, libraries: Optional[list[str]] = None) -> None:
        """Installs libraries, which no sandbox does yet.

        Raises:
            LibraryInstallationNotSupportedError: Libraries are asked for; its hint says what can be done instead.
        """
        session = self._open_session
        refuse_libraries(libraries, session.language)

    # Looking at code.

    def is_safe(self, code: _Text) -> tuple[bool, list[SecurityPattern]]:
        """What the session's policy says of code. The session need not be open.

        Returns:
            Whether nothing in it is at or above the policy's threshold, and all that was found, as `Violation`s.
        """
        return self._described.judged(code)

    # Copying files.

    def copy_to_runtime(self, src: Union[str, os.PathLike[str]], dest: str) -> None:
        """Copies a file, or a directory with all below it, into the sandbox.

        Links that lead outside the directory are left out, as is what is neither file nor directory: a warning is
        logged then.

        Args:
            src: Where it is on this machine.
            dest: Where it goes in the sandbox; relative paths stand below the working directory.

        Raises:
            FileNotFoundError: There is nothing at `src`.
            SandboxError: It could not be copied.
        """
        session, host, inside = self._open_session, path_of_host("src", src), path_inside("dest", dest)
        self._log("copying %s to %s in the sandbox", host, inside)
        self._say_what_is_missing(host, session.upload(host, inside).wait())

    def copy_from_runtime(self, src: str, dest: Union[str, os.PathLike[str]]) -> None:
        """Copies a file, or a directory with all below it, out of the sandbox.

        Links that lead outside the directory are left out, as is what is neither file nor directory: a warning is
        logged then.

        Args:
            src: Where it is in the sandbox.
            dest: Where it goes on this machine, itself and not below it; directories above it are made. A directory
                goes where nothing is, or to an empty directory.

        Raises:
            FileNotFoundError: There is nothing at `src`.
            SandboxError: It could not be copied.
        """
        session, inside, host = self._open_session, path_inside("src", src), path_of_host("dest", dest)
        self._log("copying %s of the sandbox to %s", inside, host)
        try:
            copied = session.download(inside, host).wait()
        except HostFileNotFoundError:
            os.makedirs(os.path.dirname(os.path.abspath(host)), exist_ok=True)
            copied = session.download(inside, host).wait()
        self._say_what_is_missing(inside, copied)

    def _say_what_is_missing(self, what: str, copied: Mapping[str, Any]) -> None:
        from llm_sandbox.files import left_out

        missing = left_out(copied)
        if missing:
            self.logger.warning("%s was copied without %s", what, ", ".join(missing[:10]) + ", …" * (len(missing) > 10))

    def get_archive(self, path: str, *, max_bytes: Optional[int] = None) -> tuple[bytes, dict[str, Any]]:
        """A file or directory of the sandbox as a tar archive, and what there is to know of it.

        Args:
            path: Where it is in the sandbox.
            max_bytes: How large its files may be together, in bytes: 256 MiB, if not given.

        Returns:
            The archive's bytes, and a dict with `name`, `size`, `mode`, `mtime` and `linkTarget`.

        Raises:
            FileNotFoundError: There is nothing at `path`.
            SandboxError: It could not be read.
        """
        from llm_sandbox._packing import archive

        return archive(self._open_session, path_inside("path", path), max_bytes)

    def _log(self, message: str, *values: object) -> None:
        if self.verbose:
            self.logger.info(message, *values)


def _logger_of(given: Any) -> logging.Logger:
    if given is None:
        return _LOGGER
    if not isinstance(given, (logging.Logger, logging.LoggerAdapter)):
        raise WrongTypeError(f"logger: {shown(given)} is no logger", hint="give a logging.Logger")
    return given  # type: ignore[return-value]


def is_usable(session: Optional[_native.Session]) -> bool:
    """Whether a session is there, of this process, and has not ended by itself."""
    with suppress(ForkedError):
        return session is not None and not session.is_over()
    return False


@cache
def close_all_at_the_end() -> None:
    """Has sessions closed that are open when the interpreter ends."""
    from llm_sandbox import _native

    atexit.register(_native.close_all)


def tell(listener: Optional[StreamCallback], text: str) -> None:
    """Passes text on, if there is some and somebody who takes it."""
    if listener is not None and text:
        listener(text)
