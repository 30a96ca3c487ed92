"""Has pytest print a line for each test, as Rust's tests do: `test NAME ... ok`."""

import pytest

_WORDS = {"passed": "ok", "failed": "FAILED", "skipped": "ignored"}


def _reason(report):
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ").replace("\n", " ")
    return getattr(report, "wasxfail", "") or "no reason given"


class _Outcomes:
    def __init__(self):
        self.seen = {}

    def pytest_runtest_logreport(self, report):
        # What fails before or after a test has failed the test.
        if report.when == "call" or report.outcome != "passed":
            if self.seen.get(report.nodeid, ("", ""))[0] != "failed":
                self.seen[report.nodeid] = (report.outcome, _reason(report) if report.skipped else "")

    def pytest_collectreport(self, report):
        if report.failed:
            self.seen[report.nodeid] = ("failed", "")

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self, config):
        for name, (outcome, reason) in self.seen.items():
            print(f"test {name} ... {_WORDS[outcome]}{', ' + reason if reason else ''}", flush=True)


def pytest_configure(config):
    config.pluginmanager.register(_Outcomes())
