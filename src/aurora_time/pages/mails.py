"""Which mails somebody gets: reminders, the agenda of the day, and whether mails to them are held."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace
from starlette.responses import Response

from aurora_time.domain.agenda import AgendaMail
from aurora_time.domain.moment import parse_date, print_wall
from aurora_time.domain.rule_text import WEEKDAYS
from aurora_time.mail.wording import Wall, date_text, moment_text
from aurora_time.operations.agenda_mail import last_told
from aurora_time.operations.people import update_person
from aurora_time.operations.representation import clock_seconds
from aurora_time.operations.suppression import find_held, let_through
from aurora_time.pages.mails_words import MAILS_WORDS, MailsWords
from aurora_time.pages.view import Mine
from aurora_time.store.agenda import Told

PATH: Final = "/settings/notifications"
_SHOWN: Final = 7
_CLOCK: Final = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::[0-5][0-9])?")
"""A time of day, with which some browsers send seconds."""


async def show(view: Mine) -> Response:
    wanted = view.person.agenda_mail
    checked = {"reminders": view.person.reminder_mail, "agenda": wanted.enabled}
    checked |= {day: day in wanted.days for day in WEEKDAYS}
    return await _page(view, checked, print_wall(wanted.at)[11:16], {})


async def save(view: Mine) -> Response:
    words = MAILS_WORDS[view.locale]
    checked = {name: view.form.get(name) == "yes" for name in ("reminders", "agenda", *WEEKDAYS)}
    at, days = view.form.get("at", "").strip(), tuple(day for day in WEEKDAYS if checked[day])
    clock = _CLOCK.fullmatch(at)
    wrong = {
        "at": "" if clock else words.at_bad,
        "days": words.days_needed if checked["agenda"] and not days else "",
    }
    errors = {name: text for name, text in wrong.items() if text}
    if errors or clock is None:
        return await _page(view, checked, at, errors)
    agenda = AgendaMail(checked["agenda"], clock_seconds(clock[1]), days)
    await update_person(
        view.services,
        view.person.id,
        lambda person, _: replace(person, reminder_mail=checked["reminders"], agenda_mail=agenda),
    )
    return view.done(PATH, "saved")


async def release(view: Mine) -> Response:
    """Let mails through that were held."""
    await let_through(view.services, view.person.email)
    return view.done(PATH, "through")


async def _page(view: Mine, checked: Mapping[str, bool], at: str, errors: Mapping[str, str]) -> Response:
    words = MAILS_WORDS[view.locale]
    done = {"saved": words.saved, "through": words.through}
    values: dict[str, object] = {
        "mails": words,
        "email": view.person.email,
        "checked": checked,
        "at": at,
        "errors": errors,
        "held": await _held(view, words),
        "last": [_line(view, words, *each) for each in await last_told(view.services, view.person.id, _SHOWN)],
        "notice": done.get(view.request.query_params.get("done", ""), ""),
    }
    return view.page("mails.html", values, 422 if errors else 200)


async def _held(view: Mine, words: MailsWords) -> str:
    """Why mails to them are held; nothing if they are not."""
    held = await find_held(view.services, view.person.email)
    if held is None:
        return ""
    at = moment_text(view.wall(held.last), view.locale)
    return (words.complained if held.complained else words.held).format(email=view.person.email, at=at)


def _line(view: Mine, words: MailsWords, day: str, told: Told) -> tuple[str, str]:
    """A day, and what became of its agenda."""
    status = words.statuses.get(told.status, told.status)
    if told.status == "sent" and told.sent_at is not None:
        status = f"{status}, {view.wall(int(told.sent_at)).clock}"
    return date_text(Wall(parse_date(day)).day, view.locale), status
