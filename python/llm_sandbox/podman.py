"""Sessions in Podman's containers."""

from __future__ import annotations

from typing import Any, ClassVar, Optional

from llm_sandbox.const import SupportedLanguage
from llm_sandbox.docker import SandboxDockerSession
from llm_sandbox.security.policy import SecurityPolicy


class SandboxPodmanSession(SandboxDockerSession):
    """A session in a container of Podman's."""

    backend_name: ClassVar[str] = "podman"

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
            image: The image that the container is made of; the language's own, if not given. One that is not here is
                pulled.
            dockerfile: The file that the image is built of, with its directory as context.
            lang: The language.
            keep_template: Whether an image that was built is kept.
            commit_container: Whether the files are kept as an image when the session is closed; name it by
                `commit_image_tag`.
            verbose: Whether steps are logged.
            mounts: Mounts, as the Docker SDK for Python takes them.
            stream: Nothing any more: output comes as it is printed, to `on_stdout` and `on_stderr`.
            runtime_configs: Options of the container by the names of the Docker SDK for Python; `timeout` in seconds.
            workdir: The working directory in the sandbox.
            security_policy: What code must not do.
            default_timeout: How long a run may take, in seconds: 60, if not given; infinity for no limit.
            execution_timeout: The same, and wins.
            session_timeout: How long the session may take, in seconds.
            container_id: A container that is there already. It is entered, and left as it was.
            skip_environment_setup: Whether nothing is prepared in the sandbox; nothing ever is.
            encoding_errors: What is done with output that is not UTF-8.
            **kwargs: More of what `SandboxDockerSession` has: `commit_image_tag`, `enforce_policy` and others.

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
