"""The user pool's triggers: its mails in the person's language, and who has just come."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_time.aws.users import Users, worded
from aurora_time.operations.people import find_person_id, read_person
from tests.aws.cloud import Cloud

CODE = "{####}"
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool"


def asked(source: str, **attributes: str) -> dict[str, Any]:
    said = {"sub": "c0ffee", "email": "an@example.org", "email_verified": "true", **attributes}
    request = {"userAttributes": said, "codeParameter": CODE, "usernameParameter": None}
    empty = {"smsMessage": None, "emailMessage": None, "emailSubject": None}
    pool = {"region": "eu-west-1", "userPoolId": "eu-west-1_Pool"}
    return {
        **pool,
        "version": "1",
        "triggerSource": source,
        "userName": "c0ffee",
        "request": request,
        "response": empty,
    }


@pytest.mark.parametrize(
    ("source", "locale", "subject"),
    [
        ("CustomMessage_SignUp", "vi-VN", "xác nhận"),
        ("CustomMessage_ResendCode", "en", "code"),
        ("CustomMessage_ForgotPassword", "fr", "password"),
        ("CustomMessage_UpdateUserAttribute", "vi", "xác nhận"),
    ],
)
def test_the_pools_mails_are_in_the_persons_language_with_its_code(source: str, locale: str, subject: str) -> None:
    mail = worded(asked(source, locale=locale))
    assert mail is not None
    assert subject in mail.subject.lower()
    assert CODE in mail.html
    assert len(mail.html) <= 20_000, "Cognito takes no more"
    assert len(mail.subject) <= 140


def test_what_the_pool_words_itself_stays_as_it_is() -> None:
    assert worded(asked("CustomMessage_AdminCreateUser")) is None
    assert worded(asked("PostConfirmation_ConfirmSignUp")) is None


@pytest.mark.aws
async def test_whoever_has_confirmed_the_address_has_an_account_with_a_calendar(cloud: Cloud) -> None:
    event = asked("PostConfirmation_ConfirmSignUp", name="An", zoneinfo="Asia/Saigon", locale="vi")
    for _ in range(2):  # Cognito may ask again
        assert await Users(cloud.services)(event) == event
    person_id = await find_person_id(cloud.services, ISSUER, "c0ffee")
    person, _ = await read_person(cloud.services, str(person_id))
    assert (person.email, person.name, person.locale) == ("an@example.org", "An", "vi")
    assert person.time_zone == "Asia/Ho_Chi_Minh"


@pytest.mark.aws
@pytest.mark.parametrize("verified", ["false", ""])
async def test_an_address_that_is_not_verified_leads_to_nobody(cloud: Cloud, verified: str) -> None:
    await Users(cloud.services)(asked("PostConfirmation_ConfirmSignUp", email_verified=verified))
    assert await find_person_id(cloud.services, ISSUER, "c0ffee") is None


@pytest.mark.aws
async def test_a_changed_password_makes_nobody(cloud: Cloud) -> None:
    await Users(cloud.services)(asked("PostConfirmation_ConfirmForgotPassword"))
    assert await find_person_id(cloud.services, ISSUER, "c0ffee") is None
