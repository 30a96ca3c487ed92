"""What the suites of sessions have in common."""

import pytest

from llm_sandbox.native import SandboxNativeSession

# A test that hangs has failed; none takes nearly as long.
TEST_TIMEOUT = 120


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes seconds, and says the same on every version of Python")


def pytest_collection_modifyitems(config, items):
    if not config.pluginmanager.hasplugin("timeout"):
        return
    for item in items:
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(TEST_TIMEOUT))


@pytest.fixture
def session():
    """An open session of Python's."""
    with SandboxNativeSession() as opened:
        yield opened


@pytest.fixture
def native():
    """Opens sessions, and closes them when the test is over."""
    opened = []

    def open_session(*args, **kwargs):
        made = SandboxNativeSession(*args, **kwargs)
        made.open()
        opened.append(made)
        return made

    yield open_session
    for made in opened:
        made.close()
