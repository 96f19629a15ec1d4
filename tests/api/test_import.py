"""Import: lenient, whole objects, a report by line; what is here already stays or is updated."""

from __future__ import annotations

import asyncio
import dataclasses
import threading

import pytest

from aurora_time.operations import importing
from aurora_time.operations.import_plan import read_plan
from aurora_time.operations.services import Writers
from aurora_time.ports import Put
from aurora_time.store import keys
from tests.api.transfer_texts import ICS, calendar, event, imported, send, summaries, told
from tests.api.world import World, pointers, problem_of


async def test_an_import_keeps_times_and_stamps_and_says_what_it_did(world: World):
    text = calendar(*event("u@example.org", "Tea", 3, "20261124T090000Z", "CREATED:20200101T000000Z", "X-A:b"))
    report = await imported(world.ann, text)
    assert told(report) == {"created": 1, "updated": 0, "unchanged": 0, "failed": 0}
    assert report["calendarId"] == await world.primary(world.ann)
    (made,) = (await world.ann.get("/v1/events"))["items"]
    assert (made["uid"], made["summary"], made["sequence"]) == ("u@example.org", "Tea", 3)
    assert made["created"] == "2020-01-01T00:00:00Z"
    assert made["updated"] == "2026-11-01T08:00:00Z"
    assert "X-A:b\r\n" in (await world.ann.ask("GET", "/v1/export")).text


async def test_again_it_changes_nothing_and_a_newer_text_updates(world: World):
    text = calendar(*event())
    await imported(world.ann, text)
    before = world.content()
    assert told(await imported(world.ann, text))["unchanged"] == 1
    assert world.content() == before
    assert told(await imported(world.ann, calendar(*event(summary="Coffee", sequence=1))))["updated"] == 1
    assert await summaries(world.ann) == ["Coffee"]
    assert told(await imported(world.ann, text))["unchanged"] == 1
    assert await summaries(world.ann) == ["Coffee"]


async def test_feeds_without_stamps_change_only_what_is_different(world: World):
    def text(summary):
        return calendar("BEGIN:VEVENT", "UID:f", "DTSTART;VALUE=DATE:20261204", f"SUMMARY:{summary}", "END:VEVENT")

    await imported(world.ann, text("Reserved"))
    world.clock.time += 60
    assert told(await imported(world.ann, text("Reserved")))["unchanged"] == 1
    assert told(await imported(world.ann, text("Free")))["updated"] == 1


async def test_what_cannot_be_read_is_left_out_whole_and_named_by_line(world: World):
    text = calendar(*event("good"), *event("bad", "x", 0, "someday"), *event("also good"))
    report = await imported(world.ann, text)
    assert told(report) == {"created": 2, "updated": 0, "unchanged": 0, "failed": 1}
    (note,) = [note for note in report["notes"] if note["severity"] == "error"]
    assert text.split("\r\n")[note["line"] - 1] == "DTSTART:someday"


async def test_strictly_it_is_all_or_nothing(world: World):
    text = calendar(*event("good"), *event("bad", "x", 0, "someday"))
    before = world.content()
    problem = problem_of(await send(world.ann, text, "?strict=true"), 422)
    assert pointers(problem) == ["line 14"]
    assert world.content() == before
    assert told(await imported(world.ann, calendar(*event("good")), "?strict=true"))["created"] == 1


async def test_a_dry_run_says_the_same_and_writes_nothing(world: World):
    await imported(world.ann, calendar(*event("old"), *event("same")))
    text = calendar(*event("old", "New", 1), *event("same"), *event("more"), *event("bad", "x", 0, "someday"))
    before = world.content()
    report = await imported(world.ann, text, "?dryRun=true")
    assert report["dryRun"] is True
    assert told(report) == {"created": 1, "updated": 1, "unchanged": 1, "failed": 1}
    assert world.content() == before
    assert told(await imported(world.ann, text)) == told(report)


async def test_into_another_calendar_the_same_uid_is_another_event(world: World):
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    await imported(world.ann, calendar(*event()))
    assert told(await imported(world.ann, calendar(*event()), f"?calendarId={work['id']}"))["created"] == 1
    assert len((await world.ann.get("/v1/events"))["items"]) == 2


async def test_into_a_calendar_that_is_not_hers_is_refused_like_one_that_is_not_there(world: World):
    other = await world.primary(world.bob)
    refused = [await send(world.ann, calendar(*event()), f"?calendarId={each}") for each in (other, "nowhere")]
    first, second = (problem_of(each, 400) for each in refused)
    assert first["detail"] == second["detail"]
    assert pointers(first) == ["?calendarId"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<html>Sign in</html>", "cannot be read"),
        ("", "cannot be read"),
        (calendar("METHOD:REPLY", *event()), "REPLY of an invitation"),
        (calendar(*event("x", "x", 0, "00990101T090000Z")), "cannot be read"),
    ],
)
async def test_what_is_no_calendar_is_refused(world: World, text, words):
    before = world.content()
    assert words in problem_of(await send(world.ann, text), 422)["detail"]
    assert world.content() == before


async def test_only_calendar_text_is_imported(world: World):
    problem_of(await world.ann.ask("POST", "/v1/import", calendar(*event())), 415)


async def test_only_so_many_lines(world: World):
    assert "500,000 lines" in problem_of(await send(world.ann, calendar(*["A:"] * 500_000)), 413)["detail"]


async def test_long_texts_are_read_one_after_the_other_and_elsewhere(world: World, monkeypatch):
    threads = []

    def read(text, reader):
        threads.append(threading.current_thread())
        return read_plan(text, reader)

    monkeypatch.setattr(importing, "read_plan", read)
    long = calendar(*event("long"), *event("heavy", "x", 0, "20261124T090000Z", f"X-HEAVY:{'x' * 100_000}"))
    await asyncio.gather(*(imported(who, long) for who in (world.ann, world.bob, world.ann, world.bob)))
    assert len(threads) == 4
    assert {thread.name for thread in threads} == {"reading_0"}


async def test_an_empty_calendar_is_no_mistake(world: World):
    assert told(await imported(world.ann, calendar()))["created"] == 0


async def test_limits_are_the_ones_of_the_api(world: World):
    lines = (
        *event("years", "x", 0, "09990101T000000Z"),
        *event("long", "x", 0, "20261124T090000Z", "DURATION:P4000D"),
        *event("crowd", "x", 0, "20261124T090000Z", "DURATION:P1D", "RRULE:FREQ=SECONDLY"),
        *event("far", "x", 0, "20261124T090000Z", "RDATE:09990101T000000Z"),
        *event("stretched", "x", 0, "20261124T090000Z", "RDATE;VALUE=PERIOD:20261125T090000Z/P4000D"),
        *event("heavy", "x", 0, "20261124T090000Z", f"X-HEAVY:{'x' * 350_000}"),
    )
    report = await imported(world.ann, calendar(*lines, *event("fine")))
    assert told(report) == {"created": 1, "updated": 0, "unchanged": 0, "failed": 6}


async def test_one_changed_occurrence_leaves_the_others_alone(world: World):
    weekly = event("s", "Weekly", 0, "20261123T090000Z", "RRULE:FREQ=WEEKLY")
    change = ("RECURRENCE-ID:{}", "SEQUENCE:1")
    first, second = (
        event("s", "Later", 1, "20261201T100000Z", change[0].format(each))
        for each in ("20261130T090000Z", "20261207T090000Z")
    )
    await imported(world.ann, calendar(*weekly, *first))
    assert told(await imported(world.ann, calendar(*second)))["updated"] == 1
    assert told(await imported(world.ann, calendar(*second)))["unchanged"] == 1
    text = (await world.ann.ask("GET", "/v1/export")).text
    assert text.count("BEGIN:VEVENT") == 3
    assert "RRULE:FREQ=WEEKLY" in text


async def test_the_whole_series_again_brings_what_was_changed_of_it_since(world: World):
    weekly = event("s", "Weekly", 0, "20261123T090000Z", "RRULE:FREQ=WEEKLY")
    later = event(
        "s", "Later", 1, "20261201T100000Z", "RECURRENCE-ID:20261130T090000Z", "LAST-MODIFIED:20261110T080000Z"
    )
    await imported(world.ann, calendar(*weekly))
    assert told(await imported(world.ann, calendar(*weekly, *later)))["updated"] == 1
    assert told(await imported(world.ann, calendar(*weekly, *later)))["unchanged"] == 1
    days = (await world.ann.get("/v1/events", **{"from": "2026-11-30", "to": "2026-12-03"}))["items"]
    assert [(each["summary"], each["recurrenceId"]) for each in days] == [("Later", "20261130T090000")]


async def test_reminders_that_the_text_does_not_name_stay(world: World):
    await imported(world.ann, calendar(*event()))
    (made,) = (await world.ann.get("/v1/events"))["items"]
    mine = {"useDefault": False, "overrides": [{"channel": "email", "minutesBefore": 45}]}
    await world.ann.change(f"/v1/events/{made['id']}", reminders=mine)
    world.clock.time += 60
    later = calendar(*event("u@example.org", "Coffee", 9))
    assert told(await imported(world.ann, later))["updated"] == 1
    assert (await world.ann.get(f"/v1/events/{made['id']}"))["reminders"] == mine


async def test_imported_events_ring(world: World):
    await imported(world.ann, calendar(*event("u", "Tea", 0, "20261120T030000Z")))
    world.at("2026-11-20T02:50:00Z")
    await world.attend()
    assert ["Tea" in mail.subject for mail in world.mailbox.mails] == [True]


class TestSomebodyElseIsFaster:
    """Between the look at what is here and the write, another writer comes."""

    def meet(self, world: World, monkeypatch, change, times=1):
        """Let the next writes of an import come too late, each after ``change`` was made."""
        commit = world.services.writers.commit
        left = [times]

        async def late(table, owner, build):
            if left[0]:
                left[0] -= 1
                await change(left[0])
            await commit(table, owner, build)

        monkeypatch.setattr(world.services.writers, "commit", late)

    async def test_what_is_there_by_then_is_compared_anew(self, world: World, monkeypatch):
        async def first(_):
            left_alone = Writers()
            services = dataclasses.replace(world.services, writers=left_alone)
            await importing.import_text(services, world.ann.id, calendar(*event()).encode(), importing.Wish())
            world.services.writers._heads.clear()

        self.meet(world, monkeypatch, first)
        report = await imported(world.ann, calendar(*event(), *event("other")))
        assert told(report) == {"created": 1, "updated": 0, "unchanged": 1, "failed": 0}

    async def test_what_changes_all_the_time_is_left_out_and_said(self, world: World, monkeypatch):
        await imported(world.ann, calendar(*event()))
        (made,) = (await world.ann.get("/v1/events"))["items"]
        key = keys.object_(world.ann.id, made["id"])

        async def again(number):
            (item,) = await world.table.get(key)
            await world.table.write(Put(key, item.body, f"changed-{number}"))

        self.meet(world, monkeypatch, again, times=8)
        report = await imported(world.ann, calendar(*event(sequence=5)))
        assert told(report) == {"created": 0, "updated": 0, "unchanged": 0, "failed": 1}
        assert "all the time" in report["notes"][0]["why"]


class TestTasks:
    TEXT = calendar(
        "BEGIN:VTODO", "UID:p", "DTSTAMP:20261101T080000Z", "SUMMARY:Refit", "DUE;VALUE=DATE:20261201", "END:VTODO",
        "BEGIN:VTODO", "UID:k", "DTSTAMP:20261101T080000Z", "SUMMARY:Rudder", "RELATED-TO:p", "END:VTODO",
    )  # fmt: skip

    async def test_come_with_their_parts(self, world: World):
        assert told(await imported(world.ann, self.TEXT))["created"] == 2
        parent, child = sorted((await world.ann.get("/v1/tasks"))["items"], key=lambda each: each["summary"])
        assert child["parentId"] == parent["id"]
        assert told(await imported(world.ann, self.TEXT))["unchanged"] == 2
        newer = self.TEXT.replace("SUMMARY:Rudder", "SUMMARY:Helm\r\nSEQUENCE:1")
        assert told(await imported(world.ann, newer)) == {"created": 0, "updated": 1, "unchanged": 1, "failed": 0}

    async def test_in_a_circle_are_parts_of_nothing(self, world: World):
        text = self.TEXT.replace("SUMMARY:Refit", "SUMMARY:Refit\r\nRELATED-TO:k")
        report = await imported(world.ann, text)
        assert report["created"] == 2
        assert [note["what"] for note in report["notes"]] == ["RELATED-TO"]

    async def test_too_deep_are_cut(self, world: World):
        chain = [
            line
            for n in range(12)
            for line in ("BEGIN:VTODO", f"UID:{n}", "DTSTAMP:20261101T080000Z", f"RELATED-TO:{n - 1}", "END:VTODO")
        ]
        assert (await imported(world.ann, calendar(*chain)))["created"] == 12

    async def test_with_a_uid_that_an_event_has_are_refused(self, world: World):
        await imported(world.ann, calendar(*event("p")))
        report = await imported(world.ann, self.TEXT)
        assert told(report) == {"created": 1, "updated": 0, "unchanged": 0, "failed": 1}
        both = calendar(*event("z"), "BEGIN:VTODO", "UID:z", "SUMMARY:x", "END:VTODO")
        assert told(await imported(world.ann, both)) == {"created": 1, "updated": 0, "unchanged": 0, "failed": 1}


async def test_whatever_was_imported_can_be_changed_and_keeps_what_nobody_knows(world: World):
    for path in sorted(ICS.glob("*.ics")):
        await send(world.ann, path.read_bytes())
    before = (await world.ann.ask("GET", "/v1/export")).text
    for kind in ("events", "tasks"):
        for each in (await world.ann.get(f"/v1/{kind}", limit=500))["items"]:
            changed = await world.ann.ask("PATCH", f"/v1/{kind}/{each['id']}", {"description": "Changed."})
            assert changed.status_code == 200, (each["uid"], changed.text)
    after = (await world.ann.ask("GET", "/v1/export")).text

    def unknown(text):
        return sorted(line for line in text.replace("\r\n ", "").split("\r\n") if line.startswith("X-"))

    assert unknown(after) == unknown(before)
