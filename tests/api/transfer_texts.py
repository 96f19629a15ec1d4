"""Texts to import, and how they are sent."""

from __future__ import annotations

from pathlib import Path

ICS = Path(__file__).parents[1] / "ics"
TEXT = {"content_type": "text/calendar"}


def calendar(*lines):
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""))


def event(uid="u@example.org", summary="Tea", sequence=0, start="20261124T090000Z", *lines):
    head = ("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T080000Z", f"SEQUENCE:{sequence}", f"DTSTART:{start}")
    return (*head, f"SUMMARY:{summary}", *lines, "END:VEVENT")


def many(count, lines=()):
    return calendar(
        *(line for n in range(count) for line in event(f"{n}@x", f"No. {n}", 0, "20261124T090000Z", *lines))
    )


async def send(who, text, query="", **headers):
    return await who.ask("POST", f"/v1/import{query}", text, **TEXT, **headers)


async def imported(who, text, query="", status=200):
    got = await send(who, text, query)
    assert got.status_code == status, got.text
    return got.json()


def told(report):
    return {name: report[name] for name in ("created", "updated", "unchanged", "failed")}


async def summaries(who):
    return sorted(each["summary"] for each in (await who.get("/v1/events", limit=500))["items"])
