"""Each test of this folder has a second home of its own, and runs in a loop of its own."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_time.run.logs import configure_logs
from tests.aws.cloud import Cloud
from tests.stories import stories_with


@pytest.fixture(autouse=True)
def _plain_log() -> None:
    """As the functions have it."""
    configure_logs("info")


@pytest.fixture
def cloud(aws: Any) -> Cloud:
    return Cloud(aws)


pytest_pyfunc_call = stories_with(Cloud)
