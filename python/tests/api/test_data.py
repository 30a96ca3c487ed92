"""What comes out of a run."""

import copy
import dataclasses
import json
import pickle
import warnings

import pytest

from llm_sandbox.data import ConsoleOutput, ExecutionResult, FileType, Outcome, PlotOutput, Usage

PLOT = PlotOutput(FileType.PNG, "aGk=", width=3)
FULL = ConsoleOutput(
    3,
    "e",
    "o",
    outcome=Outcome("exited", code=3),
    usage=Usage(wall=0.5, peak_memory_bytes=1),
    hints=("more memory would help",),
    stdout_truncated=7,
    stderr_truncated=8,
)


def test_text_is_standard_output_and_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ConsoleOutput(stdout="é\n", stderr="x").text() == "é\n"


@pytest.mark.parametrize(("exit_code", "success"), [(0, True), (1, False), (-9, False), (137, False)])
def test_success_is_exit_status_zero(exit_code, success):
    assert ConsoleOutput(exit_code).success() is success


def test_fields_are_positional_as_they_always_were():
    output = ConsoleOutput(1, "err", "out")
    assert (output.exit_code, output.stderr, output.stdout) == (1, "err", "out")
    result = ExecutionResult(1, "err", "out", [PLOT])
    assert (result.stdout, result.plots) == ("out", [PLOT])


def test_what_was_added_is_by_keyword_only():
    with pytest.raises(TypeError):
        ConsoleOutput(0, "", "", Outcome("exited"))
    assert (FULL.outcome.code, FULL.usage.wall, FULL.hints) == (3, 0.5, ("more memory would help",))
    assert (FULL.stdout_truncated, FULL.stderr_truncated) == (7, 8)


def test_by_default_nothing_is_known_besides():
    plain = ExecutionResult()
    assert (plain.exit_code, plain.stderr, plain.stdout, plain.plots) == (0, "", "", [])
    assert (plain.outcome, plain.usage, plain.hints) == (None, None, ())
    assert (plain.stdout_truncated, plain.stderr_truncated) == (0, 0)
    assert ExecutionResult().plots is not plain.plots


def test_json_has_three_keys():
    assert ConsoleOutput(1, "é", "\ud800").to_json() == json.dumps(
        {"exit_code": 1, "stderr": "é", "stdout": "\ud800"}, indent=2
    )
    assert FULL.to_json(include_plots=True) == FULL.to_json()
    assert json.loads(ExecutionResult(plots=[PLOT]).to_json()) == {"exit_code": 0, "stderr": "", "stdout": ""}


def test_json_has_plots_on_demand():
    plots = json.loads(ExecutionResult(plots=[PLOT]).to_json(include_plots=True))["plots"]
    assert plots == [{"format": "png", "content_base64": "aGk=", "width": 3, "height": None, "dpi": None}]
    assert json.loads(ExecutionResult().to_json(True))["plots"] == []


def test_those_are_equal_whose_programs_said_the_same():
    assert ConsoleOutput(3, "e", "o") == FULL
    assert hash(ConsoleOutput(3, "e", "o")) == hash(FULL)
    assert ConsoleOutput(4, "e", "o") != FULL
    assert ConsoleOutput() != ExecutionResult()
    assert ExecutionResult(plots=[PLOT]) != ExecutionResult()
    assert ConsoleOutput() != "x"


def test_they_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        FULL.stdout = "x"
    assert dataclasses.replace(FULL, stdout="x").hints == FULL.hints
    assert dataclasses.replace(ExecutionResult(plots=[PLOT]), exit_code=2).plots == [PLOT]
    assert dataclasses.asdict(FULL)["usage"]["wall"] == 0.5


@pytest.mark.parametrize("value", [FULL, ExecutionResult(1, "", "é", [PLOT]), PLOT, Outcome("killed"), Usage()])
def test_they_survive_copies(value):
    for copied in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value), copy.copy(value)):
        assert copied == value
        assert vars(copied) == vars(value)


def test_repr_is_plain_where_nothing_special_happened():
    assert repr(ConsoleOutput(0, "", "a\n", outcome=Outcome("exited", code=0), usage=Usage())) == (
        "ConsoleOutput(exit_code=0, stderr='', stdout='a\\n')"
    )


def test_repr_tells_what_is_special():
    text = repr(ConsoleOutput(124, outcome=Outcome("timed-out", limit="wall"), hints=("h",), stdout_truncated=5))
    for part in ("timed-out", "wall", "hints=('h',)", "stdout_truncated=5"):
        assert part in text


def test_repr_is_short_whatever_was_said():
    huge = ExecutionResult(
        0, "e" * 10_000_000, "é" * 10_000_000 + "end", [PlotOutput(FileType.PNG, "x" * 100_000)] * 500
    )
    assert len(repr(huge)) < 2_000
    assert "9999840 more" in repr(huge)
    assert "end'" in repr(huge)
    assert "497 more" in repr(huge)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"kind": "exited", "code": 3}, "exited with status 3"),
        ({"kind": "signalled", "signal": 9}, "signalled by signal 9"),
        ({"kind": "timed-out", "limit": "cpu"}, "timed out (cpu time)"),
        ({"kind": "out-of-memory"}, "out of memory"),
        ({"kind": "compile-failed"}, "compile failed"),
        ({"kind": "killed"}, "killed"),
        ({"kind": "never-started", "reason": "no such program"}, "never started: no such program"),
    ],
)
def test_outcomes_are_read_and_told(form, words):
    outcome = Outcome.from_native({**form, "of a later version": 1})
    assert str(outcome) == words
    assert {name: value for name, value in dataclasses.asdict(outcome).items() if value is not None} == form


def test_usage_is_read_and_unknown_figures_are_none():
    usage = Usage.from_native({"wall": 1.5, "user": None, "peak_processes": 2, "of a later version": 1})
    assert usage == Usage(wall=1.5, peak_processes=2)
    assert usage.output_bytes is None


def test_file_types_are_found_by_their_endings():
    assert FileType("png") is FileType.PNG
    assert [each.value for each in FileType] == ["png", "jpeg", "pdf", "svg", "csv", "json", "txt", "html"]
