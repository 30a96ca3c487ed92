"""Options of the native backend: each takes effect, and what it has not is refused."""

import copy

import pytest

from llm_sandbox import ValidationError
from llm_sandbox._native import container_option_names
from llm_sandbox._native_options import _NATIVE
from llm_sandbox.exceptions import SandboxFileError, SandboxTimeoutError, UnsupportedError
from llm_sandbox.native import SandboxNativeSession

TOO_MUCH = "data = bytearray(100_000_000); data[::4096] = b'x' * len(data[::4096]); print('held')"


def ran(session, code):
    output = session.run(code)
    assert output.success(), output
    return output.stdout


@pytest.mark.parametrize("size", [67108864, "64m", "64M", "64mb", "64MiB", "65536k", "0.0625g", " 64 m "])
def test_memory_is_limited(native, size):
    session = native(runtime_configs={"mem_limit": size})
    assert session.limits["memory_bytes"] == 64 << 20
    assert session.run(TOO_MUCH).outcome.kind == "out-of-memory"


@pytest.mark.parametrize(
    "configs",
    [
        {"cpu_count": 2},
        {"cpus": 2.0},
        {"nano_cpus": 2_000_000_000},
        {"cpu_quota": 200_000},
        {"cpu_period": 50_000, "cpu_quota": 100_000},
    ],
)
def test_processors_are_shared_out(native, configs):
    assert native(runtime_configs=configs).limits["cpus"] == 2.0


def test_half_a_processor_is_half_the_time(native):
    session = native(runtime_configs={"cpus": 0.5})
    usage = session.run("import time\nbegan = time.monotonic()\nwhile time.monotonic() - began < 2: pass").usage
    assert usage.user + usage.system < 1.5


def test_processes_are_limited(native):
    session = native(runtime_configs={"pids_limit": 8})
    code = """
import subprocess
started = []
try:
    for _ in range(50): started.append(subprocess.Popen(["sleep", "60"]))
except OSError:
    print(len(started))
"""
    assert int(ran(session, code)) < 8


def test_the_disk_is_limited(native):
    session = native(runtime_configs={"disk_limit": "8m"})
    output = session.run("open('large', 'wb').write(b'x' * 20_000_000)")
    assert "No space left" in output.stderr
    session.files.remove("large")
    with pytest.raises(SandboxFileError):
        session.files.write("large", b"x" * 20_000_000)


def test_kept_output_is_limited(native):
    output = native(runtime_configs={"output_limit": "1k"}).run("print('x' * 100_000)")
    assert output.stdout_truncated == 100_001 - 1024


def test_time_on_the_processor_and_time_are_limited(native):
    for configs in ({"cpu_time": 0.2}, {"timeout": 0.2}):
        with pytest.raises(SandboxTimeoutError):
            native(runtime_configs=configs).run("while True: pass")


@pytest.mark.parametrize("given", [{"A": "1", "B": 2, "C": 0.5}, ["A=1", "B=2", "C=0.5"], ("A=1", "B=2", "C=0.5")])
def test_variables_are_set(native, given):
    session = native(runtime_configs={"environment": given}, env={"D": "more"})
    assert ran(session, "import os; print(*(os.environ[name] for name in 'ABCD'))") == "1 2 0.5 more\n"
    assert native(runtime_configs={"environment": ["A=b=c"]}).execute_command("printenv A").stdout == "b=c\n"


def test_a_working_directory_is_used(native):
    assert ran(native(runtime_configs={"working_dir": "/elsewhere"}), "import os; print(os.getcwd())") == "/elsewhere\n"


@pytest.mark.parametrize("form", ["dict", "list", "plain dict", "mounts", "sdk mounts", "argument"])
def test_directories_of_the_host_are_shown(native, tmp_path, form):
    readable, writable = tmp_path / "readable", tmp_path / "writable"
    for directory in (readable, writable):
        directory.mkdir()
        (directory / "file").write_text(directory.name)
    writable.chmod(0o777)
    ro, rw = str(readable), str(writable)
    options = {
        "dict": {
            "runtime_configs": {"volumes": {ro: {"bind": "/ro", "mode": "ro"}, rw: {"bind": "/rw", "mode": "rw"}}}
        },
        "list": {"runtime_configs": {"volumes": [f"{ro}:/ro:ro", f"{rw}:/rw"]}},
        "plain dict": {"runtime_configs": {"volumes": {ro: {"bind": "/ro", "mode": "ro"}, rw: "/rw"}}},
        "mounts": {"runtime_configs": {"mounts": [(ro, "/ro"), (rw, "/rw", "rw")]}},
        "sdk mounts": {
            "runtime_configs": {
                "mounts": [
                    {"Type": "bind", "Source": ro, "Target": "/ro", "ReadOnly": True},
                    {"type": "bind", "source": rw, "target": "/rw", "read_only": False},
                ]
            }
        },
        "argument": {"mounts": [(readable, "/ro"), [rw, "/rw", "rw"]]},
    }[form]
    session = native(**options)
    assert ran(session, "print(open('/ro/file').read(), open('/rw/file').read())") == "readable writable\n"
    assert "Read-only" in session.run("open('/ro/file', 'w')").stderr
    ran(session, "open('/rw/made', 'w').write('x')")
    assert (writable / "made").read_text() == "x" and (readable / "file").read_text() == "readable"


@pytest.mark.parametrize(
    "given",
    [[{"name": "nofile", "soft": 64, "hard": 64}], {"Name": "nofile", "Soft": 64}, [{"name": "nofile", "hard": 64}]],
)
def test_open_files_are_limited(native, given):
    session = native(runtime_configs={"ulimits": given})
    assert session.execute_command("ulimit -n").stdout == "64\n"


def test_sizes_of_files_are_limited(native):
    session = native(runtime_configs={"ulimits": [{"name": "fsize", "soft": 1000}]})
    output = session.run("with open('f', 'wb') as file: file.write(b'x' * 5000)")
    assert not output.success() and session.files.stat("f").size <= 1000


def test_labels_are_told(native):
    session = native(runtime_configs={"labels": {"team": "a", "both": "configs"}})
    assert session.info["labels"] == {"team": "a", "both": "configs"}
    assert native(labels={"team": "b"}).info["labels"] == {"team": "b"}


def test_what_always_holds_may_be_said(native):
    session = native(
        runtime_configs={"network_mode": "none", "network_disabled": True, "read_only": True, "mem_limit": None}
    )
    assert ran(
        session, "import os; print(os.listdir('/sys/class/net') if os.path.exists('/sys/class/net') else ['lo'])"
    ) in ("['lo']\n", "[]\n")


@pytest.mark.parametrize("name, value", [("network_mode", "bridge"), ("network_disabled", False), ("read_only", False)])
def test_what_never_holds_is_refused(name, value):
    with pytest.raises(UnsupportedError, match=name):
        SandboxNativeSession(runtime_configs={name: value})


@pytest.mark.parametrize(
    "name, meant",
    [
        ("mem_limt", "mem_limit"),
        ("enviroment", "environment"),
        ("cpu_quotta", "cpu_quota"),
        ("timeot", "timeout"),
        ("Volumes", "volumes"),
    ],
)
def test_an_unknown_option_is_refused_with_the_nearest(name, meant):
    with pytest.raises(ValidationError, match=f"{name}(?s:.*){meant}"):
        SandboxNativeSession(runtime_configs={name: 1})


def test_options_of_containers_are_refused_as_such():
    names = set(container_option_names()) - set(_NATIVE) - {"cpu_period", "cpu_quota"}
    assert {"privileged", "devices", "cap_add"} <= names
    for name in names:
        with pytest.raises(UnsupportedError, match=f"{name}(?s:.*)docker"):
            SandboxNativeSession(runtime_configs={name: True})


WRONG = {
    "mem_limit": [0, -1, "many", "", "1x", True, 2**70, 1.5, "9" * 400 + "g", [1]],
    "cpu_count": [0, -1, True, "2", float("nan"), float("inf"), 10**400],
    "cpus": [0, -1, True, "2", float("nan"), float("inf"), 10**400],
    "nano_cpus": [0, -1, True, 1.5, "2", 10**400],
    "cpu_quota": [0, -1, True, 1.5, "2", 10**400],
    "cpu_period": [0, -1, True, 1.5, "2", 10**400],
    "pids_limit": [0, -1, True, 1.5, "2", 2**40],
    "disk_limit": [0, -1, "many", True, 2**70],
    "output_limit": [0, -1, "many", True, 2**70],
    "cpu_time": [0, -1, True, "2", float("nan"), float("inf")],
    "environment": [5, "A=1", ["A"], {"A": None}, {5: "x"}, {"A": "\0"}],
    "working_dir": [5, "", "\0", "\ud800", "relative"],
    "volumes": [5, "text", {"relative": "/x"}, {"/tmp": 5}, {"/tmp": {}}, ["/tmp"], ["data:/x"], ["/tmp:/x:z"]],
    "mounts": [5, "text", [5], [("relative", "/x")], [{"type": "volume"}]],
    "ulimits": [
        5,
        "text",
        [{}],
        [{"name": "core", "soft": 1}],
        [{"name": "nofile", "soft": "many"}],
        [{"name": ["x"]}],
    ],
    "labels": [5, ["a=b"], {"a": 1}, {1: "a"}],
    "network_mode": ["host", 5, [1], {}],
    "network_disabled": ["yes", 5, False],
    "read_only": ["yes", 5, 1],
}


def test_every_option_has_wrong_values():
    assert set(WRONG) == set(_NATIVE) | {"cpu_period", "cpu_quota"}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_values_are_refused_by_name(name):
    for value in WRONG[name]:
        configs = {name: value, **({"cpu_quota": 1000} if name == "cpu_period" else {})}
        with pytest.raises((ValidationError, UnsupportedError), match=f"{name}|working directory"):
            SandboxNativeSession(runtime_configs=configs).open()


def test_what_the_caller_gave_is_never_changed(native, tmp_path):
    given = {
        "runtime_configs": {
            "mem_limit": "64m",
            "environment": {"A": "1"},
            "volumes": {str(tmp_path): {"bind": "/v", "mode": "ro"}},
            "mounts": [(str(tmp_path), "/m")],
            "ulimits": [{"name": "nofile", "soft": 64}],
            "labels": {"a": "b"},
            "timeout": 5,
        },
        "env": {"B": "2"},
        "labels": {"c": "d"},
        "mounts": [(str(tmp_path), "/n")],
        "require": ["memory-limit"],
        "runtime_options": ["-B"],
    }
    before = copy.deepcopy(given)
    session = native(**given)
    run = {"args": ["x"], "env": {"C": "3"}, "files": {"f": "x"}}
    run_before = copy.deepcopy(run)
    session.run("print(1)", **run)
    assert given == before and run == run_before
    given["runtime_configs"]["mem_limit"] = "1"
    assert session.config.runtime_configs["mem_limit"] == "64m"


def test_options_besides_take_effect(native):
    assert ran(native(runtime_options=["-O"]), "print(__debug__)") == "False\n"
    assert ran(native("cpp", compiler_options=["-DANSWER=42"]), "int printf(const char *, ...); int main() {}") == ""
    assert native(require=["memory-limit"]).run("print(1)").success()


def test_an_interpreter_may_be_named(native):
    session = native(interpreter="/usr/bin/python3")
    assert session.python_executable_path.startswith("/usr/bin/python3")
    assert session.pip_executable_path == f"{session.python_executable_path} -m pip"
    assert ran(session, "import sys; print(sys.prefix)") == "/usr\n"


def test_two_working_directories_are_one_too_many():
    with pytest.raises(ValidationError, match="workdir and .*working_dir"):
        SandboxNativeSession(workdir="/a", runtime_configs={"working_dir": "/b"})


def test_what_is_said_of_images_there_are_none_of_holds(native):
    assert native(keep_template=True, stream=True).run("print(1)").success()
    with pytest.raises(UnsupportedError, match="commit_container"):
        SandboxNativeSession(commit_container=True)
