"""What the functions behind the API declare that they need is what they need, no more and no less.

Sweep and ring do all that is due in every story of the API, through the guards that they have on AWS.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any, Final

import pytest

from aurora_time.api.authentication import authenticator
from aurora_time.aws.moving_in import attributes_of, provider_of
from aurora_time.aws.needs import ADMIT, AUTHENTICATE, FEEDBACK, RING, SWEEP, USERS
from aurora_time.http.endpoint import Need
from aurora_time.http.guard import GuardedTable
from aurora_time.identity import accounts
from aurora_time.identity.context import Account
from aurora_time.operations import canary, erasing
from aurora_time.operations.admitting import admit, invite
from aurora_time.operations.came_back import note_came_back
from aurora_time.operations.errands import LOOK
from aurora_time.operations.handing_over import run_errand, sweep
from aurora_time.operations.links import home_signer
from aurora_time.operations.people import NewPerson, read_person
from aurora_time.operations.reminder_mail import composer
from aurora_time.operations.services import Services, Writers
from aurora_time.operations.suppression import CarefulMailer, note_bounce
from aurora_time.ports import ABSENT, Key, Mail, Message, Put, RecipientRefusedError
from aurora_time.store import keys
from aurora_time.store.people import EMBEDDED, SubjectName, subject_items
from aurora_time.store.reminders import Entry, ledger_put
from tests.api.link_scenarios import a_link
from tests.api.scenarios import STORIES
from tests.api.series_scenarios import booked, with_href
from tests.api.world import HOME, Issuer, World, timed
from tests.aws.gateway import Line

pytestmark = pytest.mark.inside("what code in this process asks of the table is counted")
MAI: Final = NewPerson("mai@example.org", "Mai", "UTC", "en")
MONTHS: Final = ("2026-11-24T02:00:00Z", "2026-12-24T02:00:00Z", "2027-01-24T02:00:00Z")


def guarded(world: World, needs: frozenset[Need], used: set[Need]) -> Services:
    """What a function has that was just started: it knows no head by heart."""
    table = GuardedTable(world.table, needs, used)
    return dataclasses.replace(world.services, table=table, writers=Writers(), canary_every=900)


class Behind:
    """Sweep and ring over a world's table; ``used`` is what each needed."""

    def __init__(self, world: World, used: dict[str, set[Need]]) -> None:
        self._line = Line()
        self._sweeping = guarded(world, SWEEP, used["sweep"])
        bare = guarded(world, RING, used["ring"])
        self._ringing = dataclasses.replace(bare, mailer=CarefulMailer(bare))

    async def run(self, errand: Message) -> None:
        self._ringing.writers._heads.clear()
        compose = composer(HOME, await home_signer(self._ringing))
        await run_errand(self._ringing, self._line, errand.body, compose)

    async def attend(self) -> None:
        """In the place of the world's own."""
        if await canary.age(self._sweeping) is None:
            await canary.start(self._sweeping)
        for _ in range(200):
            await sweep(self._sweeping, self._line)
            if not self._line.messages:
                return
            messages, self._line.messages = self._line.messages, []
            for message in messages:
                await self.run(message)
        raise AssertionError("something is due for ever")


class Swept(World):
    """What is due is done by sweep and ring. In memory, wherever others have their tables."""

    behind: Behind

    def __init__(self) -> None:
        super().__init__()
        self._aws, self._by_functions = None, False

    async def attend(self) -> None:
        await self.behind.attend()


async def a_hint(world: Swept) -> None:
    await world.ann.event(start=timed("2026-11-20T09:10:30"))
    await world.behind.run(LOOK)


async def an_agenda_and_an_address_that_refuses(world: World) -> None:
    await world.ann.change("/v1/me", agendaMail={"enabled": True, "at": "07:00"})
    await world.ann.event(recurrence=["RRULE:FREQ=DAILY"])

    async def refuse(_: Mail) -> None:
        raise RecipientRefusedError("there is no such mailbox")

    world.mailbox.send = refuse  # type: ignore[method-assign]
    for date in range(24, 29):
        world.at(f"2026-11-{date}T02:00:00Z")
        await world.attend()


async def a_booking_whose_calendar_goes_and_comes(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    path = await booked(world)
    await world.ann.change(path, calendarId=work["id"])
    await with_href(world, await world.ann.get(path))
    await world.attend()
    await world.ann.remove(f"/v1/calendars/{work['id']}")
    await world.attend()
    assert (await world.ann.ask("POST", f"/v1/calendars/{work['id']}/restore")).status_code in (200, 202)
    await world.attend()
    await world.ann.remove(f"/v1/calendars/{work['id']}")
    # This time before it was cleared away.
    assert (await world.ann.ask("POST", f"/v1/calendars/{work['id']}/restore")).status_code in (200, 202)
    await world.attend()
    assert (await world.ann.get(path))["calendarId"] == work["id"]


async def an_account_with_things_in_hand_when_it_is_closed(world: World) -> None:
    """They are written down only after the account is gone, as by a process that had begun before."""
    mai = await world.somebody("mai")
    await mai.event(recurrence=["RRULE:FREQ=DAILY"])
    await mai.change("/v1/me", agendaMail={"enabled": True, "at": "07:00"})
    schedule = await mai.make("/v1/schedules", {"name": "Talks", "horizonDays": 366, "slug": "mais-talks"})
    await a_link(mai, await world.primary(mai))
    guest = {"start": "2026-11-24T06:00:00Z", "name": "Sam", "email": "sam@example.org"}
    await mai.make(f"/v1/schedules/{schedule['id']}/bookings", guest)
    before = {key: held for key, held in world.content().items() if mai.id in key[0]}
    assert (await mai.ask("DELETE", "/v1/me")).status_code == 202
    others = [Key(f"{kind}#{mai.id}", "-") for kind in keys.OF_PERSON - keys.LED_TO]
    others += [Key(f"{kind}#mai", "-") for kind in keys.OF_SUBJECT]
    there = {key.partition("#")[0] for key, _ in before}
    late = [Put(Key(*key), body, version) for key, (body, version) in before.items()]
    assert erasing.LEADS.keys() - {"job"} <= there, "what leads elsewhere must be told where"
    late += [Put(key, b"", "v") for key in others if key.part.partition("#")[0] not in there]
    for put in late:
        await world.table.write(put)
    await world.attend()
    world.clock.time += max(erasing.PAUSES.values())
    await world.attend()
    assert not [key for key in world.content() if mai.id in key[0] or key[0].endswith("#mai")]


LIVES: Final[dict[str, Callable[[Any], Awaitable[None]]]] = STORIES | {
    each.__name__: each
    for each in (
        a_hint,
        an_agenda_and_an_address_that_refuses,
        a_booking_whose_calendar_goes_and_comes,
        an_account_with_things_in_hand_when_it_is_closed,
    )
}


async def live(story: str, used: dict[str, set[Need]]) -> None:
    """One story, and the months after it."""
    async with Swept() as world:
        world.behind = Behind(world, used)
        await LIVES[story](world)
        for day in MONTHS:
            world.at(day)
            await world.attend()


async def lives(used: dict[str, set[Need]]) -> None:
    for story in LIVES:
        await live(story, used)


def test_sweep_and_ring_need_what_they_declare() -> None:
    used: dict[str, set[Need]] = {"sweep": set(), "ring": set()}
    asyncio.run(lives(used))
    assert used == {"sweep": set(SWEEP), "ring": set(RING)}


async def test_who_tells_of_bounces_needs_what_it_declares(world: World) -> None:
    used: set[Need] = set()
    services = guarded(world, FEEDBACK, used)
    await note_bounce(services, "sam@example.org", "bounced")
    sent = Entry("reminder", "event", None, "email", world.services.now, "sent", message_id="<reminder@home>")
    await world.table.write(ledger_put(world.ann.id, sent, "v", ABSENT))
    person, _ = await read_person(world.services, world.ann.id)
    place = keys.ledger(world.ann.id, sent.instant, sent.id)
    assert await note_came_back(services, place, person.email, "no such mailbox") == 1
    assert used == FEEDBACK


async def test_who_lets_people_in_needs_what_it_declares(world: World) -> None:
    """Somebody who was invited, comes again by another issuer's name of theirs, and then with another address."""
    used: set[Need] = set()
    await invite(world.services, MAI.email)
    services = guarded(world, ADMIT, used)
    ids = {await admit(services, "invite", (issuer, "mai"), MAI) for issuer in ("one", "another")}
    ids.add(await admit(services, "invite", ("one", "mai"), dataclasses.replace(MAI, email="mai.tran@example.org")))
    assert len(ids) == 1
    assert used == ADMIT


async def test_the_pools_triggers_need_what_they_declare(world: World) -> None:
    """Whom the operator made, and somebody who moves in."""
    used: set[Need] = set()
    services, old = guarded(world, USERS, used), provider_of(world.services)
    await invite(services, MAI.email, by_hand=True)
    moved = dataclasses.replace(MAI, email="mai.tran@example.org")
    for issuer, came in (("one", MAI), ("another", MAI), ("one", moved), ("one", MAI)):
        person_id = await admit(services, "closed", (issuer, "mai"), came)
    account = Account("mai", MAI.email, MAI.name, MAI.time_zone, MAI.locale)
    await world.table.write(*subject_items(SubjectName(EMBEDDED, "mai"), person_id, "v"))
    await accounts.create(old, account, "a lake under the moon")
    await attributes_of(services, MAI.email, {"password": "a lake under the moon"})
    assert used == USERS


async def test_who_asks_whose_a_token_is_needs_what_it_declares(world: World) -> None:
    used: set[Need] = set()
    authenticate = authenticator(guarded(world, AUTHENTICATE, used), Issuer())
    for token in (await world.token(world.ann.id, ("events:read",)), "access-ann"):
        assert await authenticate(token)
    assert used == AUTHENTICATE
