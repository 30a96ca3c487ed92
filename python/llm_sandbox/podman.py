"""Sessions in Podman's containers."""

from __future__ import annotations

from typing import Any, Optional

from llm_sandbox.const import SupportedLanguage
from llm_sandbox.docker import SandboxDockerSession
from llm_sandbox.security.policy import SecurityPolicy


class SandboxPodmanSession(SandboxDockerSession):
    """A session in a container of Podman's."""

    backend_name = "podman"

    def __init__(
        self,
        client: Optional[Any] = None,
        image: Optional[str] = None,
        dockerfile: Optional[str] = None,
        lang: str = SupportedLanguage.PYTHON,
        keep_template: bool = False,
        commit_container: bool = False,
        verbose: bool = False,
        mounts: Optional[list[Any]] = None,
        stream: bool = False,
        runtime_configs: Optional[dict[str, Any]] = None,
        workdir: Optional[str] = "/sandbox",
        security_policy: Optional[SecurityPolicy] = None,
        default_timeout: Optional[float] = None,
        execution_timeout: Optional[float] = None,
        session_timeout: Optional[float] = None,
        container_id: Optional[str] = None,
        skip_environment_setup: bool = False,
        encoding_errors: str = "strict",
        **kwargs: Any,
    ) -> None:
        """Describes a session.

        Args:
            client: A client of podman-py, whose engine is used; found as `podman` finds it, if not given.
            mounts: Mounts, as the Docker SDK for Python takes them.
            **kwargs: As `SandboxDockerSession` has; the others are as there.

        Raises:
            ValidationError: A value cannot be used.
            ExtraArgumentsError: An argument is unknown.
        """
        super().__init__(
            client=client,
            image=image,
            dockerfile=dockerfile,
            lang=lang,
            keep_template=keep_template,
            commit_container=commit_container,
            verbose=verbose,
            stream=stream,
            runtime_configs=runtime_configs,
            workdir=workdir,
            security_policy=security_policy,
            default_timeout=default_timeout,
            execution_timeout=execution_timeout,
            session_timeout=session_timeout,
            container_id=container_id,
            skip_environment_setup=skip_environment_setup,
            encoding_errors=encoding_errors,
            mounts=mounts,
            **kwargs,
        )
