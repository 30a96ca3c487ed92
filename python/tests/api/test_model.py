"""Models: what they take, what they refuse and what can be done with them."""

import copy
import inspect
import json
import math
import pickle
from typing import Optional

import pytest

from llm_sandbox._checks import boolean, integer, list_of, mapping, nearest, number, one_of, optional, shown, text
from llm_sandbox._model import Model, field, model
from llm_sandbox.exceptions import ValidationError


class Inner(Model):
    word: str = field(text)


class Outer(Model):
    """One of everything."""

    name: str = field(text)
    count: int = field(integer(at_least=1), default=1)
    share: Optional[float] = field(optional(number(at_least=0)), default=0.5)
    ready: bool = field(boolean, default=False)
    mode: str = field(one_of("fast", "slow"), default="fast")
    inner: Optional[Inner] = field(optional(model(Inner)), default=None)
    words: list[Inner] = field(list_of(model(Inner)), default_factory=list)
    options: dict = field(mapping, default_factory=dict)


class Unprintable:
    def __repr__(self):
        raise RuntimeError("no")


def refusal(**values):
    with pytest.raises(ValidationError) as caught:
        Outer(**{"name": "n", **values})
    assert caught.value.hint
    return str(caught.value)


def test_it_is_made_by_keyword():
    outer = Outer(name="é", words=[{"word": "a"}, Inner(word="b")])
    assert (outer.name, outer.count, outer.share, outer.ready, outer.words[1].word) == ("é", 1, 0.5, False, "b")
    with pytest.raises(TypeError):
        Outer("é")


def test_defaults_are_not_shared():
    assert Outer(name="a").words is not Outer(name="a").words


def test_what_is_missing_is_named():
    with pytest.raises(ValidationError, match=r"^Outer\.name: it is missing\nTry: give name$"):
        Outer()


@pytest.mark.parametrize("name", ["cuont", "COUNT", "counts"])
def test_an_unknown_name_is_refused_and_the_nearest_is_named(name):
    assert "did you mean 'count'?" in refusal(**{name: 1})


def test_an_unknown_name_that_is_near_to_nothing_has_all_names_listed():
    assert "name, count, share" in refusal(zzzzzzzz=1)


def test_all_that_is_wrong_is_told_at_once():
    message = refusal(count=0, share="x", zzzzzzzz=1)
    for part in ("count: 0 is less than 1", "share: 'x' is not a number", "zzzzzzzz: there is no such parameter"):
        assert part in message


WRONG = {
    "name": [None, 3, b"x", [], Unprintable()],
    "count": [None, 0, -1, 1.5, True, "x", "1.5", "", math.nan, math.inf, [], Unprintable()],
    "share": [-0.1, True, "x", "", math.nan, 10**400, b"1", [], -math.inf, Unprintable()],
    "ready": [None, 2, -1, "maybe", "", [], b"yes", Unprintable()],
    "mode": [None, "Fast", "", 1, [], Unprintable(), "é" * 100_000],
    "inner": [3, "x", [], [("word", "a")], Outer(name="n"), {"word": 3}, {"word": "a", "more": 1}, {}, {3: "a"}],
    "words": [None, "abc", {"word": "a"}, 3, [3], [{"word": "a"}, None], iter([])],
    "options": [None, [("a", 1)], "x", 3, {3: 1}],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values], ids=shown
)
def test_wrong_values_are_refused_in_few_words(name, value):
    message = refusal(**{name: value})
    assert len(message) < 400


def test_the_place_of_a_wrong_item_is_named():
    assert refusal(words=[{"word": "a"}, 3]).startswith("Outer.words.1: 3 is not a Inner")


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"count": "3"}, 3),
        ({"count": 3.0}, 3),
        ({"count": 10**30}, 10**30),
        ({"share": "2.5"}, 2.5),
        ({"share": 0}, 0.0),
        ({"share": None}, None),
        ({"share": math.inf}, math.inf),
        ({"ready": 1}, True),
        ({"ready": "Yes"}, True),
        ({"ready": "off"}, False),
        ({"options": {"é": [1]}}, {"é": [1]}),
        ({"words": ()}, []),
    ],
)
def test_what_config_files_and_variables_have_is_taken(values, kept):
    ((name, _),) = values.items()
    assert getattr(Outer(name="n", **values), name) == kept


def test_the_caller_keeps_what_is_given():
    words, options = [Inner(word="a")], {"a": 1}
    outer = Outer(name="n", words=words, options=options)
    assert outer.words is not words
    assert outer.options is not options
    assert outer.words[0] is words[0]


def test_assignment_is_not_checked_but_its_name_is():
    outer = Outer(name="n")
    outer.count = "anything"
    assert outer.count == "anything"
    with pytest.raises(ValidationError, match="did you mean 'count'"):
        outer.cuont = 1


def test_equality_is_that_of_values():
    assert Outer(name="n") == Outer(name="n", count=1)
    assert Outer(name="n") != Outer(name="m")
    assert Inner(word="a") != {"word": "a"}
    with pytest.raises(TypeError):
        hash(Inner(word="a"))


def test_repr_and_str_have_the_form_of_pydantics():
    assert repr(Inner(word="é")) == "Inner(word='é')"
    assert str(Outer(name="n", inner=Inner(word="a"))).startswith("name='n' count=1 share=0.5 ready=False mode='fast'")
    assert list(Inner(word="a")) == [("word", "a")]


def test_dumps_and_what_reads_them():
    outer = Outer(name="é", inner={"word": "a"}, words=[{"word": "b"}], options={"a": (1, {"b": Inner(word="c")})})
    dumped = outer.model_dump()
    assert dumped["inner"] == {"word": "a"}
    assert dumped["options"] == {"a": (1, {"b": {"word": "c"}})}
    assert Outer.model_validate(dumped).words == outer.words
    text_form = Outer(name="é", words=[{"word": "b"}]).model_dump_json()
    assert text_form.startswith('{"name":"é","count":1,')
    assert Outer.model_validate_json(text_form) == Outer(name="é", words=[{"word": "b"}])
    assert json.loads(outer.model_dump_json(indent=2))["options"] == {"a": [1, {"b": {"word": "c"}}]}


def test_dumps_leave_out_what_they_are_told_to():
    outer = Outer(name="n", share=None, count=2)
    assert outer.model_dump(include={"name", "count"}) == {"name": "n", "count": 2}
    assert set(outer.model_dump(exclude=["name"])) == set(Outer.model_fields) - {"name"}
    assert "share" not in outer.model_dump(exclude_none=True)
    assert outer.model_dump(exclude_defaults=True) == {"name": "n", "share": None, "count": 2}
    assert outer.model_dump_json(exclude_defaults=True, exclude_none=True) == '{"name":"n","count":2}'


def test_json_has_no_infinity_and_says_what_it_cannot_have():
    assert '"share":null' in Outer(name="n", share=math.inf).model_dump_json()
    with pytest.raises(ValidationError, match="no form in JSON"):
        Outer(name="n", options={"a": object()}).model_dump_json()


@pytest.mark.parametrize("obj", [None, 3, "x", [], Inner(word="a")])
def test_only_mappings_and_models_are_validated(obj):
    with pytest.raises(ValidationError, match="is not one"):
        Outer.model_validate(obj)


def test_a_model_is_returned_as_it_is():
    outer = Outer(name="n")
    assert Outer.model_validate(outer) is outer


@pytest.mark.parametrize("data", ["", "{", "[1]", "3", b"\xff", None, 3, "[" * 100_000], ids=shown)
def test_what_is_not_json_is_refused(data):
    with pytest.raises(ValidationError):
        Outer.model_validate_json(data)


def test_copies():
    outer = Outer(name="n", words=[{"word": "a"}])
    shallow, deep = outer.model_copy(update={"count": 5}), outer.copy(deep=True)
    assert (shallow.count, outer.count) == (5, 1)
    assert shallow.words is outer.words
    assert deep == outer
    assert deep.words[0] is not outer.words[0]
    for copied in (pickle.loads(pickle.dumps(outer)), copy.deepcopy(outer), copy.copy(outer)):
        assert copied == outer


def test_fields_and_signature_are_there_for_whoever_looks():
    assert list(Outer.model_fields)[:2] == ["name", "count"]
    assert Outer.model_fields["name"].is_required()
    assert Outer.model_fields["count"].default == 1
    parameters = inspect.signature(Outer).parameters
    assert list(parameters) == list(Outer.model_fields)
    assert parameters["share"].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["name"].default is inspect.Parameter.empty
    with pytest.raises(AttributeError):
        Outer.name  # noqa: B018


def test_fields_are_inherited_and_can_be_replaced():
    class Wider(Outer):
        count: int = field(integer(), default=-1)
        more: str = field(text, default="m")

    assert list(Wider.model_fields) == [*Outer.model_fields, "more"]
    assert (Wider(name="n").count, Outer(name="n").count) == (-1, 1)


@pytest.mark.parametrize("value", [Unprintable(), 10**10_000, "x" * 10**6, [[[[[[1]]]]]], "\ud800\n\0"], ids=shown)
def test_values_are_shown_in_few_words(value):
    words = shown(value)
    assert len(words) < 120
    words.encode()


@pytest.mark.parametrize(
    ("name", "found"),
    [("cuont", "count"), (" COUNT", "count"), ("zzz", None), (None, None), ("c" * 10**6, None)],
    ids=shown,
)
def test_the_nearest_name(name, found):
    assert nearest(name, ["count", "name"]) == found
