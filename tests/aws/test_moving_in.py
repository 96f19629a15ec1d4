"""Who comes from a home of one machine that was moved here signs in to the pool by the password of old."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec
import pytest

from aurora_time.adapters.sqlite import SqliteTable
from aurora_time.aws.users import Users
from aurora_time.identity import accounts
from aurora_time.identity.accounts import SecondFactor
from aurora_time.identity.context import Account, Provider
from aurora_time.operations.admitting import NotTakenError
from aurora_time.operations.closing import close_account
from aurora_time.operations.copying import pages
from aurora_time.operations.people import NewPerson, ensure_person, find_person_id
from aurora_time.ports import Put
from aurora_time.store import keys
from aurora_time.store.codec import encode
from aurora_time.store.moves import Mark
from aurora_time.store.people import EMBEDDED
from tests.aws.cloud import Cloud

pytestmark = pytest.mark.aws
AN = Account("old-subject", "An@example.org", "An", "Asia/Ho_Chi_Minh", "vi")
PASSWORD = "a lake under the moon"
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool"


async def moved(cloud: Cloud, *, with_accounts: bool = True, factor: bool = False) -> str:
    """An's home of one machine, all of which crosses as `aurora move` has it; who she is."""
    old = SqliteTable.open(":memory:", cloud.clock)
    services = dataclasses.replace(cloud.services, table=old)

    async def on_confirmed(account: Account) -> None:
        new = NewPerson(account.email, account.name, account.time_zone, account.locale)
        await ensure_person(services, EMBEDDED, account.subject, new)

    provider = Provider(
        old, services.mailer, cloud.clock, services.ids, "http://localhost", on_confirmed, lambda *_: None
    )
    stored = await accounts.create(provider, AN, PASSWORD)
    if factor:
        secured = msgspec.structs.replace(stored, factor=SecondFactor("SECRET", 0.0, 0))
        await old.write(Put(keys.account(AN.subject), encode(secured), "v"))
    mark = Mark("move", "arriving", "sqlite:here", "dynamodb:there", 0, accounts=with_accounts)
    async for items, _ in pages(old, mark):
        await cloud.tables[0].fill(items)
    await old.close()
    person_id = await find_person_id(cloud.services, EMBEDDED, AN.subject)
    assert person_id
    return person_id


async def asked(cloud: Cloud, source: str, email: str = "an@example.org", **request: str) -> dict[str, Any]:
    """What the pool is answered; under the strictest policy, since who moves in is nobody new."""
    pool = {"region": "eu-west-1", "userPoolId": "eu-west-1_Pool", "userName": email}
    event = {**pool, "triggerSource": f"UserMigration_{source}", "request": request, "response": {}}
    answer: dict[str, Any] = (await Users(cloud.services, "closed")(event))["response"]
    return answer


async def sign_in(cloud: Cloud, password: str = PASSWORD, email: str = "an@example.org") -> dict[str, Any]:
    return await asked(cloud, "Authentication", email, password=password)


async def test_the_password_of_old_opens_the_pool_and_what_was_theirs_is_theirs(cloud: Cloud) -> None:
    person_id = await moved(cloud)
    answer = await sign_in(cloud)
    assert (answer["finalUserStatus"], answer["messageAction"]) == ("CONFIRMED", "SUPPRESS")
    attributes = answer["userAttributes"]
    assert attributes == {
        "email": "An@example.org",
        "email_verified": "true",
        "locale": "vi",
        "zoneinfo": "Asia/Ho_Chi_Minh",
        "name": "An",
    }
    event = {
        "triggerSource": "PostAuthentication_Authentication",
        "region": "eu-west-1",
        "userPoolId": "eu-west-1_Pool",
        "request": {"userAttributes": {**attributes, "sub": "new-subject"}},
        "response": {},
    }
    await Users(cloud.services, "closed")(event)
    assert await find_person_id(cloud.services, ISSUER, "new-subject") == person_id


@pytest.mark.parametrize(("password", "email"), [("another password", "an@example.org"), (PASSWORD, "b@example.org")])
async def test_a_wrong_password_and_an_unknown_address_are_one_answer(cloud: Cloud, password: str, email: str) -> None:
    await moved(cloud)
    with pytest.raises(NotTakenError, match=r"^Incorrect username or password\.$"):
        await sign_in(cloud, password, email)


async def test_guessing_is_slowed_also_for_the_right_password(cloud: Cloud) -> None:
    await moved(cloud)
    for _ in range(5):
        with pytest.raises(NotTakenError):
            await sign_in(cloud, "another password")
    with pytest.raises(NotTakenError):
        await sign_in(cloud)


async def test_who_had_a_second_step_does_not_get_by_without_it(cloud: Cloud) -> None:
    await moved(cloud, factor=True)
    with pytest.raises(NotTakenError, match="Incorrect"):
        await sign_in(cloud, "another password")
    with pytest.raises(NotTakenError, match=r"Forgot your password.* / Bước xác minh"):
        await sign_in(cloud)
    assert "finalUserStatus" not in await asked(cloud, "ForgotPassword")


async def test_where_accounts_stayed_behind_a_code_to_the_address_lets_them_in(cloud: Cloud) -> None:
    await moved(cloud, with_accounts=False)
    with pytest.raises(NotTakenError):
        await sign_in(cloud)
    answer = await asked(cloud, "ForgotPassword")
    assert answer["userAttributes"]["email_verified"] == "true", "or the pool sends no code"
    with pytest.raises(NotTakenError):
        await asked(cloud, "ForgotPassword", "b@example.org")


async def test_who_closed_the_account_does_not_move_in_again(cloud: Cloud) -> None:
    await close_account(cloud.services, await moved(cloud))
    for source, request in (("Authentication", {"password": PASSWORD}), ("ForgotPassword", {})):
        with pytest.raises(NotTakenError):
            await asked(cloud, source, **request)
