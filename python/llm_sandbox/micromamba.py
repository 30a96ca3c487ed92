"""Sessions in an environment of micromamba's, in a container of Docker's."""

from __future__ import annotations

from typing import Any, Optional

from llm_sandbox._model import shown
from llm_sandbox._requests import clean, word
from llm_sandbox.const import SupportedLanguage
from llm_sandbox.docker import SandboxDockerSession
from llm_sandbox.exceptions import WrongTypeError
from llm_sandbox.security.policy import SecurityPolicy


class MicromambaSession(SandboxDockerSession):
    """A session whose programs run inside an environment of micromamba's."""

    backend_name = "micromamba"

    def __init__(
        self,
        client: Optional[Any] = None,
        image: str = "mambaorg/micromamba:latest",
        dockerfile: Optional[str] = None,
        lang: str = SupportedLanguage.PYTHON,
        keep_template: bool = False,
        verbose: bool = False,
        mounts: Optional[list[Any]] = None,
        environment: str = "base",
        commit_container: bool = False,
        stream: bool = True,
        runtime_configs: Optional[dict[str, Any]] = None,
        workdir: str = "/sandbox",
        security_policy: Optional[SecurityPolicy] = None,
        default_timeout: Optional[float] = None,
        execution_timeout: Optional[float] = None,
        session_timeout: Optional[float] = None,
        container_id: Optional[str] = None,
        skip_environment_setup: bool = False,
        **kwargs: Any,
    ) -> None:
        """Describes a session.

        Args:
            image: An image that has micromamba.
            environment: The environment that everything runs inside.
            mounts: Mounts, as the Docker SDK for Python takes them.
            **kwargs: As `SandboxDockerSession` has; the others are as there.

        Raises:
            ValidationError: A value cannot be used.
            ExtraArgumentsError: An argument is unknown.
        """
        if not isinstance(environment, str) or not environment:
            raise WrongTypeError(f"environment: {shown(environment)} is not a name", hint="give one, such as 'base'")
        self.environment = clean("environment", word("environment", environment))
        own_image = dockerfile is not None or container_id is not None
        super().__init__(
            client=client,
            image=None if own_image and image == self._USUAL_IMAGE else image,
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
            mounts=mounts,
            **kwargs,
        )

    _USUAL_IMAGE = "mambaorg/micromamba:latest"

    def _engine_options(self) -> dict[str, Any]:
        return {**super()._engine_options(), "environment": self.environment}
