"""Single occurrences of a series that is not here, as an invitation brings them: shown, changed and deleted alone."""

from __future__ import annotations

from tests.api.test_occurrences import shown
from tests.api.world import World, pointers

TEXT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//X//EN
{}END:VCALENDAR
""".replace("\n", "\r\n")
PART = """BEGIN:VEVENT
UID:foreign@example.org
DTSTAMP:20261101T000000Z
RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:202611{0}T090000
DTSTART;TZID=Asia/Ho_Chi_Minh:202611{0}T100000
DTEND;TZID=Asia/Ho_Chi_Minh:202611{0}T110000
SUMMARY:Something
END:VEVENT
""".replace("\n", "\r\n")


async def brought(world: World, *days: int) -> str:
    """The path of what an import of some occurrences makes."""
    text = TEXT.format("".join(PART.format(each) for each in days)).encode()
    answer = await world.ann.ask("POST", "/v1/import", text, content_type="text/calendar")
    assert answer.status_code in (200, 202), answer.text
    await world.attend()
    (item,) = (await world.ann.get("/v1/events"))["items"]
    return f"/v1/events/{item['id']}"


async def test_each_is_an_occurrence_by_its_own_name(world: World) -> None:
    path = await brought(world, 23, 25)
    assert await shown(world) == ["11-23T10:00", "11-25T10:00"]
    assert (await world.ann.get(path))["recurrenceId"] == "20261123T090000"
    for name in ("20261123T090000", "20261125T090000"):
        assert (await world.ann.get(f"{path}/occurrences/{name}"))["recurrenceId"] == name
        await world.ann.change(f"{path}_{name}", summary=f"Something {name[6:8]}")
    assert await shown(world) == ["11-23T10:00 23", "11-25T10:00 25"]
    await world.ann.change(path, location="Room 4")
    assert (await world.ann.get(f"{path}_20261125T090000"))["location"] == "", "the other one is not its override"


async def test_deleted_one_by_one_the_last_takes_it_along(world: World) -> None:
    path = await brought(world, 23, 25)
    gone = await world.ann.ask("DELETE", f"{path}_20261123T090000")
    assert await shown(world) == ["11-25T10:00"]
    assert (await world.ann.ask("POST", "/v1/undo", {"token": gone.headers["undo-token"]})).status_code == 200
    assert await shown(world) == ["11-23T10:00", "11-25T10:00"]
    await world.ann.remove(f"{path}_20261125T090000")
    await world.ann.remove(f"{path}_20261123T090000")
    await world.ann.refused(404, "GET", path)


async def test_there_is_nothing_that_follows(world: World) -> None:
    path = await brought(world, 23)
    before = world.content()
    problem = await world.ann.refused(
        422, "PATCH", f"{path}/occurrences/20261123T090000?scope=following", {"summary": "x"}
    )
    assert "one by one" in problem["detail"]
    problem = await world.ann.refused(422, "PATCH", path, {"recurrence": ["RRULE:FREQ=DAILY"]})
    assert pointers(problem) == ["/recurrence"]
    assert world.content() == before
