"""Whose address an issuer has verified anew: they have it here, too, and the old one leads nobody to their things."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from aurora_time.operations.addresses import AddressTakenError, follow
from aurora_time.operations.admitting import NotTakenError, Policy, admit
from aurora_time.operations.people import NewPerson, ensure_person, read_person
from aurora_time.operations.services import Services
from aurora_time.store.people import SubjectName
from tests.api.account_scenarios import ISSUER, signs_in_elsewhere
from tests.api.world import World

pytestmark = pytest.mark.inside("another issuer says who somebody is")
OLD, NEW = "ann@example.org", "anna@example.org"


def comes(email: str) -> NewPerson:
    return NewPerson(email, "Somebody", "UTC", "en")


async def came(services: Services, subject: str, email: str, policy: Policy = "open") -> str:
    """The person as whom somebody comes in whose address is verified."""
    return await admit(services, policy, (ISSUER, subject), comes(email))


async def address(services: Services, person_id: str) -> str:
    return (await read_person(services, person_id))[0].email


async def linked(world: World, addresses: Mapping[str, str], *subjects: str) -> Services:
    """Ann comes by these subjects of the issuer, whose addresses are as told by now."""
    services = signs_in_elsewhere(world, addresses)
    for subject in subjects:
        assert await ensure_person(services, ISSUER, subject, comes(OLD)) == world.ann.id
    return services


async def test_a_sign_in_with_another_verified_address_gives_the_person_that_address(world: World) -> None:
    services = await linked(world, {"ann": NEW}, "ann")
    before = (await world.ann.get("/v1/changes"))["nextToken"]
    assert await came(services, "ann", NEW, "closed") == world.ann.id
    assert (await world.ann.get("/v1/me"))["email"] == NEW
    (change,) = (await world.ann.get("/v1/changes", since=before))["items"]
    assert change["kind"] == "me", "clients are told"


async def test_who_has_the_old_address_next_is_somebody_new(world: World) -> None:
    services = await linked(world, {"ann": NEW}, "ann")
    await came(services, "ann", NEW)
    assert await came(services, "another", OLD) != world.ann.id


async def test_the_old_address_leads_to_nobody_even_before_its_person_was_seen_again(world: World) -> None:
    """Ann changed it at the issuer, or the operator did, and she has not signed in since."""
    services = await linked(world, {"ann": NEW, "another": OLD}, "ann")
    assert await came(services, "another", OLD) != world.ann.id
    assert await address(services, world.ann.id) == NEW


async def test_the_old_address_is_no_invitation_for_who_has_it_next(world: World) -> None:
    services = await linked(world, {"ann": NEW, "another": OLD}, "ann")
    with pytest.raises(NotTakenError):
        await came(services, "another", OLD, "invite")


async def test_who_has_the_address_still_is_linked_as_before(world: World) -> None:
    """By the pool's own sign-in and by Google."""
    services = await linked(world, {"ann": OLD, "google": OLD}, "ann")
    assert await came(services, "google", OLD) == world.ann.id


async def test_whom_the_operator_made_anew_in_the_pool_comes_to_their_things(world: World) -> None:
    services = await linked(world, {"again": OLD}, "ann")
    assert await came(services, "again", OLD) == world.ann.id


async def test_an_address_that_is_changed_at_one_of_two_sign_ins_stays_changed_at_the_other(world: World) -> None:
    services = await linked(world, {"ann": NEW, "google": OLD}, "ann", "google")
    await came(services, "ann", NEW)
    await came(services, "google", OLD)
    assert await address(services, world.ann.id) == NEW


async def test_an_address_of_somebody_else_is_not_taken_and_the_sign_in_stands(world: World) -> None:
    services = await linked(world, {"ann": "bob@example.org"}, "ann")
    assert await came(services, "ann", "bob@example.org") == world.ann.id
    assert [await address(services, each.id) for each in (world.ann, world.bob)] == [OLD, "bob@example.org"]
    with pytest.raises(AddressTakenError):
        await follow(services, SubjectName(ISSUER, "ann"), "bob@example.org")


async def test_an_address_that_somebody_else_has_left_at_the_issuer_is_free(world: World) -> None:
    services = await linked(world, {"ann": "bob@example.org", "bob": "robert@example.org"}, "ann")
    assert await ensure_person(services, ISSUER, "bob", comes("bob@example.org")) == world.bob.id
    assert await came(services, "ann", "bob@example.org") == world.ann.id
    assert await address(services, world.ann.id) == "bob@example.org"
    assert await address(services, world.bob.id) == "robert@example.org"


async def test_the_address_is_asked_of_the_issuer_and_nothing_happens_twice(world: World) -> None:
    await linked(world, {"ann": NEW}, "ann")
    assert [(await world.ann.ask("POST", "/v1/me/email")).status_code for _ in range(2)] == [204, 204]
    assert (await world.ann.get("/v1/me"))["email"] == NEW


async def test_an_address_of_somebody_else_is_refused_with_the_reason(world: World) -> None:
    await linked(world, {"ann": "bob@example.org"}, "ann")
    for key in ({}, {"idempotency_key": "k1"}):
        refused = await world.ann.refused(409, "POST", "/v1/me/email", **key)
        assert "Somebody else here has this address" in refused["detail"]


async def test_who_has_no_verified_address_there_is_told_so(world: World) -> None:
    await linked(world, {}, "ann")
    assert "Verify it there" in (await world.ann.refused(409, "POST", "/v1/me/email"))["detail"]


async def test_where_the_home_keeps_the_address_it_says_where_that_is_changed(world: World) -> None:
    refused = await world.ann.refused(409, "POST", "/v1/me/email")
    assert "change it at http://aurora.test/email." in refused["detail"]
