"""What the user pool keeps of somebody: it goes with the account, and it learns the person's language."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from aurora_time.adapters.cognito import CognitoAccounts
from aurora_time.api.authentication import authenticator
from aurora_time.aws.rest import RestFunction, endpoints_for
from aurora_time.aws.ring import Ringer
from aurora_time.aws.soon import Soon
from aurora_time.aws.tokens import Pool as PoolTokens
from aurora_time.aws.users import Users
from aurora_time.operations import erasing
from aurora_time.operations.people import SCOPES, create_token, find_person_id
from aurora_time.operations.services import Services
from aurora_time.ports import UnavailableError
from aurora_time.run.endpoints import wire_some
from aurora_time.run.gate import Gate
from tests.aws.cloud import Cloud, request
from tests.aws.test_tokens import issuer_of
from tests.aws.test_tokens import token as made_token

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
        file = "sessions" if path.startswith("/v1/sessions") else "account"
        pool = PoolTokens(self._cloud.settings, services, self._cloud.clock, admits=False)
        pool._issuer = issuer_of(self._cloud, self.issuer)
        wired = wire_some(endpoints_for(file), services, authenticator(services, pool, pool.find))
        answer = await RestFunction(wired, services, soon)(request(method, path, body, token))
        return int(answer["statusCode"])

    def signed_in(self, subject: str) -> str:
        """A token of the pool for who signed in a minute ago."""
        return made_token(iss=self.issuer, sub=subject, auth_time=int(time.time()) - 60)

    async def tell(self, source: str, subject: str, **attributes: str) -> None:
        """What the pool tells its trigger of somebody whom it knows."""
        event: dict[str, Any] = {"triggerSource": source, "region": "eu-west-1", "userPoolId": self.id}
        event |= {"userName": subject, "response": {}}
        event["request"] = {"userAttributes": self.known()[subject] | attributes}
        services = dataclasses.replace(self.services, issuer="")  # as a trigger is told: the pool names itself
        users = Users(services, "closed", lambda issuer: {self.issuer: self.services.accounts}[issuer])
        assert await users(event) == event

    def device(self, email: str, subject: str) -> Callable[[], None]:
        """Somewhere they sign in by a password; the answer renews that sign-in, which raises where it is over."""
        flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        made = self.cognito.create_user_pool_client(UserPoolId=self.id, ClientName="web", ExplicitAuthFlows=flows)
        client, password = made["UserPoolClient"]["ClientId"], "Violet-tram-9-kettle"
        self.cognito.admin_set_user_password(UserPoolId=self.id, Username=subject, Password=password, Permanent=True)

        def ask(flow: str, **given: str) -> dict[str, str]:
            answer = self.cognito.initiate_auth(ClientId=client, AuthFlow=flow, AuthParameters=given)
            tokens: dict[str, str] = answer["AuthenticationResult"]
            return tokens

        refresh = ask("USER_PASSWORD_AUTH", USERNAME=email, PASSWORD=password)["RefreshToken"]

        def renew() -> None:
            assert ask("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=refresh)["AccessToken"]

        renew()
        return renew

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


async def a_second(cloud: Cloud) -> None:
    """The emulator ends what is of an earlier second."""
    signed_in = time.time()
    await cloud.run(lambda: time.time() > signed_in + 1)


async def away(*_: object) -> None:
    raise UnavailableError("the user pool is away")


EVERYWHERE = "/v1/sessions?tokens=true"


async def test_who_signs_out_everywhere_while_the_pool_is_away_can_do_so_again(cloud: Cloud, monkeypatch: Any) -> None:
    pool = Pool(cloud)
    subject, script = await pool.sign_up(cloud.address("an"))
    renew, mine = pool.device(cloud.address("an"), subject), pool.signed_in(subject)
    await a_second(cloud)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(CognitoAccounts, "sign_out", away)
        assert await pool.ask("DELETE", mine, path=EVERYWHERE) == 503, "it is not said to be done"
    assert await pool.ask("GET", script) == 401, "what could be done is done"
    assert await pool.ask("GET", mine) == 200, "or nobody could ask again"
    assert await pool.ask("DELETE", mine, path=EVERYWHERE) == 204
    assert await pool.ask("GET", mine) == 401
    with pytest.raises(pool.cognito.exceptions.NotAuthorizedException):
        renew()


async def test_where_a_pool_signs_people_in_no_device_can_be_kept(cloud: Cloud) -> None:
    """Of its tokens only the age is known; both homes have the same API, so it is asked for and does nothing."""
    pool = Pool(cloud)
    subject, _ = await pool.sign_up(cloud.address("an"))
    mine = pool.signed_in(subject)
    assert await pool.ask("DELETE", mine, path="/v1/sessions?keepCurrent=true") == 204
    assert await pool.ask("GET", mine) == 401


async def test_who_chooses_another_password_for_a_lost_one_ends_what_was_signed_in(cloud: Cloud) -> None:
    """Somebody else knew the old one, or has a device that is signed in."""
    pool = Pool(cloud)
    subject, script = await pool.sign_up(cloud.address("an"))
    renew, theirs = pool.device(cloud.address("an"), subject), pool.signed_in(subject)
    await a_second(cloud)
    assert await pool.ask("GET", theirs) == 200
    await pool.tell("PostConfirmation_ConfirmForgotPassword", subject)
    assert await pool.ask("GET", theirs) == 401
    with pytest.raises(pool.cognito.exceptions.NotAuthorizedException):
        renew()
    anew = made_token(iss=pool.issuer, sub=subject, auth_time=int(time.time()))
    assert await pool.ask("GET", anew) == 200, "the owner is led straight in"
    assert await pool.ask("GET", script) == 200, "scripts go on, as with any new password"


@pytest.mark.parametrize("how", ["refuses", "hangs"])
async def test_a_new_password_stands_also_where_nobody_can_be_signed_out_at_the_pool(
    cloud: Cloud, monkeypatch: Any, how: str
) -> None:
    """Its owner is not told that it failed; the operator is, and the home itself lets nobody of before in."""
    pool = Pool(cloud)
    subject, _ = await pool.sign_up(cloud.address("an"))
    theirs = pool.signed_in(subject)

    async def hangs(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("aurora_time.aws.users._SIGNED_OUT_WITHIN", 0.5)
    monkeypatch.setattr(CognitoAccounts, "sign_out", away if how == "refuses" else hangs)
    with structlog.testing.capture_logs() as logs:
        await pool.tell("PostConfirmation_ConfirmForgotPassword", subject)
    (log,) = logs
    assert (log["log_level"], log["event"]) == ("error", "not done")
    assert subject in log["message"]
    assert await pool.ask("GET", theirs) == 401


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
    monkeypatch.setattr(CognitoAccounts, "describe", away)
    assert await pool.ask("PATCH", token, {"locale": "vi"}) == 200


def test_a_job_from_before_the_pool_was_told_is_still_read() -> None:
    names = [erasing.SubjectName("embedded", "abc"), erasing.SubjectName("https://pool", "a b")]
    assert erasing.subjects_text(names, "https://pool") == "abc @a%20b"
    assert erasing.subjects_text(names, "embedded") == "abc"
