"""Listing events: windows, zones, occurrences, filters and pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from aurora_time.domain import series, series_plan
from tests.api.world import Json, Somebody, World, day, pointers, timed


async def listed(who: Somebody, start: str, end: str, **query: Any) -> list[str]:
    """The summaries, in order."""
    found = await who.get("/v1/events", from_=start, to=end, **query)
    return [each["summary"] for each in found["items"]]


async def test_half_open_by_overlap(world: World) -> None:
    await world.ann.event(summary="nine to ten")
    await world.ann.event(summary="at ten", start=timed("2026-11-23T10:00:00"), end=timed("2026-11-23T10:00:00"))
    ann = world.ann
    assert await listed(ann, "2026-11-23T03:00:00Z", "2026-11-23T03:00:01Z") == ["at ten"]
    assert await listed(ann, "2026-11-23T02:59:59Z", "2026-11-23T03:00:00Z") == ["nine to ten"]
    assert await listed(ann, "2026-11-23T02:59:59Z", "2026-11-23T03:00:01Z") == ["nine to ten", "at ten"]
    assert await listed(ann, "2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z") == []
    assert await listed(ann, "2026-11-23T01:00:00Z", "2026-11-23T02:00:01Z") == ["nine to ten"]
    assert await listed(ann, "2026-11-23T09:30:00+07:00", "2026-11-23T09:31:00+07:00") == ["nine to ten"]
    assert await listed(ann, "2026-11-23T02:30:00Z", "2026-11-23T02:30:00Z") == ["nine to ten"]


async def test_a_date_is_a_day_in_the_persons_zone(world: World) -> None:
    await world.ann.event(summary="late", start=timed("2026-11-23T23:30:00"), end=timed("2026-11-23T23:45:00"))
    await world.ann.event(summary="early", start=timed("2026-11-24T00:00:00"))
    assert await listed(world.ann, "2026-11-23", "2026-11-24") == ["late"]
    assert await listed(world.ann, "2026-11-24", "2026-11-25") == ["early"]
    await world.ann.change("/v1/me", timeZone="Europe/Berlin")
    assert await listed(world.ann, "2026-11-23", "2026-11-24") == ["late", "early"]


@pytest.mark.parametrize("name", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata"])
async def test_an_all_day_event_lies_on_its_date_wherever_one_is(world: World, name: str) -> None:
    await world.ann.change("/v1/me", timeZone=name)
    await world.ann.event(summary="the day", start=day("2026-11-23"))
    await world.ann.event(summary="weekly", start=day("2026-11-16"), recurrence=["RRULE:FREQ=WEEKLY"])
    assert sorted(await listed(world.ann, "2026-11-23", "2026-11-24")) == ["the day", "weekly"]
    assert await listed(world.ann, "2026-11-22", "2026-11-23") == []
    assert await listed(world.ann, "2026-11-24", "2026-11-25") == []


async def test_days_of_23_and_25_hours(world: World) -> None:
    await world.ann.change("/v1/me", timeZone="Europe/Berlin")
    for text in ("2026-03-29T23:30:00", "2026-10-25T23:30:00", "2026-10-25T02:30:00"):
        await world.ann.event(summary=text, start=timed(text, "Europe/Berlin"), end=timed(text, "Europe/Berlin"))
    assert await listed(world.ann, "2026-03-29", "2026-03-30") == ["2026-03-29T23:30:00"]
    assert await listed(world.ann, "2026-03-30", "2026-03-31") == []
    assert await listed(world.ann, "2026-10-25", "2026-10-26") == ["2026-10-25T02:30:00", "2026-10-25T23:30:00"]
    assert await listed(world.ann, "2026-10-25T00:30:00Z", "2026-10-25T00:31:00Z") == ["2026-10-25T02:30:00"]


async def test_nine_in_the_morning_stays_nine_across_the_change_of_the_clock(world: World) -> None:
    await world.ann.event(start=timed("2026-10-19T09:00:00", "Europe/Berlin"), recurrence=["RRULE:FREQ=WEEKLY"])
    found = (await world.ann.get("/v1/events", from_="2026-10-19", to="2026-11-01"))["items"]
    assert [each["start"]["dateTime"] for each in found] == ["2026-10-19T09:00:00", "2026-10-26T09:00:00"]
    assert await listed(world.ann, "2026-10-19T07:00:00Z", "2026-10-19T07:00:01Z") == ["Something"]
    assert await listed(world.ann, "2026-10-26T08:00:00Z", "2026-10-26T08:00:01Z") == ["Something"]


@pytest.mark.parametrize("days", [1, 2, 8, 9, 31, 32, 33, 34, 100, 3_660])
async def test_what_began_long_ago_is_still_on(world: World, days: int) -> None:
    begin = date(2026, 11, 24) - timedelta(days)
    await world.ann.event(summary="long", start=day(begin.isoformat()), end=day("2026-11-24"))
    assert await listed(world.ann, "2026-11-23", "2026-11-24") == ["long"]
    assert await listed(world.ann, "2026-11-24", "2026-12-24") == []
    assert await listed(world.ann, begin.isoformat(), (begin + timedelta(1)).isoformat()) == ["long"]
    assert await listed(world.ann, (begin - timedelta(40)).isoformat(), begin.isoformat()) == []


async def test_a_birthday_on_29_february(world: World) -> None:
    await world.ann.event(summary="leap", start=day("2024-02-29"), recurrence=["RRULE:FREQ=YEARLY"])
    assert await listed(world.ann, "2028-02-29", "2028-03-01") == ["leap"]
    assert await listed(world.ann, "2027-02-28", "2027-03-02") == []
    assert await listed(world.ann, "2024-01-01", "2034-01-01") == ["leap"] * 3


async def test_new_year(world: World) -> None:
    await world.ann.event(summary="eve", start=day("2020-12-31"), recurrence=["RRULE:FREQ=YEARLY"])
    await world.ann.event(summary="new year", start=day("2021-01-01"), recurrence=["RRULE:FREQ=YEARLY"])
    await world.ann.event(summary="night", start=timed("2026-12-31T23:00:00"), end=timed("2027-01-01T02:00:00"))
    assert await listed(world.ann, "2026-12-31", "2027-01-02") == ["eve", "night", "new year"]
    assert await listed(world.ann, "2027-01-01T00:00:00+07:00", "2027-01-01T01:00:00+07:00") == ["night", "new year"]
    assert await listed(world.ann, "2026-12-01", "2026-12-31") == []


async def test_occurrences_name_their_series(world: World) -> None:
    series = await world.ann.event(recurrence=["RRULE:FREQ=WEEKLY"])
    found = (await world.ann.get("/v1/events", from_="2026-11-30", to="2026-12-01"))["items"]
    assert len(found) == 1
    own = {
        "id": f"{series['id']}_20261130T090000",
        "eventId": series["id"],
        "recurrenceId": "20261130T090000",
        "start": timed("2026-11-30T09:00:00"),
        "end": timed("2026-11-30T10:00:00"),
    }
    assert found[0] == {**series, **own}


@pytest.mark.parametrize("start", [timed("2026-11-23T09:00:00"), day("2026-11-23")])
async def test_what_is_listed_can_be_read_by_its_id(world: World, start: Json) -> None:
    series = await world.ann.event(start=start, recurrence=["RRULE:FREQ=WEEKLY", "EXDATE;VALUE=DATE:20261207"])
    await world.ann.event(start=start)
    found = (await world.ann.get("/v1/events", from_="2026-11-23", to="2026-12-15"))["items"]
    assert len(found) == 4
    for each in found:
        assert await world.ann.get(f"/v1/events/{each['id']}") == each
        if "recurrenceId" in each:
            path = f"/v1/events/{each['eventId']}/occurrences/{each['recurrenceId']}"
            assert await world.ann.get(path) == each
    kind = "" if "date" in start else "T090000"
    for gone in (f"20261207{kind}", f"20261124{kind}", "2026-11-30", "20261130T0900", f"20261130{kind}Z"):
        await world.ann.refused(404, "GET", f"/v1/events/{series['id']}_{gone}")
        await world.ann.refused(404, "GET", f"/v1/events/{series['id']}/occurrences/{gone}")


async def test_an_event_whose_id_looks_like_an_occurrence_is_that_event(world: World) -> None:
    series = await world.ann.event(recurrence=["RRULE:FREQ=WEEKLY"])
    wanted = f"{series['id']}_20261130T090000"
    world.ids.planned = ["request", wanted]
    await world.ann.event(summary="exact")
    assert (await world.ann.get(f"/v1/events/{wanted}"))["summary"] == "exact"


async def test_the_occurrences_of_one_event(world: World) -> None:
    series = await world.ann.event(recurrence=["RRULE:FREQ=DAILY;COUNT=4"])
    await world.ann.event()
    path = f"/v1/events/{series['id']}/occurrences"
    found = await world.ann.get(path, from_="2026-11-24", to="2026-12-24")
    assert [each["recurrenceId"][:8] for each in found["items"]] == ["20261124", "20261125", "20261126"]
    assert found["nextCursor"] is None
    single = await world.ann.event()
    (only,) = (await world.ann.get(f"/v1/events/{single['id']}/occurrences", from_="2026-11-23", to="2026-11-24"))[
        "items"
    ]
    assert only == single
    problem = await world.ann.refused(400, "GET", path)
    assert pointers(problem) == ["?from"]


async def test_ten_thousand_occurrences_at_most(world: World) -> None:
    series = await world.ann.event(end=timed("2026-11-23T09:00:00"), recurrence=["RRULE:FREQ=MINUTELY"])
    path = f"/v1/events/{series['id']}/occurrences"
    problem = await world.ann.refused(400, "GET", f"{path}?from=2026-11-23&to=2026-12-01")
    assert "10000" in problem["detail"]
    assert pointers(problem) == ["?to"]
    assert len((await world.ann.get(path, from_="2026-11-24", to="2026-11-30"))["items"]) == 6 * 24 * 60


async def test_a_dense_series_is_paged_like_all_else(world: World) -> None:
    await world.ann.event(summary="each", end=timed("2026-11-23T09:00:30"), recurrence=["RRULE:FREQ=MINUTELY"])
    seen: list[str] = []
    query: Json = {"from_": "2026-11-24", "to": "2026-12-24", "limit": 1000}
    for _ in range(3):
        page = await world.ann.get("/v1/events", **query)
        seen += [each["start"]["dateTime"] for each in page["items"]]
        query["cursor"] = page["nextCursor"]
    assert len(set(seen)) == 3_000
    assert (seen[0], seen[-1]) == ("2026-11-24T00:00:00", "2026-11-26T01:59:00")


async def test_a_series_stands_once_where_occurrences_are_not_asked_for(world: World) -> None:
    await world.ann.event(summary="daily", recurrence=["RRULE:FREQ=DAILY"])
    await world.ann.event(summary="single", start=timed("2027-02-01T09:00:00"))
    await world.ann.event(summary="later", start=timed("2027-06-01T09:00:00"), recurrence=["RRULE:FREQ=WEEKLY"])
    found = (await world.ann.get("/v1/events", from_="2026-11-30", to="2027-11-30", expand="false"))["items"]
    assert [each["summary"] for each in found] == ["daily", "single", "later"]
    assert "recurrenceId" not in found[0]
    assert found[0]["start"] == timed("2026-11-23T09:00:00")


async def test_all_that_is_stored(world: World) -> None:
    made = [await world.ann.event(recurrence=["RRULE:FREQ=DAILY"] if n % 2 else []) for n in range(5)]
    found = (await world.ann.get("/v1/events"))["items"]
    assert found == sorted(made, key=lambda each: each["id"])


async def test_calendars_can_be_chosen(world: World) -> None:
    calendars = [await world.ann.make("/v1/calendars", {"name": name}) for name in ("a", "b", "c")]
    for each in calendars:
        await world.ann.event(summary=each["name"], calendarId=each["id"])
    a, b, _ = [each["id"] for each in calendars]
    window = {"start": "2026-11-23", "end": "2026-11-24"}
    assert sorted(await listed(world.ann, **window, calendarId=[a, b])) == ["a", "b"]
    assert await listed(world.ann, **window, calendarId=a) == ["a"]
    assert sorted(await listed(world.ann, **window)) == ["a", "b", "c"]
    stored = await world.ann.get("/v1/events", calendarId=[a, b], limit=1)
    rest = await world.ann.get("/v1/events", calendarId=[b, a], limit=1, cursor=stored["nextCursor"])
    assert sorted(each["summary"] for each in stored["items"] + rest["items"]) == ["a", "b"]
    assert rest["nextCursor"] is None


async def test_a_cursor_belongs_to_its_question(world: World) -> None:
    for _ in range(3):
        await world.ann.event()
    asked = "/v1/events?from=2026-11-23&to=2026-11-24&limit=1"
    cursor = (await world.ann.ask("GET", asked)).json()["nextCursor"]
    assert (await world.ann.ask("GET", f"{asked}&cursor={cursor}")).status_code == 200
    assert (await world.ann.ask("GET", f"{asked.replace('limit=1', 'limit=2')}&cursor={cursor}")).status_code == 200
    for other in (
        f"/v1/events?cursor={cursor}",
        f"/v1/events?from=2026-11-23&to=2026-11-25&cursor={cursor}",
        f"{asked}&expand=false&cursor={cursor}",
        f"{asked}&calendarId={await world.primary(world.ann)}&cursor={cursor}",
        f"/v1/reminders?from=2026-11-23&to=2026-11-24&cursor={cursor}",
    ):
        problem = await world.ann.refused(400, "GET", other)
        assert pointers(problem) == ["?cursor"]


async def test_a_deleted_calendars_events_vanish_at_once(world: World) -> None:
    work = await world.ann.make("/v1/calendars", {"name": "Work"})
    single = await world.ann.event(summary="single", calendarId=work["id"])
    await world.ann.event(summary="series", calendarId=work["id"], recurrence=["RRULE:FREQ=DAILY"])
    await world.ann.event(summary="stays")
    await world.ann.remove(f"/v1/calendars/{work['id']}")
    path = f"/v1/events/{single['id']}"
    for _ in range(2):
        assert await listed(world.ann, "2026-11-23", "2026-12-24") == ["stays"]
        assert [each["summary"] for each in (await world.ann.get("/v1/events"))["items"]] == ["stays"]
        assert {each["text"] for each in (await world.ann.get("/v1/reminders"))["items"]} == {"stays"}
        for method, body in (("GET", None), ("PATCH", {"summary": "x"}), ("DELETE", None)):
            await world.ann.refused(404, method, path, body)
        await world.attend()
    assert len([part for part, _ in world.content() if part.startswith("object#")]) == 1
    assert [each["state"] for each in (await world.ann.get("/v1/jobs"))["items"]] == ["done"]


async def test_a_listing_goes_up_to_fifty_years(world: World) -> None:
    await world.ann.event(summary="yearly", start=day("2000-01-01"), recurrence=["RRULE:FREQ=YEARLY"])
    assert len(await listed(world.ann, "2000-01-01", "2049-12-31")) == 50
    problem = await world.ann.refused(400, "GET", "/v1/events?from=2000-01-01&to=2051-01-01")
    assert pointers(problem) == ["?to"]


@pytest.mark.parametrize("seconds", [1, 59])
async def test_events_of_every_second_cost_what_is_shown(
    world: World, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    """Counts the occurrences that are built, and those that the engine is made to tell."""
    built: list[object] = []
    walked: list[int] = []
    real, engine = series.Occurrence, series_plan.occurrences
    monkeypatch.setattr(series, "Occurrence", lambda *values: built.append(values) or real(*values))
    monkeypatch.setattr(series_plan, "occurrences", lambda *asked: (walked.append(w) or w for w in engine(*asked)))

    async def work(limit: int, **query: Any) -> Json:
        built.clear()
        walked.clear()
        page = await world.ann.get("/v1/events", from_="2026-06-01", to="2026-06-08", limit=limit, **query)
        assert len(page["items"]) == limit
        assert len(walked) <= len(built) + 60 * 2
        assert len(built) <= limit + 1 + 60 * 2
        return page

    new: Json = {"start": timed("2026-01-01T00:00:00", "UTC"), "end": timed(f"2026-01-01T00:00:{seconds:02}", "UTC")}
    await world.ann.event(**new, recurrence=["RRULE:FREQ=SECONDLY"])
    assert len(built) < 2_000
    assert len(walked) < 2_000
    await work(1_000)
    for _ in range(59):
        await world.ann.event(**new, recurrence=["RRULE:FREQ=SECONDLY"])
    page = await work(10)
    following = await work(10, cursor=page["nextCursor"])
    await work(1_000)
    ids = [each["id"] for each in page["items"] + following["items"]]
    assert len(set(ids)) == 20
