"""What sessions say of limits, times and files is in the names that the package has for them."""

from __future__ import annotations

import time

import pytest

from llm_sandbox import AsyncSandboxSession, SandboxSession, SandboxTimeoutError
from llm_sandbox.docker import SandboxDockerSession
from llm_sandbox.exceptions import SessionExpiredError


def hint_of(code, **arguments):
    with SandboxSession(lang="python", backend="native", **arguments) as session:
        return " ".join(session.run(code).hints)


@pytest.mark.parametrize(
    ("code", "configs", "name"),
    [
        ("x = bytearray(200 << 20)", {"mem_limit": "64m"}, "runtime_configs['mem_limit']"),
        ("open('x', 'wb').write(bytes(5 << 20))", {"disk_limit": "1m"}, "runtime_configs['disk_limit']"),
        (
            "import subprocess\nfor _ in range(50): subprocess.Popen(['sleep', '10'])",
            {"pids_limit": 10},
            "runtime_configs['pids_limit']",
        ),
    ],
)
def test_hints_name_what_raises_a_limit(code, configs, name):
    hint = hint_of(code, runtime_configs=configs)
    assert name in hint
    assert "--" not in hint


def test_a_run_that_is_out_of_cpu_time_says_so():
    with SandboxSession(lang="python", backend="native", runtime_configs={"cpu_time": 0.3}) as session:
        with pytest.raises(SandboxTimeoutError, match="CPU time is over") as raised:
            session.run("while True: pass")
    assert "runtime_configs['cpu_time']" in raised.value.hint
    # The wall-clock time that it had is not what ran out.
    assert raised.value.timeout_duration is None
    assert raised.value.result.outcome.limit == "cpu"


def test_an_expired_session_names_the_argument():
    with SandboxSession(lang="python", backend="native", session_timeout=0.3) as session:
        time.sleep(0.5)
        with pytest.raises(SessionExpiredError) as raised:
            session.run("1")
    assert "session_timeout" in raised.value.hint
    assert "extend" not in raised.value.hint


def test_a_file_has_the_path_that_it_was_asked_for_by():
    with SandboxSession(lang="python", backend="native") as session:
        session.files.write("a/b.txt", "x")
        assert session.files.stat("a/b.txt").path == "a/b.txt"
        assert [file.path for file in session.files.list("a")] == ["b.txt"]


@pytest.mark.parametrize(
    ("configs", "known"),
    [
        ({}, {}),
        (
            {"mem_limit": "1g", "cpu_count": 2, "pids_limit": 50},
            {"memory_bytes": 1 << 30, "cpus": 2.0, "processes": 50},
        ),
        ({"nano_cpus": 1_500_000_000}, {"cpus": 1.5}),
        ({"cpu_quota": 50_000, "cpu_period": 100_000}, {"cpus": 0.5}),
        ({"mem_limit": -1, "pids_limit": 0, "cpu_quota": -1}, {"memory_bytes": None, "processes": None}),
    ],
)
def test_options_of_a_container_are_among_its_limits(configs, known):
    usual = {"memory_bytes": 512 << 20, "cpus": 1.0, "processes": 128, "wall_time": 60.0}
    session = SandboxDockerSession(runtime_configs=configs)
    assert session._described.limits(usual) == {**usual, **known}
    assert AsyncSandboxSession("docker", runtime_configs=configs)._described.limits(usual) == {**usual, **known}
