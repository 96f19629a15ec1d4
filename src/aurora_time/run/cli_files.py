"""``aurora import``, ``export``, ``backup``, ``job``: whole calendars, and what takes its time."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from aurora_time.run import cli_show as show
from aurora_time.run.api_client import Api, by_id, call, pages
from aurora_time.run.cli_options import as_one
from aurora_time.run.cli_where import Where, opened
from aurora_time.run.control import OperatorError

_NOTES = 20


@dataclass(frozen=True, kw_only=True)
class Importing(Where):
    file: Annotated[str, typer.Argument(help="An .ics file; - is stdin.", show_default=False)]
    calendar: Annotated[str | None, typer.Option(help="Into the calendar of this name or id.")] = None
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken.")] = False
    strict: Annotated[bool, typer.Option("--strict", help="All of it or nothing.")] = False


@as_one(Importing)
def import_(options: Importing) -> None:
    """Take over events and tasks of an iCalendar file.

    Of each line that was not understood it says what, and why.
    """
    text = sys.stdin.buffer.read() if options.file == "-" else _read(Path(options.file))
    with opened(options) as api:
        query = {"calendarId": _calendar_id(api, options.calendar)} if options.calendar else {}
        query |= {"dryRun": "true"} if options.dry_run else {}
        query |= {"strict": "true"} if options.strict else {}
        answer = call(api, "POST", "/v1/import", query, text)
        report = answer.json
        if answer.status == 202:
            report = show.wait_for_job(api, report, "Importing")["report"]
    if options.json:
        show.print_json(report)
        return
    _tell(report, dry=options.dry_run)


def _tell(report: dict[str, Any], *, dry: bool) -> None:
    out = show.console()
    said = ", ".join(f"{report[name]} {name}" for name in ("created", "updated", "unchanged", "failed"))
    show.good("Would be" if dry else "Done", f": {said}")
    notes = report.get("notes") or []
    if notes:
        rows = [(str(each["line"]), each["severity"], each["what"], each["why"]) for each in notes[:_NOTES]]
        show.table(("Line", "", "What", "Why"), rows)
    if len(notes) > _NOTES:
        out.print(f"... and {len(notes) - _NOTES} more; --json shows all.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from None


def _calendar_id(api: Api, wanted: str) -> str:
    found = list(pages(api, "/v1/calendars", {}))
    for each in found:
        if wanted == each["id"] or wanted.casefold() == each["name"].casefold():
            return str(each["id"])
    names = ", ".join(show.plain(each["name"]) for each in found)
    raise OperatorError(f"There is no calendar {wanted!r}; there are: {names}.")


@dataclass(frozen=True, kw_only=True)
class Exporting(Where):
    file: Annotated[str | None, typer.Argument(help="Where to; without it, stdout.", show_default=False)] = None
    calendar: Annotated[str | None, typer.Option(help="Only the calendar of this name or id.")] = None
    account: Annotated[bool, typer.Option("--account", help="All that is kept of you, as JSON.")] = False


@as_one(Exporting)
def export(options: Exporting) -> None:
    """Write calendars as an iCalendar file, or all as JSON."""
    with opened(options) as api:
        query = {"format": "json" if options.account or options.json else "ics"}
        if options.calendar:
            query["calendarId"] = _calendar_id(api, options.calendar)
        body = call(api, "GET", "/v1/export", query).body
    if options.file is None or options.file == "-":
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
        return
    _write(Path(options.file), body)
    print(f"{options.file}: {len(body):,} bytes", file=sys.stderr)


def _write(path: Path, body: bytes) -> None:
    """Whole or not at all, and for its owner alone: it is somebody's life."""
    fresh = path.with_name(f"{path.name}.part")
    try:
        fresh.unlink(missing_ok=True)  # what is there may be open to others, or lead elsewhere
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(body)
        fresh.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise OperatorError(f"{path} cannot be written: {error.strerror}.") from None


@dataclass(frozen=True, kw_only=True)
class OneJob(Where):
    id: Annotated[str, typer.Argument(help="The job's id.", show_default=False)]


@as_one(Where)
def job_list(options: Where) -> None:
    """Show what runs, waits, or ended lately."""
    with opened(options) as api:
        found = list(pages(api, "/v1/jobs", {}))
    if options.json:
        show.print_json(found)
    elif found:
        rows = [
            (each["id"], each["kind"], each["state"], _progress(each), show.instant(each["created"])) for each in found
        ]
        show.table(("Id", "Kind", "State", "Done", "Begun"), rows)
    else:
        show.console().print("There was no job in the last 30 days.")


def _progress(job: dict[str, Any]) -> str:
    return f"{job['done']}" if job["total"] is None else f"{job['done']} of {job['total']}"


@as_one(OneJob)
def job_show(options: OneJob) -> None:
    """Show one job, with what it has to report."""
    _one_job(options, lambda api: call(api, "GET", by_id("/v1/jobs", options.id)).json)


@as_one(OneJob)
def job_wait(options: OneJob) -> None:
    """Wait until a job ends."""
    path = by_id("/v1/jobs", options.id)
    _one_job(options, lambda api: show.wait_for_job(api, call(api, "GET", path).json, "Working"))


def _one_job(options: OneJob, get: Callable[[Api], dict[str, Any]]) -> None:
    with opened(options) as api:
        job = get(api)
    if options.json:
        show.print_json(job)
        return
    rows = [("Kind", job["kind"]), ("State", job["state"]), ("Done", _progress(job)), ("Error", job["error"] or "")]
    show.table(("", ""), [row for row in rows if row[1]])
