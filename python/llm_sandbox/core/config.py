"""What a session is opened with."""

from __future__ import annotations

import math
from typing import Any, Optional, get_args

from llm_sandbox._checks import Refused, boolean, filled_text, mapping, nearest, number, one_of, optional, shown
from llm_sandbox._model import Model, field, model
from llm_sandbox.const import LANGUAGE_ALIASES, EncodingErrorsType, SupportedLanguage
from llm_sandbox.exceptions import LanguageNotSupportedError, ValidationError
from llm_sandbox.security.policy import SecurityPolicy


def language_of(value: Any) -> SupportedLanguage:
    """The language of that name or alias.

    Raises:
        LanguageNotSupportedError: There is no such language; the hint names the nearest.
    """
    try:
        # Enumerations show what they do not know, which may be anything.
        return SupportedLanguage(value if isinstance(value, str) else "")
    except ValueError as error:
        names = [language.value for language in SupportedLanguage]
        meant = nearest(value, [*names, *LANGUAGE_ALIASES])
        all_of_them = ", ".join(names)
        lang = shown(value)[1:-1] if isinstance(value, str) else shown(value)
        hint = f"did you mean {meant!r}? There are {all_of_them}" if meant else f"use one of {all_of_them}"
        raise LanguageNotSupportedError(lang, hint=hint) from error


def _absolute_path(value: Any) -> str:
    path = filled_text(value)
    if not path.startswith("/"):
        raise Refused(f"{shown(path)} does not start at the root", "give an absolute path, such as /sandbox")
    return path


def _unless_endless(value: Any) -> Optional[float]:
    """Seconds, or None for no limit, which infinity is another name for."""
    seconds: float = _seconds(value)
    return None if math.isinf(seconds) else seconds


_seconds = number(at_least=0)


class SessionConfig(Model):
    """What all sessions have, whatever their backend.

    Attributes:
        lang: The language, also by another of its names, such as `py` or `c++`.
        image: The image that containers are made of; the language's own, if not given.
        dockerfile: The file that an image is built of first.
        container_id: A container that is there already, which is entered and left as it was.
        verbose: Whether steps are logged.
        workdir: The working directory in the sandbox, an absolute path.
        default_timeout: How long a run may take if nothing else is said, in seconds; None for no limit.
        execution_timeout: How long a run may take, in seconds, where that differs.
        session_timeout: How long the session may take, in seconds; None for no limit.
        security_policy: What code must not do.
        runtime_configs: Options of the backend by name.
        skip_environment_setup: Whether nothing is prepared in the sandbox.
        encoding_errors: What is done with output that is not UTF-8.
        enforce_policy: Whether code that the policy blocks is refused instead of only reported.

    Raises:
        LanguageNotSupportedError: There is no such language.
        ValidationError: A value cannot be used, or not together with another.
    """

    lang: SupportedLanguage = field(language_of, default=SupportedLanguage.PYTHON)
    image: Optional[str] = field(optional(filled_text), default=None)
    dockerfile: Optional[str] = field(optional(filled_text), default=None)
    container_id: Optional[str] = field(optional(filled_text), default=None)
    verbose: bool = field(boolean, default=False)
    workdir: str = field(_absolute_path, default="/sandbox")
    default_timeout: Optional[float] = field(optional(_unless_endless), default=60.0)
    execution_timeout: Optional[float] = field(optional(_seconds), default=None)
    session_timeout: Optional[float] = field(optional(_unless_endless), default=None)
    security_policy: Optional[SecurityPolicy] = field(optional(model(SecurityPolicy)), default=None)
    runtime_configs: dict[str, Any] = field(mapping, default_factory=dict)
    skip_environment_setup: bool = field(boolean, default=False)
    encoding_errors: EncodingErrorsType = field(one_of(*get_args(EncodingErrorsType)), default="strict")
    enforce_policy: bool = field(boolean, default=False)

    def model_post_init(self, __context: Any, /) -> None:
        """Looks at the values together."""
        self.validate_image_and_dockerfile()
        self.validate_container_id_constraints()
        if self.enforce_policy and self.security_policy is None:
            raise ValidationError(
                "SessionConfig: enforce_policy is given without a policy",
                hint="give security_policy, for one get_security_policy('production')",
            )

    def validate_image_and_dockerfile(self) -> SessionConfig:
        """Returns the configuration if it names an image or a file to build one of, and not both.

        Raises:
            ValidationError: It names both.
        """
        if self.image is not None and self.dockerfile is not None:
            raise ValidationError(
                "SessionConfig: image and dockerfile are both given, and a container is made of one image",
                hint="give only one of them",
            )
        return self

    def validate_container_id_constraints(self) -> SessionConfig:
        """Returns the configuration if what it says goes with a container that is there already.

        Raises:
            ValidationError: An image would have to be built for it.
        """
        if self.container_id is not None and self.dockerfile is not None:
            raise ValidationError(
                "SessionConfig: dockerfile and container_id are both given, and a container has its image already",
                hint="give only one of them",
            )
        return self

    def get_execution_timeout(self) -> Optional[float]:
        """How long a run may take if it does not say so itself, in seconds; None for no limit.

        Zero is a limit like any other.
        """
        timeout = self.default_timeout if self.execution_timeout is None else self.execution_timeout
        return None if timeout is None or math.isinf(timeout) else timeout

    def is_using_existing_container(self) -> bool:
        """Whether the session enters a container that is there already."""
        return self.container_id is not None
