"""Whose address has changed in the user pool: they have it here, too, and the old one leads nobody to their data."""

from __future__ import annotations

import dataclasses

import pytest

from aurora_time.api.authentication import authenticator
from aurora_time.aws.rest import RestFunction, endpoints_for
from aurora_time.aws.ring import Ringer
from aurora_time.aws.soon import Soon
from aurora_time.operations.people import read_person
from aurora_time.run.endpoints import wire_some
from aurora_time.run.gate import Gate
from tests.aws.cloud import Cloud, Nobody, request
from tests.aws.test_leaving import Pool

pytestmark = pytest.mark.aws


def rename(pool: Pool, subject: str, email: str, *, verified: bool = True) -> None:
    said = {"email": email, "email_verified": str(verified).lower()}
    listed = [{"Name": name, "Value": value} for name, value in said.items()]
    pool.cognito.admin_update_user_attributes(UserPoolId=pool.id, Username=subject, UserAttributes=listed)


async def sign_in(pool: Pool, subject: str, **attributes: str) -> None:
    await pool.tell("PostAuthentication_Authentication", subject, **attributes)


async def email_of(pool: Pool, subject: str) -> str:
    return (await read_person(pool.services, str(await pool.person(subject))))[0].email


async def ask(pool: Pool, cloud: Cloud, token: str) -> int:
    wired = wire_some(endpoints_for("account"), pool.services, authenticator(pool.services, Nobody()))
    function = RestFunction(wired, pool.services, Soon(cloud.clock, None))
    return int((await function(request("POST", "/v1/me/email", token=token)))["statusCode"])


async def test_who_signs_in_after_the_operator_changed_the_address_has_that_one(cloud: Cloud) -> None:
    pool = Pool(cloud)
    subject, _ = await pool.sign_up(cloud.address("an"))
    rename(pool, subject, cloud.address("an.tran"))
    await sign_in(pool, subject, email_verified="false")
    assert await email_of(pool, subject) == cloud.address("an"), "nobody has verified it"
    await sign_in(pool, subject)
    assert await email_of(pool, subject) == cloud.address("an.tran")


async def test_the_address_is_asked_of_the_pool_where_it_is_verified(cloud: Cloud) -> None:
    pool = Pool(cloud)
    subject, token = await pool.sign_up(cloud.address("an"))
    rename(pool, subject, cloud.address("an.tran"), verified=False)
    assert await ask(pool, cloud, token) == 409
    rename(pool, subject, cloud.address("an.tran"))
    assert await ask(pool, cloud, token) == 204
    assert await email_of(pool, subject) == cloud.address("an.tran")


async def test_whoever_gets_an_address_that_somebody_left_in_the_pool_is_somebody_new(cloud: Cloud) -> None:
    pool = Pool(cloud)
    subject, _ = await pool.sign_up(cloud.address("an"))
    rename(pool, subject, cloud.address("an.tran"))
    pool.services = dataclasses.replace(pool.services, issuer="")  # as a trigger is told: the pool names itself
    other, _ = await pool.sign_up(cloud.address("an"))
    assert await pool.person(other) != await pool.person(subject)
    assert await email_of(pool, subject) == cloud.address("an.tran")


async def test_the_address_that_was_left_gets_a_mail_whoever_changed_it(cloud: Cloud) -> None:
    pool = Pool(cloud)
    subject, _ = await pool.sign_up(cloud.address("an"))
    rename(pool, subject, cloud.address("an.tran"))
    await sign_in(pool, subject)
    cloud.ring = Ringer(pool.services, Gate(pool.services.table), cloud.queue)
    await cloud.sweep()

    def told(name: str) -> list[str]:
        return [each["To"] for each in cloud.mails(name) if each["Subject"] == "Your Aurora Time address was changed"]

    await cloud.run(lambda: bool(told("an")))
    assert (told("an"), told("an.tran")) == ([[cloud.address("an")]], [])
