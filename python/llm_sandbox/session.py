"""Sessions by the names of the API."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Optional, Union

from llm_sandbox._model import shown
from llm_sandbox._requests import truth
from llm_sandbox.backends import BackendDefinition, get_backend
from llm_sandbox.const import SandboxBackend, SupportedLanguage
from llm_sandbox.core.session_base import BaseSession
from llm_sandbox.data import ConsoleOutput, ExecutionResult
from llm_sandbox.exceptions import (
    LanguageNotSupportPlotError,
    SandboxFileError,
    UnsupportedBackendError,
    UnsupportedError,
    WrongTypeError,
)
from llm_sandbox.protocols import StreamCallback
from llm_sandbox.security.policy import SecurityPolicy

if TYPE_CHECKING:
    from typing_extensions import Self

BACKEND_VARIABLE = "LLM_SANDBOX_BACKEND"
"""Names the backend of sessions that name none."""

_ENGINE_ARGUMENTS = ("image", "dockerfile", "client", "container_id")
_hindrances: list[Optional[str]] = []


def default_backend(arguments: Mapping[str, Any]) -> str:
    """The backend of a session that names none.

    It is what the environment says; else `native`, where this host can and nothing is said of images and containers;
    else `docker`.
    """
    named = os.environ.get(BACKEND_VARIABLE)
    if named:
        return named
    if any(arguments.get(name) is not None for name in _ENGINE_ARGUMENTS):
        return SandboxBackend.DOCKER.value
    if not _hindrances:
        from llm_sandbox import _native

        # A sandbox is made to find out, once.
        _hindrances.append(_native.native_hindrance().wait())
    return SandboxBackend.NATIVE.value if _hindrances[0] is None else SandboxBackend.DOCKER.value


def create_session(
    backend: Optional[Union[SandboxBackend, str]] = None, pool: Optional[Any] = None, *args: Any, **kwargs: Any
) -> BaseSession:
    """Describes a session on a backend; open it, or use it as a context manager.

    Args:
        backend: Its name. If not given: what `LLM_SANDBOX_BACKEND` says; else `native`, where this host can and neither
            image, dockerfile, client nor container_id is given; else `docker`.
        pool: A pool to take the sandbox from, which no backend has yet.
        *args: As the backend's class of sessions has.
        **kwargs: As the backend's class of sessions has: `lang`, `runtime_configs`, `security_policy`, `image` and
            others. Those of all backends are with
            [`SandboxDockerSession`][llm_sandbox.docker.SandboxDockerSession].

    Raises:
        UnsupportedBackendError: There is no such backend.
        UnsupportedError: A pool is given.
        ValidationError: A value cannot be used.
        ExtraArgumentsError: An argument is unknown.
    """
    if pool is not None:
        raise UnsupportedError(
            "sandboxes are not taken from pools yet", hint="leave pool out: opening takes milliseconds"
        )
    if backend is not None and not isinstance(backend, str):
        raise WrongTypeError(f"backend: {shown(backend)} is not a name", hint="give a SandboxBackend or its name")
    found = get_backend(backend) if backend is not None else _by_default(kwargs)
    return found.factory(*args, **kwargs)


def _by_default(arguments: Mapping[str, Any]) -> BackendDefinition:
    name = default_backend(arguments)
    try:
        return get_backend(name)
    except UnsupportedBackendError as error:
        raise UnsupportedBackendError(name, hint=f"{BACKEND_VARIABLE} names it: {error.hint}") from error


SandboxSession = create_session
"""[`create_session`][llm_sandbox.create_session] by the name that programs use.

`with SandboxSession(lang="python") as session:` opens one and closes it. It is one of the backend's own class,
such as [`SandboxDockerSession`][llm_sandbox.docker.SandboxDockerSession]. All of them have the methods that are listed
there.
"""


class ArtifactSandboxSession:
    """A session that gives back what its programs drew, too.

    It has all that its backend's sessions have; only `run` differs.
    """

    def __init__(
        self,
        backend: Optional[Union[SandboxBackend, str]] = None,
        image: Optional[str] = None,
        dockerfile: Optional[str] = None,
        lang: str = SupportedLanguage.PYTHON,
        *,
        pool: Optional[Any] = None,
        keep_template: bool = False,
        commit_container: bool = False,
        verbose: bool = False,
        runtime_configs: Optional[dict[str, Any]] = None,
        workdir: Optional[str] = "/sandbox",
        enable_plotting: bool = True,
        security_policy: Optional[SecurityPolicy] = None,
        container_id: Optional[str] = None,
        **kwargs: Any,
    ) -> None:
        """Describes a session.

        Args:
            backend: As `create_session` has.
            image: The image that a container is made of.
            dockerfile: The file that the image is built of.
            lang: The language.
            pool: As `create_session` has.
            keep_template: Whether an image that was built is kept.
            commit_container: Whether the files are kept as an image when the session is closed.
            verbose: Whether steps are logged.
            runtime_configs: Limits and options of the backend by name; `timeout` in seconds.
            workdir: The working directory in the sandbox.
            enable_plotting: Whether what programs draw is taken.
            security_policy: What code must not do.
            container_id: A container that is there already. It is entered, and left as it was.
            **kwargs: More of what the backend's sessions have.

        Raises:
            ValidationError: A value cannot be used.
        """
        self.enable_plotting: bool = truth("enable_plotting", enable_plotting)
        """Whether what programs draw is taken."""
        self._session = create_session(
            backend,
            pool,
            image=image,
            dockerfile=dockerfile,
            lang=lang,
            keep_template=keep_template,
            commit_container=commit_container,
            verbose=verbose,
            runtime_configs=runtime_configs,
            workdir=workdir,
            security_policy=security_policy,
            container_id=container_id,
            **kwargs,
        )

    def __enter__(self) -> Self:
        """Opens it."""
        self._session.open()
        return self

    def __exit__(
        self,
        exc_type: Optional[type[BaseException]],
        exc_val: Optional[BaseException],
        exc_tb: Optional[TracebackType],
    ) -> None:
        """As `BaseSession.__exit__`."""
        self._session.__exit__(exc_type, exc_val, exc_tb)

    def __getattr__(self, name: str) -> Any:
        """What else the backend's session has."""
        if name == "_session":
            raise AttributeError(name)
        return getattr(self._session, name)

    def __repr__(self) -> str:
        """The session that it is around."""
        return f"<{type(self).__name__} of {self._session!r}>"

    def run(
        self,
        code: str,
        libraries: Optional[list[str]] = None,
        timeout: Optional[float] = None,
        clear_plots: bool = False,
        on_stdout: Optional[StreamCallback] = None,
        on_stderr: Optional[StreamCallback] = None,
        **kwargs: Any,
    ) -> ExecutionResult:
        """Runs a program, and waits for it.

        Args:
            code: The program's text, in the session's language.
            libraries: What it needs to have installed.
            timeout: How long it may take, in seconds; the session's time, if not given.
            clear_plots: Whether the drawings of earlier programs are removed first.
            on_stdout: Takes what it prints as it comes.
            on_stderr: The same for standard error.
            **kwargs: More of what a session's `run` has: `stdin`, `args`, `env`, `files`, `workdir`.

        Returns:
            What it printed and drew.

        Raises:
            LanguageNotSupportPlotError: Drawings of this language are not taken.
            SandboxTimeoutError: Its time was up.
            LibraryInstallationNotSupportedError: Libraries are asked for.
            SandboxError: The sandbox failed, or nothing could be run in it.
        """
        handler = self._session.language_handler
        if self.enable_plotting and not handler.is_support_plot_detection:
            raise LanguageNotSupportPlotError(handler.name, hint="give enable_plotting=False, or use SandboxSession")
        if truth("clear_plots", clear_plots):
            try:
                self.clear_plots()
            except SandboxFileError as error:
                # The code itself has seen to that, and a program's result is not to be lost for it.
                self._session.logger.warning("plots in %s were not removed: %s", PLOTS, error)
        output, plots = handler.run_with_artifacts(
            container=self._session,
            code=code,
            libraries=libraries,
            enable_plotting=self.enable_plotting,
            output_dir=PLOTS,
            timeout=timeout,  # type: ignore[arg-type]
            on_stdout=on_stdout,
            on_stderr=on_stderr,
            **kwargs,
        )
        return _with_plots(output, plots)

    def clear_plots(self) -> None:
        """Removes the drawings of earlier programs."""
        try:
            self._session.files.remove(PLOTS, recursive=True)
        except FileNotFoundError:
            # There were none.
            return


PLOTS = "/tmp/sandbox_plots"
"""Where drawings lie in the sandbox."""


def _with_plots(output: ConsoleOutput, plots: Sequence[Any]) -> ExecutionResult:
    return ExecutionResult(
        exit_code=output.exit_code,
        stderr=output.stderr,
        stdout=output.stdout,
        plots=list(plots),
        outcome=output.outcome,
        usage=output.usage,
        hints=output.hints,
        stdout_truncated=output.stdout_truncated,
        stderr_truncated=output.stderr_truncated,
    )
