"""From a request to a mail on AWS: the due index, the sweep, the queue, the sender, SES."""

from __future__ import annotations

import json
import time

import pytest

from aurora_time.domain.moment import print_instant
from tests.aws.cloud import Cloud, request

pytestmark = pytest.mark.aws


async def make_event(cloud: Cloud, token: str, starts: float, **more) -> dict:
    body = {"summary": "Weekly review", "start": {"dateTime": print_instant(int(starts))}, **more}
    answer = await cloud.function("events")(request("POST", "/v1/events", body, token))
    assert answer["statusCode"] == 201, answer
    return json.loads(answer["body"])


async def test_a_reminder_goes_from_a_request_through_sweep_and_queue_to_one_mail(cloud: Cloud, capsys) -> None:
    _, token = await cloud.somebody("an")
    due = int(time.time()) + 6
    await make_event(cloud, token, due + 600)
    assert await cloud.sweep() >= 1
    assert await cloud.sweep() <= 1, "only the canary is handed over twice"
    await cloud.run(lambda: bool(cloud.mails("an")))
    await cloud.run(lambda: False, 2)
    mails = cloud.mails("an")
    assert [mail["Subject"].startswith("Weekly review") for mail in mails] == [True]
    lateness = mails[0]["Timestamp"] - due
    with capsys.disabled():
        print(f" {lateness:.2f} s late ", end="")
    assert 0 <= lateness < 3
