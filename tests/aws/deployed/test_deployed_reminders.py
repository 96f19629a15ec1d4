"""The way of a reminder through a deployed home: Scheduler, sweep, SQS, ring, SES; and what goes wrong on it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from aurora_time.domain.moment import print_instant
from aurora_time.operations.errands import FAR
from aurora_time.operations.suppression import BOUNCED
from tests.aws.deployed.home import Home, Tokens, wait_for

pytestmark = [pytest.mark.deployed, pytest.mark.slow]
BEFORE = 600
"""Seconds for which a reminder rings before an event that says nothing else."""


@pytest.fixture(scope="module")
def ha(home: Home) -> Tokens:
    return home.somebody("ha")


def make_event(home: Home, token: str, due: float, summary: str) -> dict[str, Any]:
    """One whose reminder is due then."""
    with home.http(token) as http:
        body = {"summary": summary, "start": {"dateTime": print_instant(int(due) + BEFORE)}}
        made = http.post("/v1/events", json=body)
    assert made.status_code == 201, made.text
    read: dict[str, Any] = made.json()
    return read


def mails(home: Home, summary: str, to: str = "ha@example.org") -> list[dict[str, Any]]:
    return [each for each in home.mails(to) if each["Subject"].startswith(summary)]


def test_a_reminder_goes_from_the_scheduler_to_one_mail_and_is_soon(
    home: Home, ha: Tokens, measured: Callable[[str], None]
) -> None:
    """Due later than what a write itself sends a hint for: nobody but a sweep can find it."""
    due = int(time.time()) + FAR + 25
    event = make_event(home, ha.access, due, "Weekly review")
    wait_for(lambda: bool(mails(home, "Weekly review")), FAR + 125, "no mail came")
    time.sleep(2)
    sent = mails(home, "Weekly review")
    assert len(sent) == 1
    lateness = sent[0]["Timestamp"] - due
    assert any('"HandedOver": 1' in line or '"HandedOver": 2' in line for line in home.logged("sweep"))
    assert any('"Lateness"' in line for line in home.logged("ring"))
    with home.http(ha.access) as http:
        ledger = http.get("/v1/reminders?status=sent").json()["items"]
    measured(f"the reminder, found by a sweep, was mailed {lateness:.2f} s late")
    assert 0 <= lateness < 60
    assert [each["eventId"] for each in ledger] == [event["id"]]


def test_of_a_batch_with_a_poisoned_message_that_one_alone_ends_with_the_dead_letters(home: Home, ha: Tokens) -> None:
    errands, dead = home.queue("errands"), home.queue("dead")
    home.sqs.set_queue_attributes(QueueUrl=errands, Attributes={"VisibilityTimeout": "12"})  # of 360, five times
    due = int(time.time()) + 8
    for number in range(3):
        make_event(home, ha.access, due, f"Meeting {number}")
    home.sqs.send_message(QueueUrl=errands, MessageBody="this is no errand")

    def counted() -> int:
        got = home.sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["ApproximateNumberOfMessages"])
        return int(got["Attributes"]["ApproximateNumberOfMessages"])

    wait_for(lambda: counted() > 0 and len(mails(home, "Meeting")) >= 3, 180, "not all came to an end")
    found = home.sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10)["Messages"]
    assert [each["Body"] for each in found] == ["this is no errand"]
    assert sorted(each["Subject"][:9] for each in mails(home, "Meeting")) == ["Meeting 0", "Meeting 1", "Meeting 2"]


def test_after_a_bounce_nothing_more_is_sent_there(home: Home) -> None:
    """The emulator's SES tells of no bounce, so what SES would publish is published here."""
    khoa = home.somebody("khoa")
    make_event(home, khoa.access, time.time() + 4, "Before")
    wait_for(lambda: bool(mails(home, "Before", "khoa@example.org")), 120, "no mail came")
    topics = [each["TopicArn"] for each in home.sns.list_topics()["Topics"]]
    (topic,) = [each for each in topics if "Feedback" in each]
    recipients = [{"emailAddress": "khoa@example.org", "action": "failed", "status": "5.1.1"}]
    detail = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": recipients}
    told = {"eventType": "Bounce", "mail": {"messageId": "m"}, "bounce": detail}
    home.sns.publish(TopicArn=topic, Message=json.dumps(told))

    wait_for(lambda: any("END" in line for line in home.logged("feedback")), 120, "nobody listened")
    make_event(home, khoa.access, time.time() + 4, "After")

    def decided() -> list[dict[str, Any]]:
        with home.http(khoa.access) as http:
            found = http.get("/v1/reminders").json()["items"]
        return [each for each in found if each["status"] in ("failed", "suppressed")]

    wait_for(lambda: bool(decided()), 120, "it was not decided")
    assert [each["error"] for each in decided()] == [BOUNCED]
    assert not mails(home, "After", "khoa@example.org")
