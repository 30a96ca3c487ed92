"""Many programs, each in a sandbox of its own."""

import time

import pytest
from helpers_of_sessions import eventually, threads_of_sandboxes

from llm_sandbox import ProgramResult, SandboxBackend, ValidationError, run_many
from llm_sandbox.exceptions import ContainerError, LanguageNotSupportedError


def test_all_programs_give_results_whatever_their_order():
    results = list(run_many((f"print({n} ** 2)" for n in range(20)), backend="native", concurrency=4))
    assert {each.id: each.output.stdout for each in results} == {str(n): f"{n**2}\n" for n in range(20)}
    assert all(isinstance(each, ProgramResult) and each.error is None for each in results)


def test_the_one_that_is_done_first_comes_first():
    programs = ["import time; time.sleep(1.5)", "print(1)"]
    assert [each.id for each in run_many(programs, backend=SandboxBackend.NATIVE, concurrency=2)] == ["1", "0"]


def test_a_program_may_say_more():
    program = {
        "id": "mine",
        "code": "import os, sys; print(sys.argv[1:], sys.stdin.read(), os.environ['A'], open('f').read(), os.getcwd())",
        "args": ["x"],
        "stdin": "in",
        "env": {"A": "1"},
        "files": {"/sandbox/f": "content"},
        "workdir": "/sandbox",
        "timeout": 30,
    }
    [result] = run_many([program], backend="native")
    assert (result.id, result.output.stdout) == ("mine", "['x'] in 1 content /sandbox\n")


def test_programs_do_not_see_each_other():
    results = list(run_many(["import os; print(os.listdir()); open('x', 'w')"] * 4, backend="native", concurrency=1))
    assert {each.output.stdout for each in results} == {"['main.py']\n"}


def test_code_that_fails_is_an_output_and_a_sandbox_that_fails_an_error():
    programs = ["1 / 0", {"id": "absent", "code": "1", "files": {"/etc/x": "x"}}, "print(1)"]
    results = {each.id: each for each in run_many(programs, backend="native")}
    assert results["0"].output.exit_code == 1 and results["0"].error is None
    assert results["absent"].output is None and isinstance(results["absent"].error, OSError)
    assert results["2"].output.stdout == "1\n"


def test_a_time_that_is_up_is_an_outcome():
    [result] = run_many([{"code": "while True: pass", "timeout": 0.2}], backend="native")
    assert result.output.outcome.kind == "timed-out" and result.error is None


def test_sandboxes_that_cannot_be_had_are_errors_of_each():
    results = list(run_many(["print(1)"] * 3, backend="native", interpreter="/no/such", retries=1))
    assert sorted(each.id for each in results) == ["0", "1", "2"]
    assert all(each.output is None and isinstance(each.error, ValidationError) for each in results)


def test_leaving_early_stops_the_rest():
    began = time.monotonic()
    programs = ["print('first')", *["while True: pass"] * 10]
    for each in run_many(programs, backend="native", concurrency=2, default_timeout=100):
        assert each.id == "0"
        break
    assert time.monotonic() - began < 30
    assert eventually(lambda: not [name for name in threads_of_sandboxes() if name != "llm-sandbox-stock"])


def test_results_that_nobody_asks_for_are_dropped_with_what_runs():
    results = run_many(["while True: pass"] * 4, backend="native", default_timeout=100)
    del results
    assert eventually(lambda: not [name for name in threads_of_sandboxes() if name != "llm-sandbox-stock"])


def test_no_programs_give_no_results():
    assert list(run_many([], backend="native")) == []


def test_nothing_runs_where_a_program_is_wrong():
    for programs in (
        ["print(1)", 5],
        [{"id": "x"}],
        [{"code": "1", "cod": "2"}],
        [{"code": 5}],
        [None],
        [["print(1)"]],
    ):
        with pytest.raises(ValidationError, match=r"programs\[|code"):
            run_many(programs, backend="native")


def test_what_is_no_list_of_programs_is_refused():
    for programs in (5, None, "print(1)", b"print(1)", {"code": "print(1)"}):
        with pytest.raises(ValidationError, match="programs"):
            run_many(programs, backend="native")


@pytest.mark.parametrize("name", ["concurrency", "retries"])
@pytest.mark.parametrize("value", [-1, 0.5, "2", True, 2**70, [1], float("nan")])
def test_numbers_are_checked_by_name(name, value):
    with pytest.raises(ValidationError, match=name):
        run_many(["print(1)"], backend="native", **{name: value})


def test_other_arguments_are_those_of_sessions():
    with pytest.raises(LanguageNotSupportedError):
        run_many(["x"], backend="native", lang="cobol")
    [result] = run_many(["print(1)"], backend="native", runtime_configs={"timeout": 5}, env={"A": "1"})
    assert result.output.stdout == "1\n"
    assert not isinstance(result.error, ContainerError)


def test_a_program_whose_output_is_not_utf_8_concerns_no_other():
    programs = ["print(1)", "import os; os.write(1, b'\\xff')", "print(3)"]
    results = {each.id: each for each in run_many(programs, backend="native", concurrency=1)}
    assert [results[name].output.stdout for name in "02"] == ["1\n", "3\n"]
    assert isinstance(results["1"].error, UnicodeDecodeError) and results["1"].output is None


@pytest.mark.parametrize("program, problem", [("", "it is empty"), (" \n", "it is empty"), ("a\0", "NUL byte at 1")])
def test_nothing_runs_where_a_program_cannot(program, problem):
    with pytest.raises(ValidationError, match=problem):
        run_many(["print(1)", program], backend="native")
