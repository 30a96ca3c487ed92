"""Language handlers that users write, and sessions that take what programs draw."""

import asyncio
import base64
import io
import math
import re
import tarfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from llm_sandbox import (
    ArtifactSandboxSession,
    AsyncSandboxSession,
    ContainerProtocol,
    ExecutionResult,
    FileType,
    PlotOutput,
    SandboxTimeoutError,
)
from llm_sandbox.exceptions import LanguageNotSupportPlotError
from llm_sandbox.language_handlers import LanguageHandlerFactory, PythonHandler
from llm_sandbox.native import SandboxNativeSession

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def register():
    """Gives Python a handler until the test is over."""
    before = dict(LanguageHandlerFactory._handlers)
    yield lambda handler, language="python": LanguageHandlerFactory.register_handler(language, handler)
    with LanguageHandlerFactory._lock:
        LanguageHandlerFactory._handlers.clear()
        LanguageHandlerFactory._handlers.update(before)


def test_commands_of_a_handler_are_run(register, native):
    seen = []

    class Handler(PythonHandler):
        def get_execution_commands(self, code_file, runtime_context=None):
            seen.append((code_file, runtime_context.workdir, runtime_context.python_executable_path))
            python = runtime_context.python_executable_path
            return [f"echo first > trace; {python} -m py_compile {code_file}", f"{python} -O {code_file}"]

    register(Handler)
    session = native()
    output = session.run("import sys; print(__debug__, sys.argv[1:])", args=["a b", "$c", "ü"])
    assert output.stdout == "False ['a b', '$c', 'ü']\n", output
    [(file, *context)] = seen
    assert re.fullmatch(r"/sandbox/code-[0-9a-f]{8}\.py", file)
    assert context == ["/sandbox", session.python_executable_path]
    assert session.files.read_text("trace") == "first\n"
    pieces = []
    code = "import os, sys; print(sys.stdin.read(), os.environ['A'], open('f').read(), os.getcwd())"
    output = session.run(
        code, stdin="in", env={"A": "1"}, files={"/tmp/f": "x"}, workdir="/tmp", on_stdout=pieces.append
    )
    assert "".join(pieces) == output.stdout == "in 1 x /tmp\n", output
    failed = session.run("this is no Python")
    assert not failed.success() and "SyntaxError" in failed.stderr
    with pytest.raises(SandboxTimeoutError):
        session.run("while True: pass", timeout=0.3)


def test_commands_of_a_handler_are_run_in_event_loops_too(register):
    class Handler(PythonHandler):
        def __init__(self, logger=None):
            super().__init__(logger)
            self.config.execution_commands = ["python3 -O {file}"]

        def get_execution_commands(self, code_file, runtime_context=None):
            return [f"{runtime_context.python_executable_path} -O {code_file}"]

    register(Handler)

    async def scenario():
        async with AsyncSandboxSession("native") as session:
            pieces = []
            output = await session.run("print(__debug__)", on_stdout=pieces.append)
            assert "".join(pieces) == output.stdout == "False\n"

    asyncio.run(scenario())


def test_a_handler_without_commands_of_its_own_changes_no_run(register, native):
    class Handler(PythonHandler):
        pass

    register(Handler)
    session = native()
    assert session.run("print(__file__)").stdout == "/sandbox/main.py\n"
    assert isinstance(session.language_handler, Handler)


def test_a_session_is_what_handlers_ask_for(session):
    assert isinstance(session, ContainerProtocol)
    handler = session.language_handler
    assert handler.extract_plots(session, "/tmp/sandbox_plots") == []
    session.files.write("/tmp/sandbox_plots/b.png", PIXEL)
    session.files.write("/tmp/sandbox_plots/a.svg", "<svg/>")
    session.files.write("/tmp/sandbox_plots/notes.txt", "no picture")
    session.run("import os; os.symlink('/etc/passwd', '/tmp/sandbox_plots/c.png')")
    plots = handler.extract_plots(session, "/tmp/sandbox_plots")
    assert [plot.format for plot in plots] == [FileType.SVG, FileType.PNG]
    assert base64.b64decode(plots[1].content_base64) == PIXEL


def test_every_method_of_a_handler_is_called(register):
    called = []

    class Handler(PythonHandler):
        def inject_plot_detection_code(self, code):
            called.append("inject")
            return "print('injected')\n" + super().inject_plot_detection_code(code)

        def extract_plots(self, container, output_dir):
            called.append("extract")
            assert isinstance(container, ContainerProtocol)
            with tarfile.open(fileobj=io.BytesIO(container.get_archive("/sandbox")[0])) as tar:
                assert "sandbox/main.py" in tar.getnames()
            assert container.execute_command("echo ok").stdout == "ok\n"
            return [PlotOutput(FileType.PNG, "AAAA"), *super().extract_plots(container, output_dir)]

        def run_with_artifacts(self, container, code, **options):
            called.append("run")
            return super().run_with_artifacts(container, code, **options)

    register(Handler)
    with ArtifactSandboxSession("native") as session:
        result = session.run("print('program')")
    assert called == ["run", "inject", "extract"]
    assert isinstance(result, ExecutionResult)
    assert (result.stdout, [plot.content_base64 for plot in result.plots]) == ("injected\nprogram\n", ["AAAA"])


def test_pictures_are_taken_and_cleared():
    code = "import os; os.makedirs('/tmp/sandbox_plots', exist_ok=True)\n"
    code += f"open('/tmp/sandbox_plots/NAME', 'wb').write({PIXEL!r})"
    with ArtifactSandboxSession("native") as session:
        assert session.run("print(1)").plots == []
        assert len(session.run(code.replace("NAME", "1.png")).plots) == 1
        assert len(session.run(code.replace("NAME", "2.png")).plots) == 2
        assert len(session.run(code.replace("NAME", "3.png"), clear_plots=True).plots) == 1
        session.clear_plots()
        session.clear_plots()
        assert session.run("print(1)").plots == []


def test_a_session_with_pictures_is_a_session():
    with ArtifactSandboxSession("native", env={"A": "1"}, default_timeout=30) as session:
        assert session.is_open and session.id and session.config.get_execution_timeout() == 30
        pieces = []
        result = session.run(
            "import os, sys; print(os.environ['A'], sys.argv[1:])", args=["x"], on_stdout=pieces.append
        )
        assert "".join(pieces) == result.stdout == "1 ['x']\n"
        assert (result.exit_code, result.outcome.kind) == (0, "exited") and result.usage.wall > 0
        assert session.execute_command("echo a").stdout == "a\n"
        session.files.write("f", "x")
        with pytest.raises(SandboxTimeoutError):
            session.run("while True: pass", timeout=0.2)
        assert session.run("1 / 0").exit_code == 1
        with pytest.raises(AttributeError):
            session.unheard_of
    assert not session.is_open and "SandboxNativeSession" in repr(session)


def test_languages_without_pictures_say_so():
    with ArtifactSandboxSession("native", lang="cpp") as session:
        with pytest.raises(LanguageNotSupportPlotError, match="cpp"):
            session.run("int main() {}")
    with ArtifactSandboxSession("native", lang="javascript", enable_plotting=False) as session:
        assert session.run("console.log(1)").stdout == "1\n"


def test_a_handler_that_fails_fails_the_run_and_not_the_session(register):
    class Handler(PythonHandler):
        def extract_plots(self, container, output_dir):
            raise KeyError("of the handler")

    register(Handler)
    with ArtifactSandboxSession("native") as session:
        with pytest.raises(KeyError, match="of the handler"):
            session.run("print(1)")
        assert session.execute_command("echo on").stdout == "on\n"


def test_a_logger_is_told_what_a_verbose_session_does(caplog):
    import logging

    with caplog.at_level(logging.INFO, logger="mine"):
        with SandboxNativeSession(verbose=True, logger=logging.getLogger("mine")) as session:
            number = session.id
        with SandboxNativeSession(logger=logging.getLogger("mine")):
            pass
    assert [number in record.getMessage() for record in caplog.records] == [False, True, True]


def test_a_logger_is_told_of_runs_commands_and_copies(caplog, tmp_path):
    import logging

    (tmp_path / "here").write_text("x")
    with caplog.at_level(logging.INFO), SandboxNativeSession(verbose=True) as session:
        caplog.clear()
        session.run("print(1)")
        session.execute_command(["echo", "2"])
        session.copy_to_runtime(tmp_path / "here", "there")
        session.copy_from_runtime("there", tmp_path / "back")
        told = [record.getMessage() for record in caplog.records]
    assert told == [
        "running a program of 8 bytes",
        "running the command ['echo', '2']",
        f"copying {tmp_path / 'here'} to there in the sandbox",
        f"copying there of the sandbox to {tmp_path / 'back'}",
    ]


class Waiting(PythonHandler):
    """Lets its runs overlap."""

    def get_execution_commands(self, code_file, runtime_context=None):
        return ["sleep 0.2", f"python3 {code_file}"]


def test_overlapping_runs_of_a_handler_are_each_of_their_own_program(native):
    session = native()
    session.language_handler = Waiting()
    with ThreadPoolExecutor(4) as pool:
        outputs = list(pool.map(lambda number: session.run(f"print({number})").stdout, range(4)))
    assert outputs == ["0\n", "1\n", "2\n", "3\n"]
    assert session.files.list() == []


def test_overlapping_runs_of_a_handler_in_an_event_loop():
    async def main():
        async with AsyncSandboxSession("native") as session:
            session.language_handler = Waiting()
            outputs = await asyncio.gather(*(session.run(f"print({number})") for number in range(4)))
            return [each.stdout for each in outputs], await session.files.list()

    assert asyncio.run(main()) == (["0\n", "1\n", "2\n", "3\n"], [])


def test_the_time_of_a_run_is_that_of_all_its_commands(native):
    class Handler(PythonHandler):
        def get_execution_commands(self, code_file, runtime_context=None):
            return ["sleep 0.5"] * 4

    session = native(default_timeout=1.2)
    session.language_handler = Handler()
    with pytest.raises(SandboxTimeoutError, match="0.8 seconds"):
        session.run("pass", timeout=0.8)
    with pytest.raises(SandboxTimeoutError, match="1.2 seconds"):
        session.run("pass")
    assert session.run("pass", timeout=math.inf).success()


def test_a_handler_that_was_given_another_method_is_asked(native):
    session = native()
    session.language_handler.get_execution_commands = lambda code_file, runtime_context=None: ["echo another"]
    assert session.run("print(1)").stdout == "another\n"


@pytest.mark.parametrize(
    "hostile",
    [
        "open('/tmp/sandbox_plots/a.png', 'w').truncate(1 << 30)",
        "os.chmod('/tmp/sandbox_plots', 0)",
    ],
    ids=["a file that says it is large", "a directory that nobody may read"],
)
def test_code_cannot_spoil_a_session_by_what_it_draws(hostile, caplog):
    with ArtifactSandboxSession("native") as session:
        result = session.run(f"import os; os.makedirs('/tmp/sandbox_plots'); {hostile}; print('ran')")
        assert (result.stdout, result.plots) == ("ran\n", [])
        assert "plots in /tmp/sandbox_plots were not read" in caplog.text
        assert session.run("print('again')", clear_plots=True).stdout == "again\n"
