"""What the user pool keeps of somebody: it goes with the account, and it learns the person's language."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import pytest

from aurora_time.adapters.cognito import CognitoAccounts
from aurora_time.api.authentication import authenticator
from aurora_time.aws.rest import RestFunction, endpoints_for
from aurora_time.aws.ring import Ringer
from aurora_time.aws.soon import Soon
from aurora_time.aws.users import Users
from aurora_time.operations import erasing
from aurora_time.operations.people import SCOPES, create_token, find_person_id
from aurora_time.operations.services import Services
from aurora_time.ports import UnavailableError
from aurora_time.run.endpoints import wire_some
from aurora_time.run.gate import Gate
from tests.aws.cloud import Cloud, Nobody, request

pytestmark = pytest.mark.aws


class Pool:
    """A pool of the emulator, and a home whose issuer it is."""

    def __init__(self, cloud: Cloud) -> None:
        self.cognito = cloud.aws.service("cognito-idp")
        made = self.cognito.create_user_pool(PoolName=cloud.name, UsernameAttributes=["email"])
        self.id = made["UserPool"]["Id"]
        self.issuer = f"https://cognito-idp.eu-west-1.amazonaws.com/{self.id}"
        accounts = CognitoAccounts(self.cognito, self.id)
        self.services: Services = dataclasses.replace(cloud.services, issuer=self.issuer, accounts=accounts)
        self._cloud = cloud

    async def sign_up(self, email: str) -> tuple[str, str]:
        """The subject, and a token of the API."""
        user = self.cognito.admin_create_user(UserPoolId=self.id, Username=email)["User"]
        subject = next(each["Value"] for each in user["Attributes"] if each["Name"] == "sub")
        said = {"sub": subject, "email": email, "email_verified": "true"}
        event: dict[str, Any] = {
            "triggerSource": "PostConfirmation_ConfirmSignUp",
            "region": "eu-west-1",
            "userPoolId": self.id,
            "userName": subject,
            "request": {"userAttributes": said},
            "response": {},
        }
        await Users(self.services, "open", lambda _: self.services.accounts)(event)
        person_id = await self.person(subject)
        assert person_id
        return subject, (await create_token(self.services, person_id, "A token", SCOPES, None))[2]

    async def person(self, subject: str) -> str | None:
        return await find_person_id(self.services, self.issuer, subject)

    async def ask(self, method: str, token: str, body: Any = None, path: str = "/v1/me") -> int:
        soon = Soon(self._cloud.clock, self._cloud.queue)
        services = dataclasses.replace(self.services, nudge=soon.nudge)
        file = "account" if path == "/v1/me" else "sessions"
        wired = wire_some(endpoints_for(file), services, authenticator(services, Nobody()))
        answer = await RestFunction(wired, services, soon)(request(method, path, body, token))
        return int(answer["statusCode"])

    def known(self) -> dict[str, dict[str, str]]:
        """Who the pool knows, by subject."""
        users = self.cognito.list_users(UserPoolId=self.id)["Users"]
        listed = ({each["Name"]: each["Value"] for each in user["Attributes"]} for user in users)
        return {each["sub"]: each for each in listed}


async def test_of_who_deletes_the_account_nothing_stays_in_the_pool_and_who_comes_back_is_new(cloud: Cloud) -> None:
    pool = Pool(cloud)
    cloud.ring = Ringer(pool.services, Gate(pool.services.table), cloud.queue)
    subject, token = await pool.sign_up(cloud.address("an"))
    other, _ = await pool.sign_up(cloud.address("binh"))
    person_id = await pool.person(subject)
    assert await pool.ask("DELETE", token) == 202
    await cloud.run(lambda: subject not in pool.known())
    assert set(pool.known()) == {other}
    again, _ = await pool.sign_up(cloud.address("an"))
    assert again != subject
    assert await pool.person(again) not in (None, person_id)


async def test_where_the_pool_cannot_be_asked_the_job_goes_on_until_it_was(cloud: Cloud, monkeypatch: Any) -> None:
    pool = Pool(cloud)
    subject, token = await pool.sign_up(cloud.address("an"))
    cloud.ring = Ringer(pool.services, Gate(pool.services.table), cloud.queue)
    monkeypatch.setattr("aurora_time.operations.jobs.LEASE", 2)
    asked: list[str] = []
    forget = pool.services.accounts.forget

    async def away_at_first(self: CognitoAccounts, subject: str) -> None:
        asked.append(subject)
        if len(asked) == 1:
            raise UnavailableError("the user pool is away")
        await forget(subject)

    monkeypatch.setattr(CognitoAccounts, "forget", away_at_first)
    assert await pool.ask("DELETE", token) == 202
    await cloud.run(lambda: len(asked) == 1)
    assert subject in pool.known()
    for _ in range(5):
        if subject in pool.known():
            await cloud.run(lambda: False, 2)
            await cloud.sweep()
            await cloud.run(lambda: subject not in pool.known(), 3)
    assert subject not in pool.known()


async def test_who_signs_out_everywhere_is_renewed_nowhere(cloud: Cloud, monkeypatch: Any) -> None:
    pool, email, password = Pool(cloud), cloud.address("an"), "Violet-tram-9-kettle"
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    made = pool.cognito.create_user_pool_client(UserPoolId=pool.id, ClientName="web", ExplicitAuthFlows=flows)
    client = made["UserPoolClient"]["ClientId"]
    subject, token = await pool.sign_up(email)
    pool.cognito.admin_set_user_password(UserPoolId=pool.id, Username=subject, Password=password, Permanent=True)

    def ask(flow: str, **given: str) -> dict[str, str]:
        answer = pool.cognito.initiate_auth(ClientId=client, AuthFlow=flow, AuthParameters=given)
        tokens: dict[str, str] = answer["AuthenticationResult"]
        return tokens

    phone = ask("USER_PASSWORD_AUTH", USERNAME=email, PASSWORD=password)["RefreshToken"]
    assert ask("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=phone)["AccessToken"]
    signed_in = time.time()
    await cloud.run(lambda: time.time() > signed_in + 1)  # the emulator ends what is of an earlier second

    async def away(*_: object) -> None:
        raise UnavailableError("the user pool is away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(CognitoAccounts, "sign_out", away)
        assert await pool.ask("DELETE", token, path="/v1/sessions") == 503, "it is not said to be done"
    assert await pool.ask("DELETE", token, path="/v1/sessions") == 204
    with pytest.raises(pool.cognito.exceptions.NotAuthorizedException):
        ask("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=phone)


async def test_the_pool_learns_in_which_language_it_is_to_write(cloud: Cloud) -> None:
    pool = Pool(cloud)
    subject, token = await pool.sign_up(cloud.address("an"))
    assert "locale" not in pool.known()[subject]
    assert await pool.ask("PATCH", token, {"locale": "vi", "timeZone": "Asia/Ho_Chi_Minh"}) == 200
    known = pool.known()[subject]
    assert (known["locale"], known["zoneinfo"]) == ("vi", "Asia/Ho_Chi_Minh")
    assert await pool.ask("PATCH", token, {"name": "An"}) == 200


async def test_settings_are_kept_also_where_the_pool_cannot_be_asked(cloud: Cloud, monkeypatch: Any) -> None:
    pool = Pool(cloud)
    _, token = await pool.sign_up(cloud.address("an"))

    async def away(*_: object) -> None:
        raise UnavailableError("the user pool is away")

    monkeypatch.setattr(CognitoAccounts, "describe", away)
    assert await pool.ask("PATCH", token, {"locale": "vi"}) == 200


def test_a_job_from_before_the_pool_was_told_is_still_read() -> None:
    names = [erasing.SubjectName("embedded", "abc"), erasing.SubjectName("https://pool", "a b")]
    assert erasing.subjects_text(names, "https://pool") == "abc @a%20b"
    assert erasing.subjects_text(names, "embedded") == "abc"
