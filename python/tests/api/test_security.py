"""Policies and what they are made of."""

import copy
import pickle

import pytest

import llm_sandbox.security as security
from llm_sandbox._checks import shown
from llm_sandbox.exceptions import InvalidRegexPatternError, SandboxError, ValidationError
from llm_sandbox.security import (
    POLICIES,
    RestrictedModule,
    SecurityIssueSeverity,
    SecurityPattern,
    SecurityPolicy,
    Violation,
    get_security_policy,
)

PATTERN = SecurityPattern(pattern="a+", description="é", severity=SecurityIssueSeverity.HIGH)
MODULE = RestrictedModule(name="os", description="d", severity=1)


@pytest.mark.parametrize("value", [2, "2", 2.0, "medium", "MEDIUM", SecurityIssueSeverity.MEDIUM])
def test_severities_are_named_or_numbered(value):
    assert SecurityPattern(pattern="a", description="", severity=value).severity is SecurityIssueSeverity.MEDIUM


@pytest.mark.parametrize("value", [None, -1, 4, 2.5, True, "severe", "", [], {}, b"high", "9" * 10_000], ids=shown)
@pytest.mark.parametrize(
    "made",
    [
        lambda value: SecurityPattern(pattern="a", description="", severity=value),
        lambda value: RestrictedModule(name="a", description="", severity=value),
        lambda value: SecurityPolicy(severity_threshold=value),
    ],
)
def test_what_is_no_severity_is_refused(made, value):
    with pytest.raises(ValidationError, match=r"SAFE \(0\), LOW \(1\), MEDIUM \(2\), HIGH \(3\)"):
        made(value)


def test_severities_are_ordered_numbers():
    assert SecurityIssueSeverity.LOW < SecurityIssueSeverity.HIGH == 3


@pytest.mark.parametrize("pattern", ["", "a", r"requests\.get\(.*internal", "é", "(?i)x", "x" * 100_000], ids=shown)
def test_regular_expressions_are_kept(pattern):
    assert SecurityPattern(pattern=pattern, description="", severity=1).pattern == pattern
    assert SecurityPattern.validate_pattern(pattern) == pattern


@pytest.mark.parametrize("pattern", ["(", "[", "*", "a{99999999999999999999}", "(?P<a", "\\", "(" * 100_000], ids=shown)
def test_what_is_no_regular_expression_is_refused(pattern):
    with pytest.raises(InvalidRegexPatternError, match="Invalid regex pattern: ") as caught:
        SecurityPattern(pattern=pattern, description="", severity=1)
    assert isinstance(caught.value, ValidationError)
    assert isinstance(caught.value, SandboxError)
    with pytest.raises(InvalidRegexPatternError):
        SecurityPattern.validate_pattern(pattern)


@pytest.mark.parametrize("value", [None, 3, b"a", [], {}])
def test_texts_have_to_be_texts(value):
    for values in ({"pattern": value, "description": ""}, {"pattern": "a", "description": value}):
        with pytest.raises(ValidationError, match="is not a string"):
            SecurityPattern(**values, severity=1)
    with pytest.raises(ValidationError, match="is not a string"):
        RestrictedModule(name=value, description="", severity=1)
    with pytest.raises(ValidationError, match="is not a string"):
        RestrictedModule(name="a", description=value, severity=1)


@pytest.mark.parametrize("name", ["", "a\0b"])
def test_modules_have_names(name):
    with pytest.raises(ValidationError):
        RestrictedModule(name=name, description="", severity=1)


@pytest.mark.parametrize("values", [{}, {"pattern": "a"}, {"description": "a", "severity": 1}])
def test_nothing_of_a_pattern_may_be_missing(values):
    with pytest.raises(ValidationError, match="it is missing"):
        SecurityPattern(**values)


def test_a_policy_is_empty_by_default():
    policy = SecurityPolicy()
    assert (policy.severity_threshold, policy.patterns, policy.restricted_modules) == (0, None, None)
    assert repr(policy) == (
        "SecurityPolicy(severity_threshold=<SecurityIssueSeverity.SAFE: 0>, patterns=None, restricted_modules=None)"
    )


def test_what_is_added_is_in_it():
    policy = SecurityPolicy()
    policy.add_pattern(PATTERN)
    policy.add_pattern({"pattern": "b", "description": "", "severity": "low"})
    policy.add_restricted_module(MODULE)
    assert [each.pattern for each in policy.patterns] == ["a+", "b"]
    assert policy.restricted_modules == [MODULE]


@pytest.mark.parametrize("value", [None, "a", 3, [], PATTERN.model_dump, MODULE])
def test_only_patterns_are_added_as_patterns(value):
    policy = SecurityPolicy()
    with pytest.raises(ValidationError):
        policy.add_pattern(value)
    assert policy.patterns is None


@pytest.mark.parametrize("value", [None, "os", 3, [], PATTERN])
def test_only_modules_are_added_as_modules(value):
    with pytest.raises(ValidationError):
        SecurityPolicy().add_restricted_module(value)


@pytest.mark.parametrize(
    "values",
    [
        {"patterns": "abc"},
        {"patterns": ["abc"]},
        {"patterns": [MODULE]},
        {"patterns": 3},
        {"patterns": {}},
        {"restricted_modules": "os"},
        {"restricted_modules": ["os"]},
        {"restricted_modules": [PATTERN]},
        {"pattern": []},
        {"severity": 1},
        {"preset": "strict"},
    ],
)
def test_wrong_parts_of_a_policy_are_refused(values):
    with pytest.raises(ValidationError):
        SecurityPolicy(**values)


@pytest.mark.parametrize("name", POLICIES)
def test_policies_with_a_name(name):
    policy = get_security_policy(name)
    assert isinstance(policy, SecurityPolicy)
    assert policy._preset == policy.preset == name
    assert (policy.patterns, policy.restricted_modules) == ([], [])
    assert policy.severity_threshold == (
        SecurityIssueSeverity.LOW if name == "strict" else SecurityIssueSeverity.MEDIUM
    )
    assert f"preset='{name}'" in repr(policy)


def test_each_call_makes_a_policy_of_its_own():
    get_security_policy("strict").add_pattern(PATTERN)
    assert get_security_policy("strict").patterns == []


@pytest.mark.parametrize("name", ["productoin", "Production", "data-science"])
def test_a_misspelt_policy_is_refused_and_the_nearest_is_named(name):
    with pytest.raises(ValidationError, match="did you mean"):
        get_security_policy(name)


@pytest.mark.parametrize("name", ["", "zzz", None, 3, ["strict"], {}, "é" * 100_000], ids=shown)
def test_what_is_no_policy_is_refused(name):
    with pytest.raises(ValidationError, match="minimal, development, production, strict, educational, data_science"):
        get_security_policy(name)


def test_a_named_policy_stays_one_however_it_is_copied():
    policy = get_security_policy("strict")
    policy.add_pattern(PATTERN)
    copies = [
        pickle.loads(pickle.dumps(policy)),
        copy.deepcopy(policy),
        policy.model_copy(),
        SecurityPolicy.model_validate(policy.model_dump()),
        SecurityPolicy.model_validate_json(policy.model_dump_json()),
        SecurityPolicy.model_validate({"preset": "strict", "patterns": [PATTERN]}),
    ]
    for each in copies:
        assert each == policy
        assert each._to_native() == policy._to_native()


def test_the_threshold_of_a_named_policy_can_be_another():
    policy = SecurityPolicy.model_validate({"preset": "production", "severity_threshold": "high"})
    assert policy.severity_threshold is SecurityIssueSeverity.HIGH


def test_what_the_extension_takes():
    policy = get_security_policy("production")
    policy.add_pattern(PATTERN)
    policy.add_restricted_module(MODULE)
    native = policy._to_native()
    assert native == {
        "preset": "production",
        "severity_threshold": 2,
        "patterns": [("a+", "é", 3)],
        "restricted_modules": [("os", "d", 1)],
    }
    assert type(native["severity_threshold"]) is type(native["patterns"][0][2]) is int
    assert SecurityPolicy()._to_native() == {
        "preset": None,
        "severity_threshold": 0,
        "patterns": [],
        "restricted_modules": [],
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"severity_threshold": "severe"},
        {"patterns": ["a"]},
        {"restricted_modules": [3]},
        {"patterns": [PATTERN.model_copy(update={"pattern": "("})]},
        {"patterns": [PATTERN.model_copy(update={"severity": None})]},
    ],
)
def test_what_was_assigned_is_checked_before_the_extension_sees_it(changes):
    policy = SecurityPolicy().model_copy(update=changes)
    with pytest.raises(ValidationError):
        policy._to_native()


FOUND = {
    "cause": {"rule": "process"},
    "description": "starts a program",
    "severity": "high",
    "line": 2,
    "column": 3,
    "source_line": "s('x')",
    "found": "os.system",
    "instead": "use subprocess",
    "of a later version": 1,
}


def test_a_violation_is_a_pattern_that_says_where():
    violation = Violation.from_native(FOUND)
    assert isinstance(violation, SecurityPattern)
    assert (violation.pattern, violation.cause) == (r"os\.system", "rule:process")
    assert str(violation) == "2:3: high: os.system: starts a program (use subprocess)"
    assert pickle.loads(pickle.dumps(violation)) == violation


def test_a_violation_of_a_pattern_has_that_pattern():
    violation = Violation.from_native({**FOUND, "cause": {"pattern": "a+"}, "instead": None})
    assert (violation.pattern, violation.cause) == ("a+", "pattern:a+")
    assert str(violation) == "2:3: high: os.system: starts a program"
    assert Violation.from_native({**FOUND, "cause": {"module": "os"}}).cause == "module:os"


def test_a_violation_of_which_little_is_known():
    violation = Violation.from_native({})
    assert (violation.line, violation.severity, violation.cause) == (0, SecurityIssueSeverity.SAFE, "")


def test_everything_is_exported():
    assert set(security.__all__) <= set(vars(security))
