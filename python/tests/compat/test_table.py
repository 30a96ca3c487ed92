"""Every name of the API is accounted for, and COMPATIBILITY.md says so."""

from __future__ import annotations

import inspect
import os

import pytest
import table

ROWS = table.rows()


def test_every_name_is_the_same_or_told_why_not():
    assert table.problems(ROWS) == []


def test_there_is_a_row_for_every_name():
    keys = [(row.module, row.name) for row in ROWS]
    assert len(keys) == len(set(keys)) > 450


def test_the_document_is_up_to_date():
    if os.environ.get("LLM_SANDBOX_BLESS"):
        table.DOCUMENT.write_text(table.document(ROWS))
    assert table.DOCUMENT.read_text() == table.document(ROWS), "run this test with LLM_SANDBOX_BLESS=1 to write it anew"


@pytest.mark.parametrize(
    ("known", "ours", "status", "how"),
    [
        ("(self, a: int, b: str = 'x, y') -> None", lambda self, a, b="x, y": None, table.SAME, ""),
        ("(a: dict[str, int] | None = {}) -> None", lambda a={}: None, table.SAME, ""),
        ("(a, *, b: 'Literal[1]' = 2)", lambda a, *, b=2: None, table.SAME, ""),
        ("(self, /, *args, **kwargs)", object.__init__, table.SAME, ""),
        ("(a)", lambda a, *, b=1: None, table.WIDER, "`b`"),
        ("(a)", lambda a, b=1: None, table.WIDER, "`b`"),
        ("(a, b=1)", lambda a, c=2, b=1: None, table.DIFFERENT, "in another order"),
        ("(a, b=1)", lambda b=1, a=2: None, table.DIFFERENT, "a is 2 instead of None by default"),
        ("(a)", lambda a, *, b: None, table.DIFFERENT, "needs b"),
        ("(a, b)", lambda a: None, table.DIFFERENT, "does not take b"),
        ("(a, *, b=1)", lambda a, b=1: None, table.DIFFERENT, "b is POSITIONAL_OR_KEYWORD instead of KEYWORD_ONLY"),
        ("(a, **kwargs)", lambda a: None, table.DIFFERENT, "does not take kwargs"),
        ("(a: 'x' = <E.A: 'a'>)", lambda a=1: None, table.DIFFERENT, "a is 1 instead of <E.A: 'a'> by default"),
    ],
)
def test_signatures_are_compared_by_parameter(known, ours, status, how):
    finding = table.signatures(known, ours)
    assert finding.status == status
    assert how in finding.how


@pytest.mark.parametrize(
    "function",
    [
        lambda a, b=1, *args, c, d=(1, 2), **kwargs: None,
        lambda a="=", b=":", c=",": None,
        table.signatures,
        table.Row.__init__,
        inspect.signature,
    ],
)
def test_signatures_are_read_as_they_are_printed(function):
    signature = inspect.signature(function)
    assert table.parsed(str(signature)) == [table.parameter(each) for each in signature.parameters.values()]


def test_a_name_that_is_missing_is_a_problem_and_so_is_a_reason_for_nothing(monkeypatch):
    missing = table.Row("m", "n", table.Finding(table.MISSING, "not there"), None)
    different = table.Row("m", "n", table.Finding(table.DIFFERENT, "x"), None)
    stale = table.Row("m", "n", table.Finding(table.SAME), table.Reason(table.ABSENT, "why"))
    empty = table.Row("m", "n", table.Finding(table.MISSING), table.Reason(table.WIDER, "how"))
    assert all(row.problem for row in (missing, different, stale, empty))
    monkeypatch.setattr(table, "REASONS", {"m:x": table.Reason(table.LATER, "why")})
    assert table.problems([]) == ["m:x: there is no such name"]


def test_modules_that_are_not_there_are_reported_and_no_others_are_hidden():
    assert table.imported("llm_sandbox.nothing") is None
    (name, finding), (inner, _) = table.findings("llm_sandbox.nothing", {"C": {"bases": [], "fields": {"x": {}}}})
    assert (name, inner, finding.status) == ("C", "C.x", table.MISSING)
