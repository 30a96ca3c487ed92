"""Sessions in Docker's containers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Optional

from llm_sandbox._engines import engine_of_client
from llm_sandbox._model import shown
from llm_sandbox._requests import clean, truth, word
from llm_sandbox.const import SupportedLanguage
from llm_sandbox.core.session_base import BaseSession
from llm_sandbox.exceptions import ValidationError, WrongTypeError
from llm_sandbox.native import session_config
from llm_sandbox.security.policy import SecurityPolicy

if TYPE_CHECKING:
    from llm_sandbox import _native


class SandboxDockerSession(BaseSession):
    """A session in a container of Docker's."""

    backend_name: ClassVar[str] = "docker"

    def __init__(
        self,
        client: Optional[Any] = None,
        image: Optional[str] = None,
        dockerfile: Optional[str] = None,
        lang: str = SupportedLanguage.PYTHON,
        keep_template: bool = False,
        commit_container: bool = False,
        commit_image_tag: Optional[str] = None,
        verbose: bool = False,
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
        *,
        enforce_policy: bool = False,
        **kwargs: Any,
    ) -> None:
        """Describes a session.

        Args:
            client: A client of the Docker SDK for Python, whose engine is used; found as `docker` finds it, if not
                given.
            image: The image that the container is made of; the language's own, if not given. One that is not here is
                pulled.
            dockerfile: The file that the image is built of, with its directory as context.
            lang: The language.
            keep_template: Whether an image that was built is kept.
            commit_container: Whether the files are kept as an image when the session is closed.
            commit_image_tag: The name of that image, `NAME:TAG`; one that no image has yet.
            verbose: Whether steps are logged.
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
            enforce_policy: Whether code that the policy blocks is refused.
            **kwargs: As `BaseSession` has.

        Raises:
            ValidationError: A value cannot be used.
            ExtraArgumentsError: An argument is unknown.
        """
        config = session_config(
            lang=lang,
            image=image,
            dockerfile=dockerfile,
            container_id=container_id,
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
        self.client: Optional[Any] = client
        """The client that it was given."""
        self.keep_template: bool = truth("keep_template", keep_template)
        """Whether an image that was built is kept."""
        self.commit_container: bool = truth("commit_container", commit_container)
        """Whether the files are kept as an image when the session is closed."""
        self.commit_image_tag: Optional[str] = commit_image_tag
        """The name of that image."""
        self.stream: bool = truth("stream", stream)
        """What it was given as such; it does nothing."""
        self._check_commit()
        self._mounts = kwargs.pop("mounts", None)
        super().__init__(config, **kwargs)

    def _check_commit(self) -> None:
        tag = self.commit_image_tag
        if tag is not None and (not isinstance(tag, str) or not tag):
            raise WrongTypeError(f"commit_image_tag: {shown(tag)} is not a name", hint="give NAME:TAG")
        if tag is not None:
            clean("commit_image_tag", word("commit_image_tag", tag))
        if self.commit_container and tag is None:
            raise ValidationError(
                "commit_container: the image to be made has no name, and the one that the container is made of is never"
                " written over",
                hint="give commit_image_tag='NAME:TAG'",
            )

    def _engine_options(self) -> dict[str, Any]:
        config, options = self.config, engine_of_client(self.client)
        for name in ("image", "dockerfile", "container_id"):
            value = getattr(config, name)
            if value is not None:
                options[name] = word(name, value) if name == "dockerfile" else clean(name, value)
        if self.keep_template:
            options["keep_template"] = True
        if self._mounts is not None:
            configs = {name: value for name, value in config.runtime_configs.items() if name != "timeout"}
            mounts = [*_listed("runtime_configs['mounts']", configs.get("mounts")), *_listed("mounts", self._mounts)]
            options["container_options"] = {**configs, "mounts": mounts}
        return options

    def _image_to_keep(self, session: _native.Session) -> Optional[str]:
        return self.commit_image_tag if self.commit_container and not session.is_over() else None


def _listed(name: str, mounts: Any) -> list[Any]:
    if not isinstance(mounts, (list, tuple, type(None))):
        raise WrongTypeError(f"{name}: {shown(mounts)} is not a list", hint="give a list of mounts")
    return list(mounts or ())
