"""Whose address an issuer has verified anew: they have it here, too, and the old one leads nobody to their things."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from aurora_time.operations.addresses import AddressTakenError, follow
from aurora_time.operations.admitting import NotTakenError, Policy, admit
from aurora_time.operations.closing import close_account
from aurora_time.operations.people import NewPerson, ensure_person, read_person
from aurora_time.operations.restored import put_restored
from aurora_time.operations.services import Services
from aurora_time.ports import Change, ConflictError, Mail, MailUnavailableError
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import Pointer, SubjectName
from tests.api.account_scenarios import ISSUER, Elsewhere, signs_in_elsewhere
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
        assert "Somebody else here has this address, so here yours is still the one before." in refused["detail"]


NAMES = ("ann", "bob", "cy", "dot", "eve", "fay", "gil")


async def moved_up(world: World, names: tuple[str, ...], last: str) -> list[str]:
    """At the issuer each of these has the address of the next by now, here still their own; answers their ids."""
    new = [*(f"{name}@example.org" for name in names[1:]), last]
    services = signs_in_elsewhere(world, dict(zip(names, new, strict=True)))
    return [await ensure_person(services, ISSUER, name, comes(f"{name}@example.org")) for name in names]


async def leads_to(world: World, email: str) -> str:
    (pointer,) = await world.table.get(keys.email(email))
    return decode(pointer.body, Pointer).id if pointer else ""


@pytest.mark.parametrize("key", [{}, {"idempotency_key": "k1"}])
@pytest.mark.parametrize("last", ["new@example.org", OLD])
@pytest.mark.parametrize("count", [2, 3, 6])
async def test_an_address_that_was_left_half_way_is_free_for_who_asks(
    world: World, count: int, last: str, key: dict[str, str]
) -> None:
    """Each was stopped at the issuer, before the home was told; the last has there a new address or the first one's."""
    names = NAMES[:count]
    people = await moved_up(world, names, last)
    assert (await world.ann.ask("POST", "/v1/me/email", **key)).status_code == 204
    found = [await address(world.services, each) for each in people]
    assert found == [*(f"{name}@example.org" for name in names[1:]), last]
    assert [await leads_to(world, each) for each in found] == people
    assert await leads_to(world, OLD) == (people[-1] if last == OLD else "")
    await world.attend()
    assert sorted(mail.to for mail in world.mailbox.mails) == sorted(f"{name}@example.org" for name in names)
    await world.ann.change("/v1/me", name="Anna")


async def test_who_signs_in_takes_an_address_along_the_same_row(world: World) -> None:
    people = await moved_up(world, NAMES[:3], "new@example.org")
    stranger = await came(world.services, "stranger", "dot@example.org")
    assert await came(signs_in_elsewhere(world, {}), "stranger", "dot@example.org") == stranger
    services = signs_in_elsewhere(world, {"ann": "bob@example.org", "bob": "cy@example.org", "cy": "new@example.org"})
    assert await came(services, "another", OLD) not in people
    assert [await address(services, each) for each in people] == [
        "bob@example.org", "cy@example.org", "new@example.org"
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "last"), [(3, "cy@example.org"), (7, "new@example.org"), (4, "bob@example.org")])
async def test_an_address_that_cannot_be_freed_stays_and_who_asks_is_told_what_is_so(
    world: World, count: int, last: str
) -> None:
    """The last one has it still; or the row is too long; or two are to have the same."""
    people = await moved_up(world, NAMES[:count], last)
    refused = await world.ann.refused(409, "POST", "/v1/me/email")
    assert "Somebody else here has this address, so here yours is still the one before." in refused["detail"]
    assert [await address(world.services, each) for each in people] == [f"{each}@example.org" for each in NAMES[:count]]


async def test_an_address_whose_holder_closes_the_account_just_now_is_free_in_a_moment(world: World) -> None:
    people = await moved_up(world, NAMES[:2], "new@example.org")
    accounts: Elsewhere = world.wired[0].services.accounts
    asked = accounts.address

    async def then_bob_goes(subject: str) -> str:
        if subject == "bob":
            await close_account(world.services, people[1])
        return await asked(subject)

    accounts.address = then_bob_goes  # type: ignore[method-assign]
    await world.ann.refused(409, "POST", "/v1/me/email")
    assert (await world.ann.ask("POST", "/v1/me/email")).status_code == 204
    assert await address(world.services, people[0]) == "bob@example.org"


@pytest.mark.parametrize(("locale", "words"), [("en", "ask whoever runs this home"), ("vi", "hãy nhờ người quản trị")])
async def test_the_address_that_somebody_left_is_told_and_no_other(world: World, locale: str, words: str) -> None:
    """Perhaps it was somebody at a browser that was left open, who asks for a new password next."""
    await world.ann.change("/v1/me", locale=locale)
    await linked(world, {"ann": NEW}, "ann")
    for _ in range(2):
        assert (await world.ann.ask("POST", "/v1/me/email")).status_code == 204
    await world.ann.change("/v1/me", locale="vi" if locale == "en" else "en")
    await world.attend()
    (mail,) = world.mailbox.mails
    assert mail.to == OLD
    assert words in mail.text
    assert OLD in mail.text
    assert NEW not in mail.text
    assert "http" not in mail.text, "no page of this home can help"
    assert "09:00" in mail.text, "when it was, where they live"
    assert (await world.ann.get("/v1/jobs"))["items"] == []


@pytest.mark.parametrize(("locale", "words"), [("en", "another e-mail address"), ("vi", "một địa chỉ email khác")])
async def test_who_signs_in_by_an_address_of_somebody_elses_here_does_so_seen(world: World, locale: str, words: str):
    """They may have taken the account over at the issuer, where its owner can do nothing. Told once of each."""
    await world.ann.change("/v1/me", locale=locale)
    services = await linked(world, {"ann": "bob@example.org"}, "ann")
    for _ in range(2):
        await came(services, "ann", "bob@example.org")
    await world.attend()
    (mail,) = world.mailbox.mails
    assert (mail.to, words in mail.text) == (OLD, True)
    assert "bob@example.org" not in mail.text


async def test_an_address_that_is_taken_at_a_sign_in_is_told_to_the_old_one_once_it_can_be(world: World) -> None:
    services = await linked(world, {"ann": NEW}, "ann")
    await came(services, "ann", NEW)
    usual, tries = world.mailbox.send, 0

    async def away(mail: Mail) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise MailUnavailableError("nothing listens")
        await usual(mail)

    world.mailbox.send = away  # type: ignore[method-assign]
    for _ in range(2):
        await world.attend()
        world.clock.time += 61
    assert [mail.to for mail in world.mailbox.mails] == [OLD]


async def test_who_writes_the_same_address_otherwise_is_told_nothing(world: World) -> None:
    services = await linked(world, {"ann": OLD.upper()}, "ann")
    await came(services, "ann", OLD.upper())
    await world.attend()
    assert await address(services, world.ann.id) == OLD.upper()
    assert world.mailbox.mails == []


async def test_a_restored_backup_tells_no_address_again(world: World) -> None:
    services = await linked(world, {"ann": NEW}, "ann")
    await came(services, "ann", NEW)
    await world.table.write(put_restored(services.now, "v"))
    await world.attend()
    assert world.mailbox.mails == []


async def test_who_signs_in_while_everything_of_theirs_is_being_changed_comes_in(world: World) -> None:
    """The next sign-in takes the address."""
    services = await linked(world, {"ann": NEW}, "ann")
    write = world.table.write

    async def others_are_faster(*changes: Change) -> None:
        if any(each.key == keys.person(world.ann.id) for each in changes):
            raise ConflictError(keys.person(world.ann.id))
        await write(*changes)

    world.table.write = others_are_faster  # type: ignore[method-assign]
    assert await came(services, "ann", NEW) == world.ann.id
    world.table.write = write  # type: ignore[method-assign]
    await came(services, "ann", NEW)
    assert await address(services, world.ann.id) == NEW


async def test_who_has_no_verified_address_there_is_told_so(world: World) -> None:
    await linked(world, {}, "ann")
    assert "Verify it there" in (await world.ann.refused(409, "POST", "/v1/me/email"))["detail"]


async def test_where_the_home_keeps_the_address_it_says_where_that_is_changed(world: World) -> None:
    refused = await world.ann.refused(409, "POST", "/v1/me/email")
    assert "change it at http://aurora.test/email." in refused["detail"]
