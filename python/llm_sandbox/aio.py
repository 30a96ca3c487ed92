"""The same sessions for event loops."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Optional, Union

from llm_sandbox._handlers import HandlersRun, has_commands_of_its_own
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
)
from llm_sandbox.const import SandboxBackend
from llm_sandbox.core.config import SessionConfig
from llm_sandbox.core.session_base import close_all_at_the_end, is_usable, tell
from llm_sandbox.data import ConsoleOutput
from llm_sandbox.exceptions import ForkedError, HostFileNotFoundError, NotOpenSessionError, SandboxError
from llm_sandbox.files import AsyncFiles
from llm_sandbox.protocols import StreamCallback
from llm_sandbox.session import create_session

if TYPE_CHECKING:
    from typing_extensions import Self

    from llm_sandbox import _native
    from llm_sandbox.language_handlers.base import AbstractLanguageHandler
    from llm_sandbox.security.policy import SecurityPattern

_Text = Union[str, bytes]


class AsyncSandboxSession:
    """A session whose methods are awaited.

    Cancelling what is awaited undoes it: a run is killed, and the session goes on. Runs may overlap.

    Attributes:
        config: What it was made with.
        language_handler: What the API knows of its language.
    """

    def __init__(self, backend: Optional[Union[SandboxBackend, str]] = None, **kwargs: Any) -> None:
        """Describes a session; `open` opens it, as does `async with`.

        Args:
            backend: As `create_session` has.
            **kwargs: As the backend's class of sessions has.

        Raises:
            ValidationError: A value cannot be used.
        """
        self._description = create_session(backend, **kwargs)
        self._described = self._description._described
        self._place: dict[str, _native.Session] = {}
        self.config: SessionConfig = self._description.config
        self.language_handler: AbstractLanguageHandler = self._description.language_handler

    async def open(self) -> None:
        """As `BaseSession.open`."""
        from llm_sandbox import _native

        ended = self._session
        if not is_usable(ended):
            if ended is not None:
                # Nothing of it can be kept any more.
                self._place.pop("session", None)
                await ended.close()
            close_all_at_the_end()
            opened = await _native.open_session(self._described.options())
            if self._place.setdefault("session", opened) is not opened:
                # Another task was faster.
                await opened.close()

    async def close(self) -> None:
        """As `BaseSession.close`."""
        session = self._place.pop("session", None)
        if session is not None:
            try:
                tag = self._description._image_to_keep(session)
                if tag is not None:
                    await session.commit(tag)
            finally:
                await session.close()

    async def __aenter__(self) -> Self:
        """Opens it."""
        await self.open()
        return self

    async def __aexit__(
        self,
        exc_type: Optional[type[BaseException]],
        exc_val: Optional[BaseException],
        exc_tb: Optional[TracebackType],
    ) -> None:
        """As `BaseSession.__exit__`."""
        with suppress(ForkedError):
            await self.close()

    def __repr__(self) -> str:
        """What it is, and whether it is open."""
        session = self._session
        state = "closed" if session is None else f"open as {session.id}"
        return f"<{type(self).__name__} {self.config.lang.value} on {self._description.backend_name}, {state}>"

    @property
    def _session(self) -> Optional[_native.Session]:
        return self._place.get("session")

    @property
    def _open_session(self) -> _native.Session:
        session = self._session
        if session is None:
            raise NotOpenSessionError
        return session

    @property
    def is_open(self) -> bool:
        """As `BaseSession.is_open`."""
        return is_usable(self._session)

    @property
    def id(self) -> str:
        """As `BaseSession.id`."""
        return self._open_session.id

    @property
    def limits(self) -> dict[str, Any]:
        """As `BaseSession.limits`."""
        return self._described.limits(self._open_session.limits)

    @property
    def capabilities(self) -> dict[str, Any]:
        """As `BaseSession.capabilities`."""
        return self._open_session.capabilities

    @property
    def files(self) -> AsyncFiles:
        """The files in the sandbox."""
        return AsyncFiles(self._open_session)

    async def info(self) -> dict[str, Any]:
        """As `BaseSession.info`."""
        return await self._open_session.info()

    async def run(
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
        """As `BaseSession.run`. Callbacks are called in the event loop."""
        refuse_libraries(libraries, self.config.lang.value)
        options = RunOptions(timeout, stdin, args, env, files, workdir)
        request = code_request(code, options)
        listeners = listeners_of(on_stdout, on_stderr)
        if has_commands_of_its_own(self.language_handler):
            return await self._run_by_handler(request, options, listeners)
        return await self._do(request, timeout, listeners)

    async def execute_command(
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
        """As `BaseSession.execute_command`."""
        request = command_request(command, RunOptions(timeout, stdin, (), env, None, workdir))
        return await self._do(request, timeout, listeners_of(on_stdout, on_stderr))

    async def execute_commands(
        self,
        commands: Sequence[Union[str, tuple[str, Optional[str]]]],
        workdir: Optional[str] = None,
        on_stdout: Optional[StreamCallback] = None,
        on_stderr: Optional[StreamCallback] = None,
    ) -> ConsoleOutput:
        """As `BaseSession.execute_commands`."""
        output = ConsoleOutput()
        for command, directory in commands_of(commands):
            output = await self.execute_command(command, directory or workdir, on_stdout, on_stderr)
            if not output.success():
                break
        return output

    async def _do(
        self,
        request: dict[str, Any],
        timeout: Optional[float],
        listeners: Mapping[str, Optional[StreamCallback]],
    ) -> ConsoleOutput:
        session = self._open_session
        if all(listener is None for listener in listeners.values()):
            result = await session.run(request)
        else:
            result = await self._follow(session, request, listeners)
        return self._described.output(result, timeout)

    async def _run_by_handler(
        self,
        request: dict[str, Any],
        options: RunOptions,
        listeners: Mapping[str, Optional[StreamCallback]],
    ) -> ConsoleOutput:
        session = self._open_session
        run = HandlersRun(self.language_handler, session, request, options, self._described.allowed(options.timeout))
        await session.write_files(run.files)
        output = ConsoleOutput()
        try:
            for each in run.in_turn():
                output = await self._do(each, options.timeout, listeners)
                if not output.success():
                    break
        finally:
            # The program may have removed it itself, or the sandbox.
            with suppress(SandboxError):
                await session.remove(run.path, False)
        return output

    async def _follow(
        self, session: _native.Session, request: dict[str, Any], listeners: Mapping[str, Optional[StreamCallback]]
    ) -> dict[str, Any]:
        running = await session.start({**request, "is_streamed": True})
        decoders = {stream: Decoder(self.config.encoding_errors) for stream in listeners}
        try:
            while (events := await running.next_events()) is not None:
                for stream, piece in events:
                    tell(listeners[stream], decoders[stream].feed(piece))
            result = await running.wait()
            if not is_cut(result["outcome"], self.config.encoding_errors):
                for stream, decoder in decoders.items():
                    tell(listeners[stream], decoder.feed(b"", is_last=True))
            return result
        except BaseException:
            await running.kill()
            raise

    async def install(self, libraries: Optional[list[str]] = None) -> None:
        """As `BaseSession.install`."""
        refuse_libraries(libraries, self._open_session.language)

    async def environment_setup(self) -> None:
        """As `BaseSession.environment_setup`."""

    async def is_safe(self, code: _Text) -> tuple[bool, list[SecurityPattern]]:
        """As `BaseSession.is_safe`; code is read on another thread."""
        import asyncio

        return await asyncio.get_running_loop().run_in_executor(None, self._described.judged, code)

    async def copy_to_runtime(self, src: Union[str, os.PathLike[str]], dest: str) -> None:
        """As `BaseSession.copy_to_runtime`."""
        session, host, inside = self._open_session, path_of_host("src", src), path_inside("dest", dest)
        self._description._say_what_is_missing(host, await session.upload(host, inside))

    async def copy_from_runtime(self, src: str, dest: Union[str, os.PathLike[str]]) -> None:
        """As `BaseSession.copy_from_runtime`."""
        session, inside, host = self._open_session, path_inside("src", src), path_of_host("dest", dest)
        try:
            copied = await session.download(inside, host)
        except HostFileNotFoundError:
            os.makedirs(os.path.dirname(os.path.abspath(host)), exist_ok=True)
            copied = await session.download(inside, host)
        self._description._say_what_is_missing(inside, copied)

    async def get_archive(self, path: str, *, max_bytes: Optional[int] = None) -> tuple[bytes, dict[str, Any]]:
        """As `BaseSession.get_archive`."""
        import asyncio

        from llm_sandbox._packing import archive

        session, inside = self._open_session, path_inside("path", path)
        return await asyncio.get_running_loop().run_in_executor(None, archive, session, inside, max_bytes)
