"""Sessions in containers, on the engines that LLM_SANDBOX_TEST_BACKENDS names."""

import asyncio
import io
import json
import os
import subprocess
import tarfile
import threading
import uuid

import pytest
from helpers_of_sessions import eventually

from llm_sandbox import (
    ArtifactSandboxSession,
    AsyncSandboxSession,
    SandboxTimeoutError,
    ValidationError,
    create_session,
    run_many,
)
from llm_sandbox.exceptions import ContainerError, ImageNotFoundError, ImagePullError, SandboxError

IMAGE = os.environ.get("LLM_SANDBOX_TEST_IMAGE", "llm-sandbox-test:base")
NAMED = os.environ.get("LLM_SANDBOX_TEST_BACKENDS", "native").replace(" ", "").split(",")
# The configuration of the service beside it, which Podman's own client needs, too.
CLIENT_ENVIRONMENT = {**os.environ, "CONTAINERS_CONF": "/var/cache/llm-sandbox-tests/containers.conf"}
# As `micromamba run -n NAME PROGRAM...`: no registry in reach has micromamba.
MICROMAMBA = """#!/bin/sh
[ "$1" = run ] && [ "$2" = -n ] || exit 64
prefix=$MAMBA_ROOT_PREFIX
[ "$3" = base ] || prefix=$MAMBA_ROOT_PREFIX/envs/$3
name=$3
shift 3
CONDA_DEFAULT_ENV=$name CONDA_PREFIX=$prefix PATH=$prefix/bin:$PATH exec "$@"
"""


@pytest.fixture(params=["docker", "podman"])
def engine(request):
    if request.param not in NAMED:
        pytest.skip(f"LLM_SANDBOX_TEST_BACKENDS does not name {request.param}")
    return request.param


@pytest.fixture
def docker():
    if "docker" not in NAMED:
        pytest.skip("LLM_SANDBOX_TEST_BACKENDS does not name docker")
    return "docker"


def client(engine, *arguments, **options):
    """Runs the engine's own client."""
    done = subprocess.run(
        [engine, *arguments], env=CLIENT_ENVIRONMENT, capture_output=True, text=True, timeout=100, check=True, **options
    )
    return done.stdout.strip()


@pytest.fixture
def label():
    return f"llm-sandbox-pytest-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def shown(tmp_path):
    """A directory that the code's user may enter, as it may not those of pytest."""
    directory = tmp_path / "shown"
    directory.mkdir()
    directory.chmod(0o755)
    return directory


def containers(engine, label):
    return client(engine, "ps", "-aq", "--filter", f"label={label}").split()


def test_a_program_is_run_and_the_container_is_gone(engine, label):
    with create_session(engine, image=IMAGE, runtime_configs={"labels": {label: "1"}}) as session:
        output = session.run("import sys; print(sys.argv[1:], sys.stdin.read()); sys.exit(3)", args=["a b"], stdin="in")
        assert (output.stdout, output.exit_code) == ("['a b'] in\n", 3)
        pieces = []
        session.run("print('ü' * 10)", on_stdout=pieces.append)
        assert "".join(pieces) == "ü" * 10 + "\n"
        assert session.execute_command("echo one; echo two").stdout == "one\ntwo\n"
        with pytest.raises(SandboxTimeoutError) as raised:
            session.run("print(1, flush=True)\nwhile True: pass", timeout=1)
        assert raised.value.result.stdout == "1\n"
        assert session.run("print('on')").stdout == "on\n"
        assert session.info["backend"] == engine
        assert len(containers(engine, label)) == 1
    assert containers(engine, label) == []


def test_files_are_written_read_and_copied(engine, tmp_path):
    with create_session(engine, image=IMAGE) as session:
        session.files.write("deep/ünï", b"\xff\0")
        assert session.files.read("deep/ünï") == b"\xff\0"
        (tmp_path / "tree").mkdir()
        (tmp_path / "tree" / "file").write_text("x")
        session.copy_to_runtime(tmp_path / "tree", "tree")
        session.copy_from_runtime("tree", tmp_path / "back")
        assert (tmp_path / "back" / "file").read_text() == "x"
        session.run("import os; os.symlink('/etc/passwd', 'tree/link'); os.chmod('tree/file', 0o640)")
        with tarfile.open(fileobj=io.BytesIO(session.get_archive("tree")[0])) as tar:
            entries = {entry.name: entry for entry in tar.getmembers()}
        assert entries["tree/link"].issym() and entries["tree/file"].mode & 0o777 == 0o640
        with pytest.raises(FileNotFoundError):
            session.files.read("absent")


def test_options_are_those_of_the_sdk(engine, shown, label):
    (shown / "file").write_text("of the host")
    configs = {
        "mem_limit": "256m",
        "cpu_quota": 50_000,
        "cpu_period": 100_000,
        "pids_limit": 64,
        "environment": {"A": "1"},
        "volumes": {str(shown): {"bind": "/data", "mode": "ro"}},
        "labels": {label: "configs"},
        "network_mode": "none",
        "timeout": 30,
    }
    before = json.dumps(configs)
    with create_session(engine, image=IMAGE, runtime_configs=configs, env={"B": "2"}) as session:
        code = "import os; print(os.environ['A'], os.environ['B'], open('/data/file').read())"
        assert session.run(code).stdout == "1 2 of the host\n"
        assert "Read-only" in session.run("open('/data/made', 'w')").stderr
        [container] = json.loads(client(engine, "inspect", *containers(engine, label)))
        assert container["HostConfig"]["Memory"] >= 256 << 20
        assert session.limits["wall_time"] == 30.0
    assert json.dumps(configs) == before


def test_wrong_options_are_refused_before_an_engine_is_asked(engine):
    with pytest.raises(ValidationError, match="mem_limt(?s:.*)mem_limit"):
        create_session(engine, image=IMAGE, runtime_configs={"mem_limt": "1g"})


def test_mounts_are_those_of_the_sdk(engine, shown):
    (shown / "file").write_text("x")
    mounts = [{"Type": "bind", "Source": str(shown), "Target": "/data", "ReadOnly": True}]
    with create_session(engine, image=IMAGE, mounts=mounts) as session:
        assert session.run("print(open('/data/file').read())").stdout == "x\n"


def test_a_container_that_is_there_is_entered_and_left(engine):
    container = client(engine, "run", "-d", "--network", "none", IMAGE, "sleep", "600")
    try:
        with create_session(engine, container_id=container) as session:
            session.run("open('/tmp/made', 'w').write('x')")
            assert session.execute_command("cat /tmp/made").stdout == "x"
        assert client(engine, "inspect", "--format", "{{.State.Running}}", container) == "true"
    finally:
        client(engine, "rm", "-f", container)


def test_files_are_kept_as_an_image_of_a_name(engine):
    name = f"llm-sandbox-pytest:{uuid.uuid4().hex[:12]}"
    try:
        with create_session(engine, image=IMAGE, commit_container=True, commit_image_tag=name) as session:
            session.run("open('/sandbox/kept', 'w').write('x')")
        with create_session(engine, image=name) as session:
            assert session.run("print(open('/sandbox/kept').read())").stdout == "x\n"
    finally:
        subprocess.run([engine, "rmi", "-f", name], env=CLIENT_ENVIRONMENT, capture_output=True, timeout=60)


def test_keeping_needs_a_name(engine):
    with pytest.raises(ValidationError, match="commit_image_tag"):
        create_session(engine, image=IMAGE, commit_container=True)


def test_an_image_of_ones_own_is_built(engine, tmp_path):
    (tmp_path / "Dockerfile").write_text(f"FROM {IMAGE}\nCOPY data /data\n")
    (tmp_path / "data").write_text("built")
    with create_session(engine, dockerfile=str(tmp_path / "Dockerfile")) as session:
        assert session.run("print(open('/data').read())").stdout == "built\n"


def test_an_image_that_is_absent_is_told(engine):
    with pytest.raises((ImageNotFoundError, ImagePullError), match="no-such-image"):
        create_session(engine, image="127.0.0.1:1/no-such-image:1").open()


def test_a_container_that_is_absent_is_told(engine):
    with pytest.raises(SandboxError, match="no-such-container"):
        create_session(engine, container_id="no-such-container").open()


def test_an_engine_that_is_absent_is_told(engine, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST" if engine == "docker" else "CONTAINER_HOST", "unix:///no/such.sock")
    with pytest.raises(ContainerError, match="no/such.sock"):
        create_session(engine, image=IMAGE).open()


def test_a_client_of_an_sdk_names_the_engine(engine, monkeypatch):
    if engine == "docker":
        sdk = pytest.importorskip("docker", reason="the Docker SDK for Python is not installed")
        made = sdk.from_env()
    else:
        sdk = pytest.importorskip("podman", reason="podman-py is not installed")
        made = sdk.PodmanClient(base_url="unix:///run/podman/podman.sock")
    monkeypatch.setenv("DOCKER_HOST" if engine == "docker" else "CONTAINER_HOST", "unix:///no/such.sock")
    try:
        with create_session(engine, client=made, image=IMAGE) as session:
            assert session.run("print(6 * 7)").stdout == "42\n"
    finally:
        made.close()


def test_sessions_are_awaited_and_cancelled(engine):
    async def scenario():
        async with AsyncSandboxSession(engine, image=IMAGE) as session:
            assert (await session.run("print(1)", on_stdout=str)).stdout == "1\n"
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(session.run("while True: pass"), 0.5)
            assert (await session.run("print('on')")).stdout == "on\n"

    asyncio.run(scenario())


def test_many_programs_are_run(engine):
    results = run_many([f"print({n})" for n in range(4)], backend=engine, image=IMAGE, concurrency=2)
    assert sorted(each.output.stdout for each in results) == ["0\n", "1\n", "2\n", "3\n"]


def test_pictures_are_taken(engine):
    code = "import os; os.makedirs('/tmp/sandbox_plots'); open('/tmp/sandbox_plots/1.svg', 'w').write('<svg/>')"
    with ArtifactSandboxSession(engine, image=IMAGE) as session:
        assert len(session.run(code).plots) == 1


def test_a_session_that_is_dropped_takes_its_container_along(engine, label):
    session = create_session(engine, image=IMAGE, runtime_configs={"labels": {label: "1"}})
    session.open()
    assert len(containers(engine, label)) == 1
    del session
    assert eventually(lambda: not containers(engine, label), within=30)


def test_a_forked_child_leaves_its_parents_container_alone(engine):
    with create_session(engine, image=IMAGE) as session:
        session.run("open('kept', 'w').write('x')")
        pid = os.fork()
        if pid == 0:
            try:
                session.run("print(1)")
            except SandboxError as error:
                os._exit(0 if type(error).__name__ == "ForkedError" else 1)
            os._exit(2)
        assert os.waitpid(pid, 0)[1] == 0
        assert session.run("print(open('kept').read())").stdout == "x\n"


def test_threads_share_a_session(engine):
    with create_session(engine, image=IMAGE) as session:
        outputs = []
        threads = [
            threading.Thread(target=lambda n=n: outputs.append(session.run(f"print({n})").stdout)) for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(outputs) == ["0\n", "1\n", "2\n", "3\n"]


def test_environments_of_micromamba_are_used(docker, tmp_path):
    name = f"llm-sandbox-pytest:{uuid.uuid4().hex[:12]}"
    (tmp_path / "micromamba").write_text(MICROMAMBA)
    recipe = (
        f"FROM {IMAGE}\nENV MAMBA_ROOT_PREFIX=/opt/conda\nCOPY micromamba /usr/local/bin/micromamba\n"
        "RUN chmod 755 /usr/local/bin/micromamba && mkdir -p /opt/conda/bin /opt/conda/envs/other/bin"
        " && ln -s /usr/bin/python3 /opt/conda/envs/other/bin/python3\n"
    )
    (tmp_path / "Dockerfile").write_text(recipe)
    client(docker, "build", "-q", "-t", name, str(tmp_path))
    try:
        for environment in ("other", "base"):
            with create_session("micromamba", image=name, environment=environment) as session:
                code = "import os; print(os.environ['CONDA_DEFAULT_ENV'])"
                assert session.run(code).stdout == f"{environment}\n"
    finally:
        client(docker, "rmi", "-f", name)
