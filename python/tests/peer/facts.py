"""Says in JSON how the `llm_sandbox` behaves that the running interpreter has.

It is run twice, by the interpreter of the original package and by that of ours, and `test_peer.py` compares.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
import warnings
from enum import Enum

from llm_sandbox import backends, const, data, exceptions, interactive
from llm_sandbox.core.config import SessionConfig
from llm_sandbox.language_handlers import base
from llm_sandbox.language_handlers.factory import LanguageHandlerFactory
from llm_sandbox.language_handlers.runtime_context import RuntimeContext
from llm_sandbox.pool import base as pool_base
from llm_sandbox.pool import config as pool_config
from llm_sandbox.pool import exceptions as pool_exceptions
from llm_sandbox.security import policy

FACTS = {}


def fact(name, function):
    """Notes what a function returns, or which errors of Python's own its error is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = function()
        except Exception as error:
            value = {"raises": [each.__name__ for each in (ValueError, TypeError) if isinstance(error, each)]}
    FACTS[name] = plain(value)


def plain(value):
    """A value in the words of JSON."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    return value if isinstance(value, (str, int, float, bool, type(None))) else repr(value)


def exceptions_say():
    samples = {"exit_code": 3, "timeout_duration": 2.5, "pool_size": 4, "timeout": 1.5}
    for name, parameters in ORIGINAL.items():
        error_class = getattr(exceptions, name, None) or getattr(pool_exceptions, name)
        for text in ("x", "é\n'\"", ""):
            error = error_class(*[samples.get(each, text) for each in parameters])
            fact(f"{name}({text!r}): str", lambda error=error: str(error))
            fact(f"{name}({text!r}): args", lambda error=error: error.args)
    fact("SandboxTimeoutError: duration", lambda: exceptions.SandboxTimeoutError("m", 2.5).timeout_duration)
    fact(
        "SandboxTimeoutError: by keyword",
        lambda: exceptions.SandboxTimeoutError("m", timeout_duration=1).timeout_duration,
    )
    fact("PoolHealthCheckError: attributes", lambda: vars_of(pool_exceptions.PoolHealthCheckError("a", "b")))
    fact("PoolExhaustedError: no time", lambda: str(pool_exceptions.PoolExhaustedError(3, 0)))
    fact("PoolExhaustedError: no timeout", lambda: str(pool_exceptions.PoolExhaustedError(3)))


def vars_of(error):
    return [error.container_id, error.reason]


ORIGINAL = {
    "SandboxError": ["message"],
    "ContainerError": ["message"],
    "SecurityError": ["message"],
    "ResourceError": ["message"],
    "ValidationError": ["message"],
    "ExtraArgumentsError": ["message"],
    "LanguageNotSupportedError": ["lang"],
    "ImageNotFoundError": ["image"],
    "NotOpenSessionError": [],
    "LibraryInstallationNotSupportedError": ["lang"],
    "CommandEmptyError": [],
    "CommandFailedError": ["command", "exit_code", "output"],
    "PackageManagerError": ["package_manager"],
    "ImagePullError": ["image", "error"],
    "UnsupportedBackendError": ["backend"],
    "MissingDependencyError": ["message"],
    "LanguageNotSupportPlotError": ["lang"],
    "InvalidRegexPatternError": ["pattern"],
    "LanguageHandlerNotInitializedError": ["language"],
    "SecurityViolationError": ["message"],
    "SandboxTimeoutError": ["message", "timeout_duration"],
    "PoolExhaustedError": ["pool_size", "timeout"],
    "PoolClosedError": [],
    "PoolHealthCheckError": ["container_id", "reason"],
    "SessionNotOpenError": [],
}


def enumerations_have():
    for enumeration in (
        const.SandboxBackend,
        const.SupportedLanguage,
        data.FileType,
        policy.SecurityIssueSeverity,
        base.PlotLibrary,
        interactive.KernelType,
        pool_base.ContainerState,
        pool_config.ExhaustionStrategy,
    ):
        for member in enumeration:
            fact(f"{enumeration.__name__}.{member.name}: value", lambda member=member: member.value)
    for member in (const.SandboxBackend.DOCKER, const.SupportedLanguage.R, interactive.KernelType.IPYTHON):
        name = f"{type(member).__name__}.{member.name}"
        fact(f"{name}: str", lambda member=member: str(member))
        fact(f"{name}: format", lambda member=member: f"{member:>12}")
        fact(f"{name}: repr", lambda member=member: repr(member))
        fact(f"{name}: json", lambda member=member: json.dumps(member))
        fact(f"{name}: equals its value", lambda member=member: member == member.value)
    for value in ("Python", "PYTHON", "python", "cobol", "", None, 3):
        fact(f"SupportedLanguage({value!r})", lambda value=value: const.SupportedLanguage(value))


def results_are():
    output = data.ConsoleOutput(1, "é", "o")
    result = data.ExecutionResult(1, "é", "o", [data.PlotOutput(data.FileType.PNG, "aGk=")])
    for name, each in (("ConsoleOutput", output), ("ExecutionResult", result)):
        fact(f"{name}: to_json", lambda each=each: each.to_json())
        fact(f"{name}: text", lambda each=each: each.text())
        fact(f"{name}: success", lambda each=each: [each.success(), type(each)().success()])
        fact(
            f"{name}: defaults",
            lambda each=each: [getattr(type(each)(), key) for key in ("exit_code", "stderr", "stdout")],
        )
        fact(f"{name}: equality", lambda each=each: [each == dataclasses.replace(each), each == type(each)()])
    fact("ConsoleOutput: repr", lambda: repr(output))
    fact("ConsoleOutput: to_json with plots", lambda: output.to_json(include_plots=True))
    fact("ConsoleOutput: hash", lambda: hash(output) == hash(data.ConsoleOutput(1, "é", "o")))
    fact("ConsoleOutput: other class", lambda: data.ConsoleOutput() == data.ExecutionResult())
    fact("ConsoleOutput: frozen", lambda: is_frozen(output))
    fact("ExecutionResult: to_json with plots", lambda: "plots" in json.loads(result.to_json(include_plots=True)))
    fact("PlotOutput: repr", lambda: repr(result.plots[0]))


def is_frozen(output):
    try:
        output.stdout = "x"
    except dataclasses.FrozenInstanceError:
        return True
    return False


VALUES = {
    SessionConfig: {
        "lang": ["python", "Go", "py", "pyhton", None, 3],
        "image": ["a", None, "", 3],
        "dockerfile": ["a", None, 3],
        "container_id": ["a", None, "", 3],
        "verbose": [True, 1, "yes", "off", 2, None, "x"],
        "workdir": ["/x", "x", "", None, 3],
        "default_timeout": [3, "3", None, 0, 2.5, -1, True, "x", []],
        "execution_timeout": [3, None, 0, -1, "x"],
        "session_timeout": [3, None, -1, "x"],
        "security_policy": [None, {}, {"severity_threshold": 2}, 3, "x"],
        "runtime_configs": [{}, {"a": 1}, None, [("a", 1)], "x"],
        "skip_environment_setup": [True, 2],
        "encoding_errors": ["strict", "replace", "surrogateescape", "x", None],
        "nothing": [1],
    },
    pool_config.PoolConfig: {
        "max_pool_size": [1, "3", 2.0, 0, -1, 2.5, None, "x", True],
        "min_pool_size": [0, 10, 11, -1],
        "idle_timeout": [1, None, 0, -1, "x"],
        "acquisition_timeout": [1, None, 0],
        "health_check_interval": [1, None, 0],
        "max_container_lifetime": [1, None, 0],
        "max_container_uses": [1, None, 0, 1.5],
        "exhaustion_strategy": ["wait", "fail_fast", "x", None],
        "enable_prewarming": [False, "no", 2, None],
    },
    policy.SecurityPolicy: {
        "severity_threshold": [0, 3, "2", 2.0, 4, -1, None, 2.5, "high", True],
        "patterns": [None, [], (), [{"pattern": "a", "description": "", "severity": 1}], "abc", ["a"], 3],
        "restricted_modules": [None, [], [{"name": "a", "description": "", "severity": 1}], ["a"], {}],
    },
}


def models_take():
    for model, fields in VALUES.items():
        for name, values in fields.items():
            for value in values:
                fact(
                    f"{model.__name__}({name}={value!r})",
                    lambda model=model, name=name, value=value: kept(model(**{name: value}), name),
                )
    defaults = {SessionConfig: SessionConfig(), pool_config.PoolConfig: pool_config.PoolConfig()}
    for model, made in {**defaults, policy.SecurityPolicy: policy.SecurityPolicy()}.items():
        for name, value in made:
            fact(f"{model.__name__}().{name}", lambda value=value: value)
    for values in ({}, {"execution_timeout": 5}, {"default_timeout": None}, {"execution_timeout": 0}):
        fact(
            f"SessionConfig({values}).get_execution_timeout()",
            lambda v=values: SessionConfig(**v).get_execution_timeout(),
        )
    for values in ({"image": "a", "dockerfile": "b"}, {"container_id": "c", "dockerfile": "b"}, {"container_id": "c"}):
        fact(f"SessionConfig({values})", lambda values=values: SessionConfig(**values).is_using_existing_container())


def kept(model, name):
    value = getattr(model, name, "ignored")
    return repr(value) if not isinstance(value, (str, int, float, type(None), Enum)) else value


def policies_are():
    for pattern in ("a", "", "(", "[", "(?P<x", "a{2}", "\\d"):
        values = {"pattern": pattern, "description": "é", "severity": 2}
        fact(f"SecurityPattern({pattern!r})", lambda values=values: repr(policy.SecurityPattern(**values)))
        fact(f"validate_pattern({pattern!r})", lambda pattern=pattern: policy.SecurityPattern.validate_pattern(pattern))
    made = policy.SecurityPolicy(severity_threshold=2)
    made.add_pattern(policy.SecurityPattern(pattern="a", description="é", severity=3))
    made.add_restricted_module(policy.RestrictedModule(name="os", description="", severity=1))
    fact("SecurityPolicy: repr", lambda: repr(made))
    fact("SecurityPolicy: str", lambda: str(made))
    fact("SecurityPolicy: model_dump", made.model_dump)
    fact("SecurityPolicy: model_dump_json", made.model_dump_json)
    fact("SecurityPolicy: exclude_none", lambda: policy.SecurityPolicy().model_dump(exclude_none=True))
    fact(
        "SecurityPolicy: round trip", lambda: policy.SecurityPolicy.model_validate_json(made.model_dump_json()) == made
    )
    fact("SecurityPolicy: copies", lambda: [made.model_copy() == made, made.model_copy(deep=True) == made])
    fact("SecurityPolicy: update", lambda: repr(made.model_copy(update={"patterns": None})))
    fact("SecurityPolicy: pairs", lambda: [name for name, _ in made])
    fact("SecurityPolicy: hash", lambda: hash(made))
    fact("SecurityPolicy: positional", lambda: policy.SecurityPolicy(2))
    fact("SecurityPolicy: unknown attribute", lambda: setattr(made, "nothing", 1))


class Container:
    """A session that has no plots."""

    def run(self, code, *args, **kwargs):
        return "result"

    def execute_command(self, command, workdir=None):
        return data.ConsoleOutput(exit_code=1)

    def get_archive(self, path):
        raise FileNotFoundError(path)


CODE = {
    "hash": ["x = 1 # c\ny", "  # only\nx", "# a\n\n# b\nx", "a\n   \nb", "x=1 #c\r\ny", "é # ü", "", "   # x"],
    "hash in a string": ["x = '# no' # yes", 'x = "# no" # yes'],
    "slashes": ["x // c\ny", "  // only\nx", "/* a\n b */ x", "/* a */   \n  y", "x /* a */ y", "a\n   \nb", "é // ü"],
    "slashes in a string": ['u = "http://x"', "s = 'a // b' // c", 's = "/* no */"'],
    "text": ["'''doc'''\nx = 1", "def f():\n    '''doc'''\n    return 1", "x = '''s''' # k", '"""doc"""\nx'],
    "block": ["=begin\nq\n=end\nz"],
}

IMPORTS = {
    "python": (
        "os",
        [
            "import os",
            "from os import path",
            "from os.path import x",
            "import osx",
            "x = 1",
            "import os as o",
            "import sys, os",
            "important os",
            "import os.path",
        ],
    ),
    "javascript": (
        "fs",
        ["import x from 'fs'", "require('fs')", 'require("fs")', "import 'fs'", "require('fsx')", "fs", "import('fs')"],
    ),
    "java": (
        "java.io",
        [
            "import java.io.File;",
            "import java.io.*;",
            "import java.net.URL;",
            "x",
            "import java.iox.File;",
            "import static java.io.File.x;",
        ],
    ),
    "cpp": ("fstream", ["#include <fstream>", '#include "fstream"', "#include <fstreamx>", "x", "# include <fstream>"]),
    "go": ("os", ['import "os"', 'import x "os"', 'import (\n"fmt"\n"os"\n)', 'import "osx"', "x", 'import "os/exec"']),
    "ruby": ("socket", ["require 'socket'", 'require "socket"', "require 'socket/x'", "require 'sockets'", "x"]),
    "r": ("httr", ["library(httr)", "require('httr')", "library(httr2)", "x", "httr::GET(x)"]),
}


def languages_are():
    fact("languages", LanguageHandlerFactory.get_supported_languages)
    for name in ("PYTHON", "cobol", ""):
        fact(f"create_handler({name!r})", lambda name=name: LanguageHandlerFactory.create_handler(name).name)
    context = RuntimeContext("/w", "/venv/python", "/venv/pip", "/cache")
    for language in ("python", "javascript", "java", "cpp", "go", "ruby", "r"):
        handler = LanguageHandlerFactory.create_handler(language)
        fact(f"{language}: name and ending", lambda handler=handler: [str(handler.name), handler.file_extension])
        fact(f"{language}: plot libraries", lambda handler=handler: handler.supported_plot_libraries)
        fact(f"{language}: plots", lambda handler=handler: handler.is_support_plot_detection)
        fact(f"{language}: installs", lambda handler=handler: handler.is_support_library_installation)
        fact(f"{language}: package manager", lambda handler=handler: handler.config.package_manager)
        fact(f"{language}: logger", lambda handler=handler: handler.logger.name)
        for given in (None, context):
            fact(f"{language}: runs, {given}", lambda h=handler, given=given: h.get_execution_commands("/w/x", given))
            fact(
                f"{language}: installs, {given}",
                lambda h=handler, g=given: h.get_library_installation_command("lib", g),
            )
        for kind, snippets in CODE.items():
            for code in snippets:
                fact(f"{language}: without comments, {kind}, {code!r}", lambda h=handler, c=code: h.filter_comments(c))
        module, snippets = IMPORTS[language]
        pattern = re.compile(handler.get_import_patterns(module), re.MULTILINE)
        for code in snippets:
            fact(f"{language}: imports, {code!r}", lambda pattern=pattern, code=code: bool(pattern.search(code)))
        fact(
            f"{language}: without plots",
            lambda h=handler: h.run_with_artifacts(Container(), "1", enable_plotting=False),
        )
        fact(f"{language}: no plots", lambda h=handler: h.run_with_artifacts(Container(), "1"))
        fact(f"{language}: extract", lambda handler=handler: handler.extract_plots(Container(), "/nothing"))


def backends_are():
    def factory(**_):
        return None

    for name in ("docker", "podman", "micromamba"):
        for capability, value in dataclasses.asdict(backends.get_backend(name).capabilities).items():
            fact(f"{name}: {capability}", lambda value=value: value)
        fact(f"{name}: builtin", lambda name=name: backends.get_backend(name.upper()).builtin)
    for name in ("docker", "Docker", "nsjail", "kubernetes", "", " ", "a b", "1a", 3, None):
        fact(f"register_backend({name!r})", lambda name=name: backends.register_backend(name, factory))
    fact("register_backend: factory", lambda: backends.register_backend("x", 3))
    fact("register_backend: capabilities", lambda: backends.register_backend("x", factory, capabilities=3))
    fact("register_backend: name", lambda: backends.register_backend("Mine", factory).name)
    fact("register_backend: twice", lambda: backends.register_backend("MINE", factory))
    fact("get_backend: registered", lambda: [backends.get_backend("MINE").name, backends.get_backend("mine").builtin])
    for name in ("quux", None, 3):
        fact(f"get_backend({name!r})", lambda name=name: unsupported(name))


def unsupported(name):
    try:
        backends.get_backend(name)
    except exceptions.UnsupportedBackendError as error:
        return error.args[0]


def pools_are():
    container = pool_base.PooledContainer("id", None)
    for at, change in enumerate(("mark_busy", "mark_idle", "mark_unhealthy", "mark_removing", "mark_idle")):
        getattr(container, change)()
        fact(
            f"PooledContainer: {at}, {change}",
            lambda: [container.state, container.use_count, container.is_available(), container.get_idle_time() < 60],
        )
    for limits in ((None, None), (0, None), (1e9, None), (None, 1), (None, 2)):
        fact(f"PooledContainer: is_expired{limits}", lambda limits=limits: container.is_expired(*limits))
    for arguments in (("python", "a"), ("python", None, "file"), ("python", "a", "file")):
        fact(
            f"resolve_default_image{arguments}", lambda arguments=arguments: pool_base.resolve_default_image(*arguments)
        )
    for values in ({}, {"history_size": -1}, {"poll_interval": 0}, {"timeout": None}):
        fact(f"InteractiveSettings({values})", lambda values=values: repr(interactive.InteractiveSettings(**values)))


for part in (
    exceptions_say,
    enumerations_have,
    results_are,
    models_take,
    policies_are,
    languages_are,
    backends_are,
    pools_are,
):
    part()
json.dump(FACTS, sys.stdout, indent=1)
