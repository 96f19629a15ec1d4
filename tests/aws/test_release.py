"""``aurora aws release``: from the operator's machine into the table of a home on AWS."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from aurora_time.operations.suppression import find_held, list_held, note_bounce
from aurora_time.run import cli_aws_release
from aurora_time.run.cli_aws_release import let_go
from aurora_time.run.control import OperatorError
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


def test_an_address_may_be_written_as_its_owner_does_or_as_ses_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def noted(_home: object, email: str) -> bool:
        asked.append(email)
        return True

    monkeypatch.setattr(cli_aws_release, "home", lambda *_: nullcontext())
    monkeypatch.setattr(cli_aws_release, "let_go", noted)
    for email in ("an@bücher.example", "an@xn--bcher-kva.example"):
        cli_aws_release.release(email)
    assert asked == ["an@bücher.example", "an@xn--bcher-kva.example"]
    with pytest.raises(OperatorError):
        cli_aws_release.release("an@")
