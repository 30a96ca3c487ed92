"""The command line: `python -m llm_sandbox`."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers_of_sessions import descendants, environment_of_programs, eventually


def words(*arguments):
    return [sys.executable, "-X", "dev", "-W", "error", "-m", "llm_sandbox", *arguments]


def ran(*arguments, env=None, **options):
    return subprocess.run(
        words(*arguments),
        env=env or environment_of_programs(),
        capture_output=True,
        text=True,
        timeout=60,
        **({"stdin": subprocess.DEVNULL} if "input" not in options else {}),
        **options,
    )


def test_a_program_is_run():
    program = ran("run", "-l", "python", "-c", "print(6*7)")
    assert (program.stdout, program.stderr, program.returncode) == ("42\n", "", 0)
    assert ran("run", "-c", "print(6*7)").stdout == "42\n"


@pytest.mark.parametrize(
    "arguments, status",
    [
        (["run", "-c", "import sys; sys.exit(3)"], 3),
        (["run", "-c", "import os; os.abort()"], 134),
        (["run", "--timeout", "0.3", "-c", "while True: pass"], 124),
        (["run", "--memory", "32m", "-c", "x = bytearray(100_000_000); x[::4096] = b'x' * len(x[::4096])"], 137),
        (["run", "--policy", "production", "--enforce", "-c", "import os; os.system('id')"], 126),
        (["run", "--nonsense"], 2),
        (["nonsense"], 2),
        (["--help"], 0),
        (["--version"], 0),
    ],
)
def test_statuses_pass_through(arguments, status):
    assert ran(*arguments).returncode == status


def test_streams_and_arguments_pass_through(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import sys; print(sys.argv[1:], sys.stdin.read()); print('err', file=sys.stderr)")
    program = ran("run", str(script), "--", "a b", "ü", "--flag", input="typed")
    assert (program.stdout, program.stderr) == ("['a b', 'ü', '--flag'] typed\n", "err\n")
    report = json.loads(ran("run", "--json", "-c", "print('héllo')").stdout)
    assert report["outcome"]["kind"] == "exited"


def test_bytes_that_are_no_utf_8_pass_through():
    program = subprocess.run(
        [*map(os.fsencode, words("run", "-c", "import os, sys; os.write(1, os.fsencode(sys.argv[1]))", "--")), b"\xff"],
        env=environment_of_programs(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        timeout=60,
    )
    assert program.stdout == b"\xff"


def test_ctrl_c_ends_it_and_what_it_runs():
    program = subprocess.Popen(
        words("run", "-c", "print('up', flush=True)\nwhile True: pass"),
        env=environment_of_programs(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with program:
        assert program.stdout.readline() == "up\n"
        below = descendants(program.pid)
        began = time.monotonic()
        os.killpg(program.pid, signal.SIGINT)
        _, err = program.communicate(timeout=30)
    assert program.returncode in (130, -signal.SIGINT)
    assert time.monotonic() - began < 25 and "Traceback" not in err
    assert eventually(lambda: not any(os.path.exists(f"/proc/{pid}/exe") for pid in below))


@pytest.fixture
def private(tmp_path):
    """An environment with a directory of its own for sessions that live on."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    env = environment_of_programs(XDG_RUNTIME_DIR=str(runtime), HOME=str(tmp_path))
    yield env
    for line in ran("ps", "--json", env=env).stdout.splitlines():
        try:
            ran("kill", json.loads(line)["id"], env=env)
        except (ValueError, KeyError, TypeError):
            continue


def test_a_session_outlives_the_command_that_opened_it(private):
    opened = ran("open", "--name", "work", env=private)
    assert opened.returncode == 0, opened.stderr
    assert ran("exec", "work", "-c", "open('kept', 'w').write('x')", env=private).returncode == 0
    assert ran("exec", "work", "cat", "kept", env=private).stdout == "x"
    assert ran("exec", "work", "-c", "import sys; sys.exit(4)", env=private).returncode == 4
    assert "work" in ran("ps", env=private).stdout
    assert ran("kill", "work", env=private).returncode == 0
    gone = ran("exec", "work", "true", env=private)
    assert gone.returncode not in (0, 4) and "work" in gone.stderr
    assert not list(Path(private["XDG_RUNTIME_DIR"]).glob("**/*.sock"))


def test_the_program_of_the_package_is_the_same():
    code = "import sys\nfrom llm_sandbox.__main__ import main\n"
    code += "sys.argv[1:] = ['run', '-c', 'print(6*7)']\nsys.exit(main())"
    program = subprocess.run(
        [sys.executable, "-c", code], env=environment_of_programs(), capture_output=True, text=True, timeout=60
    )
    assert (program.stdout, program.returncode) == ("42\n", 0)
