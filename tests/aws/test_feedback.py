"""What SES tells of mails that came back, as its configuration set's events reach us through SNS."""

from __future__ import annotations

import json
import time
from email.utils import parseaddr
from typing import Any

import pytest
from msgspec.structs import replace

from aurora_time.aws.feedback import Listener
from aurora_time.domain.moment import print_instant
from aurora_time.operations import suppression
from aurora_time.operations.came_back import tags_of
from aurora_time.operations.people import NewPerson, ensure_person, read_person
from aurora_time.run.cli_aws_release import let_go
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.reminders import Entry, ledger_put
from tests.aws.cloud import Cloud, request
from tests.aws.test_invite import deployed
from tests.aws.test_reminder_by_queue import make_event

pytestmark = pytest.mark.aws


DIAGNOSIS = "smtp; 550 5.1.1 no such mailbox"


def told(message: dict) -> dict:
    sns = {"Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:eu-west-1:000000000000:feedback"}
    return {"Records": [{"EventSource": "aws:sns", "Sns": {**sns, "Message": json.dumps(message)}}]}


def bounce(
    address: str, kind: str, sub: str = "General", tags: dict[str, list[str]] | None = None, sent_at: str = ""
) -> dict:
    recipients = [{"emailAddress": address, "action": "failed", "diagnosticCode": DIAGNOSIS}]
    detail = {"bounceType": kind, "bounceSubType": sub, "bouncedRecipients": recipients}
    mail = {"messageId": "m", "tags": tags or {}, **({"timestamp": sent_at} if sent_at else {})}
    return told({"eventType": "Bounce", "mail": mail, "bounce": detail})


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


async def release_by_themselves(cloud: Cloud, token: str) -> None:
    answer = await cloud.function("account")(request("POST", "/v1/me/mail/release", token=token))
    assert answer["statusCode"] == 204


async def release_by_the_operator(cloud: Cloud, _token: str) -> None:
    await let_go(deployed(cloud), parseaddr(cloud.address("an"))[1])


@pytest.mark.parametrize("release", [release_by_themselves, release_by_the_operator])
async def test_a_mail_that_was_sent_before_a_release_and_comes_back_after_it_does_not_undo_it(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, release: Any
):
    """A mail server may try for hours before it gives up. What became of that mail is told all the same."""
    token, tags = await rung(cloud, monkeypatch)
    person_id, _ = await cloud.somebody("an")
    before, later = (f"{print_instant(cloud.services.now + hour * 3_600)[:-1]}.237Z" for hour in (-1, 1))
    await Listener(cloud.services)(bounce(cloud.address("an"), "Permanent", sent_at=before))
    await release(cloud, token)
    await Listener(cloud.services)(bounce(cloud.address("an"), "Permanent", tags=tags, sent_at=before))
    assert await why_not(cloud, person_id) is None
    assert [each["status"] for each in await reminders(cloud, token)] == ["failed"]
    await Listener(cloud.services)(bounce(cloud.address("an"), "Permanent", sent_at=later))
    assert await why_not(cloud, person_id) == suppression.BOUNCED


async def test_a_time_of_a_mail_that_cannot_be_read_holds_up_nothing(cloud: Cloud):
    person_id, _ = await cloud.somebody("an")
    await Listener(cloud.services)(bounce(cloud.address("an"), "Permanent", sent_at="yesterday"))
    assert await why_not(cloud, person_id) == suppression.BOUNCED


# --- the ledger -------------------------------------------------------------------------------------------------------
async def reminders(cloud: Cloud, token: str) -> list[dict[str, Any]]:
    """As the reminder centre reads them."""
    low, high = (print_instant(cloud.services.now + day * 86_400) for day in (-1, 1))
    answer = await cloud.function("reminders")(request("GET", f"/v1/reminders?from={low}&to={high}", token=token))
    items: list[dict[str, Any]] = json.loads(answer["body"])["items"]
    return items


async def rung(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, name: str = "an") -> tuple[str, dict[str, list[str]]]:
    """Whose one reminder was sent; and the tags that SES was told of its mail, as it says them again."""
    tags: list[dict[str, list[str]]] = []
    send = cloud.ses.send_email

    def noting(**asked: Any) -> Any:
        tags.append({each["Name"]: [each["Value"]] for each in asked.get("EmailTags", ())})
        return send(**asked)

    monkeypatch.setattr(cloud.ses, "send_email", noting)
    _, token = await cloud.somebody(name)
    await make_event(cloud, token, int(time.time()) + 603)
    await cloud.sweep()
    await cloud.run(lambda: bool(cloud.mails(name)))
    assert [each["status"] for each in await reminders(cloud, token)] == ["sent"]
    return token, tags[0]


@pytest.mark.parametrize(("kind", "sub"), [("Permanent", "NoEmail"), ("Transient", "MailboxFull")])
async def test_of_a_mail_that_came_back_the_reminder_centre_says_so(
    cloud: Cloud, monkeypatch: Any, kind: str, sub: str
):
    token, tags = await rung(cloud, monkeypatch)
    for _ in range(2):  # SNS may tell it again
        await Listener(cloud.services)(bounce(f"An <{cloud.address('AN')}>", kind, sub, tags))
    (told,) = await reminders(cloud, token)
    assert (told["status"], told["sentAt"]) == ("failed", None)
    assert told["error"] == f"The mail came back: {DIAGNOSIS}"


async def test_all_that_one_mail_told_of_failed_and_what_was_done_with_stays(cloud: Cloud) -> None:
    owner, _ = await cloud.somebody("an")
    now = cloud.services.now
    one = Entry("one", "event", None, "email", now, "sent", message_id="<one@home>")
    others = {
        "with it": replace(one, id="two", instant=now - 3_600),
        "dismissed": replace(one, id="three", status="dismissed"),
        "by another mail": replace(one, id="four", message_id="<four@home>"),
    }
    await cloud.services.table.write(*(ledger_put(owner, each, "v", None) for each in (one, *others.values())))
    tags = {name: [value] for name, value in tags_of(owner, one)}
    await Listener(cloud.services)(bounce(cloud.address("an"), "Permanent", tags=tags))
    found = await cloud.services.table.get(*(keys.ledger(owner, each.instant, each.id) for each in others.values()))
    assert [decode(item.body, Entry).status for item in found if item] == ["failed", "dismissed", "sent"]


async def test_of_an_international_address_ses_tells_in_other_letters_and_is_understood(cloud: Cloud) -> None:
    """It is asked to send to ``xn--`` labels, and tells of those; a complaint, too, is of who wrote it otherwise."""
    local = parseaddr(cloud.address("an"))[1].partition("@")[0]
    new = NewPerson(f"{local}@bücher.example", "An", "Asia/Ho_Chi_Minh", "en")
    owner = await ensure_person(cloud.services, cloud.settings.known_as, local, new)
    sent = Entry("one", "event", None, "email", cloud.services.now, "sent", message_id="<one@home>")
    await cloud.services.table.write(ledger_put(owner, sent, "v", None))
    tags = {name: [value] for name, value in tags_of(owner, sent)}
    await Listener(cloud.services)(bounce(f"{local}@xn--bcher-kva.example", "Permanent", tags=tags))
    assert await why_not(cloud, owner) == suppression.BOUNCED
    (item,) = await cloud.services.table.get(keys.ledger(owner, sent.instant, sent.id))
    assert item is not None
    assert decode(item.body, Entry).status == "failed"


async def test_an_answer_of_somebody_on_holiday_is_no_mail_that_came_back(cloud: Cloud, monkeypatch: Any):
    token, tags = await rung(cloud, monkeypatch)
    await Listener(cloud.services)(bounce(cloud.address("an"), "Transient", "General", tags))
    assert (await reminders(cloud, token))[0]["status"] == "sent"


async def test_tags_that_are_forged_or_of_somebody_else_change_nothing(cloud: Cloud, monkeypatch: Any):
    token, tags = await rung(cloud, monkeypatch)
    other, _ = await cloud.somebody("binh")
    address = parseaddr(cloud.address("an"))[1]
    forged: list[dict[str, Any]] = [
        {},
        {**tags, "owner": [other]},
        {**tags, "owner": ["a#b"]},
        {**tags, "owner": []},
        {**tags, "reminder": ["1_2_3"]},
        {**tags, "reminder": ["99999999999999_a"]},
        {**tags, "reminder": [""]},
    ]
    for each in forged:
        await Listener(cloud.services)(bounce(address, "Permanent", tags=each))
    await Listener(cloud.services)(bounce(cloud.address("binh"), "Permanent", tags=tags))
    assert (await reminders(cloud, token))[0]["status"] == "sent"
