"""What holds for every test: on CI nothing may be skipped; elsewhere each reason is said once."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Iterator
from typing import Any, TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
ON_CI = os.environ.get("CI", "").lower() not in ("", "0", "false")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """A worker writes what it has covered while it is still awaited. Left to the end of its process, the writing (which
    has no journal) was cut off on a busy machine: the file was malformed, and half of all figures were gone with it.
    """
    yield
    if hasattr(session.config, "workerinput"):
        from coverage import Coverage

        if measuring := Coverage.current():
            measuring.stop()
            measuring.save()


@pytest.fixture(scope="session")
def effort() -> int:
    """How often to do what `make test` does once: 1 there, 20 in `make fuzz` or what its EFFORT=50 says."""
    return int(os.environ.get("EFFORT", "1"))


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An emulated AWS: one for each process that runs tests, started by the first that needs it."""
    from tests.emulated import emulated_aws

    with emulated_aws(tmp_path_factory.mktemp("aws")) as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _refuse_skip((yield))


def _refuse_skip(report: Report) -> Report:
    if ON_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {_reason(report)}"
    return report


def _reason(report: Any) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"skipped {count}: {reason}")
