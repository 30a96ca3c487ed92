"""What a session is opened with."""

import math
import pickle

import pytest

from llm_sandbox._checks import shown
from llm_sandbox.const import SupportedLanguage
from llm_sandbox.core.config import SessionConfig
from llm_sandbox.exceptions import LanguageNotSupportedError, ValidationError
from llm_sandbox.security import SecurityPolicy, get_security_policy


def test_defaults():
    assert SessionConfig().model_dump() == {
        "lang": SupportedLanguage.PYTHON,
        "image": None,
        "dockerfile": None,
        "container_id": None,
        "verbose": False,
        "workdir": "/sandbox",
        "default_timeout": 60.0,
        "execution_timeout": None,
        "session_timeout": None,
        "security_policy": None,
        "runtime_configs": {},
        "skip_environment_setup": False,
        "encoding_errors": "strict",
        "enforce_policy": False,
    }


@pytest.mark.parametrize(
    ("lang", "language"),
    [("python", "python"), ("Py", "python"), ("js", "javascript"), ("c++", "cpp"), ("golang", "go"), ("R", "r")],
)
def test_languages_by_all_their_names(lang, language):
    assert SessionConfig(lang=lang).lang is SupportedLanguage(language)


@pytest.mark.parametrize(("lang", "meant"), [("pyhton", "python"), ("javascrpt", "javascript"), ("rubby", "ruby")])
def test_a_misspelt_language_is_refused_and_the_nearest_is_named(lang, meant):
    with pytest.raises(
        LanguageNotSupportedError, match=f"Language {lang} is not supported\nTry: did you mean '{meant}'"
    ):
        SessionConfig(lang=lang)


@pytest.mark.parametrize("lang", [None, 3, "", "cobol", b"python", [], "é" * 100_000], ids=shown)
def test_what_is_no_language_is_refused(lang):
    with pytest.raises(ValidationError, match="python, java, javascript, cpp, go, ruby, r") as caught:
        SessionConfig(lang=lang)
    assert len(str(caught.value)) < 300


WRONG = {
    "image": [3, "", "a\0", b"x", []],
    "dockerfile": [3, "", "a\0", b"x", []],
    "container_id": [3, "", "a\0", b"x", []],
    "verbose": [None, 2, "loud", []],
    "workdir": [None, "", "relative", "a/b", "/a\0", 3, b"/x"],
    "default_timeout": [-1, -0.1, True, math.nan, -math.inf, "x", "", [], 10**400],
    "execution_timeout": [-1, -0.1, False, math.nan, "x", b"1", []],
    "session_timeout": [-1, -0.1, True, math.nan, "x", {}, []],
    "security_policy": [3, "production", [], {"severity": 1}, {"preset": "nope"}],
    "runtime_configs": [None, 3, "x", [("a", 1)], {1: 2}],
    "skip_environment_setup": [None, 2, "x"],
    "encoding_errors": [None, "", "Strict", "loose", 3],
    "enforce_policy": [None, 2, "x"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values], ids=shown
)
def test_wrong_values_are_refused_with_what_would_do(name, value):
    with pytest.raises(ValidationError) as caught:
        SessionConfig(**{name: value})
    assert name in str(caught.value) or "Policy" in str(caught.value)
    assert caught.value.hint


def test_every_parameter_was_given_wrong_values():
    assert set(WRONG) | {"lang"} == set(SessionConfig.model_fields)


def test_an_unknown_parameter_is_refused():
    with pytest.raises(ValidationError, match="did you mean 'default_timeout'"):
        SessionConfig(defualt_timeout=3)


@pytest.mark.parametrize(
    ("values", "timeout"),
    [
        ({}, 60.0),
        ({"execution_timeout": 5}, 5.0),
        ({"execution_timeout": 0}, 0.0),
        ({"default_timeout": 0}, 0.0),
        ({"default_timeout": None}, None),
        ({"default_timeout": math.inf}, None),
        ({"execution_timeout": math.inf}, None),
        ({"default_timeout": None, "execution_timeout": "2.5"}, 2.5),
    ],
)
def test_the_time_of_a_run(values, timeout):
    assert SessionConfig(**values).get_execution_timeout() == timeout


def test_an_endless_session_has_no_limit():
    assert SessionConfig(session_timeout=math.inf).session_timeout is None


def test_an_image_is_named_or_built():
    assert SessionConfig(image="a").image == "a"
    with pytest.raises(ValidationError, match="image and dockerfile are both given"):
        SessionConfig(image="a", dockerfile="b")


def test_a_container_that_is_there_is_not_built():
    assert SessionConfig(container_id="c", image="a").is_using_existing_container()
    assert not SessionConfig().is_using_existing_container()
    with pytest.raises(ValidationError, match="dockerfile and container_id are both given"):
        SessionConfig(container_id="c", dockerfile="b")


def test_what_was_assigned_can_be_looked_at_again():
    config = SessionConfig(image="a")
    assert config.validate_image_and_dockerfile() is config.validate_container_id_constraints() is config
    config.dockerfile = "b"
    with pytest.raises(ValidationError):
        config.validate_image_and_dockerfile()


def test_a_policy_has_to_be_there_to_be_enforced():
    assert SessionConfig(enforce_policy=True, security_policy=get_security_policy("strict")).enforce_policy
    with pytest.raises(ValidationError, match="enforce_policy is given without a policy"):
        SessionConfig(enforce_policy=True)


def test_a_policy_can_be_a_mapping():
    assert SessionConfig(security_policy={}).security_policy == SecurityPolicy()
    assert SessionConfig(security_policy={"preset": "strict"}).security_policy == get_security_policy("strict")


def test_options_are_copied():
    options = {"mem_limit": "1g"}
    config = SessionConfig(runtime_configs=options)
    options["mem_limit"] = "2g"
    assert config.runtime_configs == {"mem_limit": "1g"}


def test_it_survives_copies_and_json():
    config = SessionConfig(lang="go", security_policy=get_security_policy("strict"), runtime_configs={"é": 1})
    assert pickle.loads(pickle.dumps(config)) == config
    assert SessionConfig.model_validate_json(config.model_dump_json()) == config
