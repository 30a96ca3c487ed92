"""Values that cannot be used are refused by the name of their parameter, whatever they are."""

import asyncio
import inspect
import math

import pytest

from llm_sandbox import (
    ArtifactSandboxSession,
    AsyncSandboxSession,
    SandboxError,
    ValidationError,
    create_session,
    run_many,
)
from llm_sandbox._described import Described
from llm_sandbox.docker import SandboxDockerSession
from llm_sandbox.exceptions import (
    CommandEmptyError,
    ExtraArgumentsError,
    UnsupportedBackendError,
    UnsupportedError,
)
from llm_sandbox.micromamba import MicromambaSession
from llm_sandbox.native import SandboxNativeSession
from llm_sandbox.podman import SandboxPodmanSession


class Strange:
    """Whatever is asked of it, it fails."""

    def __getattr__(self, name):
        raise AttributeError(name)

    def __repr__(self):
        raise RuntimeError("it has no repr")


class StrangePath:
    def __fspath__(self):
        return b"bytes"


LOOP = {}
LOOP["loop"] = LOOP
DEEP = []
for _ in range(2000):
    DEEP = [DEEP]

NO_TEXTS = [5, 1.5, True, b"bytes", ["x"], {"x": "x"}, object(), Strange(), "", "\0", "\ud800"]
NO_TRUTHS = ["perhaps", 2, None.__class__, [], {}, math.nan, Strange()]
NO_TIMES = [-1, math.nan, 1e300, 10**400, "soon", True, [1], {}, -math.inf, Strange()]
NO_LISTS = [5, "text", b"bytes", {"a": "b"}, [5], [None], ["\0"], ["\ud800"], [["x"]], Strange(), [Strange()]]
NO_DICTS = [5, "text", [5], ["x"], [["a", "b"]], Strange()]
NO_VARIABLES = [
    *NO_DICTS,
    {5: "x"},
    {"a": None},
    {"a": b"x", "\ud800": "x"},
    {"a": "\ud800"},
    {"a": "\0"},
    {"a\0": "x"},
    {"": "x"},
    {"a=b": "x"},
    LOOP,
]
NO_LABELS = [
    *NO_DICTS,
    {5: "x"},
    {"a": 5},
    {"\ud800": "x"},
    {"a": "\ud800"},
    {"a": "\n"},
    {"": "x"},
    {"a": "x" * 10_000},
    LOOP,
]
NO_POLICIES = [5, "production", ["x"], object(), {"preset": "nonsense"}, {"patterns": 5}, {"unknown": 1}, LOOP]
NO_MOUNTS = [
    5,
    "text",
    {"a": "b"},
    [5],
    ["x"],
    [("a",)],
    [("a", "b", "c", "d")],
    [("relative", "/x")],
    [("/tmp", "/x", "sometimes")],
    [("/tmp", 5)],
    [(StrangePath(), "/x")],
    [("/tmp", "\0")],
    [("/tmp", "\ud800")],
    [{"type": "volume", "source": "/a", "target": "/b"}],
    [{}],
    LOOP,
]
NO_NATIVE_CONFIGS = [5, "text", ["x"], {5: 1}, {"mem_limt": "1g"}, {"mem_limit": LOOP}, LOOP, {"timeout": -1}]
NO_CONTAINER_CONFIGS = [
    5,
    "text",
    ["x"],
    {5: 1},
    {"mem_limt": "1g"},
    {"environment": LOOP},
    {"environment": DEEP},
    {"labels": {"\ud800": "x"}},
    {"environment": {"A": "\ud800"}},
    {"mem_limit": object()},
    {"cpu_quota": 10**400},
    {"cpu_quota": math.nan},
    {"volumes": {1, 2}},
    {"timeout": "soon"},
    LOOP,
]

COMMON = {
    "lang": ["cobol", "", 5, ["python"], b"python", None.__class__, "\ud800", "x" * 10_000, Strange()],
    "verbose": NO_TRUTHS,
    "runtime_configs": NO_NATIVE_CONFIGS,
    "workdir": [*NO_TEXTS, "relative"],
    "security_policy": NO_POLICIES,
    "enforce_policy": [*NO_TRUTHS, True],
    "default_timeout": NO_TIMES,
    "execution_timeout": NO_TIMES,
    "session_timeout": [*NO_TIMES, 0],
    "skip_environment_setup": NO_TRUTHS,
    "encoding_errors": ["nonsense", "", 5, ["strict"], b"strict", Strange()],
}
EXTRAS = {
    "accept_weaker": [*NO_LISTS, ["nonsense"]],
    "compiler_options": NO_LISTS,
    "env": NO_VARIABLES,
    "idle_timeout": [*NO_TIMES, 0],
    "interpreter": NO_TEXTS,
    "isolation": [*NO_TEXTS, "nonsense"],
    "labels": NO_LABELS,
    "logger": [5, "text", object(), Strange()],
    "mounts": NO_MOUNTS,
    "require": [*NO_LISTS, ["nonsense"]],
    "runtime_options": NO_LISTS,
}
NO_CLIENTS = [5, "unix:///run/docker.sock", object(), Strange(), type("Client", (), {"api": None})()]
CONTAINERS = {
    **COMMON,
    "client": NO_CLIENTS,
    "image": [*NO_TEXTS[:-1], "\ud800"],
    "dockerfile": NO_TEXTS,
    "keep_template": NO_TRUTHS,
    "commit_container": [*NO_TRUTHS, True],
    "commit_image_tag": NO_TEXTS,
    "stream": NO_TRUTHS,
    "container_id": NO_TEXTS,
    "runtime_configs": NO_CONTAINER_CONFIGS,
    "mounts": [5, "text", {"a": "b"}, [5], [object()], [LOOP]],
}
NATIVE = {
    **COMMON,
    **{name: ["x", 5, ["x"], object()] for name in ("client", "image", "dockerfile", "container_id", "environment")},
    **dict.fromkeys(("keep_template", "stream"), NO_TRUTHS),
    "commit_container": [True, "x", 5, ["x"]],
}
CLASSES = {
    SandboxNativeSession: NATIVE,
    SandboxDockerSession: CONTAINERS,
    SandboxPodmanSession: {**CONTAINERS},
    MicromambaSession: {**CONTAINERS, "environment": list(NO_TEXTS)},
}
# What only the opening can tell: they are values for the sandbox, which is not there before.
ONLY_WHEN_OPENED = {
    "env",
    "labels",
    "mounts",
    "compiler_options",
    "runtime_options",
    "interpreter",
    "workdir",
    "require",
}


def rows():
    for made, table in CLASSES.items():
        for name, values in {**EXTRAS, **table}.items():
            for value in values:
                yield pytest.param(made, name, value, id=f"{made.__name__}-{name}-{_short(value)}")


def _short(value):
    try:
        return ascii(value)[:30].replace("\\", "/")
    except Exception:
        return type(value).__name__


def parameters(function):
    usual = inspect.signature(function).parameters.values()
    return {each.name for each in usual if each.kind not in (each.VAR_KEYWORD, each.VAR_POSITIONAL)} - {"self"}


@pytest.mark.parametrize("made", CLASSES, ids=lambda made: made.__name__)
def test_every_parameter_of_a_session_has_rows(made):
    assert parameters(made.__init__) - {"runtime_configs"} <= set(CLASSES[made]) | set(EXTRAS)
    assert set(Described.EXTRAS) == set(EXTRAS)


def refuses(use, name):
    """It fails as it should, naming what is wrong."""
    with pytest.raises(SandboxError) as refused:
        use()
    error = refused.value
    expected = (ValidationError, ExtraArgumentsError, UnsupportedBackendError, UnsupportedError, CommandEmptyError)
    assert isinstance(error, expected), repr(error)
    said = str(error).lower()
    assert any(each in said for each in {name, *OTHER_NAMES.get(name, ())}), said
    assert len(said) < 3000, "it is to be read"
    assert error.hint is None or error.hint in str(error)


def refuses_or_leaves_it_to_the_engine(use, name):
    try:
        use()
    except SandboxError:
        refuses(use, name)


OTHER_NAMES = {
    "commands": ("command", "workdir"),
    "lang": ("language",),
    "workdir": ("working directory",),
    "security_policy": ("policy", "pattern"),
    "labels": ("label",),
    "env": ("environment variable",),
    "interpreter": ("interpreter",),
    "require": ("guarantee",),
    "accept_weaker": ("guarantee",),
    "compiler_options": ("compiler options",),
    "mounts": ("mount",),
    "runtime_configs": (
        "mem_limt",
        "mem_limit",
        "timeout",
        "environment",
        "labels",
        "cpu_quota",
        "volumes",
        "is unknown",
        "loop",
    ),
    "commit_container": ("commit_image_tag",),
    "command": ("empty", "argument"),
    "files": ("file",),
    "libraries": ("library",),
}


@pytest.mark.parametrize("made, name, value", list(rows()))
def test_a_wrong_argument_of_a_session_is_refused_by_name(made, name, value):
    if name in ONLY_WHEN_OPENED:
        if made is SandboxNativeSession:
            refuses(lambda: made(**{name: value}).open(), name)
        else:
            refuses_or_leaves_it_to_the_engine(lambda: made(**{name: value}), name)
    else:
        refuses(lambda: made(**{name: value}), name)


@pytest.mark.parametrize("made", CLASSES, ids=lambda made: made.__name__)
def test_an_unknown_argument_is_refused_with_the_nearest(made):
    with pytest.raises(ExtraArgumentsError, match=r"labls(?s:.*)labels"):
        made(labls={})
    with pytest.raises(ExtraArgumentsError, match="unheard_of"):
        made(unheard_of=1)


def test_every_parameter_of_the_sessions_around_has_rows():
    covered = {**CONTAINERS, **EXTRAS, **NATIVE}
    for made in (ArtifactSandboxSession.__init__, AsyncSandboxSession.__init__, create_session, run_many):
        unknown = (
            parameters(made)
            - set(covered)
            - {"backend", "pool", "enable_plotting", "programs", "concurrency", "retries"}
        )
        assert not unknown, made


NO_BACKENDS = [
    5,
    ["native"],
    b"native",
    object(),
    Strange(),
    "",
    "nativ",
    "kubernetes",
    "\ud800",
    "x" * 10_000,
    "native ",
]


@pytest.mark.parametrize("value", NO_BACKENDS, ids=_short)
@pytest.mark.parametrize(
    "make",
    [create_session, ArtifactSandboxSession, AsyncSandboxSession, lambda backend: run_many(["1"], backend=backend)],
)
def test_a_wrong_backend_is_refused(make, value):
    refuses(lambda: make(backend=value), "backend")


@pytest.mark.parametrize(
    "name", ["runtime_configs", "lang", "default_timeout", "env", "security_policy", "encoding_errors"]
)
@pytest.mark.parametrize("make", [create_session, ArtifactSandboxSession, AsyncSandboxSession])
def test_sessions_around_refuse_what_theirs_refuse(make, name):
    for value in {**NATIVE, **EXTRAS}[name]:
        if not isinstance(value, dict) or name not in ONLY_WHEN_OPENED:
            refuses(lambda: make("native", **{name: value}), name)


@pytest.mark.parametrize("value", NO_TRUTHS, ids=_short)
def test_enable_plotting_and_clear_plots_are_truths(value):
    refuses(lambda: ArtifactSandboxSession("native", enable_plotting=value), "enable_plotting")
    with ArtifactSandboxSession("native") as session:
        refuses(lambda: session.run("1", clear_plots=value), "clear_plots")


@pytest.mark.parametrize("make", [create_session, ArtifactSandboxSession])
def test_a_pool_is_refused(make):
    refuses(lambda: make("native", pool=object()), "pool")


NO_PATHS = [5, b"bytes", None, ["x"], "", "a\0b", "\ud800", StrangePath(), Strange(), True]
NO_CONTENTS = [5, None, ["x"], {"a": 1}, "\ud800", Strange(), object()]
NO_SIZES = [-1, 1.5, "5", True, 2**70, [1], math.nan, Strange()]
RUN = {
    "code": [5, None, ["x"], bytearray(b"x"), "\ud800", "a\0b", b"\xff", Strange()],
    "libraries": [5, "numpy", {"numpy": 1}, [5], ["\ud800"], Strange()],
    "timeout": NO_TIMES,
    "on_stdout": [5, "print", [print], Strange()],
    "on_stderr": [5, "print", [print], Strange()],
    "stdin": [5, ["x"], "\ud800", Strange()],
    "args": [5, "text", b"bytes", {"a": 1}, [5], [None], ["a\0b"], ["\ud800"], Strange()],
    "env": [
        5,
        "text",
        [("a", "b")],
        {5: "x"},
        {"a": 5},
        {"": "x"},
        {"a=b": "x"},
        {"a\0": "x"},
        {"a": "\0"},
        {"a": "\ud800"},
        Strange(),
        LOOP,
    ],
    "files": [
        5,
        "text",
        [("a", "b")],
        {5: "x"},
        {"a": 5},
        {"": "x"},
        {b"a": "x"},
        {"a\0": "x"},
        {"\ud800": "x"},
        {"a": "\ud800"},
        {"../x": "x"},
        Strange(),
        LOOP,
    ],
    "workdir": [*(each for each in NO_PATHS if each is not None), "a/../../b"],
}
COMMAND = {
    **{name: RUN[name] for name in ("workdir", "on_stdout", "on_stderr", "timeout", "stdin", "env")},
    "command": [
        5,
        None,
        b"ls",
        {"ls": 1},
        "",
        " ",
        [],
        [""],
        [5],
        ["a", None],
        "a\0b",
        ["\0"],
        "\ud800",
        ["\ud800"],
        Strange(),
    ],
}
COMMANDS = {
    **{name: RUN[name] for name in ("workdir", "on_stdout", "on_stderr")},
    "commands": [
        5,
        None,
        "ls",
        b"ls",
        {"ls": 1},
        [],
        ["\0"],
        [5],
        [("ls",)],
        [("ls", "/", "x")],
        [("ls", 5)],
        Strange(),
        [Strange()],
    ],
}
FILES = {
    "read": {"path": NO_PATHS, "max_bytes": NO_SIZES},
    "read_text": {"path": NO_PATHS, "encoding": [5, None, "nonsense", "\0", "\ud800"], "errors": [5, None, "nonsense"]},
    "write": {"path": NO_PATHS, "content": NO_CONTENTS},
    "list": {"path": NO_PATHS, "recursive": NO_TRUTHS},
    "stat": {"path": NO_PATHS},
    "exists": {"path": NO_PATHS},
    "remove": {"path": NO_PATHS, "recursive": NO_TRUTHS},
    "make_directory": {"path": NO_PATHS},
    "upload": {"host": NO_PATHS, "inside": NO_PATHS},
    "download": {"inside": NO_PATHS, "host": NO_PATHS},
}
METHODS = {
    "run": ({"code": "print(1)"}, RUN),
    "execute_command": ({"command": "true"}, COMMAND),
    "execute_commands": ({"commands": ["true"]}, COMMANDS),
    "copy_to_runtime": ({"src": "/etc/hostname", "dest": "x"}, {"src": NO_PATHS, "dest": NO_PATHS}),
    "copy_from_runtime": ({"src": "x", "dest": "/tmp/never"}, {"src": NO_PATHS, "dest": NO_PATHS}),
    "get_archive": ({"path": "."}, {"path": NO_PATHS, "max_bytes": [-1, 1.5, "x", True, 1 << 63]}),
    "is_safe": ({"code": "x"}, {"code": [each for each in RUN["code"] if each not in ("a\0b", b"\xff")]}),
    "install": ({"libraries": None}, {"libraries": RUN["libraries"]}),
}
ARGUMENTS_OF_FILES = {"path": "x", "content": "x", "host": "/etc/hostname", "inside": "x"}


@pytest.fixture(scope="module")
def shared():
    with SandboxNativeSession() as session:
        session.files.write("x", "x")
        yield session


def method_rows():
    for method, (_, table) in METHODS.items():
        for name in table:
            yield pytest.param(method, name, id=f"{method}-{name}")


@pytest.mark.parametrize("method", METHODS)
def test_every_parameter_of_a_method_has_rows(method):
    for made in (SandboxNativeSession, AsyncSandboxSession):
        assert parameters(getattr(made, method)) == set(METHODS[method][1]), made


@pytest.mark.parametrize("method, name", list(method_rows()))
def test_a_wrong_argument_of_a_method_is_refused_by_name(shared, method, name):
    usual, table = METHODS[method]
    for value in table[name]:
        refuses(lambda: getattr(shared, method)(**{**usual, name: value}), name)
    assert shared.run("print('on')").stdout == "on\n"


@pytest.mark.parametrize("method, name", list(method_rows()))
def test_a_wrong_argument_of_an_awaited_method_is_refused_by_name(method, name):
    usual, table = METHODS[method]

    async def scenario():
        async with AsyncSandboxSession("native") as session:
            for value in table[name]:
                with pytest.raises((ValidationError, CommandEmptyError)):
                    await getattr(session, method)(**{**usual, name: value})

    asyncio.run(scenario())


@pytest.mark.parametrize("method", FILES)
def test_wrong_arguments_about_files_are_refused_by_name(shared, method):
    from llm_sandbox.files import AsyncFiles, Files

    for made in (Files, AsyncFiles):
        assert parameters(getattr(made, method)) == set(FILES[method])
    usual = {name: ARGUMENTS_OF_FILES[name] for name in FILES[method] if name in ARGUMENTS_OF_FILES}
    awaited = AsyncFiles(shared._open_session)

    async def await_it(arguments):
        return await getattr(awaited, method)(**arguments)

    for name, values in FILES[method].items():
        for value in values:
            arguments = {**usual, name: value}
            refuses(lambda: getattr(shared.files, method)(**arguments), name)
            refuses(lambda: asyncio.run(await_it(arguments)), name)
    assert shared.files.read("x") in (b"x", b"")


def test_very_large_values_are_refused_or_held(shared):
    with pytest.raises(ValidationError, match="code"):
        shared.run("#" * 100_000_000)
    for arguments in ({"args": ["x" * 10_000_000]}, {"env": {"A": "x" * 10_000_000}}, {"args": ["x"] * 1_000_000}):
        with pytest.raises(SandboxError):
            shared.run("print(1)", **arguments)
    assert shared.run("print('on')").stdout == "on\n"
