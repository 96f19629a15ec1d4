"""The start page of somebody signed in: this week, an add form, and the reminders."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from aurora_time.mail.wording import Wall, date_text
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.events import create_event
from aurora_time.pages import example
from aurora_time.pages.agenda import LIMIT, read_agenda
from aurora_time.pages.event_form import FIELDS, EventFormError, fresh_fields, read_event_form
from aurora_time.pages.ringing import last_reminders, next_reminders
from aurora_time.pages.view import PLAIN, Mine

_FIELD_OF = {"start": "date", "end": "end", "recurrence": "repeat", "reminders": "remind"}
"""The field that the first part of a pointer into the event came from."""


async def show(view: Mine) -> Response:
    return await _page(view, fresh_fields(view.home.wall(view.services.now)), {})


async def add(view: Mine) -> Response:
    fields = {name: view.form.get(name, "") for name in FIELDS}
    try:
        event = read_event_form(view.form, view.person.time_zone, view.words)
        await create_event(view.services, view.person.id, event)
    except EventFormError as error:
        return await _page(view, fields, error.errors)
    except InvalidError as error:
        return await _page(view, fields, {_FIELD_OF.get(error.pointer.split("/")[1], "summary"): str(error)})
    return view.done(PLAIN, "added")


async def _page(view: Mine, fields: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    words, name = view.words, view.person.name
    values: dict[str, object] = {
        "greeting": words.hello_name.format(name=name) if name else words.hello,
        "date": date_text(Wall(view.today).day, view.locale),
        "agenda": await read_agenda(view),
        "limit": LIMIT,
        "next_reminders": await next_reminders(view),
        "last_reminders": await last_reminders(view),
        "example": await example.find(view) is not None,
        "fields": fields,
        "errors": errors,
        "notice": view.notice,
        "has_app": view.pages.has_app,
    }
    return view.page("week.html", values, 422 if errors else 200)
