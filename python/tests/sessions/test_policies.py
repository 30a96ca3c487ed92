"""What sessions say of code, and what they refuse to run."""

import asyncio
import copy

import pytest

from llm_sandbox import (
    AsyncSandboxSession,
    RestrictedModule,
    SecurityIssueSeverity,
    SecurityPattern,
    SecurityPolicy,
    SecurityViolationError,
    ValidationError,
    get_security_policy,
    run_many,
)
from llm_sandbox.exceptions import InvalidRegexPatternError, UnsupportedError
from llm_sandbox.native import SandboxNativeSession

HARMFUL = "from os import system as s\ns('rm -rf /data')"


def test_without_a_policy_all_is_safe():
    assert SandboxNativeSession().is_safe(HARMFUL) == (True, [])


@pytest.mark.parametrize("name", ["minimal", "development", "production", "strict", "educational", "data_science"])
def test_presets_tell_harm_from_none_without_a_sandbox(name):
    session = SandboxNativeSession(security_policy=get_security_policy(name))
    assert session.is_safe("print(sum(range(10)))") == (True, [])
    is_safe, found = session.is_safe(HARMFUL)
    assert not is_safe and any(each.line == 2 for each in found)
    assert session.is_safe("# os.system('rm -rf /')\ntext = 'import os'")[0]
    assert not session.is_open


def test_patterns_and_modules_of_ones_own_hold_and_the_policy_stays_as_it_was():
    policy = SecurityPolicy(
        severity_threshold=SecurityIssueSeverity.MEDIUM,
        patterns=[SecurityPattern(pattern=r"internal\.company", description="internal", severity="HIGH")],
        restricted_modules=[RestrictedModule(name="xml.etree", description="no XML", severity=2)],
    )
    before = copy.deepcopy(policy)
    session = SandboxNativeSession(security_policy=policy)
    is_safe, found = session.is_safe("x = 1\nopen('internal.company')")
    assert not is_safe
    assert (found[0].line, found[0].description, found[0].severity) == (2, "internal", SecurityIssueSeverity.HIGH)
    is_safe, found = session.is_safe("import xml.etree.ElementTree as tree")
    assert not is_safe and found[0].cause == "module:xml.etree"
    assert session.is_safe("import xml.sax")[0]
    assert session.is_safe("# internal.company")[0]
    with session:
        session.run("print(1)")
    assert policy == before and session.config.security_policy is policy


def test_below_its_threshold_a_finding_is_only_told():
    low = SecurityPattern(pattern="print", description="prints", severity=SecurityIssueSeverity.LOW)
    session = SandboxNativeSession(security_policy=SecurityPolicy(severity_threshold=2, patterns=[low]))
    is_safe, found = session.is_safe("print(1)")
    assert is_safe and [each.description for each in found] == ["prints"]


def test_what_is_added_later_holds_too():
    policy = SecurityPolicy(severity_threshold=1)
    session = SandboxNativeSession(security_policy=policy, enforce_policy=True)
    assert session.is_safe("print(1)")[0]
    policy.add_pattern(SecurityPattern(pattern="print", description="prints", severity=3))
    assert not session.is_safe("print(1)")[0]
    with session:
        with pytest.raises(SecurityViolationError, match="prints"):
            session.run("print(1)")


def test_an_advised_session_runs_what_it_advises_against(native):
    session = native(security_policy=get_security_policy("strict"))
    assert session.run("import os; os.system('echo ran')").stdout == "ran\n"


def test_an_enforced_policy_runs_nothing_that_it_blocks(native):
    session = native(security_policy=get_security_policy("production"), enforce_policy=True)
    with pytest.raises(SecurityViolationError) as refused:
        session.run("open('trace', 'w').close()\n" + HARMFUL)
    assert refused.value.violations and refused.value.violations[0].line >= 2
    assert not session.files.exists("trace")
    assert session.run("print(1)").stdout == "1\n"
    seen = []
    with pytest.raises(SecurityViolationError):
        session.run(HARMFUL, on_stdout=seen.append)
    with pytest.raises(SecurityViolationError):
        session.run("import shapes", files={"shapes.py": HARMFUL})
    with pytest.raises(UnsupportedError, match="policy"):
        session.execute_command("rm -rf /data")


def test_an_enforced_policy_holds_in_event_loops_and_batches():
    policy = get_security_policy("production")

    async def scenario():
        async with AsyncSandboxSession("native", security_policy=policy, enforce_policy=True) as session:
            assert not (await session.is_safe(HARMFUL))[0]
            with pytest.raises(SecurityViolationError):
                await session.run(HARMFUL)
            assert (await session.run("print(1)")).stdout == "1\n"

    asyncio.run(scenario())
    results = {
        each.id: each
        for each in run_many([HARMFUL, "print(1)"], backend="native", security_policy=policy, enforce_policy=True)
    }
    assert isinstance(results["0"].error, SecurityViolationError) and results["1"].output.stdout == "1\n"


def test_enforcing_needs_a_policy():
    with pytest.raises(ValidationError, match="enforce_policy"):
        SandboxNativeSession(enforce_policy=True)


def test_a_dict_is_a_policy():
    session = SandboxNativeSession(security_policy={"preset": "production"})
    assert not session.is_safe(HARMFUL)[0]


def test_code_is_read_in_the_sessions_language():
    session = SandboxNativeSession("javascript", security_policy=get_security_policy("production"))
    assert not session.is_safe("require('child_process').execSync('id')")[0]
    assert session.is_safe("console.log(1)")[0]


def test_a_pattern_that_cannot_be_used_is_named():
    with pytest.raises(InvalidRegexPatternError, match=r"\("):
        SecurityPattern(pattern="(", description="x", severity=1)
    long = SecurityPattern(pattern="a" * 100_000, description="x", severity=1)
    with pytest.raises(InvalidRegexPatternError, match="16384"):
        SandboxNativeSession(security_policy=SecurityPolicy(patterns=[long]))


def test_a_value_that_was_assigned_without_a_check_is_refused_when_it_is_used():
    policy = SecurityPolicy(patterns=[SecurityPattern(pattern="x", description="y", severity=1)])
    session = SandboxNativeSession(security_policy=policy)
    for wrong in (5, "\ud800", None):
        policy.patterns[0].description = wrong
        with pytest.raises(ValidationError, match="description"):
            session.is_safe("print(1)")


@pytest.mark.parametrize("code", [5, None, ["print(1)"], "\ud800"])
def test_what_is_no_code_is_refused(code):
    session = SandboxNativeSession(security_policy=get_security_policy("production"))
    with pytest.raises(ValidationError, match="code"):
        session.is_safe(code)


def test_code_that_was_not_all_looked_at_is_unsafe_and_says_why():
    session = SandboxNativeSession(security_policy=SecurityPolicy(severity_threshold=3))
    is_safe, [found] = session.is_safe("(" * 100_000 + ")" * 100_000)
    assert not is_safe and found.cause == "gave-up"
    assert "not all of it was looked at" in found.description and "nested" in str(found)


def test_an_empty_pattern_is_none():
    empty = SecurityPattern(pattern="", description="", severity=SecurityIssueSeverity.HIGH)
    policy = SecurityPolicy(severity_threshold=SecurityIssueSeverity.LOW, patterns=[empty])
    assert SandboxNativeSession(security_policy=policy).is_safe("print(1)") == (True, [])
