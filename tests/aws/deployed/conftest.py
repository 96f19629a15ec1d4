"""One deployed home for all tests of this folder: stacks as the CDK writes them, functions as processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aws.deployed.home import Home
from tests.aws.deployed.running import deployed_home
from tools.environment import ROOT
from tools.site import lay_out
from tools.web_app import WebApp

ASSEMBLY = "AURORA_ASSEMBLY"
"""What the environment calls the folder with the templates: make test-aws makes it, the functions' package in it."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The web app's files as a home on AWS has them."""
    folder = tmp_path_factory.mktemp("site")
    lay_out(WebApp(ROOT), folder)
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with deployed_home(tmp_path_factory.mktemp("deployed"), Path(os.environ[ASSEMBLY]), "dev") as running:
        yield running
