"""Addresses that take no mail: when they are held, what they still get, and how they are let through."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aurora_time.operations.people import update_person
from aurora_time.operations.suppression import (
    BOUNCED,
    COMPLAINED,
    TURNED_OFF,
    CarefulMailer,
    find_held,
    let_through,
    list_held,
    note_bounce,
)
from aurora_time.ports import Mail, MailRefusedError, MailUnavailableError, RecipientRefusedError, UnavailableError
from aurora_time.store import keys
from tests.operations.world import World

pytestmark = pytest.mark.anyio

ANN = "ann@example.org"
GONE = RecipientRefusedError("the mail server refused the recipient: 550 5.1.1 no such user")
MAIL = Mail(ANN, "Code", "", "", "<code@home.test>")


async def refuse(world: World, *times: str) -> None:
    for time in times:
        world.clock.set(time)
        await note_bounce(world.services, ANN, "permanent")


async def is_held(world: World) -> bool:
    return await find_held(world.services, ANN) is not None


async def test_three_refusals_over_more_than_a_day_hold_an_address_for_thirty_days(world: World):
    await refuse(world, "2026-11-23T07:00:00Z", "2026-11-23T07:00:00Z")
    assert not await is_held(world)
    await refuse(world, "2026-11-24T07:00:00Z")
    assert await is_held(world)
    assert await find_held(world.services, "ANN@example.ORG") is not None
    assert await find_held(world.services, "bob@example.org") is None
    world.clock.set("2026-12-24T06:59:59Z")
    assert await is_held(world)
    world.clock.set("2026-12-24T07:00:00Z")
    assert not await is_held(world)
    await refuse(world, "2026-12-24T07:00:00Z")
    assert not await is_held(world), "it counts anew"


async def test_the_operator_sees_who_is_held_until_it_is_over_or_let_through(world: World):
    await refuse(world, "2026-11-23T07:00:00Z", "2026-11-23T08:00:00Z")
    assert await list_held(world.services) == []
    await refuse(world, "2026-11-24T07:00:00Z")
    world.clock.set("2026-11-24T08:00:00Z")
    await note_bounce(world.services, "Bob@example.org", "complaint")
    assert [(each.address, each.complained) for each in await list_held(world.services)] == [
        ("Bob@example.org", True),
        (ANN, False),
    ]
    await let_through(world.services, "bob@example.org")
    (held,) = await list_held(world.services)
    assert held.address == ANN
    world.clock.set("2026-12-24T07:00:00Z")
    assert await list_held(world.services) == []


async def test_a_mail_server_that_is_wrong_for_some_hours_holds_nobody(world: World):
    await refuse(world, *(f"2026-11-23T{hour:02}:00:00Z" for hour in range(7, 24)))
    assert not await is_held(world)


async def test_refusals_of_other_weeks_do_not_count(world: World):
    await refuse(world, "2026-11-01T07:00:00Z", "2026-11-02T07:00:00Z", "2026-11-09T07:00:00Z", "2026-11-10T08:00:00Z")
    assert not await is_held(world)


async def test_what_passes_by_itself_does_not_count(world: World):
    for _ in range(5):
        await note_bounce(world.services, ANN, "transient")
    (item,) = await world.table.get(keys.refusals(ANN))
    assert item is None


async def test_a_complaint_holds_at_once_and_stays_until_it_is_let_through(world: World):
    await refuse(world, "2026-11-23T07:00:00Z")
    await note_bounce(world.services, ANN, "complaint")
    held = await find_held(world.services, ANN)
    assert held is not None
    assert held.complained
    await refuse(world, "2026-11-24T07:00:00Z", "2026-11-24T08:00:00Z")
    held = await find_held(world.services, ANN)
    assert held is not None
    assert held.complained
    world.clock.set("2027-06-01T00:00:00Z")
    assert await is_held(world)
    await let_through(world.services, ANN)
    assert not await is_held(world)


@pytest.mark.parametrize("was_released", [False, True])
async def test_a_refusal_after_a_complaint_lets_nothing_through(world: World, was_released: bool):
    """Mails to sign in by do go there, and a mail server may refuse one."""
    if was_released:
        await let_through(world.services, ANN)
    await note_bounce(world.services, ANN, "complaint")
    world.clock.time += 3600
    await note_bounce(world.services, ANN, "permanent")
    held = await find_held(world.services, ANN)
    assert held is not None
    assert held.complained


async def test_refusals_at_the_same_moment_are_all_counted(world: World):
    await refuse(world, "2026-11-23T07:00:00Z")
    world.clock.set("2026-11-24T07:00:00Z")
    await asyncio.gather(*(note_bounce(world.services, ANN, "permanent") for _ in range(2)))
    held = await find_held(world.services, ANN)
    assert held is not None
    assert held.count == 3


WRITTEN, WIRED = "an@Bücher.example", "AN@xn--bcher-kva.example"


@pytest.mark.parametrize(("kind", "released"), [("bounced", WRITTEN), ("bounced", WIRED), ("complaint", WRITTEN)])
async def test_what_a_mail_service_says_of_an_international_domain_holds_it_however_it_is_spelt(
    world: World, kind: Any, released: str
):
    await note_bounce(world.services, WIRED, kind)
    for address in (WRITTEN, WRITTEN.upper(), WIRED):
        assert await find_held(world.services, address) is not None
    assert await find_held(world.services, "an@bucher.example") is None
    await let_through(world.services, released)
    assert await find_held(world.services, WRITTEN) is None
    assert await list_held(world.services) == []


async def test_what_was_sent_before_an_address_was_let_through_and_comes_back_later_does_not_hold_it(world: World):
    sent_at = world.services.now
    world.clock.time += 3_600
    await note_bounce(world.services, ANN, "bounced", sent_at)
    world.clock.time += 3_600
    await let_through(world.services, ANN)
    for hours in (1, 10, 72):
        world.clock.time += hours * 3_600
        await note_bounce(world.services, ANN, "bounced", sent_at)
        await note_bounce(world.services, ANN, "permanent", sent_at)
    assert not await is_held(world)
    assert await list_held(world.services) == []
    await note_bounce(world.services, ANN, "complaint", sent_at)
    held = await find_held(world.services, ANN)
    assert held is not None
    assert held.complained, "who says so wants no mails"


async def test_what_was_sent_after_an_address_was_let_through_counts_as_ever(world: World):
    await refuse(world, "2026-11-23T07:00:00Z")
    before = world.services.now - 1
    await let_through(world.services, ANN)
    await refuse(world, "2026-11-23T20:00:00Z", "2026-11-24T07:00:00Z", "2026-11-24T08:00:00Z")
    assert not await is_held(world), "what was refused before is forgotten"
    await note_bounce(world.services, ANN, "bounced", before)
    assert not await is_held(world), "also when others have been refused since"
    await note_bounce(world.services, ANN, "bounced", world.services.now)
    assert await is_held(world)


# --- reminders --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["permanent", "complaint"])
async def test_a_reminder_to_a_held_address_is_suppressed_and_the_ledger_says_why(world: World, kind):
    ann = await world.person(ANN)
    await world.event(ann, "2026-11-25T09:00:00", minutes=[10])
    if kind == "permanent":
        await refuse(world, "2026-11-23T07:00:00Z", "2026-11-24T07:00:00Z", "2026-11-24T08:00:00Z")
    else:
        await note_bounce(world.services, ANN, "complaint")
    await world.sweep_at("2026-11-25T07:50:00Z")
    (entry,) = await world.ledger(ann)
    assert (entry.status, entry.error) == ("suppressed", BOUNCED if kind == "permanent" else COMPLAINED)
    assert world.subjects == []
    await let_through(world.services, ANN)
    await world.event(ann, "2026-11-25T10:00:00", minutes=[10])
    await world.sweep_at("2026-11-25T08:50:00Z")
    assert world.subjects == ["Review"], "the next one comes"


async def test_who_turned_reminder_mails_off_gets_none_and_sees_that_in_the_ledger(world: World):
    ann = await world.person(ANN)
    await world.settings(ann, reminder_mail=False)
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    await world.sweep_at("2026-11-23T07:50:00Z")
    (entry,) = await world.ledger(ann)
    assert (entry.status, entry.error) == ("suppressed", TURNED_OFF)
    await update_person(world.services, ann, lambda person, _: person)
    assert world.subjects == []


# --- every mail -------------------------------------------------------------------------------------------------------
def failing(world: World, error: Exception | None):
    def trouble(_: Mail) -> None:
        if error is not None:
            raise error

    world.mailbox.trouble = trouble


async def outcome(world: World) -> str:
    try:
        await CarefulMailer(world.services).send(MAIL)
    except MailRefusedError:
        return "refused"
    except MailUnavailableError:
        return "unavailable"
    return "sent"


async def test_a_mail_that_the_recipient_refuses_is_counted_and_one_that_is_bad_in_itself_is_not(world: World):
    failing(world, MailRefusedError("the mail server refused the message: 554 5.7.1 spam"))
    assert await outcome(world) == "refused"
    (item,) = await world.table.get(keys.refusals(ANN))
    assert item is None
    failing(world, GONE)
    assert await outcome(world) == "refused"
    failing(world, MailUnavailableError("nothing listens"))
    assert await outcome(world) == "unavailable"
    failing(world, None)
    assert await outcome(world) == "sent"
    (item,) = await world.table.get(keys.refusals(ANN))
    assert item is not None
    assert world.services.meter.mails == {"refused": 2, "unavailable": 1, "sent": 1}


async def test_sign_in_mails_to_a_held_address_go_out_but_for_a_day(world: World):
    failing(world, GONE)
    for time in ("2026-11-23T07:00:00Z", "2026-11-23T09:00:00Z", "2026-11-24T07:00:00Z"):
        world.clock.set(time)
        assert await outcome(world) == "refused"
    failing(world, None)
    tries = world.mailbox.tries
    assert await outcome(world) == "refused"
    assert world.mailbox.tries == tries, "nobody knocked"
    assert world.services.meter.mails["held"] == 1
    world.clock.set("2026-11-25T07:00:01Z")
    assert await outcome(world) == "sent"


async def test_who_complained_can_still_sign_in(world: World):
    await note_bounce(world.services, ANN, "complaint")
    assert await outcome(world) == "sent"


async def test_without_the_table_mails_go_out_all_the_same(world: World, monkeypatch):
    async def away(*_: object) -> None:
        raise UnavailableError("the disk is full")

    monkeypatch.setattr(world.table, "get", away)
    assert await outcome(world) == "sent"
    failing(world, GONE)
    assert await outcome(world) == "refused"
