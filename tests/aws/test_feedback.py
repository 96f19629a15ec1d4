"""What SES tells of mails that came back, as its configuration set's events reach us through SNS."""

from __future__ import annotations

import json

import pytest

from aurora_time.aws.feedback import Listener
from aurora_time.operations import suppression
from aurora_time.operations.people import read_person
from tests.aws.cloud import Cloud

pytestmark = pytest.mark.aws


def told(message: dict) -> dict:
    sns = {"Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:eu-west-1:000000000000:feedback"}
    return {"Records": [{"EventSource": "aws:sns", "Sns": {**sns, "Message": json.dumps(message)}}]}


def bounce(address: str, kind: str) -> dict:
    recipients = [{"emailAddress": address, "action": "failed", "status": "5.1.1"}]
    detail = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": recipients}
    return told({"eventType": "Bounce", "mail": {"messageId": "m"}, "bounce": detail})


async def why_not(cloud: Cloud, person_id: str) -> str | None:
    person, _ = await read_person(cloud.services, person_id)
    return await suppression.why_not(cloud.services, person, reminder=True)


async def test_after_a_permanent_bounce_nothing_more_is_sent_there(cloud: Cloud):
    person_id, _ = await cloud.somebody("an")
    await Listener(cloud.services)(bounce(f"An <{cloud.address('an')}>", "Permanent"))
    assert await why_not(cloud, person_id) == suppression.BOUNCED


async def test_a_full_mailbox_holds_nobody(cloud: Cloud):
    person_id, _ = await cloud.somebody("an")
    for _ in range(5):
        await Listener(cloud.services)(bounce(cloud.address("an"), "Transient"))
    assert await why_not(cloud, person_id) is None


async def test_who_complains_is_written_to_no_more_also_after_a_bounce(cloud: Cloud):
    person_id, _ = await cloud.somebody("an")
    recipients = [{"emailAddress": cloud.address("an")}]
    await Listener(cloud.services)(told({"eventType": "Complaint", "complaint": {"complainedRecipients": recipients}}))
    await Listener(cloud.services)(bounce(cloud.address("an"), "Permanent"))
    assert await why_not(cloud, person_id) == suppression.COMPLAINED


async def test_what_was_delivered_is_no_matter(cloud: Cloud):
    person_id, _ = await cloud.somebody("an")
    await Listener(cloud.services)(told({"eventType": "Delivery", "delivery": {"recipients": [cloud.address("an")]}}))
    assert await why_not(cloud, person_id) is None


async def test_the_first_message_of_ses_is_a_sentence_and_holds_up_nothing(cloud: Cloud):
    """SES writes it in plain words when it is led to the topic, and SNS would bring what fails again and again."""
    person_id, _ = await cloud.somebody("an")
    event = bounce(cloud.address("an"), "Permanent")
    words = "Successfully validated SNS topic for Amazon SES event publishing."
    event["Records"].insert(0, {"EventSource": "aws:sns", "Sns": {"Type": "Notification", "Message": words}})
    await Listener(cloud.services)(event)
    assert await why_not(cloud, person_id) == suppression.BOUNCED
