"""What a person sees of reminders: past ones from the ledger, planned ones computed."""

import pytest

from aurora_time.domain.moment import Window, parse_instant
from aurora_time.operations import calendars, ledger
from aurora_time.operations.ledger import Page, last_reminders, list_reminders
from aurora_time.ports import Delete, MailUnavailableError
from aurora_time.store import keys, reminders
from aurora_time.store.reminders import Entry
from tests.operations.world import World

pytestmark = pytest.mark.anyio
WEEK = Window(parse_instant("2026-11-22T00:00:00Z"), parse_instant("2026-11-29T00:00:00Z"))


async def shown(world: World, owner: str, window: Window = WEEK, status: str | None = None) -> list[str]:
    return [entry.status for entry, _ in await list_reminders(world.services, owner, window, status)]


async def test_sent_suppressed_and_planned_stand_in_one_list_in_order(world: World):
    ann = await world.person()
    await world.event(ann, "2026-11-23T08:05:00", minutes=[10], recurrence=["RRULE:FREQ=DAILY"])
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    await world.sweep_at("2026-11-23T07:50:00Z")
    assert await shown(world, ann) == ["suppressed", "sent", *["planned"] * 5]
    assert await shown(world, ann, status="sent") == ["sent"]
    assert await shown(world, ann, Window(WEEK.end, WEEK.end + 2 * 86_400)) == ["planned"] * 2
    assert await shown(world, ann, Window(WEEK.start - 86_400, WEEK.start)) == []


async def test_what_was_planned_is_what_rings(world: World):
    ann = await world.person()
    for hour in range(10, 16):
        await world.event(ann, f"2026-11-23T{hour}:00:00", minutes=[10, 20])
    planned = {(entry.id, entry.instant) for entry, _ in await list_reminders(world.services, ann, WEEK, "planned")}
    for quarter in range(32, 80):
        await world.sweep_at(f"2026-11-23T{quarter // 4:02}:{quarter % 4 * 15:02}:00Z")
    sent = {(entry.id, entry.instant) for entry, _ in await list_reminders(world.services, ann, WEEK, "sent")}
    assert len(sent) == 12
    assert sent == planned


async def test_a_reminder_that_waits_to_be_tried_again_is_being_sent_until_its_event_is_gone(world: World):
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])

    def away(_) -> None:
        raise MailUnavailableError("nothing listens")

    world.mailbox.trouble = away
    await world.sweep_at("2026-11-23T07:50:00Z")
    assert await shown(world, ann) == ["sending"]
    await world.delete(ann, event)
    assert await shown(world, ann) == ["suppressed"]


async def test_events_of_a_deleted_calendar_plan_nothing(world: World):
    ann = await world.person()
    work = await world.calendar(ann)
    await world.event(ann, "2026-11-23T09:00:00", minutes=[10], calendarId=work)
    await calendars.delete_calendar(world.services, ann, work)
    assert await shown(world, ann) == []


async def paged(world: World, owner: str, window: Window, limit: int, status: str | None = None) -> list[Entry]:
    """All pages of a listing, one after the other."""
    found: list[Entry] = []
    page = Page(limit)
    while shown := [entry for entry, _ in await list_reminders(world.services, owner, window, status, page)]:
        assert len(shown) <= limit
        found += shown
        page = Page(limit, (shown[-1].instant, shown[-1].id))
    return found


@pytest.mark.parametrize("status", [None, "planned", "sent", "suppressed"])
async def test_pages_of_any_size_add_up_to_the_whole(world: World, status: str | None):
    ann = await world.person()
    for minute in range(3):
        await world.event(ann, f"2026-11-24T08:0{minute}:00", minutes=[0, minute], recurrence=["RRULE:FREQ=HOURLY"])
    await world.event(ann, "2026-11-24T08:00:00", minutes=[0, 60], recurrence=["RRULE:FREQ=DAILY"])
    await world.event(ann, "2026-11-23T08:02:00", minutes=[3, 60])
    for hour in range(7, 19):
        await world.sweep_at(f"2026-11-24T{hour:02}:30:00Z")
    whole = [entry for entry, _ in await list_reminders(world.services, ann, WEEK, status)]
    assert len(whole) > 1
    assert {entry.status for entry in whole} == ({"suppressed", "sent", "planned"} if status is None else {status})
    assert [(each.instant, each.id) for each in whole] == sorted({(each.instant, each.id) for each in whole})
    for limit in (1, 7, 300):
        assert await paged(world, ann, WEEK, limit, status) == whole


async def test_a_long_ledger_is_read_to_its_end(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ledger, "_ITEMS", 3)
    ann = await world.person()
    await world.event(ann, "2026-11-24T08:00:00", minutes=[0], recurrence=["RRULE:FREQ=HOURLY;COUNT=7"])
    await world.event(ann, "2026-11-24T12:30:00", minutes=[300])
    for hour in range(7, 14):
        await world.sweep_at(f"2026-11-24T{hour:02}:00:00Z")
    sent = [entry for entry, _ in await list_reminders(world.services, ann, WEEK, "sent")]
    assert len(sent) == 8
    assert await shown(world, ann, status="failed") == []
    newest = await last_reminders(world.services, ann, WEEK, 5)
    assert newest == sent[:2:-1]
    assert await last_reminders(world.services, ann, Window(WEEK.start, newest[0].instant), 1) == [newest[1]]


async def test_a_page_reads_and_computes_no_more_than_it_shows(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ledger, "_EVENTS", 2)
    computed: list[int] = []

    def new_entry(*said):
        computed.append(said[2].instant)
        return reminders.new_entry(*said)

    monkeypatch.setattr(ledger, "new_entry", new_entry)
    ann = await world.person()
    for day in range(1, 9):
        await world.event(ann, f"2026-12-0{day}T09:00:00", minutes=[0, 10], recurrence=["RRULE:FREQ=DAILY"])
    year = Window(WEEK.start, WEEK.start + 366 * 86_400)
    found = await list_reminders(world.services, ann, year, "planned", Page(3))
    assert [entry.instant for entry, _ in found] == computed[:1] + sorted(computed)[1:3]
    assert len(computed) < 10, "two events a step, and nothing far behind the page"
    computed.clear()
    assert await shown(world, ann, year, "sent") == []
    assert await last_reminders(world.services, ann, year, 5) == []
    assert computed == []


async def test_what_is_overdue_or_waits_for_another_try_is_in_its_place(world: World):
    ann = await world.person()
    late = await world.event(ann, "2026-11-23T09:00:00", minutes=[10], recurrence=["RRULE:FREQ=DAILY"])
    await world.event(ann, "2026-11-23T09:05:00", minutes=[10])

    def away(_) -> None:
        raise MailUnavailableError("nothing listens")

    world.mailbox.trouble = away
    await world.sweep_at("2026-11-23T07:50:00Z")
    held = await world.armed(ann, late)
    assert held is not None
    assert held.due > parse_instant("2026-11-23T07:50:00Z")
    world.clock.set("2026-11-23T08:00:00Z")
    found = [entry for entry, _ in await list_reminders(world.services, ann, WEEK, None, Page(3))]
    assert [entry.status for entry in found] == ["sending", "planned", "planned"]
    assert [entry.instant for entry in found] == [
        parse_instant(f"2026-11-{time}:00Z") for time in ("23T07:50", "23T07:55", "24T07:50")
    ]


async def test_an_event_that_is_gone_while_it_is_armed_plans_nothing(world: World):
    ann = await world.person()
    event = await world.event(ann, "2026-11-23T09:00:00", minutes=[10])
    await world.disk.write(Delete(keys.object_(ann, event)))
    assert await shown(world, ann) == []
