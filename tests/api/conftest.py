"""Async tests of the API run in a loop of their own, with their world open.

Its table is in memory. Those that carry the mark `aws` run once more with their table on an emulated AWS, and with
AURORA_TEST_TABLE=dynamodb (`make test-aws`) all do so and nothing else; with AURORA_TEST_TABLE=deployed a home answers
that is deployed in an emulated AWS.
"""

from __future__ import annotations

import os
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
def world(request: pytest.FixtureRequest) -> World:
    return World(request.getfixturevalue("aws") if getattr(request, "param", "") == "dynamodb" else None)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if (
        "world" in metafunc.fixturenames
        and metafunc.definition.get_closest_marker("aws")
        and not (ALL_ON_AWS or DEPLOYED)
    ):
        metafunc.parametrize("world", ["memory", "dynamodb"], indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A deployed home's gateway takes only the pool's tokens for what only browsers ask, and the suite has API tokens;
    /metrics is for nobody there.
    """
    if DEPLOYED:
        from aurora_time.aws.functions import BROWSER_ONLY

        def is_guarded(item: pytest.Item) -> bool:
            endpoint = getattr(item, "callspec", None) and item.callspec.params.get("endpoint")
            return bool(endpoint) and endpoint.path in BROWSER_ONLY | {"/metrics"}

        config.hook.pytest_deselected(items=[each for each in items if is_guarded(each)])
        items[:] = [each for each in items if not is_guarded(each)]


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs that bring things into the trash and back do two of them a page."""
    for module in ("along", "calendar_trash", "part_jobs"):
        monkeypatch.setattr(f"aurora_time.operations.{module}.PAGE", 2)


pytest_pyfunc_call = stories_with(World)
