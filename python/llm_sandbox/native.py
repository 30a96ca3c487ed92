"""Sessions in sandboxes of this very host: no daemon, no image."""

from __future__ import annotations

from typing import Any, ClassVar, Optional

from llm_sandbox._requests import truth
from llm_sandbox.const import SupportedLanguage
from llm_sandbox.core.config import SessionConfig
from llm_sandbox.core.session_base import BaseSession
from llm_sandbox.exceptions import UnsupportedError
from llm_sandbox.security.policy import SecurityPolicy


class SandboxNativeSession(BaseSession):
    """A session in a sandbox of Linux's own: namespaces, control groups and filters."""

    backend_name: ClassVar[str] = "native"

    def __init__(
        self,
        lang: str = SupportedLanguage.PYTHON,
        *,
        verbose: bool = False,
        runtime_configs: Optional[dict[str, Any]] = None,
        workdir: Optional[str] = "/sandbox",
        security_policy: Optional[SecurityPolicy] = None,
        enforce_policy: bool = False,
        default_timeout: Optional[float] = None,
        execution_timeout: Optional[float] = None,
        session_timeout: Optional[float] = None,
        skip_environment_setup: bool = False,
        encoding_errors: str = "strict",
        **kwargs: Any,
    ) -> None:
        """Describes a session.

        Args:
            lang: The language.
            verbose: Whether steps are logged.
            runtime_configs: Limits and the like, by the names that the Docker SDK for Python has for them: `mem_limit`,
                `cpu_count`, `pids_limit`, `environment`, `volumes` and others; `timeout` in seconds.
            workdir: The working directory in the sandbox.
            security_policy: What code must not do.
            enforce_policy: Whether code that the policy blocks is refused.
            default_timeout: How long a run may take, in seconds: 60, if not given; infinity for no limit.
            execution_timeout: The same, and wins.
            session_timeout: How long the session may take, in seconds.
            skip_environment_setup: Whether nothing is prepared in the sandbox; nothing ever is.
            encoding_errors: What is done with output that is not UTF-8.
            **kwargs: As `BaseSession` has.

        Raises:
            ValidationError: A value cannot be used.
            UnsupportedError: It is something that only containers have.
        """
        for name in ("client", "image", "dockerfile", "container_id", "environment"):
            if kwargs.pop(name, None) is not None:
                raise UnsupportedError(
                    f"{name}: the native backend has no containers", hint="name a backend with them: backend='docker'"
                )
        for name in ("keep_template", "stream"):
            # There is no image that could be removed, and output is never held back.
            truth(name, kwargs.pop(name, False))
        if truth("commit_container", kwargs.pop("commit_container", False)):
            raise UnsupportedError(
                "commit_container=True: the native backend has no images",
                hint="leave it out, or name a backend with images: backend='docker'",
            )
        config = session_config(
            lang=lang,
            verbose=verbose,
            runtime_configs=runtime_configs,
            workdir=workdir,
            security_policy=security_policy,
            enforce_policy=enforce_policy,
            default_timeout=default_timeout,
            execution_timeout=execution_timeout,
            session_timeout=session_timeout,
            skip_environment_setup=skip_environment_setup,
            encoding_errors=encoding_errors,
        )
        super().__init__(config, **kwargs)

    def _engine_options(self) -> dict[str, Any]:
        return {}


def session_config(**given: Any) -> SessionConfig:
    """A configuration of arguments of which None means that nothing was given."""
    return SessionConfig(**{name: value for name, value in given.items() if value is not None})
