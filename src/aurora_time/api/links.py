"""Secret links of calendars."""

from __future__ import annotations

from typing import Final

from aurora_time.http.conditional import check_if_match, etag, is_not_modified
from aurora_time.http.endpoint import NO_CONTENT, Reply, Request, Shape, endpoint, json_reply, read_reply
from aurora_time.http.problem import CONFLICT, NOT_FOUND, PRECONDITION_FAILED, TOO_MANY, UNAVAILABLE
from aurora_time.operations import calendar_links
from aurora_time.operations.calendar_links import LinkResource
from aurora_time.operations.services import Services

_TEXT: Final = "text/calendar; charset=utf-8"
_READ: Final = "events:read tasks:read"
"""Whoever has the link reads what is in the calendar; so must whoever is told it."""


@endpoint(
    "GET",
    "/v1/calendars/{calendarId}/link",
    needs=("calendar: get", "calendarlink: get"),
    scope=f"calendars:read {_READ}",
    shape=Shape(answer=LinkResource, problems=(NOT_FOUND,), conditional=True),
)
async def get_calendar_link(services: Services, request: Request) -> Reply:
    """Read the secret link of a calendar. Its `secretUrl` is null where there is none."""
    link = await calendar_links.read_link(services, request.caller.person_id, request.parameters["calendarId"])
    return read_reply(request, link, link.etag)


@endpoint(
    "POST",
    "/v1/calendars/{calendarId}/link",
    needs=("calendar: get check", "calendarlink: get put", "ical: put delete"),
    scope=f"calendars:write {_READ}",
    shape=Shape(answer=LinkResource, has_secret=True, problems=(NOT_FOUND, CONFLICT)),
)
async def renew_calendar_link(services: Services, request: Request) -> Reply:
    """Make the secret link of a calendar; one that there was is void at once. Whoever has the link can read the
    calendar, private events too, without signing in, until it is made anew or deleted, or the calendar is.
    """
    link = await calendar_links.renew_link(services, request.caller.person_id, request.parameters["calendarId"])
    return json_reply(link, link.etag)


@endpoint(
    "DELETE",
    "/v1/calendars/{calendarId}/link",
    needs=("calendar: get", "calendarlink: get delete", "ical: delete"),
    scope="calendars:write",
    shape=Shape(status=204, problems=(NOT_FOUND, CONFLICT, PRECONDITION_FAILED)),
)
async def delete_calendar_link(services: Services, request: Request) -> Reply:
    """Delete the secret link of a calendar: nobody can read it so any more."""
    await calendar_links.remove_link(
        services,
        request.caller.person_id,
        request.parameters["calendarId"],
        lambda version: check_if_match(request.if_match, version),
    )
    return NO_CONTENT


@endpoint(
    "GET",
    "/ical/{link}",
    needs=("ical: get", "head: get", "person: get", "calendar: get", "uid: query", "object: get"),
    scope=None,
    shape=Shape(
        answer=str, media_type=_TEXT, conditional=True, large=True, problems=(NOT_FOUND, TOO_MANY, UNAVAILABLE)
    ),
)
async def read_by_link(services: Services, request: Request) -> Reply:
    """Read a calendar by its secret link, as calendar programs that subscribe do: events and tasks, no reminders."""
    published = await calendar_links.find_published(services, request.parameters["link"])
    headers = {"cache-control": "private, no-cache", "x-robots-tag": "noindex", "etag": etag(published.version)}
    if is_not_modified(request.headers.get("if-none-match"), published.version):
        return Reply(304, headers=headers)
    text = await calendar_links.published_text(services, published)
    named = {"content-disposition": 'inline; filename="calendar.ics"'}
    return Reply(200, text.encode(), {**headers, **named}, _TEXT)
