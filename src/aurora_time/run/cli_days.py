"""``aurora add``, ``agenda``, ``search``, ``remind``: what a person does every day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from aurora_time.run import cli_show as show
from aurora_time.run.api_client import Api, call, pages
from aurora_time.run.cli_options import as_one
from aurora_time.run.cli_where import Where, opened
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
    draft = made["draft"]
    said = "Understood" if options.dry_run else "Added"
    when = " – ".join(filter(None, (show.moment(draft["start"]), show.moment(draft["end"]))))
    due = show.moment(draft["due"])
    rows = [("What", draft["summary"]), ("Kind", made["kind"]), ("When", when), ("Due", due)]
    rows += [("Where", draft["location"]), ("Repeats", " ".join(draft["recurrence"]))]
    show.good(said)
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
    with opened(options) as api:
        today = _today(api)
        first = _day(options.start) if options.start else today
        window = {"from": first.isoformat(), "to": (first + timedelta(options.days)).isoformat()}
        events = list(pages(api, "/v1/events", window))
        tasks = list(pages(api, "/v1/tasks", {**window, "completed": "false"}))
    if options.json:
        show.print_json({"events": events, "tasks": tasks})
        return
    found = sorted([*events, *tasks], key=_place)
    if not found:
        show.console().print('Nothing in these days. `aurora add "Lunch with Sam tomorrow at noon"` makes something.')
        return
    show.days(found, today)


def _place(item: dict[str, Any]) -> str:
    value = item.get("due") or item["start"]
    return str(value.get("date") or value["dateTime"])


def _today(api: Api) -> date:
    return datetime.now(_zone(api)).date()


def _zone(api: Api) -> ZoneInfo:
    """The zone of whoever is signed in."""
    name = call(api, "GET", "/v1/me").json["timeZone"]
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise OperatorError(f"This machine does not know the time zone {str(name)!r} of your settings.") from None


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 1000 <= day.year <= 8999:  # as the server has it
        raise OperatorError(f"{text!r} is no day; write it like 2026-11-23.")
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
    if not found:
        show.console().print("Nothing has all of these words.")
        return
    show.table(
        ("When", "What", "Where", "Id"),
        [(show.moment(each["start"]), each["summary"], each["location"], each["id"]) for each in found],
    )


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
    show.good("It will ring", f" at {show.instant(made['due'])}.")


def _show_reminders(api: Api, options: Reminding) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    window = {"from": now.isoformat(), "to": (now + timedelta(options.days)).isoformat()}
    found = list(pages(api, "/v1/reminders", window, 1000))
    if options.json:
        show.print_json(found)
    elif found:
        rows = [(show.instant(each["due"]), each["text"], each["status"], each["id"]) for each in found]
        show.table(("When", "What", "Status", "Id"), rows)
    else:
        show.console().print(f"Nothing will ring in the next {options.days} days.")


def _at(api: Api, options: Reminding) -> str:
    """The instant that --at or --in means, as RFC 3339."""
    if (options.at is None) == (options.in_ is None):
        raise OperatorError("Say when: --at 18:30, --at 2026-11-23T18:30, or --in 20m.")
    if options.in_ is not None:
        found = _IN.fullmatch(options.in_.replace(" ", ""))
        if found is None:
            raise OperatorError(f"{options.in_!r} is no length of time; write it like 20m, 2h or 1d12h.")
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
        raise OperatorError(f"{text!r} is no time; write it like 18:30 or 2026-11-23T18:30.") from None
    return wanted if wanted.tzinfo else wanted.replace(tzinfo=zone)
