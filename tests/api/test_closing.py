"""Closing an account: at once nothing is good any more, and then nothing is left."""

from __future__ import annotations

import asyncio

import pytest

from aurora_time.operations import closing, erasing
from aurora_time.operations.errors import ChangedError, NotFoundError
from aurora_time.operations.people import find_person_id, update_person
from aurora_time.ports import ConflictError, Key
from aurora_time.store import keys
from tests.api.account_scenarios import elsewhere, sign_in
from tests.api.transfer_texts import imported, many
from tests.api.world import Somebody, World, problem_of, timed


async def test_at_once_no_token_is_good_and_nothing_rings(world: World) -> None:
    await world.ann.event(start=timed("2026-11-20T09:30:00"))
    await sign_in(world, "ann", "session")
    browser, script = world.client("access-ann"), world.client(await world.token(world.ann.id, ("account:read",)))
    told = await world.ann.ask("DELETE", "/v1/me")
    assert told.status_code == 202
    assert told.json() == {"status": "deleting", "backupsUntil": "2026-11-28T02:00:01Z"}
    for client in (world.ann.http, browser, script):
        problem_of(await client.get("/v1/me"), 401)
    world.at("2026-11-20T02:25:00Z")
    await world.attend()
    assert world.mailbox.mails == []


async def test_nothing_is_left_but_what_is_others(world: World) -> None:
    before = lasting(world)
    mai = await world.somebody("mai")
    await mai.event(recurrence=["RRULE:FREQ=DAILY"])
    world.at("2026-11-23T02:00:00Z")
    await world.attend()
    assert world.mailbox.mails
    work = await mai.make("/v1/calendars", {"name": "Work"})
    for day in range(1, 28):
        await mai.event(calendarId=work["id"], start={"date": f"2027-01-{day:02d}"})
    await mai.remove(f"/v1/calendars/{work['id']}")
    await mai.make("/v1/tokens", {"name": "Script", "scopes": ["events:read"]})
    await sign_in(world, "mai", "desk")
    await book(world, mai)
    await mai.change("/v1/me", agendaMail={"enabled": True, "at": "07:00"})
    assert (await mai.ask("DELETE", "/v1/me")).status_code == 202
    await world.attend()
    left = {kind: part for (part, _), kind in ((key, key[0].split("#")[0]) for key in lasting(world))}
    assert left.keys() == {key[0].split("#")[0] for key in before} | {"job", "due"}, "the job waits for what is in hand"
    world.clock.time += erasing.PAUSES[erasing.AT_LAST]
    await world.attend()
    assert lasting(world) == before


def lasting(world: World) -> dict[tuple[str, str], tuple[bytes, str]]:
    """All but what nobody can find, and goes by itself: counters under a digest."""
    return {key: item for key, item in world.content().items() if key[0].partition("#")[0] not in keys.PASSING}


async def book(world: World, mai: Somebody) -> None:
    """A public page, and somebody who booked there."""
    schedule = await mai.make("/v1/schedules", {"name": "Talks", "horizonDays": 366, "slug": "mais-talks"})
    guest = {"start": "2026-11-24T06:00:00Z", "name": "Sam", "email": "sam@example.org"}
    await mai.make(f"/v1/schedules/{schedule['id']}/bookings", guest)
    await world.attend()


@pytest.mark.parametrize("turns", [0, 1, 3, 10, 30, 100])
async def test_nothing_is_left_where_jobs_were_running(world: World, turns: int) -> None:
    """An import, a calendar being deleted and reminders being armed anew, some turns of the loop into their work."""
    before = lasting(world)
    mai = await world.somebody("mai")
    work = await mai.make("/v1/calendars", {"name": "Work"})
    for day in range(1, 28):
        await mai.event(calendarId=work["id"], start={"date": f"2027-01-{day:02d}"})
    await imported(mai, many(600), status=202)
    await mai.remove(f"/v1/calendars/{work['id']}")
    await mai.change("/v1/me", timeZone="Europe/Berlin")

    async def close() -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        assert (await mai.ask("DELETE", "/v1/me")).status_code == 202

    await asyncio.gather(world.attend(), close())
    await world.attend()
    world.clock.time += erasing.PAUSES[erasing.AT_LAST]
    await world.attend()
    assert lasting(world) == before


async def test_what_was_in_hand_goes_with_the_last_sweep(world: World) -> None:
    before = lasting(world)
    mai = await world.somebody("mai")
    event = await mai.event(start=timed("2026-11-20T09:05:00"))
    assert event
    assert (await mai.ask("DELETE", "/v1/me")).status_code == 202
    await world.attend()
    await world.token(mai.id, ("events:read",))
    assert len(world.content()) > len(before) + 2
    world.clock.time += erasing.PAUSES[erasing.AT_LAST]
    await world.attend()
    assert lasting(world) == before


async def test_where_traces_cannot_be_overwritten_now_it_is_tried_again(world: World) -> None:
    before, answers = world.content(), [False, True]
    mai = await world.somebody("mai")

    async def scrub() -> bool:
        return answers.pop(0)

    object.__setattr__(world.services, "scrub", scrub)
    assert (await mai.ask("DELETE", "/v1/me")).status_code == 202
    for seconds in (0, *erasing.PAUSES.values()):
        assert world.content() != before
        world.clock.time += seconds
        await world.attend()
    assert lasting(world) == before
    assert answers == []


async def test_it_is_done_once_and_only_if_it_is_what_was_seen(world: World) -> None:
    await world.ann.refused(412, "DELETE", "/v1/me", if_match='"another"')
    etag = (await world.ann.get("/v1/me"))["etag"]
    assert (await world.ann.ask("DELETE", "/v1/me", if_match=f'"{etag}"')).status_code == 202
    problem_of(await world.ann.ask("DELETE", "/v1/me"), 401)
    with pytest.raises(NotFoundError):
        await closing.close_account(world.services, world.ann.id)
    assert (await world.bob.get("/v1/me"))["email"] == "bob@example.org"


async def test_the_address_is_free_again(world: World) -> None:
    assert (await world.ann.ask("DELETE", "/v1/me")).status_code == 202
    again = await world.somebody("ann")
    assert again.id != world.ann.id
    assert (await again.get("/v1/events"))["items"] == []


async def test_a_change_of_the_settings_meanwhile_does_not_keep_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, met = erasing.tombstone, []

    def changed_meanwhile(*given: object) -> object:
        met.append(1)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(erasing, "tombstone", changed_meanwhile)
    write, clashes = world.table.write, [1]

    async def in_the_way(*changes: object) -> None:
        if clashes:
            clashes.pop()
            await update_person(world.services, world.ann.id, lambda person, _: person)
            raise ConflictError(keys.person(world.ann.id))
        await write(*changes)  # type: ignore[arg-type]

    world.table.write = in_the_way  # type: ignore[method-assign]
    await closing.close_account(world.services, world.ann.id)
    assert len(met) == 2

    async def always(*_: object) -> None:
        raise ConflictError(Key("person", "profile"))

    world.table.write = always  # type: ignore[method-assign]
    with pytest.raises(ChangedError):
        await closing.close_account(world.services, world.bob.id)


async def test_another_issuers_token_makes_no_new_person_of_who_left(world: World) -> None:
    await elsewhere(world)
    assert (await world.ann.ask("DELETE", "/v1/me")).status_code == 202
    (item,) = await world.table.get(keys.subject("https://issuer.example", "auth0|ann"))
    assert item is not None
    assert await find_person_id(world.services, "https://issuer.example", "auth0|ann") is None
    world.clock.time += erasing.TOKENS_FORGOTTEN
    assert (await world.table.get(item.key)) == [None]
