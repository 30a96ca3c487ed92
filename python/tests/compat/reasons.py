"""Why names of the API are not the same here. Keys are `module:name`, where `*` stands for anything."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """What is said of a name: that it is `wider`, comes `later` or stays `absent`, and how or why."""

    status: str
    why: str


def _wider(how: str) -> Reason:
    return Reason("wider", how)


def _later(what: str) -> Reason:
    return Reason("later", what)


def _absent(why: str) -> Reason:
    return Reason("absent", why)


_LAUNCHER = _absent("another launcher; `native` takes its place, and asking for it says so")
_ENGINE_CALLS = _absent("how an engine is called is no part of sessions here: the core speaks to it")
_SETUP = _absent("nothing is set up in a sandbox when it opens: no environment is made, no installer is upgraded")
_MCP = _later("the MCP server")
_PODS = _later("pods; until then the constructor says what to use instead")
_INTERACTIVE = _later("interpreters that keep their state; until then the constructor says what to use instead")
_POOLS = _later("pools; until then they say what to use instead")
_LIBRARIES = _later("installing libraries; until then it is refused with a hint")
_PLOTS = _later(
    "hooks of the drawing libraries; until then pictures are taken that a program writes to its plot directory"
)
_DEFAULT_BACKEND = _wider(
    "without a backend it is the one that `LLM_SANDBOX_BACKEND` names, else `native` where the host can and no image or"
    " container is given, else `docker`"
)
_IMAGE = _wider("other images, the official ones with a fixed version")

REASONS: dict[str, Reason] = {
    "llm_sandbox:LocalSandboxConfig": _LAUNCHER,
    "llm_sandbox:SeccompPolicy": _absent("the filter of system calls is fixed and always there"),
    "llm_sandbox:WindowsMxcConfig": _LAUNCHER,
    "llm_sandbox:InteractiveSandboxSession": _INTERACTIVE,
    "llm_sandbox:ArtifactSandboxSession": _PLOTS,
    "llm_sandbox.const:SandboxBackend.KUBERNETES": _PODS,
    "llm_sandbox.const:SandboxBackend.BUBBLEWRAP": _LAUNCHER,
    "llm_sandbox.const:SandboxBackend.NSJAIL": _LAUNCHER,
    "llm_sandbox.const:SandboxBackend.WINDOWS_MXC": _LAUNCHER,
    "llm_sandbox.const:SandboxBackend.WSL2_BUBBLEWRAP": _LAUNCHER,
    "llm_sandbox.const:SupportedLanguage": _wider("also found by other names, such as `py` and `c++`"),
    "llm_sandbox.const:DefaultImage": _IMAGE,
    "llm_sandbox.data:ConsoleOutput.to_json": _wider("works with plots, too"),
    "llm_sandbox.data:ExecutionResult.to_json": _wider("works with plots, too, each as an object of its attributes"),
    "llm_sandbox.data:ConsoleOutput.text": _wider("without a warning that it is deprecated"),
    "llm_sandbox.data:ExecutionResult.text": _wider("without a warning that it is deprecated"),
    "llm_sandbox.session:create_session": _DEFAULT_BACKEND,
    "llm_sandbox.session:SandboxSession": _DEFAULT_BACKEND,
    "llm_sandbox.session:ArtifactSandboxSession.__init__": _DEFAULT_BACKEND,
    "llm_sandbox.session:ArtifactSandboxSession.run": _PLOTS,
    "llm_sandbox.interactive:InteractiveSandboxSession*": _INTERACTIVE,
    "llm_sandbox.backends:register_backend": _wider("its errors are errors of this package besides"),
    "llm_sandbox.core.config:SessionConfig.lang": _wider("also other names of languages, such as `py` and `c++`"),
    "llm_sandbox.core.config:SessionConfig.default_timeout": _wider("infinity is no limit, like `None`"),
    "llm_sandbox.core.config:SessionConfig.session_timeout": _wider("infinity is no limit, like `None`"),
    "llm_sandbox.core.config:SessionConfig.execution_timeout": _wider("infinity is no limit, zero is a limit"),
    "llm_sandbox.core.session_base:PYTHON_*": _SETUP,
    "llm_sandbox.core.session_base:GO_*": _SETUP,
    "llm_sandbox.core.session_base:BaseSession": _wider(
        "what the three mixins have that it is made of there is its own"
    ),
    "llm_sandbox.core.session_base:BaseSession.install": _LIBRARIES,
    "llm_sandbox.docker:EXPECTED_DEMUX_OUTPUT_LENGTH": _ENGINE_CALLS,
    "llm_sandbox.docker:DockerContainerAPI*": _ENGINE_CALLS,
    "llm_sandbox.docker:SandboxDockerSession.install": _LIBRARIES,
    "llm_sandbox.podman:PodmanContainerAPI*": _ENGINE_CALLS,
    "llm_sandbox.podman:SandboxPodmanSession.install": _LIBRARIES,
    "llm_sandbox.micromamba:MicromambaContainerAPI*": _ENGINE_CALLS,
    "llm_sandbox.micromamba:MicromambaSession.install": _LIBRARIES,
    "llm_sandbox.kubernetes:KubernetesContainerAPI*": _ENGINE_CALLS,
    "llm_sandbox.kubernetes:SH_SHELL": _ENGINE_CALLS,
    "llm_sandbox.kubernetes:KUBERNETES_POD_*": _ENGINE_CALLS,
    "llm_sandbox.kubernetes:POD_STARTUP_TIMEOUT": _PODS,
    "llm_sandbox.kubernetes:SandboxKubernetesSession*": _PODS,
    "llm_sandbox.language_handlers.base:AbstractLanguageHandler.inject_plot_detection_code": _wider(
        "code is returned as it is: drawings are caught by hooks, never by editing it"
    ),
    "llm_sandbox.language_handlers*:*.filter_comments": _wider("marks of comments in strings are left alone"),
    "llm_sandbox.language_handlers*:*.get_execution_commands": _wider("paths are quoted"),
    "llm_sandbox.language_handlers*:*.get_library_installation_command": _wider("names are quoted"),
    "llm_sandbox.language_handlers*:*.get_import_patterns": _wider(
        "also matches what loads a part of the module, and fewer names that only begin alike"
    ),
    "llm_sandbox.language_handlers*:*.extract_plots": _PLOTS,
    "llm_sandbox.language_handlers*:*.run_with_artifacts": _PLOTS,
    "llm_sandbox.language_handlers.factory:LanguageHandlerFactory.create_handler": _wider("also takes other names"),
    "llm_sandbox.pool:ContainerPoolManager": _POOLS,
    "llm_sandbox.pool:PooledSandboxSession": _POOLS,
    "llm_sandbox.pool:ArtifactPooledSandboxSession": _POOLS,
    "llm_sandbox.pool.base:ContainerPoolManager*": _POOLS,
    "llm_sandbox.pool.base:PREWARMING_CHECK_INTERVAL": _POOLS,
    "llm_sandbox.pool.base:resolve_default_image": _wider(
        "also takes other names of languages, and an empty image as none"
    ),
    "llm_sandbox.pool.factory:create_pool_manager": _POOLS,
    "llm_sandbox.pool.session:PooledSandboxSession*": _POOLS,
    "llm_sandbox.pool.session:ArtifactPooledSandboxSession*": _POOLS,
    "llm_sandbox.mcp_server.server:*": _MCP,
}
