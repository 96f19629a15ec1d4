"""This and following: one write divides a series, and nothing of it is lost, doubled or corrupted."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aurora_time.domain.moment import parse_instant
from aurora_time.operations import writing
from aurora_time.operations.ringing import next_due
from aurora_time.ports import Mail, MailUnavailableError
from aurora_time.store import keys
from aurora_time.store.calendars import LogItem
from aurora_time.store.codec import decode
from tests.api.test_occurrences import changes, series, shown
from tests.api.world import Json, World, day, pointers, timed

pytestmark = pytest.mark.aws

FROM_25 = "occurrences/20261125T090000?scope=following"
FOREVER = ["RRULE:FREQ=DAILY"]


async def follow(world: World, path: str, **patch: Any) -> tuple[Json, Json]:
    answer = await world.ann.change(f"{path}/{FROM_25}", **patch)
    return answer["series"], answer["newSeries"]


async def rung(world: World, until: str) -> list[str]:
    """What was mailed up to an instant: text and due instant. Attends to each thing when it is due."""
    last = parse_instant(until)
    while (due := await next_due(world.services)) is not None and due <= last:
        world.clock.time = max(world.clock.time, due)
        await world.attend()
    world.at(until)
    listed = await world.ann.get("/v1/reminders", from_="2026-11-20", to="2026-12-20", status="sent")
    return [f"{each['text']} {each['due']}" for each in listed["items"]]


async def test_one_write_makes_two_series(world: World) -> None:
    path, event = await series(world, location="Room 4", attendees=[{"email": "sam@example.org"}],
                               reminders={"useDefault": False, "overrides": [{"minutesBefore": 5}]})  # fmt: skip
    old, new = await follow(
        world, path, summary="Else", start=timed("2026-11-25T15:00:00"), end=timed("2026-11-25T16:00:00")
    )
    assert await shown(world) == ["11-23T09:00", "11-24T09:00", "11-25T15:00Else", "11-26T15:00Else", "11-27T15:00Else"]
    assert old["recurrence"] == ["RRULE:FREQ=DAILY;COUNT=2"]
    assert new["recurrence"] == ["RRULE:FREQ=DAILY;COUNT=3"]
    assert (old["id"], old["uid"]) == (event["id"], event["uid"])
    assert new["id"] != old["id"]
    assert new["uid"] != old["uid"]
    for name in ("location", "attendees", "reminders", "calendarId"):
        assert new[name] == old[name] == event[name]
    assert await world.ann.get(path) == old
    assert await world.ann.get(f"/v1/events/{new['id']}") == new
    assert [(each.id, each.deleted, each.recurrence_id) for each in await changes(world)] == [
        (old["id"], False, ""), (new["id"], False, ""),
    ]  # fmt: skip


async def test_it_is_one_write(world: World) -> None:
    path, _ = await series(world)
    (before,) = await world.table.get(keys.head(world.ann.id))
    await follow(world, path, summary="Else")
    (after,) = await world.table.get(keys.head(world.ann.id))
    assert before is not None
    assert after is not None
    first, last = decode(before.body, list), decode(after.body, list)
    assert (last[0], last[2]) == (first[0] + 1, first[2] + 1), "one sequence, one event more"
    (item,) = await world.table.get(keys.log(world.ann.id, last[0]))
    assert item is not None
    assert len(decode(item.body, LogItem).changed) == 2


async def test_overrides_and_exdates_go_to_their_side(world: World) -> None:
    path, _ = await series(world)
    await world.ann.change(f"{path}_20261124T090000", location="Before")
    await world.ann.change(f"{path}_20261126T090000", location="After")
    await world.ann.remove(f"{path}_20261127T090000")
    old, new = await follow(world, path, start=timed("2026-11-25T10:00:00"), end=timed("2026-11-25T11:00:00"))
    assert await shown(world) == ["11-23T09:00", "11-24T09:00", "11-25T10:00", "11-26T10:00"]
    assert (await world.ann.get(f"{path}_20261124T090000"))["location"] == "Before"
    assert (await world.ann.get(f"/v1/events/{new['id']}_20261126T100000"))["location"] == "After"
    assert not [line for line in old["recurrence"] if line.startswith("EXDATE")]
    assert "EXDATE;TZID=Asia/Ho_Chi_Minh:20261127T100000" in new["recurrence"]


async def test_what_was_read_may_be_sent_back_whole(world: World) -> None:
    path, _ = await series(world)
    await world.ann.change(
        f"{path}_20261125T090000", start=timed("2026-11-25T12:00:00"), end=timed("2026-11-25T13:00:00")
    )
    one = await world.ann.get(f"{path}_20261125T090000")
    old, new = await follow(world, path, **{**one, "summary": "Else"})
    assert (old["recurrence"], new["recurrence"]) == (["RRULE:FREQ=DAILY;COUNT=2"], ["RRULE:FREQ=DAILY;COUNT=3"])
    assert new["start"] == timed("2026-11-25T09:00:00"), "the original start of a moved occurrence is where it begins"
    assert await shown(world) == ["11-23T09:00", "11-24T09:00", "11-25T12:00Else", "11-26T09:00Else", "11-27T09:00Else"]


async def test_the_new_series_can_have_another_rule_or_none(world: World) -> None:
    path, _ = await series(world, recurrence=FOREVER)
    old, new = await follow(world, path, recurrence=["RRULE:FREQ=WEEKLY;COUNT=2"])
    assert old["recurrence"] == ["RRULE:FREQ=DAILY;UNTIL=20261125T015959Z"]
    assert await shown(world) == ["11-23T09:00", "11-24T09:00", "11-25T09:00", "12-02T09:00"]
    answer = await world.ann.change(
        f"/v1/events/{new['id']}/occurrences/20261202T090000?scope=following", recurrence=None
    )
    assert answer["newSeries"]["recurrence"] == []
    assert await shown(world) == ["11-23T09:00", "11-24T09:00", "11-25T09:00", "12-02T09:00"]


async def test_from_the_first_on_the_whole_series_changes(world: World) -> None:
    path, event = await series(world)
    await world.ann.remove(f"{path}_20261123T090000")
    answer = await world.ann.change(f"{path}/occurrences/20261124T090000?scope=following", summary="Else",
                                    start=timed("2026-11-24T11:00:00"), end=timed("2026-11-24T12:00:00"))  # fmt: skip
    assert answer["newSeries"] is None
    assert answer["series"]["id"] == event["id"]
    assert await shown(world) == ["11-24T11:00Else", "11-25T11:00Else", "11-26T11:00Else", "11-27T11:00Else"]


async def test_all_day_series_are_divided_by_days(world: World) -> None:
    path, _ = await series(world, start=day("2026-11-23"), recurrence=FOREVER)
    answer = await world.ann.change(f"{path}/occurrences/20261125?scope=following", summary="Else")
    assert answer["series"]["recurrence"] == ["RRULE:FREQ=DAILY;UNTIL=20261124"]
    assert await shown(world, to="2026-11-27") == ["11-23", "11-24", "11-25Else", "11-26Else"]


async def test_the_hour_stays_right_after_a_change_to_summer_time(world: World) -> None:
    berlin = "Europe/Berlin"
    path, _ = await series(world, start=timed("2027-03-20T09:00:00", berlin), recurrence=FOREVER)
    await world.ann.change(f"{path}/occurrences/20270327T090000?scope=following", summary="Else")
    page = await world.ann.get("/v1/events", from_="2027-03-25", to="2027-03-31")
    assert {each["start"]["dateTime"][11:] for each in page["items"]} == {"09:00:00"}
    assert len(page["items"]) == 6
    for each in page["items"]:
        busy = await world.ann.ask("GET", f"/v1/events/{each['id']}")
        assert busy.json()["end"]["dateTime"][11:] == "10:00:00"


async def test_deleting_what_follows_ends_the_series(world: World) -> None:
    path, event = await series(world)
    await world.ann.remove(f"{path}/{FROM_25}")
    assert await shown(world) == ["11-23T09:00", "11-24T09:00"]
    await world.ann.remove(f"{path}/occurrences/20261123T090000?scope=following")
    assert [each["id"] for each in (await world.ann.get("/v1/trash"))["items"]] == [event["id"]]


async def test_what_cannot_be_divided_is_refused_and_changes_nothing(world: World) -> None:
    path, _ = await series(world, recurrence=["RRULE:FREQ=WEEKLY;INTERVAL=2", "RRULE:FREQ=MONTHLY;INTERVAL=5"])
    before = world.content()
    problem = await world.ann.refused(
        422, "PATCH", f"{path}/occurrences/20261207T090000?scope=following", {"summary": "x"}
    )
    assert "single occurrences" in problem["detail"]
    await world.ann.refused(422, "DELETE", f"{path}/occurrences/20261207T090000?scope=following")
    other, _ = await series(world, recurrence=["RRULE:FREQ=WEEKLY;INTERVAL=2", "RDATE:20261201T140000"])
    before = world.content()
    later = {"start": timed("2026-12-01T15:00:00"), "end": timed("2026-12-01T16:00:00")}
    problem = await world.ann.refused(422, "PATCH", f"{other}/occurrences/20261201T140000?scope=following", later)
    assert pointers(problem) == ["/start"]
    for patch, pointer in (({"nonsense": 1}, "/nonsense"), ({"id": "x"}, "/id"), ({"calendarId": "x"}, "/calendarId")):
        problem = await world.ann.refused(422, "PATCH", f"{other}/occurrences/20261207T090000?scope=following", patch)
        assert pointers(problem) == [pointer]
    assert world.content() == before


async def test_the_new_series_may_go_to_another_calendar(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    path, _ = await series(world)
    old, new = await follow(world, path, calendarId=work["id"])
    assert (old["calendarId"] != new["calendarId"], new["calendarId"]) == (True, work["id"])
    assert len(await shown(world, calendarId=work["id"])) == 3


async def test_two_who_divide_one_series_at_once(world: World) -> None:
    path, _ = await series(world)
    answers = await asyncio.gather(
        *(world.ann.ask("PATCH", f"{path}/{FROM_25}", {"summary": name}) for name in ("a", "b"))
    )
    statuses = sorted(each.status_code for each in answers)
    assert statuses == [200, 404], "the second finds the occurrence no more: it is another series' now"
    assert len(await shown(world)) == 5


async def test_a_full_account_cannot_be_made_fuller(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = await series(world)
    monkeypatch.setattr(writing, "MAX_EVENTS", 1)
    before = world.content()
    problem = await world.ann.refused(413, "PATCH", f"{path}/{FROM_25}", {"summary": "x"})
    assert "delete some" in problem["detail"]
    assert world.content() == before


class TestReminders:
    async def test_none_is_lost_and_none_rings_twice(self, world: World) -> None:
        path, _ = await series(world, recurrence=FOREVER)
        assert len(await rung(world, "2026-11-25T01:51:00Z")) == 3
        await follow(world, path, summary="Else")
        assert len(await rung(world, "2026-11-25T01:55:00Z")) == 3, "what has rung does not ring again"
        items = (await world.ann.get("/v1/reminders", from_="2026-11-25", to="2026-11-28"))["items"]
        assert [(each["due"], each["status"]) for each in items] == [
            ("2026-11-25T01:50:00Z", "sent"), ("2026-11-26T01:50:00Z", "planned"), ("2026-11-27T01:50:00Z", "planned"),
        ]  # fmt: skip
        assert (await rung(world, "2026-11-27T01:50:00Z"))[3:] == [
            "Else 2026-11-26T01:50:00Z",
            "Else 2026-11-27T01:50:00Z",
        ]
        assert len(world.mailbox.mails) == 5

    async def test_what_is_overdue_when_it_is_divided_still_rings(self, world: World) -> None:
        path, _ = await series(world, recurrence=FOREVER)
        await rung(world, "2026-11-24T02:00:00Z")
        world.at("2026-11-25T01:50:30Z")  # the loop is late
        await follow(world, path, summary="Else")
        assert (await rung(world, "2026-11-25T01:50:31Z"))[2:] == ["Else 2026-11-25T01:50:00Z"]

    async def test_what_is_being_sent_when_it_is_divided_is_sent_once(self, world: World) -> None:
        path, _ = await series(world, recurrence=FOREVER)
        await rung(world, "2026-11-24T02:00:00Z")
        sending, divided = asyncio.Event(), asyncio.Event()
        send = world.mailbox.send

        async def slow(mail: Mail) -> None:
            sending.set()
            await divided.wait()
            await send(mail)

        world.mailbox.send = slow  # type: ignore[method-assign]
        world.at("2026-11-25T01:50:00Z")
        loop = asyncio.ensure_future(world.attend())
        await asyncio.wait_for(sending.wait(), 5)
        await follow(world, path, summary="Else")
        divided.set()
        await loop
        await rung(world, "2026-11-25T03:00:00Z")
        assert len(world.mailbox.mails) == 3
        assert (await rung(world, "2026-11-26T01:50:00Z"))[3:] == ["Else 2026-11-26T01:50:00Z"]

    async def test_what_could_not_be_sent_when_it_is_divided_is_sent_later(self, world: World) -> None:
        path, _ = await series(world, recurrence=FOREVER)
        await rung(world, "2026-11-24T02:00:00Z")
        send = world.mailbox.send

        async def away(_: Mail) -> None:
            raise MailUnavailableError("nothing listens")

        world.mailbox.send = away  # type: ignore[method-assign]
        await rung(world, "2026-11-25T01:50:00Z")
        await follow(world, path, summary="Else")
        world.mailbox.send = send  # type: ignore[method-assign]
        assert len(await rung(world, "2026-11-25T01:52:00Z")) == 3
        assert [mail.subject.partition(" –")[0] for mail in world.mailbox.mails][2:] == ["Else"]

    async def test_a_moved_half_rings_at_its_new_time_only(self, world: World) -> None:
        path, _ = await series(world, recurrence=FOREVER)
        await rung(world, "2026-11-24T02:00:00Z")
        await follow(world, path, start=timed("2026-11-25T08:00:00"), end=timed("2026-11-25T09:00:00"))
        assert (await rung(world, "2026-11-25T02:00:00Z"))[2:] == ["Something 2026-11-25T00:50:00Z"]

    @pytest.mark.parametrize("when", ["2026-11-22T00:00:00Z", "2026-11-25T01:51:00Z", "2026-11-26T01:50:30Z"])
    async def test_divided_and_undone_everything_rings_once(self, world: World, when: str) -> None:
        path, _ = await series(world, recurrence=FOREVER)
        await rung(world, when)
        divided = await world.ann.ask("PATCH", f"{path}/{FROM_25}", {"summary": "Else"})
        world.clock.time += 60
        await world.attend()
        undone = await world.ann.ask("POST", "/v1/undo", {"token": divided.headers["undo-token"]})
        assert undone.status_code == 200, undone.text
        due = [text[-20:] for text in await rung(world, "2026-11-28T01:50:00Z")]
        assert due == [f"2026-11-{number}T01:50:00Z" for number in range(23, 29)]
        assert len(world.mailbox.mails) == 6

    async def test_a_snoozed_reminder_rings_for_the_half_that_has_its_occurrence(self, world: World) -> None:
        path, _ = await series(world, recurrence=FOREVER)
        await rung(world, "2026-11-25T01:50:00Z")
        listed = await world.ann.get("/v1/reminders", from_="2026-11-25", to="2026-11-26")
        (sent,) = [each for each in listed["items"] if each["due"].startswith("2026-11-25")]
        snoozed = await world.ann.ask("POST", f"/v1/reminders/{sent['id']}/snooze", {"minutes": 5})
        assert snoozed.status_code == 200, snoozed.text
        await follow(world, path, summary="Else")
        await rung(world, "2026-11-25T01:56:00Z")
        assert [mail.subject.partition(" –")[0] for mail in world.mailbox.mails] == ["Something"] * 3 + ["Else"]
