"""Commands that are run in a sandbox."""

import asyncio

import pytest

from llm_sandbox import AsyncSandboxSession
from llm_sandbox.exceptions import CommandEmptyError, SandboxTimeoutError


def test_plain_words_are_a_program_and_its_arguments(session):
    assert session.execute_command("echo  one\ttwo ").stdout == "one two\n"
    assert session.execute_command("/bin/echo three").stdout == "three\n"


def test_plain_words_need_no_shell(session):
    parent = "import os; print(open(f'/proc/{os.getppid()}/comm').read())"
    session.files.write("parent.py", parent)
    direct = session.execute_command("python3 parent.py").stdout
    assert "sh" not in direct.split()


def test_blanks_that_a_shell_does_not_know_are_parts_of_words(session):
    assert session.execute_command("echo a\u00a0b c\u2003d").stdout == "a\u00a0b c\u2003d\n"
    assert session.execute_command("echo a\x0bb").stdout == "a\x0bb\n"


@pytest.mark.parametrize(
    "line, printed",
    [
        ("echo one; echo two", "one\ntwo\n"),
        ("echo $((6 * 7))", "42\n"),
        ("printf '%s-' a 'b c'", "a-b c-"),
        ("echo one | tr a-z A-Z", "ONE\n"),
        ("cd /tmp && pwd", "/tmp\n"),
        ("echo first\necho second", "first\nsecond\n"),
        ("X=1 sh -c 'echo $X'", "1\n"),
        ("if true; then echo yes; fi", "yes\n"),
        ("# only a comment", ""),
        ("exit 0", ""),
    ],
)
def test_a_line_is_read_by_a_shell_where_it_has_to_be(session, line, printed):
    output = session.execute_command(line)
    assert (output.stdout, output.exit_code) == (printed, 0), output


def test_a_list_is_passed_as_it_is(session):
    output = session.execute_command(["printf", "%s|", "$HOME", "a b", "", "'", "ü", b"\xc3\xa4"])
    assert output.stdout == "$HOME|a b||'|ü|ä|"
    assert session.execute_command(("echo", "tuple")).stdout == "tuple\n"


@pytest.mark.parametrize("command", ["", "   ", "\n\t", [], (), [""]])
def test_an_empty_command_is_refused(session, command):
    with pytest.raises(CommandEmptyError, match="empty"):
        session.execute_command(command)


@pytest.mark.parametrize("commands", [[], ()])
def test_no_commands_are_refused(session, commands):
    with pytest.raises(CommandEmptyError):
        session.execute_commands(commands)


def test_statuses_are_those_of_commands(session):
    assert session.execute_command("false").exit_code == 1
    assert session.execute_command("exit 7").exit_code == 7
    assert session.execute_command("kill -9 $$").exit_code == 137
    absent = session.execute_command("no-such-program")
    assert (absent.exit_code, absent.outcome.kind) == (127, "never-started")
    assert "no-such-program" in absent.stderr
    assert session.execute_command("no-such-program; true").exit_code == 0


def test_commands_have_options_of_their_own(session):
    session.files.make_directory("inner")
    assert session.execute_command("pwd", workdir="inner").stdout == "/sandbox/inner\n"
    assert session.execute_command("cat", stdin="typed").stdout == "typed"
    assert session.execute_command(["printenv", "A"], env={"A": "1"}).stdout == "1\n"
    with pytest.raises(SandboxTimeoutError):
        session.execute_command("sleep 60", timeout=0.2)
    pieces = []
    session.execute_command("echo out; echo err >&2", on_stdout=pieces.append, on_stderr=pieces.append)
    assert sorted("".join(pieces).split()) == ["err", "out"]


def test_commands_run_until_one_fails(session):
    output = session.execute_commands(["touch a", "false", "touch b"])
    assert output.exit_code == 1
    assert session.files.exists("a") and not session.files.exists("b")
    assert session.execute_commands(["echo one", "echo two"]).stdout == "two\n"


def test_each_command_may_say_where_it_runs(session):
    seen = []
    session.files.make_directory("inner")
    commands = ["pwd", ("pwd", "/tmp"), ("pwd", None), ("pwd", "")]
    session.execute_commands(commands, workdir="inner", on_stdout=seen.append)
    assert "".join(seen).split() == ["/sandbox/inner", "/tmp", "/sandbox/inner", "/sandbox/inner"]


def test_a_list_within_commands_is_one_command(session):
    assert session.execute_commands([["printf", "%s", "$HOME"]]).stdout == "$HOME"


def test_commands_are_the_same_when_they_are_awaited():
    async def scenario():
        async with AsyncSandboxSession("native") as session:
            assert (await session.execute_command("echo a b")).stdout == "a b\n"
            assert (await session.execute_command(["printf", "%s", "$X"])).stdout == "$X"
            assert (await session.execute_command("pwd", workdir="/tmp")).stdout == "/tmp\n"
            assert (await session.execute_commands([("pwd", "/tmp"), "pwd"])).stdout == "/sandbox\n"
            assert (await session.execute_commands(["false", "echo no"])).exit_code == 1
            for empty in ("", []):
                with pytest.raises(CommandEmptyError):
                    await session.execute_command(empty)
            with pytest.raises(CommandEmptyError):
                await session.execute_commands([])

    asyncio.run(scenario())
