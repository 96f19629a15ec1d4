"""How the command line shows things: calm tables for people, one JSON document for programs.

rich leaves colours away where stdout is no terminal or NO_COLOR is set; it is imported where it is needed, since that
takes as long as all else of a command.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from aurora_time.mail.wording import Locale, date_text
from aurora_time.run.api_client import Api, ApiError, NoAnswerError, Told, by_id, call
from aurora_time.run.cli_words import CliWords
from aurora_time.run.control import OperatorError

if TYPE_CHECKING:
    from rich.console import Console

_WIDE: Final = 10_000
"""Columns where no line is to be broken."""
_CLOCKS: Final = 13
"""Columns of ``  09:00–10:00``, so that the days stand in line."""
_POLLS: Final = (0.2, 2.0)
"""Seconds between two looks at a job, at first and at last: many may wait at once, and nobody may ask too often."""
_PATIENCE: Final = 60.0
"""Seconds for which a server that is not there, or busy, is asked again: the job goes on without us."""


class Line(NamedTuple):
    """One event or task of an agenda, and the day under which it stands."""

    day: date
    time: str
    text: str
    place: str


def console() -> Console:
    """In a file or a pipe no line is broken: another program reads it."""
    from rich.console import Console

    return Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _WIDE)


def print_json(value: object) -> None:
    print(msgspec.json.format(msgspec.json.encode(value)).decode())


def good(word: str, more: str = "") -> None:
    """Something was done."""
    from rich.text import Text

    console().print(Text.assemble((word, "green"), more))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows under heads, without the columns that nobody has anything in; only the last one is ever broken.

    What people typed is shown as it is, never read as markup.
    """
    from rich.table import Table
    from rich.text import Text

    used = [number for number in range(len(heads)) if any(row[number] for row in rows)]
    shown = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0), show_header=any(heads))
    for number in used:
        shown.add_column(heads[number], overflow="fold", no_wrap=number == used[0] != used[-1])
    for row in rows:
        shown.add_row(*(Text(plain(row[number])) for number in used))
    console().print(shown)


def plain(text: object) -> str:
    """One line without control characters: a title must not move the cursor of a terminal."""
    return " ".join("".join(each if each.isprintable() else " " for each in str(text)).split())


def agenda(lines: Sequence[Line], today: date, say: CliWords, locale: Locale) -> None:
    """Under each day what begins on it."""
    from rich.table import Table
    from rich.text import Text

    out = console()
    for number, (day, found) in enumerate(itertools.groupby(lines, key=lambda line: line.day)):
        near = {-1: say.yesterday, 0: say.today, 1: say.tomorrow}.get((day - today).days)
        heading = f"{near}, {date_text(day, locale)}" if near else date_text(day, locale)
        out.print(Text(f"{chr(10) if number else ''}{heading}", "bold"))
        shown = Table.grid(padding=(0, 2, 0, 0))
        shown.add_column(min_width=_CLOCKS, no_wrap=True, style="cyan")
        shown.add_column(overflow="fold")
        for line in found:
            shown.add_row(f"  {line.time}", Text.assemble(plain(line.text), "  ", (plain(line.place), "dim")))
        out.print(shown)


def instant(text: str | None) -> str:
    """An instant on this machine's clock."""
    if not text:
        return ""
    return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M}"


def wait_for_job(api: Api, job: Told, title: str, sleep: Callable[[float], None] = time.sleep) -> Told:
    """Show how far it is until it ends; the job as it ended. Raises OperatorError when it failed."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

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
