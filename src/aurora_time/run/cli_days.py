"""``aurora add``, ``agenda``, ``search``, ``remind``: what a person does every day."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from aurora_time.mail.wording import Wall, duration_text
from aurora_time.run import cli_show as show
from aurora_time.run.api_client import Api, Told, call, pages
from aurora_time.run.cli_clock import instant, minutes_between, named_zone, repeats, wall_of, when
from aurora_time.run.cli_options import as_one
from aurora_time.run.cli_where import Where, opened
from aurora_time.run.cli_words import CliWords, language, words
from aurora_time.run.control import OperatorError

_IN: Final = re.compile(r"(?=\d)(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m(?:in)?)?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Adding(Where):
    words: Annotated[list[str], typer.Argument(help="Like: Lunch with Sam tomorrow at noon.", show_default=False)]
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what was understood.")] = False


@as_one(Adding)
def add(options: Adding) -> None:
    """Make an event or a task of a sentence, in English or Vietnamese."""
    body = {"text": " ".join(options.words), "dryRun": options.dry_run}
    with opened(options) as api:
        made = call(api, "POST", "/v1/quick-add", body=body).json
        if options.json:
            show.print_json(made)
            return
        home = _zone(api)
    say, locale = words(os.environ), language(os.environ)
    draft, kind = made["draft"], str(made["kind"])
    rows = [
        (say.what, draft["summary"]),
        (say.kind, say.kinds.get(kind, kind)),
        (say.when, when(draft["start"], draft["end"], home, locale)),
        (say.due, when(draft["due"], None, home, locale)),
        (say.where, draft["location"]),
        (say.repeats, repeats(draft["recurrence"], draft["start"] or draft["due"], home, locale)),
    ]
    show.good(say.understood if options.dry_run else say.added)
    show.table(("", ""), [row for row in rows if row[1]])


@dataclass(frozen=True, kw_only=True)
class Looking(Where):
    days: Annotated[int, typer.Option(min=1, max=366, help="So many days.")] = 7
    start: Annotated[str | None, typer.Option("--from", help="The first day, like 2026-11-23; without it today.")] = (
        None
    )


@as_one(Looking)
def agenda(options: Looking) -> None:
    """Show the coming days: events, and tasks that are due."""
    say, locale = words(os.environ), language(os.environ)
    with opened(options) as api:
        home = _zone(api)
        today = datetime.now(home).date()
        first = _day(options.start) if options.start else today
        window = {"from": first.isoformat(), "to": (first + timedelta(options.days)).isoformat()}
        events = list(pages(api, "/v1/events", window))
        tasks = list(pages(api, "/v1/tasks", {**window, "completed": "false"}))
    if options.json:
        show.print_json({"events": events, "tasks": tasks})
        return
    placed = sorted((_placed(item, home, say) for item in [*events, *tasks]), key=lambda each: each[0])
    if placed:
        show.agenda([line for _, line in placed], today, say, locale)
    else:
        show.console().print(say.nothing_in_days)


def _placed(item: Told, home: ZoneInfo, say: CliWords) -> tuple[tuple[int, bool], show.Line]:
    """A line of the agenda, and where it stands: what takes days before what has a time."""
    at = wall_of(item.get("due") or item["start"], home)
    time = _due(at, say) if "due" in item else _span(item, home, say)
    line = show.Line(at.day, time, item["summary"] or say.untitled, item.get("location") or "")
    return (at.seconds, not at.is_date), line


def _due(at: Wall, say: CliWords) -> str:
    return say.due_at if at.is_date else f"{say.due_at} {at.clock}"


def _span(event: Told, home: ZoneInfo, say: CliWords) -> str:
    start, end = wall_of(event["start"], home), wall_of(event["end"], home)
    if start.is_date:
        length = (end.day - start.day).days
        return say.all_day if length <= 1 else say.days.format(count=length)
    if start.seconds < end.seconds:
        return f"{start.clock}–{end.clock}"
    # An end that is no later on the clock lies in an hour that the clock shows twice: how long it takes says more.
    minutes = minutes_between(event["start"], event["end"])
    return f"{start.clock} ({duration_text(minutes, language(os.environ))})" if minutes > 0 else start.clock


def _zone(api: Api) -> ZoneInfo:
    """The zone of whoever is signed in."""
    name = str(call(api, "GET", "/v1/me").json["timeZone"])
    found = named_zone(name)
    if found is None:
        raise OperatorError(words(os.environ).no_zone.format(zone=repr(name)))
    return found


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 1000 <= day.year <= 8999:  # as the server has it
        raise OperatorError(words(os.environ).no_day.format(text=repr(text)))
    return day


@dataclass(frozen=True, kw_only=True)
class Searching(Where):
    words: Annotated[list[str], typer.Argument(help="Words that must all be there.", show_default=False)]
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50


@as_one(Searching)
def search(options: Searching) -> None:
    """Find events by words in their title, text, place or people."""
    query = {"q": " ".join(options.words), "limit": str(options.limit)}
    with opened(options) as api:
        found = list(pages(api, "/v1/events", query, options.limit))
        if options.json:
            show.print_json(found)
            return
        home = _zone(api)
    say, locale = words(os.environ), language(os.environ)
    if found:
        rows = [
            (when(each["start"], each["end"], home, locale), each["summary"] or say.untitled, each["location"])
            for each in found
        ]
        show.table((say.when, say.what, say.where), rows)
    else:
        show.console().print(say.nothing_found)


@dataclass(frozen=True, kw_only=True)
class Reminding(Where):
    words: Annotated[
        list[str] | None, typer.Argument(help="What to remind of; without it, show what will ring.", show_default=False)
    ] = None
    at: Annotated[str | None, typer.Option(help="When, like 18:30 or 2026-11-23T18:30, on your own clock.")] = None
    in_: Annotated[str | None, typer.Option("--in", help="After how long, like 20m, 2h, 1d12h.")] = None
    days: Annotated[int, typer.Option(min=1, max=366, help="Show so many days.")] = 30


@as_one(Reminding)
def remind(options: Reminding) -> None:
    """Send a reminder at a time, or show what will ring."""
    with opened(options) as api:
        if not options.words:
            _show_reminders(api, options)
            return
        body = {"text": " ".join(options.words), "at": _at(api, options)}
        made = call(api, "POST", "/v1/reminders", body=body).json
        if options.json:
            show.print_json(made)
            return
        at = instant(made["due"], _zone(api), language(os.environ))
    say = words(os.environ)
    show.good(say.will_ring, f" {say.at.format(at=at)}")


def _show_reminders(api: Api, options: Reminding) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    window = {"from": now.isoformat(), "to": (now + timedelta(options.days)).isoformat()}
    found = list(pages(api, "/v1/reminders", window, 1000))
    say = words(os.environ)
    if options.json:
        show.print_json(found)
    elif found:
        home, locale = _zone(api), language(os.environ)
        rows = [
            (instant(each["due"], home, locale), say.statuses.get(each["status"], each["status"]), each["text"])
            for each in found
        ]
        show.table((say.when, say.status, say.what), rows)
    else:
        show.console().print(say.nothing_rings.format(days=options.days))


def _at(api: Api, options: Reminding) -> str:
    """The instant that --at or --in means, as RFC 3339."""
    if (options.at is None) == (options.in_ is None):
        raise OperatorError(words(os.environ).say_when)
    if options.in_ is not None:
        found = _IN.fullmatch(options.in_.replace(" ", ""))
        if found is None:
            raise OperatorError(words(os.environ).no_length.format(text=repr(options.in_)))
        length = timedelta(days=int(found[1] or 0), hours=int(found[2] or 0), minutes=int(found[3] or 0))
        return (datetime.now(UTC).replace(microsecond=0) + length).isoformat()
    return _clock(str(options.at), _zone(api)).isoformat()


def _clock(text: str, zone: ZoneInfo) -> datetime:
    now = datetime.now(zone)
    try:
        if re.fullmatch(r"\d{1,2}:\d\d", text):
            hour, minute = map(int, text.split(":"))
            wanted = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
            return wanted if wanted > now else wanted + timedelta(1)
        wanted = datetime.fromisoformat(text.replace(" ", "T"))
    except ValueError:
        raise OperatorError(words(os.environ).no_time.format(text=repr(text))) from None
    return wanted if wanted.tzinfo else wanted.replace(tzinfo=zone)
