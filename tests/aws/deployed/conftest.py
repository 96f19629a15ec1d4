"""One deployed home for all tests of this folder: stacks as the CDK writes them, functions as processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.aws.deployed.home import Home
from tests.aws.deployed.running import deployed_home
from tools.environment import ROOT
from tools.site import lay_out
from tools.web_app import WebApp


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The web app's files as a home on AWS has them."""
    folder = tmp_path_factory.mktemp("site")
    lay_out(WebApp(ROOT), folder)
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with deployed_home(tmp_path_factory.mktemp("deployed"), "dev") as running:
        yield running


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """What a test has measured is told at the end."""
    return lambda figure: request.node.user_properties.append(("measured", figure))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("passed", []):
        for name, figure in report.user_properties:
            if name == "measured" and report.when == "call":
                terminalreporter.write_line(f"measured: {figure}")
