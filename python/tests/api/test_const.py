"""Names of backends and languages."""

import copy
import json
import pickle
import re
from enum import auto
from pathlib import Path

import pytest

from llm_sandbox._checks import shown
from llm_sandbox.const import LANGUAGE_ALIASES, DefaultImage, SandboxBackend, StrEnum, SupportedLanguage

CORE_LANGUAGES = Path(__file__).parents[3] / "crates/core/src/language"


def test_members_are_strings_and_print_as_their_values():
    assert SandboxBackend.DOCKER == "docker"
    assert str(SandboxBackend.DOCKER) == f"{SandboxBackend.DOCKER}" == "%s" % SandboxBackend.DOCKER == "docker"  # noqa: UP031
    assert f"{SandboxBackend.DOCKER:>8}" == "  docker"
    assert repr(SandboxBackend.DOCKER) == "<SandboxBackend.DOCKER: 'docker'>"
    assert {SandboxBackend.DOCKER: 1}["docker"] == 1
    assert json.dumps({"backend": SandboxBackend.DOCKER}) == '{"backend": "docker"}'


@pytest.mark.parametrize("member", [*SandboxBackend, *SupportedLanguage])
def test_members_survive_copies(member):
    assert pickle.loads(pickle.dumps(member)) is member
    assert copy.deepcopy(member) is member


@pytest.mark.parametrize("value", ["python", "Python", "PYTHON", " python ", "py", "PY", "python3"])
def test_a_language_is_found_by_all_its_names(value):
    assert SupportedLanguage(value) is SupportedLanguage.PYTHON


@pytest.mark.parametrize(
    "value", ["pyhton", "", "\0", "é" * 10_000, None, 3, b"python", ["python"], object()], ids=shown
)
def test_what_is_no_language_is_a_value_error(value):
    with pytest.raises(ValueError, match="not a valid SupportedLanguage"):
        SupportedLanguage(value)


@pytest.mark.parametrize("value", ["bubblewrap", "nsjail", "windows-mxc", "wsl2-bubblewrap", "", None, 7])
def test_other_launchers_are_no_backends(value):
    with pytest.raises(ValueError, match="not a valid SandboxBackend"):
        SandboxBackend(value)


def test_backends_are_found_whatever_the_case():
    assert SandboxBackend("Native") is SandboxBackend.NATIVE


def test_values_have_to_be_strings_and_may_be_left_to_the_enumeration():
    class Colour(StrEnum):
        DARK_RED = auto()
        BLUE = "Blue"

    assert Colour.DARK_RED == "dark_red"
    assert Colour("BLUE") is Colour.BLUE
    with pytest.raises(TypeError, match="3"):
        StrEnum("Broken", {"A": 3})


def test_every_language_has_an_image_with_a_version():
    for language in SupportedLanguage:
        name, _, tag = getattr(DefaultImage, language.name).rpartition(":")
        assert name
        assert tag[0].isdigit()


def test_aliases_and_images_are_those_of_the_core():
    aliases, images = {}, {}
    for language in SupportedLanguage:
        module = CORE_LANGUAGES / f"{language}.rs"
        source = (module if module.exists() else CORE_LANGUAGES / language / "mod.rs").read_text()
        listed = re.search(r"aliases: words\(&\[([^\]]*)\]\)", source)
        aliases.update(dict.fromkeys(re.findall(r'"([^"]+)"', listed[1]), language.value))
        images[language.name] = re.search(r'image: Some\("([^"]+)"', source)[1]
    assert aliases == LANGUAGE_ALIASES
    assert images == {name: value for name, value in vars(DefaultImage).items() if name.isupper()}
