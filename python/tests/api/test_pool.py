"""Pools: how they are configured, and that they are not there yet."""

import math
import pickle

import pytest

from llm_sandbox import pool
from llm_sandbox._checks import shown
from llm_sandbox.const import DefaultImage, SupportedLanguage
from llm_sandbox.exceptions import LanguageNotSupportedError, UnsupportedError, ValidationError
from llm_sandbox.pool import (
    ArtifactPooledSandboxSession,
    ContainerPoolManager,
    ContainerState,
    ExhaustionStrategy,
    PoolConfig,
    PooledContainer,
    PooledSandboxSession,
    PoolExhaustedError,
    create_pool_manager,
)
from llm_sandbox.pool.base import resolve_default_image


def test_defaults():
    assert PoolConfig().model_dump() == {
        "max_pool_size": 10,
        "min_pool_size": 0,
        "idle_timeout": 300.0,
        "acquisition_timeout": 30.0,
        "health_check_interval": 60.0,
        "max_container_lifetime": 3600.0,
        "max_container_uses": None,
        "exhaustion_strategy": ExhaustionStrategy.WAIT,
        "enable_prewarming": True,
    }


WRONG = {
    "max_pool_size": [0, -1, 2.5, True, None, "x", math.nan],
    "min_pool_size": [-1, 11, 0.5, False, None, "x"],
    "idle_timeout": [0, -1, True, "x", math.nan, []],
    "acquisition_timeout": [0, -0.5, True, "x", math.nan],
    "health_check_interval": [0, -1, None, True, "x", math.nan],
    "max_container_lifetime": [0, -1, True, "x", math.nan],
    "max_container_uses": [0, -1, 1.5, True, "x"],
    "exhaustion_strategy": ["x", "", None, 3, [], "WAIT "],
    "enable_prewarming": [None, 2, "x"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_wrong_values_are_refused_with_what_would_do(name, value):
    with pytest.raises(ValidationError, match=name) as caught:
        PoolConfig(**{name: value})
    assert caught.value.hint


def test_every_parameter_was_given_wrong_values():
    assert set(WRONG) == set(PoolConfig.model_fields)


def test_what_config_files_have_is_taken():
    config = PoolConfig(max_pool_size="3", idle_timeout=None, exhaustion_strategy="fail_fast", enable_prewarming="no")
    assert (config.max_pool_size, config.idle_timeout, config.enable_prewarming) == (3, None, False)
    assert config.exhaustion_strategy is ExhaustionStrategy.FAIL_FAST
    assert PoolConfig.model_validate_json(config.model_dump_json()) == pickle.loads(pickle.dumps(config)) == config


def test_the_fewest_are_not_more_than_the_most():
    assert PoolConfig(min_pool_size=3, max_pool_size=3).min_pool_size == 3
    with pytest.raises(ValidationError, match=r"min_pool_size \(4\) is more than max_pool_size \(3\)"):
        PoolConfig(min_pool_size=4, max_pool_size=3)
    assert PoolConfig.validate_min_pool_size(4) == 4
    with pytest.raises(ValidationError, match="less than 0"):
        PoolConfig.validate_min_pool_size(-1)


def test_a_container_goes_from_hand_to_hand():
    container = PooledContainer("id", None, created_at=0.0, last_used_at=0.0)
    assert (container.state, container.use_count, container.is_available()) == (ContainerState.INITIALIZING, 0, False)
    assert container.get_idle_time() > 1e9
    container.mark_busy()
    assert (container.state, container.use_count, container.is_available()) == (ContainerState.BUSY, 1, False)
    container.mark_idle()
    assert container.is_available()
    assert container.get_idle_time() < 60
    container.mark_unhealthy()
    assert not container.is_available()
    container.mark_removing()
    assert (container.state, container.use_count) == (ContainerState.REMOVING, 1)


@pytest.mark.parametrize(
    ("lifetime", "uses", "expired"),
    [(None, None, False), (0, None, True), (1e12, None, False), (None, 1, True), (None, 2, False), (1e12, 1, True)],
)
def test_a_container_grows_old(lifetime, uses, expired):
    container = PooledContainer("id", None)
    container.mark_busy()
    assert container.is_expired(lifetime, uses) is expired


@pytest.mark.parametrize(
    ("arguments", "image"),
    [
        (("python", None), DefaultImage.PYTHON),
        ((SupportedLanguage.R, ""), DefaultImage.R),
        (("c++", None), DefaultImage.CPP),
        (("python", "mine"), "mine"),
        (("python", "mine", "file"), "mine"),
        (("python", None, "file"), None),
    ],
)
def test_the_image_of_a_pool(arguments, image):
    assert resolve_default_image(*arguments) == image


@pytest.mark.parametrize("lang", ["cobol", "", None, 3, "é" * 10_000], ids=shown)
def test_an_image_needs_a_language(lang):
    with pytest.raises(LanguageNotSupportedError):
        resolve_default_image(lang, None)


class Pool(ContainerPoolManager):
    def acquire(self):
        raise AssertionError

    release = close = get_stats = acquire


@pytest.mark.parametrize(
    "call",
    [
        create_pool_manager,
        lambda: create_pool_manager(backend="native", lang="python", config=PoolConfig()),
        lambda: Pool(None, PoolConfig(), "python"),
        lambda: PooledSandboxSession(None, verbose=True),
        lambda: ArtifactPooledSandboxSession(None, enable_plotting=False),
    ],
)
def test_pools_are_not_there_yet(call):
    with pytest.raises(UnsupportedError, match="pools are not there yet\nTry: open a session"):
        call()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PoolExhaustedError(3), "All 3 containers in pool are busy"),
        (PoolExhaustedError(3, 1.5), "All 3 containers in pool are busy and timeout of 1.5s exceeded"),
        (PoolExhaustedError(3, timeout=0), "All 3 containers in pool are busy and timeout of 0s exceeded"),
    ],
)
def test_an_exhausted_pool_says_how_large_it_is(error, message):
    assert str(error) == message
    assert error.pool_size == 3


def test_everything_is_exported():
    assert set(pool.__all__) <= set(vars(pool))
