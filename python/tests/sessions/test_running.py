"""Programs that are run, and what comes back."""

import math
import shutil

import pytest

from llm_sandbox.const import SupportedLanguage
from llm_sandbox.data import ConsoleOutput, Outcome
from llm_sandbox.exceptions import LibraryInstallationNotSupportedError, NotOpenSessionError, ValidationError
from llm_sandbox.native import SandboxNativeSession


def test_a_program_prints_to_both_streams(session):
    output = session.run("import sys; print(6 * 7); print('oh', file=sys.stderr)")
    assert output == ConsoleOutput(0, "oh\n", "42\n")
    assert output.success() and output.text() == "42\n"
    assert output.outcome == Outcome("exited", code=0)


def test_usage_is_measured(session):
    usage = session.run("data = bytearray(20_000_000); data[::4096] = data[::4096]; print(len(data))").usage
    assert 0 < usage.wall < 60 and usage.user >= 0 and usage.system >= 0
    assert usage.peak_memory_bytes > 19_000_000 and usage.peak_processes >= 1 and usage.output_bytes == 9


@pytest.mark.parametrize(
    "code, status, kind",
    [
        ("import sys; sys.exit(3)", 3, "exited"),
        ("import sys; sys.exit(255)", 255, "exited"),
        ("1 / 0", 1, "exited"),
        ("this is no Python", 1, "exited"),
        ("import os; os.abort()", 134, "signalled"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", 139, "signalled"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", 143, "signalled"),
        ("import os; os._exit(0)", 0, "exited"),
    ],
)
def test_a_status_is_what_a_shell_would_give(session, code, status, kind):
    output = session.run(code)
    assert (output.exit_code, output.outcome.kind) == (status, kind)
    assert output.success() == (status == 0)


def test_an_error_of_the_program_is_shown_with_its_place(session):
    stderr = session.run("\n\n1 / 0").stderr
    assert "line 3" in stderr and "ZeroDivisionError" in stderr


def test_out_of_memory_is_told_apart_from_a_kill(native):
    session = native(runtime_configs={"mem_limit": "64m"})
    output = session.run("data = bytearray(200_000_000); data[::4096] = b'x' * len(data[::4096]); print(1)")
    assert (output.exit_code, output.outcome.kind) == (137, "out-of-memory")
    assert output.hints and "memory" in output.hints[0]
    assert session.run("print('still here')").stdout == "still here\n"


def test_a_kill_by_the_program_itself_is_its_own(session):
    output = session.run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert (output.exit_code, output.outcome) == (137, Outcome("signalled", signal=9))


def test_what_never_starts_says_why(session):
    output = session.run("print(1)", workdir="/sandbox/absent")
    assert (output.exit_code, output.outcome.kind, output.stdout) == (127, "never-started", "")
    assert "/sandbox/absent" in output.stderr


@pytest.mark.skipif(shutil.which("g++") is None, reason="no g++ on this machine")
def test_a_compiler_that_is_not_content_says_why(native):
    output = native("cpp").run("int main() { return x; }")
    assert (output.exit_code, output.outcome.kind) == (1, "compile-failed")
    assert "'x' was not declared" in output.stderr.replace("‘", "'").replace("’", "'")


def test_standard_input_is_text_or_bytes_and_empty_by_default(session):
    code = "import sys; print(sys.stdin.buffer.read())"
    assert session.run(code, stdin="héllo\n").stdout == "b'h\\xc3\\xa9llo\\n'\n"
    assert session.run(code, stdin=b"\xff\0x").stdout == "b'\\xff\\x00x'\n"
    assert session.run(code, stdin=memoryview(b"abcdef")[::2]).stdout == "b'ace'\n"
    assert session.run(code).stdout == session.run(code, stdin="").stdout == "b''\n"


def test_large_standard_input_arrives_whole(session):
    code = "import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())"
    import hashlib

    data = bytes(range(256)) * 20_000
    assert session.run(code, stdin=data).stdout.strip() == hashlib.sha256(data).hexdigest()
    assert session.run("print('I read nothing')", stdin=data).stdout == "I read nothing\n"


def test_arguments_are_passed_as_they_are(session):
    given = ["a b", "", "$HOME", "--flag", "'\"", "ünï", "x" * 10_000, "\n"]
    assert session.run("import sys; print(sys.argv[1:])", args=given).stdout == f"{given}\n"
    assert session.run("import os, sys; print(os.fsencode(sys.argv[1]))", args=[b"\xff"]).stdout == "b'\\xff'\n"
    assert session.run("import os, sys; print(os.fsencode(sys.argv[1]))", args=["\udcff"]).stdout == "b'\\xff'\n"


def test_the_environment_is_the_sessions_and_the_runs(native, monkeypatch):
    monkeypatch.setenv("OF_THE_HOST", "secret")
    session = native(env={"A": "session", "B": "session"})
    code = "import os; print(*(os.environ.get(name) for name in ('A', 'B', 'C', 'OF_THE_HOST')))"
    assert session.run(code, env={"B": "run", "C": "ü \n="}).stdout == "session run ü \n= None\n"
    assert session.run(code).stdout == "session session None None\n"
    assert session.execute_command("printenv A").stdout == "session\n"


def test_files_are_written_before_the_run(session):
    files = {"deep/er/data.bin": b"\xff\0", "ünï.txt": "text", "/tmp/absolute": bytearray(b"x")}
    code = "print(*[open(name, 'rb').read() for name in ('deep/er/data.bin', 'ünï.txt', '/tmp/absolute')])"
    assert session.run(code, files=files).stdout == "b'\\xff\\x00' b'text' b'x'\n"
    assert session.run("import shapes; print(shapes.SIDES)", files={"shapes.py": "SIDES = 4"}).stdout == "4\n"


def test_a_working_directory_may_be_any_that_is_there(session):
    code = "import os; print(os.getcwd())"
    assert session.run(code).stdout == "/sandbox\n"
    assert session.run(code, workdir="/tmp").stdout == "/tmp\n"
    session.files.make_directory("inner")
    assert session.run(code, workdir="inner").stdout == "/sandbox/inner\n"


def test_a_session_may_work_elsewhere(native):
    session = native(workdir="/data/work")
    assert session.run("import os; print(os.getcwd())").stdout == "/data/work\n"
    session.files.write("here", "x")
    assert session.execute_command("cat /data/work/here").stdout == "x"


def test_files_stay_between_runs_and_nothing_else_does(session):
    session.run("open('kept', 'w').write('x'); value = 1; import os; os.environ['SET'] = '1'; os.chdir('/tmp')")
    output = session.run("import os; print(open('kept').read(), 'value' in globals(), os.environ.get('SET'))")
    assert output.stdout == "x False None\n"


def test_bytes_are_a_program_too_if_they_are_utf_8(session):
    assert session.run("print('ü')".encode()).stdout == "ü\n"
    with pytest.raises(ValidationError, match="code: it is not UTF-8"):
        session.run("print('ü')".encode("latin-1"))


def test_a_subclass_of_str_is_a_string(native):
    class Text(str):
        def encode(self, *_arguments):
            raise RuntimeError("it is not asked")

        def __str__(self):
            raise RuntimeError("it is not asked")

        __repr__ = __str__

    session = native(Text("python"), env={Text("A"): "1"})
    output = session.run(
        Text("import sys; print(sys.argv[1:], sys.stdin.read(), open('f').read())"),
        args=[Text("a")],
        stdin=Text("in"),
        files={Text("f"): Text("content")},
        env={Text("A"): Text("2")},
    )
    assert output.stdout == "['a'] in content\n", output.stderr


def test_libraries_are_refused_with_what_can_be_done(session):
    with pytest.raises(LibraryInstallationNotSupportedError, match="numpy"):
        session.run("print(1)", libraries=["numpy"])
    with pytest.raises(LibraryInstallationNotSupportedError):
        session.install(["numpy"])
    session.install([])
    assert session.run("print(1)", libraries=[]).stdout == "1\n"


def test_a_run_tells_its_session_what_it_was(session):
    session.run("print('abc')")
    session.run("1 / 0")
    info = session.info
    assert (info["id"], info["backend"], info["language"]) == (session.id, "native", "python")
    assert (info["runs_begun"], info["runs_ended"], info["runs_live"], info["is_over"]) == (2, 2, 0, False)
    assert len(session.id) == 16 and int(session.id, 16) >= 0
    assert session.limits["wall_time"] == 60.0
    assert {each["strength"] for each in session.capabilities["assurances"]} == {"enforced"}


def test_what_only_an_open_session_has_needs_one():
    session = SandboxNativeSession()
    uses = [
        lambda: session.run("print(1)"),
        lambda: session.execute_command("true"),
        lambda: session.execute_commands(["true"]),
        lambda: session.files,
        lambda: session.copy_to_runtime("/etc/hostname", "x"),
        lambda: session.copy_from_runtime("x", "/tmp/x"),
        lambda: session.get_archive("."),
        lambda: session.install(["x"]),
        lambda: session.id,
        lambda: session.info,
        lambda: session.limits,
        lambda: session.capabilities,
        lambda: session.python_executable_path,
    ]

    def all_refuse():
        for use in uses:
            with pytest.raises(NotOpenSessionError, match="open"):
                use()

    all_refuse()
    session.open()
    files = session.files
    session.close()
    all_refuse()
    with pytest.raises(NotOpenSessionError):
        files.read("main.py")


def test_opening_and_closing_twice_is_once():
    session = SandboxNativeSession()
    session.close()
    assert not session.is_open and "closed" in repr(session)
    session.open()
    first = session.id
    session.open()
    assert session.id == first and first in repr(session)
    session.close()
    session.close()
    with session:
        assert session.id != first
        assert session.run("print(1)").stdout == "1\n"


def test_many_threads_that_open_one_session_open_one(native):
    from concurrent.futures import ThreadPoolExecutor

    session = SandboxNativeSession()
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: session.open(), range(8)))
            assert len(set(pool.map(lambda _: session.id, range(8)))) == 1
        assert session.run("print(1)").stdout == "1\n"
    finally:
        session.close()


def test_a_failure_within_the_block_closes_the_session():
    with pytest.raises(KeyError):
        with SandboxNativeSession() as session:
            raise KeyError("x")
    assert not session.is_open


def test_code_is_bounded(session):
    with pytest.raises(ValidationError, match="code.*100000000 bytes"):
        session.run("#" * 100_000_000)
    assert session.run("#" * 10_000_000 + "\nprint(1)").stdout == "1\n"


def test_output_beyond_the_cap_keeps_both_ends(native):
    session = native(runtime_configs={"output_limit": 1000})
    output = session.run("print('a' * 600 + 'b' * 5000 + 'c' * 600, end='')")
    assert output.stdout.startswith("a" * 100) and output.stdout.endswith("c" * 100)
    assert output.stdout_truncated == 6200 - 1000
    assert f"[{output.stdout_truncated} bytes omitted]" in output.stdout
    assert output.stderr_truncated == 0


def test_endless_is_a_time(session):
    assert session.run("print(1)", timeout=math.inf).stdout == "1\n"


LANGUAGES = {
    "python": ("python3", "print(6 * 7)"),
    "javascript": ("node", "console.log(6 * 7)"),
    "java": ("java", "public class Main { public static void main(String[] a) { System.out.println(6 * 7); } }"),
    "cpp": ("g++", '#include <iostream>\nint main() { std::cout << 6 * 7 << "\\n"; }'),
    "go": ("go", 'package main\nimport "fmt"\nfunc main() { fmt.Println(6 * 7) }'),
    "ruby": ("ruby", "puts 6 * 7"),
    "r": ("Rscript", "cat(6 * 7, '\\n', sep = '')"),
}


@pytest.mark.parametrize("language", [language.value for language in SupportedLanguage])
def test_every_language_runs(language):
    program, code = LANGUAGES[language]
    if shutil.which(program) is None:
        pytest.skip(f"this machine has no {program}")
    with SandboxNativeSession(language, default_timeout=110) as session:
        output = session.run(code)
        assert (output.stdout, output.exit_code) == ("42\n", 0), output
        assert session.language_handler.name == language


@pytest.mark.parametrize("alias, language", [("py", "python"), ("JS", "javascript"), (SupportedLanguage.RUBY, "ruby")])
def test_languages_have_other_names(alias, language):
    assert SandboxNativeSession(alias).config.lang.value == language
