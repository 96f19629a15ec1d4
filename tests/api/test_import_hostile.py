"""Import of what is large, broken or meant badly: never by half, never without a word, and the same again changes
nothing."""

from __future__ import annotations

from contextlib import suppress

import pytest

from aurora_time.domain.icalendar_report import MAX_NOTES
from aurora_time.operations import importing
from aurora_time.ports import Change
from tests.api.transfer_texts import calendar, event, imported, many, send, summaries, told
from tests.api.world import Json, World, pointers, problem_of

NAMELESS = ("BEGIN:VEVENT", "DTSTAMP:20261101T080000Z", "DTSTART:20261124T090000Z", "END:VEVENT")
"""Each brings a warning, since it has no UID."""


def noisy(*lines: str) -> str:
    """A text with more warnings than a report has room for, and then these lines."""
    noise = (line for n in range(MAX_NOTES + 100) for line in (*NAMELESS[:-1], f"SUMMARY:{n}", NAMELESS[-1]))
    return calendar(*noise, *lines)


class TestTheReport:
    async def test_no_error_is_lost_behind_many_warnings(self, world: World) -> None:
        text = noisy(*event("bad", "x", 0, "someday"))
        report = await imported(world.ann, text, "?dryRun=true")
        assert (report["created"], report["failed"], len(report["notes"])) == (MAX_NOTES + 100, 1, MAX_NOTES + 1)
        (error,) = [note for note in report["notes"] if note["severity"] == "error"]
        assert text.split("\r\n")[error["line"] - 1] == "DTSTART:someday"

    async def test_strictly_nothing_is_imported_however_much_is_said_before(self, world: World) -> None:
        before = world.content()
        problem = problem_of(await send(world.ann, noisy(*event("bad", "x", 0, "someday")), "?strict=true"), 422)
        assert len(pointers(problem)) == 1, "only what hinders is named, not what was mended"
        assert "DTSTART" in problem["errors"][0]["detail"]
        assert world.content() == before

    async def test_all_that_is_left_out_is_counted(self, world: World) -> None:
        bad = [line for n in range(MAX_NOTES + 200) for line in event(f"{n}", "x", 0, "someday")]
        report = await imported(world.ann, calendar(*event("good"), *bad))
        assert told(report) == {"created": 1, "updated": 0, "unchanged": 0, "failed": MAX_NOTES + 200}
        assert report["notes"][-1]["why"] == "There are 200 more notes."

    async def test_strictly_a_uid_of_something_else_hinders_too(self, world: World) -> None:
        task = ("BEGIN:VTODO", "UID:taken", "DTSTAMP:20261101T080000Z", "SUMMARY:x", "END:VTODO")
        await imported(world.ann, calendar(*event("taken")))
        before = world.content()
        for number in (1, 80):  # at once, and as a job
            some = [line for n in range(number) for line in event(f"{n}")]
            problem = problem_of(await send(world.ann, calendar(*some, *task), "?strict=true"), 422)
            assert "another kind" in problem["errors"][0]["detail"]
            assert world.content() == before


ENDS = {
    "as it should be": lambda text: text,
    "of Unix": lambda text: text.replace("\r\n", "\n"),
    "of an old Mac": lambda text: text.replace("\r\n", "\r"),
    "doubled": lambda text: text.replace("\r\n", "\r\r\n"),
    "mixed": lambda text: text.replace("\r\n", "\n", 9).replace("END:VEVENT\r\n", "END:VEVENT\r"),
    "with a mark before it": lambda text: f"\ufeff{text}",
    "without the last": lambda text: text.removesuffix("\r\n"),
    "folded everywhere": lambda text: text.replace("Nice", "N\r\n ice"),
}


@pytest.mark.parametrize("ends", ENDS.values(), ids=ENDS)
async def test_line_ends_make_no_difference(world: World, ends) -> None:  # type: ignore[no-untyped-def]
    text = calendar(*event("a", "Nice tea"), *event("b", "Nice cake", 0, "20261125T090000Z"))
    await imported(world.ann, text)
    before = world.content()
    assert told(await imported(world.ann, ends(text)))["unchanged"] == 2
    assert world.content() == before


def overridden(count: int) -> tuple[str, ...]:
    """As many changed occurrences of a series."""
    names = (f"2026{n // 672 + 1:02}{n // 24 % 28 + 1:02}T{n % 24:02}0000Z" for n in range(count))
    head, tail = ("BEGIN:VEVENT", "UID:u", "DTSTAMP:20261101T080000Z"), ("DTSTART:20261124T090000Z", "END:VEVENT")
    return tuple(line for name in names for line in (*head, f"RECURRENCE-ID:{name}", *tail))


HOSTILE = {
    "a second for ever, a day long": event("u", "x", 0, "20261124T090000Z", "DURATION:P1D", "RRULE:FREQ=SECONDLY"),
    "two thousand rules": event(
        "u", "x", 0, "20261124T090000Z", *(f"RRULE:FREQ=SECONDLY;INTERVAL={n + 1}" for n in range(2_001))
    ),
    "a line of a megabyte": event("u", "x", 0, "20261124T090000Z", f"X-LONG:{'x' * 1_000_000}"),
    "a line of parameters": event(
        "u", "x", 0, "20261124T090000Z", f"X-LONG{''.join(f';A{n}=1' for n in range(60_000))}:x"
    ),
    "five thousand changed occurrences": (*event("u", "x"), *overridden(5_000)),
    "a deep nest": (*event("u", "x")[:-1], *["BEGIN:VALARM"] * 20_000, *["END:VALARM"] * 20_000, "END:VEVENT"),
    "fifty thousand guests": event(
        "u", "x", 0, "20261124T090000Z", *(f"ATTENDEE:mailto:{n}@example.org" for n in range(50_000))
    ),
}


@pytest.mark.parametrize("lines", HOSTILE.values(), ids=HOSTILE)
async def test_what_is_too_much_is_left_out_whole_and_said(world: World, lines: tuple[str, ...]) -> None:
    report = await imported(world.ann, calendar(*event("fine", "Fine"), *lines))
    assert told(report) == {"created": 1, "updated": 0, "unchanged": 0, "failed": 1}
    assert await summaries(world.ann) == ["Fine"]
    (error,) = [note for note in report["notes"] if note["severity"] == "error"]
    assert error["why"].endswith(".")


async def test_an_object_of_almost_all_that_may_be_is_kept_and_can_be_changed(world: World) -> None:
    text = calendar(*event("u", "Large", 0, "20261124T090000Z", "RRULE:FREQ=DAILY", f"X-LARGE:{'x' * 348_000}"))
    assert told(await imported(world.ann, text))["created"] == 1
    assert told(await imported(world.ann, text))["unchanged"] == 1
    (series,) = (await world.ann.get("/v1/events"))["items"]
    path = f"/v1/events/{series['id']}"
    await world.ann.change(path, location="Room 4")
    problem = await world.ann.refused(413, "PATCH", f"{path}/occurrences/20261125T090000", {"summary": "One"})
    assert "fewer occurrences" in problem["detail"]
    exported = await world.ann.ask("GET", "/v1/export")
    assert "x" * 60 in exported.text
    assert told(await imported(world.bob, exported.text))["created"] == 1


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("is_written", [True, False])
async def test_killed_at_any_write_the_job_goes_on_and_doubles_nothing(
    monkeypatch: pytest.MonkeyPatch, is_written: bool
) -> None:
    monkeypatch.setattr(importing, "PAGE", 30)
    for after in range(1, 100):
        async with World() as world:
            if not await killed(world, after, is_written):
                assert after > 12, "it was killed at each of its writes"
                return


async def killed(world: World, after: int, is_written: bool) -> bool:
    """An import whose process dies at a write, and another takes over; False if it is done before that."""
    job = await imported(world.ann, many(70), status=202)
    write, left = world.table.write, [after]

    async def dying(*changes: Change) -> None:
        left[0] -= 1
        if left[0] or is_written:
            await write(*changes)
        if not left[0]:
            raise Killed

    world.table.write = dying  # type: ignore[method-assign]
    with suppress(Killed):
        await world.attend()
    world.table.write = write  # type: ignore[method-assign]
    world.clock.time += 3_600
    await world.attend()
    done: Json = await world.ann.get(f"/v1/jobs/{job['id']}")
    assert (done["state"], done["done"], done["error"]) == ("done", 70, None)
    assert told(done["report"]) == {"created": 70, "updated": 0, "unchanged": 0, "failed": 0}
    assert (await world.ann.ask("GET", "/v1/export")).text.count("BEGIN:VEVENT") == 70
    return left[0] <= 0


async def test_an_event_in_the_hour_that_is_left_out_can_be_changed(world: World) -> None:
    """At half past two there is no half past two: it is half past three, and the end lies before it."""
    berlin = ("DTSTART;TZID=Europe/Berlin:20260329T023000", "DTEND;TZID=Europe/Berlin:20260329T031500")
    head = ("BEGIN:VEVENT", "UID:u", "DTSTAMP:20261101T080000Z", *berlin, "SUMMARY:Tea", "END:VEVENT")
    report = await imported(world.ann, calendar(*head))
    assert [note["what"] for note in report["notes"]] == ["DTEND"]
    (made,) = (await world.ann.get("/v1/events"))["items"]
    changed = await world.ann.change(f"/v1/events/{made['id']}", start={"dateTime": "2026-04-01T09:00:00"})
    assert changed["end"]["dateTime"] == "2026-04-01T09:00:00"
