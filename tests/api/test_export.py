"""Export: a calendar, all of them, the whole account; and back again without loss."""

from __future__ import annotations

import json
import threading

import msgspec
import pytest

from aurora_time.api import transfer
from aurora_time.domain import icalendar_writer
from aurora_time.domain.icalendar import Fresh, read_calendar
from aurora_time.domain.vtimezone import vtimezone
from aurora_time.run.openapi import document
from aurora_time.store import keys
from tests.api.transfer_texts import ICS, imported, many, send
from tests.api.world import World, pointers, problem_of, timed


class TestExport:
    async def test_of_one_calendar_or_all(self, world: World):
        work = await world.ann.make("/v1/calendars", {"name": "Work; hard"})
        await world.ann.event(summary="Home")
        await world.ann.event(
            summary="Desk", calendarId=work["id"], start=timed("2026-11-23T09:00:00", "Europe/Berlin")
        )
        got = await world.ann.ask("GET", f"/v1/export?calendarId={work['id']}")
        assert got.headers["content-type"] == "text/calendar; charset=utf-8"
        assert got.headers["content-disposition"] == 'attachment; filename="aurora-time.ics"'
        reading = read_calendar(got.text, Fresh("c", 0, lambda uid: uid))
        assert (reading.name, [made.summary for made in reading.objects]) == ("Work; hard", ["Desk"])
        assert "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin" in got.text
        both = (await world.ann.ask("GET", "/v1/export", accept="text/calendar")).text
        assert sorted(made.summary for made in read_calendar(both, Fresh("c", 0, str)).objects) == ["Desk", "Home"]

    async def test_of_a_calendar_that_is_not_hers(self, world: World):
        first, second = [
            problem_of(await world.ann.ask("GET", f"/v1/export?calendarId={each}"), 404)
            for each in (await world.primary(world.bob), "nowhere")
        ]
        assert first["detail"] == second["detail"]

    @pytest.mark.parametrize(
        "ask", [{"path": "/v1/export?format=json"}, {"path": "/v1/export", "accept": "application/json"}]
    )
    async def test_of_the_whole_account(self, world: World, ask):
        made = await world.ann.event()
        task = await world.ann.make("/v1/tasks", {"summary": "Essay"})
        schedule = await world.ann.make("/v1/schedules", {"name": "Office hours"})
        rule = await world.ann.make("/v1/reminder-rules", {"name": "Work", "triggers": [{"minutesBefore": 5}]})
        headers = {name: value for name, value in ask.items() if name != "path"}
        export = (await world.ann.ask("GET", ask["path"], **headers)).json()
        assert export["version"] == 1
        assert export["person"]["email"] == "ann@example.org"
        primary = await world.primary(world.ann)
        assert [each["id"] for each in export["calendars"]] == [primary]
        assert export["events"] == [made]
        assert export["tasks"] == [task]
        assert export["reminderRules"] == [rule]
        assert [each["id"] for each in export["schedules"]] == [schedule["id"]]
        assert "secret" not in json.dumps(export["tokens"])
        assert "SUMMARY:Essay" in export["icalendar"][primary]

    async def test_of_the_whole_account_has_what_was_deleted(self, world: World):
        made = await world.ann.event(summary="Gone")
        await world.ann.remove(f"/v1/events/{made['id']}")
        export = await world.ann.get("/v1/export", format="json")
        assert (export["events"], [each["summary"] for each in export["trash"]]) == ([], ["Gone"])
        work = await world.ann.make("/v1/calendars", {"name": "Gone too"})
        await world.ann.make("/v1/tasks", {"summary": "In it", "calendarId": work["id"]})
        await world.ann.remove(f"/v1/calendars/{work['id']}")
        await world.attend()
        export = await world.ann.get("/v1/export", format="json")
        told = sorted((each["kind"], each.get("name") or each["summary"]) for each in export["trash"])
        assert told == [("calendar", "Gone too"), ("event", "Gone"), ("task", "In it")]

    def test_no_kind_of_item_is_forgotten(self):
        """Of whatever is kept of a person it is known whether it is exported, or only leads to what is."""
        exported = {"person", "calendar", "object", "trash", "schedule", "booking", "ledger", "standing", "tokens"}
        leading = {
            "subjects",
            "uid",
            "href",
            "time",
            "task",
            "subtask",
            "bookingplace",
            "armed",
            "agenda",
            "calendarlink",
        }
        passing = {"head", "log", "undo", "job", "import", "idem", "bookinggone"}
        assert exported | leading | passing == keys.OF_PERSON
        declared = {
            need.kind for need in transfer.export.needs if need.verb == "query" or need.kind in ("person", "object")
        }
        assert declared - {"uid"} == exported

    async def test_of_the_whole_account_needs_its_scope_and_no_calendar(self, world: World):
        problem = problem_of(await world.ann.ask("GET", "/v1/export?format=json&calendarId=x"), 400)
        assert pointers(problem) == ["?calendarId"]
        narrow = world.client(await world.token(world.ann.id, ("events:read", "tasks:read")))
        problem_of(await narrow.get("/v1/export?format=json"), 403)
        assert (await narrow.get("/v1/export")).status_code == 200

    async def test_the_zones_are_written_while_others_are_answered(self, world: World, monkeypatch):
        threads = []

        def zones_of(zone, start, end):
            threads.append(threading.current_thread())
            return vtimezone(zone, start, end)

        monkeypatch.setattr(icalendar_writer, "vtimezone", zones_of)
        await world.ann.event(start=timed("2026-11-23T09:00:00", "Europe/Berlin"))
        assert "BEGIN:VTIMEZONE" in (await world.ann.ask("GET", "/v1/export")).text
        assert threads
        assert threading.current_thread() not in threads

    async def test_many_come_page_by_page(self, world: World):
        await imported(world.ann, many(620), status=202)
        await world.attend()
        assert (await world.ann.ask("GET", "/v1/export")).text.count("BEGIN:VEVENT") == 620


async def test_what_is_exported_imports_equal_into_another_account(world: World):
    texts = sorted(ICS.glob("*.ics"))[::3]
    for path in texts:
        assert (await send(world.ann, path.read_bytes())).status_code in (200, 202, 422), path.stem
    await world.ann.make("/v1/tasks", {"summary": "Essay", "due": timed("2026-11-23T09:00:00")})
    await world.ann.event(recurrence=["RRULE:FREQ=WEEKLY"], reminders={"useDefault": False, "overrides": []})
    exported = (await world.ann.ask("GET", "/v1/export")).text
    await imported(world.bob, exported.replace("ann@example.org", "bob@example.org"), status=202)
    await world.attend()
    again = (await world.bob.ask("GET", "/v1/export")).text

    def objects(text):
        found = read_calendar(
            text.replace("bob@example.org", "ann@example.org"), Fresh("c", 0, lambda uid: uid)
        ).objects
        return sorted(map(msgspec.to_builtins, found), key=lambda each: each["uid"])

    assert objects(again) == objects(exported)


def test_the_document_says_what_goes_in_and_comes_out():
    paths = document()["paths"]
    assert list(paths["/v1/import"]["post"]["requestBody"]["content"]) == ["text/calendar", "application/gzip"]
    assert {"200", "202", "415", "422"} <= paths["/v1/import"]["post"]["responses"].keys()
    assert set(paths["/v1/export"]["get"]["responses"]["200"]["content"]) == {
        "text/calendar; charset=utf-8",
        "application/json",
    }
