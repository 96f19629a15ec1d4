"""The user pool's triggers: its mails in the person's language, and who has just come."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_time.aws.pool_mail import worded
from aurora_time.aws.users import Users
from aurora_time.operations.admitting import NotTakenError, Policy, invite
from aurora_time.operations.closing import close_account
from aurora_time.operations.people import find_person_id, read_person
from aurora_time.operations.services import NoAccounts
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
        ("CustomMessage_ResendCode", "en", "confirm"),
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
    assert CODE not in mail.subject, "the pool promises to fill it in the body alone"


@pytest.mark.parametrize(
    ("source", "subject"),
    [
        ("CustomMessage_SignUp", "Confirm your e-mail address / Xác nhận địa chỉ email"),
        ("CustomMessage_ForgotPassword", "Reset your Aurora Time password / Đặt lại mật khẩu Aurora Time"),
    ],
)
def test_whose_language_nobody_knows_yet_reads_it_in_both(source: str, subject: str) -> None:
    mail = worded(asked(source))
    assert mail is not None
    assert mail.subject == subject
    assert mail.html.count(CODE) == 2
    assert mail.html.index("Enter this code") < mail.html.index("Nhập mã này")
    assert len(mail.html) <= 20_000, "Cognito takes no more"
    assert len(mail.subject) <= 140


def test_what_the_pool_words_itself_stays_as_it_is() -> None:
    assert worded(asked("CustomMessage_AdminCreateUser")) is None
    assert worded(asked("PostConfirmation_ConfirmSignUp")) is None


@pytest.mark.aws
async def test_whoever_has_confirmed_the_address_has_an_account_with_a_calendar(cloud: Cloud) -> None:
    event = asked("PostConfirmation_ConfirmSignUp", name="An", zoneinfo="Asia/Saigon", locale="vi")
    for _ in range(2):  # Cognito may ask again
        assert await Users(cloud.services, "open")(event) == event
    person_id = await find_person_id(cloud.services, ISSUER, "c0ffee")
    person, _ = await read_person(cloud.services, str(person_id))
    assert (person.email, person.name, person.locale) == ("an@example.org", "An", "vi")
    assert person.time_zone == "Asia/Ho_Chi_Minh"
    assert not person.assumed


@pytest.mark.aws
@pytest.mark.parametrize("verified", ["false", ""])
async def test_an_address_that_is_not_verified_leads_to_nobody(cloud: Cloud, verified: str) -> None:
    await Users(cloud.services, "open")(asked("PostConfirmation_ConfirmSignUp", email_verified=verified))
    assert await find_person_id(cloud.services, ISSUER, "c0ffee") is None


@pytest.mark.aws
async def test_a_changed_password_makes_nobody(cloud: Cloud) -> None:
    users = Users(cloud.services, "open", lambda _: NoAccounts())
    await users(asked("PostConfirmation_ConfirmForgotPassword"))
    assert await find_person_id(cloud.services, ISSUER, "c0ffee") is None


SIGN_UPS = ("PreSignUp_SignUp", "PreSignUp_ExternalProvider")


@pytest.mark.aws
@pytest.mark.parametrize("source", SIGN_UPS)
@pytest.mark.parametrize("policy", ["invite", "closed"])
async def test_a_stranger_is_told_why_there_is_no_account_for_them(cloud: Cloud, source: str, policy: Policy) -> None:
    with pytest.raises(NotTakenError, match=r"Ask whoever runs it.* / .*Hãy"):
        await Users(cloud.services, policy)(asked(source))
    assert await Users(cloud.services, "open")(asked(source)), "nobody is asked for an invitation there"


@pytest.mark.aws
@pytest.mark.parametrize("source", SIGN_UPS)
async def test_who_is_invited_signs_up_and_has_an_account_and_nobody_else_has(cloud: Cloud, source: str) -> None:
    assert await invite(cloud.services, "An@Example.org")
    users = Users(cloud.services, "invite")
    for each in (source, "PostConfirmation_ConfirmSignUp"):
        await users(asked(each))
    assert await find_person_id(cloud.services, ISSUER, "c0ffee")
    assert not await invite(cloud.services, "an@example.org"), "who is here needs no invitation"
    with pytest.raises(NotTakenError):
        await users(asked(source, email="binh@example.org"))


@pytest.mark.aws
async def test_an_invitation_is_no_key_where_sign_up_is_closed(cloud: Cloud) -> None:
    await invite(cloud.services, "an@example.org")
    with pytest.raises(NotTakenError):
        await Users(cloud.services, "closed")(asked("PreSignUp_SignUp"))


@pytest.mark.aws
async def test_whom_the_operator_makes_in_the_pool_may_come_in_under_any_policy(cloud: Cloud) -> None:
    users = Users(cloud.services, "closed")
    await users(asked("PreSignUp_AdminCreateUser"))
    await users(asked("PostAuthentication_Authentication"))
    assert await find_person_id(cloud.services, ISSUER, "c0ffee")


@pytest.mark.aws
async def test_who_confirms_after_the_invitation_is_over_has_no_account(cloud: Cloud) -> None:
    with pytest.raises(NotTakenError):
        await Users(cloud.services, "invite")(asked("PostConfirmation_ConfirmSignUp"))
    assert await find_person_id(cloud.services, ISSUER, "c0ffee") is None


@pytest.mark.aws
async def test_who_closed_the_account_and_signs_in_before_the_pool_forgot_them_is_told_to_wait(cloud: Cloud) -> None:
    users = Users(cloud.services, "open")
    await users(asked("PostConfirmation_ConfirmSignUp"))
    await close_account(cloud.services, str(await find_person_id(cloud.services, ISSUER, "c0ffee")))
    with pytest.raises(NotTakenError, match="Sign up anew in some minutes"):
        await users(asked("PostAuthentication_Authentication"))
