"""Sandboxes in pods. They are not there yet."""

from __future__ import annotations

from typing import Any, Optional

from llm_sandbox.const import EncodingErrorsType, SandboxBackend, SupportedLanguage
from llm_sandbox.exceptions import UnsupportedBackendError
from llm_sandbox.security.policy import SecurityPolicy


class SandboxKubernetesSession:
    """A session in a pod. It is not there yet."""

    def __init__(
        self,
        client: Any = None,
        image: Optional[str] = None,
        lang: str = SupportedLanguage.PYTHON,
        verbose: bool = False,
        kube_namespace: str = "default",
        env_vars: Optional[dict[str, str]] = None,
        pod_manifest: Optional[dict[str, Any]] = None,
        workdir: str = "/sandbox",
        security_policy: Optional[SecurityPolicy] = None,
        default_timeout: Optional[float] = None,
        execution_timeout: Optional[float] = None,
        session_timeout: Optional[float] = None,
        container_id: Optional[str] = None,
        skip_environment_setup: bool = False,
        encoding_errors: EncodingErrorsType = "strict",
        **kwargs: Any,
    ) -> None:
        """Is refused.

        Raises:
            UnsupportedBackendError: Always.
        """
        raise UnsupportedBackendError(
            SandboxBackend.KUBERNETES,
            hint="use SandboxDockerSession, SandboxPodmanSession or SandboxNativeSession; pods are not there yet",
        )
