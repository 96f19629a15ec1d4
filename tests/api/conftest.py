"""Async tests of the API run in a loop of their own, with their world open.

Its table is in memory. Those that carry the mark `aws` run once more with their table on an emulated AWS, and with
AURORA_TEST_TABLE=dynamodb (`make test-aws`) all do so and nothing else; with AURORA_TEST_TABLE=deployed a home answers
that is deployed in an emulated AWS.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.world import HOME, World
from tests.stories import stories_with

ALL_ON_AWS = os.environ.get("AURORA_TEST_TABLE") == "dynamodb"
DEPLOYED = os.environ.get("AURORA_TEST_TABLE") == "deployed"


@pytest.fixture(scope="session", autouse=ALL_ON_AWS)
def all_on_aws(aws: Any) -> Iterator[None]:
    World.everywhere = aws
    yield
    World.everywhere = None


@pytest.fixture(scope="session", autouse=DEPLOYED)
def all_deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    from tests.aws.deployed.rest import deployed_suite

    with deployed_suite(tmp_path_factory.mktemp("deployed"), HOME) as suite:
        World.everywhere, World.deployed = suite.home.aws, suite
        yield
    World.everywhere = World.deployed = None


@pytest.fixture
def monkeypatch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Replaces nothing where a deployed home answers."""
    if not DEPLOYED:
        return monkeypatch
    from tests.aws.deployed.inside import Untouched

    return Untouched()


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    return World(request.getfixturevalue("aws") if getattr(request, "param", "") == "dynamodb" else None)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if (
        "world" in metafunc.fixturenames
        and metafunc.definition.get_closest_marker("aws")
        and not (ALL_ON_AWS or DEPLOYED)
    ):
        metafunc.parametrize("world", ["memory", "dynamodb"], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What says itself that it is about one process is not asked of a deployed home; nor are the figures of one."""
    for item in items if DEPLOYED else ():
        if mark := item.get_closest_marker("inside"):
            item.add_marker(pytest.mark.xfail(run=False, reason=mark.args[0]))
        elif getattr(_endpoint(item), "path", "") == "/metrics":
            item.add_marker(pytest.mark.xfail(run=False, reason="on AWS nobody is shown what one process counts"))


def _endpoint(item: pytest.Item) -> object:
    """The endpoint that a test is about, where it is about one."""
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("endpoint") if callspec else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What of the suite a deployed home was not asked, and why."""
    for reason, count in Counter(each.wasxfail for each in terminalreporter.stats.get("xfailed", [])).items():
        terminalreporter.write_line(f"left out {count}: {reason.removeprefix('reason: ')}")


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs that bring things into the trash and back do two of them a page."""
    for module in ("along", "calendar_trash", "part_jobs"):
        monkeypatch.setattr(f"aurora_time.operations.{module}.PAGE", 2)


pytest_pyfunc_call = stories_with(World)
