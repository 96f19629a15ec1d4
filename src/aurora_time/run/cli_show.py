"""How the command line shows things: calm tables for people, one JSON document for programs.

rich leaves colours away where stdout is no terminal or NO_COLOR is set.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from aurora_time.run.api_client import Api, ApiError, NoAnswerError, Told, by_id, call
from aurora_time.run.control import OperatorError

_POLLS: Final = (0.2, 2.0)
"""Seconds between two looks at a job, at first and at last: many may wait at once, and nobody may ask too often."""
_PATIENCE: Final = 60.0
"""Seconds for which a server that is not there, or busy, is asked again: the job goes on without us."""


def console() -> Console:
    return Console(highlight=False, emoji=False, soft_wrap=not sys.stdout.isatty())


def print_json(value: object) -> None:
    print(msgspec.json.format(msgspec.json.encode(value)).decode())


def good(word: str, more: str = "") -> None:
    """Something was done."""
    console().print(Text.assemble((word, "green"), more))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows under heads; what people typed is shown as it is, never read as markup."""
    shown = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0), show_header=any(heads))
    for head in heads:
        shown.add_column(head, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(plain(cell)) for cell in row))
    console().print(shown)


def plain(text: object) -> str:
    """One line without control characters: a title must not move the cursor of a terminal."""
    return " ".join("".join(each if each.isprintable() else " " for each in str(text)).split())


def days(items: Sequence[dict[str, Any]], today: date) -> None:
    """Events, and tasks by their due time, under the days on which they begin."""
    out = console()
    last: date | None = None
    for item in items:
        day, when = _when(item)
        if day != last:
            out.print(f"{'' if last is None else chr(10)}[bold]{_day(day, today)}[/bold]")
            last = day
        line = Text.assemble("  ", (f"{when:<13}", "cyan"), " ", plain(item["summary"] or "(no title)"))
        if item.get("location"):
            line.append("  ").append(plain(item["location"]), "dim")
        out.print(line)


def _when(item: dict[str, Any]) -> tuple[date, str]:
    if "due" in item:
        due = item["due"]
        return _date(due), "due" if due.get("date") else f"due {_clock(due)}"
    start, end = item["start"], item["end"]
    if start.get("date"):
        length = (_date(end) - _date(start)).days
        return _date(start), "all day" if length <= 1 else f"{length} days"
    return _date(start), f"{_clock(start)}-{_clock(end)}"


def _date(value: dict[str, str]) -> date:
    return date.fromisoformat((value.get("date") or value["dateTime"])[:10])


def _clock(value: dict[str, str]) -> str:
    return value["dateTime"][11:16]


def _day(day: date, today: date) -> str:
    near = {today: "Today, ", today + timedelta(1): "Tomorrow, ", today - timedelta(1): "Yesterday, "}
    return f"{near.get(day, '')}{day:%a %d %b %Y}"


def moment(value: dict[str, str] | None) -> str:
    """A start or an end in a few characters."""
    if not value:
        return ""
    return value.get("date") or value["dateTime"][:16].replace("T", " ")


def instant(text: str | None) -> str:
    """An instant on this machine's clock."""
    if not text:
        return ""
    return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M}"


def wait_for_job(api: Api, job: Told, title: str, sleep: Callable[[float], None] = time.sleep) -> Told:
    """Show how far it is until it ends; the job as it ended. Raises OperatorError when it failed."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    errors = Console(stderr=True)
    path, pause = by_id("/v1/jobs", str(job["id"])), _POLLS[0]
    with Progress(*columns, console=errors, transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task(title, total=job["total"])
        try:
            while job["state"] in ("waiting", "running"):
                sleep(pause)
                pause = min(pause * 1.2, _POLLS[1])
                job = _look(api, path, sleep)
                progress.update(bar, completed=job["done"], total=job["total"])
        except KeyboardInterrupt:
            print(f"It is not ended by that; `aurora job wait {job['id']}` waits for it again.", file=sys.stderr)
            raise
    if job["state"] == "failed":
        raise OperatorError(f"{title} failed: {job['error']}")
    return job


def _look(api: Api, path: str, sleep: Callable[[float], None]) -> Told:
    """The job as it is now; a server that starts anew, or has too much to do, is asked again for a while."""
    waited = 0.0
    while True:
        try:
            return call(api, "GET", path).json
        except (NoAnswerError, ApiError) as error:
            passes = isinstance(error, NoAnswerError) or error.answer.status in (429, 503)
            if not passes or waited >= _PATIENCE:
                raise
        sleep(_POLLS[1])
        waited += _POLLS[1]
