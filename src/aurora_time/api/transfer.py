"""Import and export."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from aurora_time.api import needs
from aurora_time.api.jobs import JobResource, job_reply
from aurora_time.http.endpoint import JSON, Reply, Request, Shape, endpoint, json_reply, raw_json_reply
from aurora_time.http.problem import FORBIDDEN_SCOPE, INVALID, NOT_FOUND, TOO_LARGE, Pointer, Problem
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.exporting import AccountExport, export_account, export_calendar
from aurora_time.operations.import_writing import ImportReport
from aurora_time.operations.importing import MAX_TEXT, ImportRefusedError, Wish, import_text
from aurora_time.operations.representation import Id
from aurora_time.operations.services import Services

CALENDAR: Final = "text/calendar"
_IN_UTF_8: Final = f"{CALENDAR}; charset=utf-8"
_ACCOUNT: Final = "account:read"
_MOST_ERRORS: Final = 100


class ImportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Without `calendarId` the primary calendar is meant. With `dryRun` nothing is written; with `strict` nothing is
    unless all that stands in the text can be.
    """

    calendar_id: Id | None = None
    dry_run: bool = False
    strict: bool = False


class ExportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A calendar; without `calendarId` all of them. `format` decides, else the Accept header does."""

    calendar_id: Id | None = None
    format: Annotated[Literal["ics", "json"] | None, Meta(description="`json` is the whole account.")] = None


@endpoint(
    "POST",
    "/v1/import",
    needs=needs.IMPORT,
    scope="events:write tasks:write",
    shape=Shape(
        body=str,
        query=ImportQuery,
        answer=ImportReport,
        accepted=JobResource,
        problems=(INVALID, TOO_LARGE),
        media=(CALENDAR,),
        max_body=MAX_TEXT,
        packs=True,
    ),
)
async def import_calendar(services: Services, request: Request) -> Reply:
    """Import iCalendar text. It is read as leniently as can be; all of an event or task is taken, or nothing of it, and
    the notes say of each line what was mended or left out. Something with the same UID is updated where the text has
    the newer SEQUENCE or LAST-MODIFIED. More than one write can hold is a job, whose report tells the same.

    It has at most 10 MB, and may come gzipped: as `application/gzip`, or with `Content-Encoding: gzip`, which does not
    come through the gateway of a home on AWS. What is not packed has at most some 5 MB there, and is UTF-8.
    """
    query: ImportQuery = request.query
    wish = Wish(query.calendar_id, query.dry_run, query.strict)
    try:
        done = await import_text(services, request.caller.person_id, request.body, wish)
    except ImportRefusedError as error:
        errors = tuple(Pointer(f"line {note.line}", f"{note.what}: {note.why}") for note in error.errors[:_MOST_ERRORS])
        raise Problem(INVALID, str(error), errors) from None
    return job_reply(*done) if isinstance(done, tuple) else json_reply(done)


@endpoint(
    "GET",
    "/v1/export",
    needs=needs.EXPORT,
    scope="events:read tasks:read",
    shape=Shape(
        query=ExportQuery,
        answer=str,
        problems=(NOT_FOUND,),
        media_type=_IN_UTF_8,
        large=True,
        others=((JSON, AccountExport),),
    ),
)
async def export(services: Services, request: Request) -> Reply:
    """Export a calendar, or all of them, as iCalendar text. With `format=json`, or where the Accept header asks for
    JSON, the whole account: that also needs the scope `account:read`, and takes no `calendarId`. A home on AWS leads to
    what has more than 4 MB: a 303, whose Location is good for five minutes and needs no token.
    """
    query: ExportQuery = request.query
    owner = request.caller.person_id
    if query.format == "json" or (query.format is None and _prefers_json(request.headers.get("accept", ""))):
        if query.calendar_id is not None:
            detail = "JSON is of the whole account. Leave `calendarId` out, or ask for `format=ics`."
            raise InvalidError("?calendarId", detail)
        if _ACCOUNT not in request.caller.scopes:
            detail = f"The whole account needs the scope `{_ACCOUNT}` too. Use a token that has it."
            raise Problem(FORBIDDEN_SCOPE, detail)
        return raw_json_reply(await export_account(services, owner))
    text = await export_calendar(services, owner, query.calendar_id)
    headers = {"content-disposition": 'attachment; filename="aurora-time.ics"'}
    return Reply(200, text.encode(), headers, _IN_UTF_8)


def _prefers_json(accept: str) -> bool:
    """Whether JSON is named and iCalendar is not named before it."""
    named = [each.partition(";")[0].strip().lower() for each in accept.split(",")]
    return JSON in named and CALENDAR not in named[: named.index(JSON)]
