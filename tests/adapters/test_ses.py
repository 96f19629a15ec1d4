"""Mails by SES: what is handed over, byte by byte, and what its refusals mean."""

from __future__ import annotations

import asyncio
import email
import email.policy
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from structlog.testing import capture_logs

from aurora_time.adapters.ses import SesMailer
from aurora_time.ports import (
    Attachment,
    Mail,
    MailRefusedError,
    MailThrottledError,
    MailUnavailableError,
    RecipientRefusedError,
)

CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
MAIL = Mail(
    "an@example.org",
    "Họp tuần",
    "Text",
    "<p>Text</p>",
    "<one@time.example.org>",
    (("List-Unsubscribe", "<https://time.example.org/r/x>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")),
    "An",
    (Attachment("text/calendar; method=REQUEST; charset=utf-8", CALENDAR, "invite.ics"),),
)


class Clock:
    def now(self) -> float:
        return 1_800_000_000.0


class Client:
    """Takes what boto3's client would, and raises ``error`` if told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.sent: list[dict[str, Any]] = []

    def send_email(self, **request: Any) -> dict[str, str]:
        if self.error is not None:
            raise self.error
        self.sent.append(request)
        return {"MessageId": "0"}


def send(client: Client, mail: Mail = MAIL, settings: str = "reminders") -> None:
    asyncio.run(SesMailer(client, "Aurora Time <aurora@example.org>", settings, Clock()).send(mail))


def said(code: str, words: str = "", status: int = 400) -> ClientError:
    answer = {"Error": {"Code": code, "Message": words}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "SendEmail")


def test_the_message_is_ours_with_its_headers_and_its_calendar() -> None:
    client = Client()
    send(client, replace(MAIL, reply_to="sam@example.net", reply_to_name="Sam"))
    (request,) = client.sent
    assert request["Destination"] == {"ToAddresses": [MAIL.to]}
    assert request["FromEmailAddress"] == "aurora@example.org"
    assert request["ConfigurationSetName"] == "reminders"
    read = email.message_from_bytes(request["Content"]["Raw"]["Data"], policy=email.policy.default)
    assert read["subject"] == "Họp tuần"
    assert read["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert read["message-id"] == MAIL.message_id
    assert read["reply-to"] == "Sam <sam@example.net>"
    types = [part.get_content_type() for part in read.walk() if not part.is_multipart()]
    assert types == ["text/plain", "text/html", "text/calendar", "application/ics"]
    calendar = next(part for part in read.walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_payload(decode=True) == CALENDAR
    assert calendar.get_param("method") == "REQUEST"


def test_without_a_configuration_set_none_is_named() -> None:
    client = Client()
    send(client, settings="")
    assert "ConfigurationSetName" not in client.sent[0]


@pytest.mark.parametrize(
    "error",
    [
        said("TooManyRequestsException", "Maximum sending rate exceeded."),
        said("TooManyRequestsException", "Daily message quota exceeded."),
        said("LimitExceededException", "Daily message quota exceeded."),
        said("SendingPausedException"),
        said("AccountSuspendedException"),
        said("MailFromDomainNotVerifiedException"),
        said("InternalServiceError"),
        said("MessageRejected", "Email address is not verified. The following identities failed: an@example.org"),
        ReadTimeoutError(endpoint_url="x"),
    ],
)
def test_what_concerns_the_account_or_the_way_is_tried_again(error: Exception) -> None:
    with pytest.raises(MailUnavailableError):
        send(Client(error))


@pytest.mark.parametrize(
    ("error", "passes_at_once"),
    [
        (said("TooManyRequestsException", "Maximum sending rate exceeded.", 429), True),
        (said("ThrottlingException", "Rate exceeded", 400), True),
        (said("TooManyRequestsException", "Daily message quota exceeded.", 429), False),
        (said("LimitExceededException", "Daily message quota exceeded."), False),
        (said("InternalFailure", status=500), False),
    ],
)
def test_too_many_in_one_second_are_told_apart_from_what_lasts(error: ClientError, passes_at_once: bool) -> None:
    with pytest.raises(MailUnavailableError) as refused:
        send(Client(error))
    assert isinstance(refused.value, MailThrottledError) == passes_at_once


@pytest.mark.parametrize(
    ("error", "is_told"),
    [
        (said("AccessDeniedException", "not authorized to perform ses:SendEmail", 403), True),
        (said("MessageRejected", "Email address is not verified."), True),
        (said("SendingPausedException"), True),
        (said("NotFoundException", "Configuration set <x> does not exist", 404), True),
        (said("TooManyRequestsException", status=429), False),
        (said("InternalFailure", status=500), False),
    ],
)
def test_what_only_an_operator_can_mend_is_an_error_in_the_log(error: ClientError, is_told: bool) -> None:
    with capture_logs() as lines, pytest.raises(MailUnavailableError):
        send(Client(error))
    assert [each["log_level"] for each in lines] == ["error"] * is_told


def test_a_message_that_ses_rejects_is_not_tried_again() -> None:
    with pytest.raises(MailRefusedError) as refused:
        send(Client(said("MessageRejected", "The message contains a virus.")))
    assert not isinstance(refused.value, RecipientRefusedError)


def test_an_address_that_ses_cannot_read_counts_against_the_address() -> None:
    with pytest.raises(RecipientRefusedError):
        send(Client(said("BadRequestException", "Domain contains illegal character")))
    with pytest.raises(RecipientRefusedError, match="ASCII"):
        send(Client(), Mail("nguyễn@example.org", "", "", "", "<a@b>"))
