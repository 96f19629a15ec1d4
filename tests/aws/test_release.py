"""``aurora aws release``: from the operator's machine into the table of a home on AWS."""

from __future__ import annotations

import pytest

from aurora_time.operations.suppression import find_held, list_held, note_bounce
from aurora_time.run.cli_aws_release import let_go
from tests.aws.cloud import Cloud
from tests.aws.test_invite import deployed

pytestmark = pytest.mark.aws


async def test_mails_to_whom_the_operator_lets_go_are_not_held_any_more(cloud: Cloud) -> None:
    held, other = cloud.address("sam"), cloud.address("kim")
    for address in (held, other):
        await note_bounce(cloud.services, address, "complaint")
    assert await let_go(deployed(cloud), held.upper())
    assert await find_held(cloud.services, held) is None
    assert held not in {each.address for each in await list_held(cloud.services)}
    assert await find_held(cloud.services, other) is not None
    assert not await let_go(deployed(cloud), held)
