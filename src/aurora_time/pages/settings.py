"""The settings of a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.responses import Response

from aurora_time.domain.component import MAX_ALARMS, Alarm
from aurora_time.domain.moment import print_wall
from aurora_time.domain.zones import UnknownZoneError, places, zone
from aurora_time.http.page import remember_language
from aurora_time.operations.people import list_tokens, update_person
from aurora_time.operations.representation import MAX_MINUTES, clock_seconds
from aurora_time.operations.suppression import find_held
from aurora_time.pages.mail_setup import last_failed
from aurora_time.pages.mails_words import MAILS_WORDS
from aurora_time.pages.view import Mine
from aurora_time.store.people import Person

PATH: Final = "/settings"
MAX_NAME: Final = 100
FIELDS: Final = ("name", "time_zone", "language", "week_start", "minutes", "all_day_at")
LANGUAGES: Final = {"en": "English", "vi": "Tiếng Việt"}
"""Each in its own language, so that it is found by those who need it."""

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]+")
"""No field of one line has them, and the API refuses them."""


async def show(view: Mine) -> Response:
    person = view.person
    timed, all_day = _ours(person)
    fields = {
        "name": person.name,
        "time_zone": person.time_zone,
        "language": person.locale,
        "week_start": person.week_start,
        "minutes": "" if timed is None else str(timed.minutes_before),
        "all_day_at": "" if all_day is None else print_wall(all_day.at)[11:16],
    }
    return await _page(view, fields, {})


async def save(view: Mine) -> Response:
    fields = {name: _CONTROLS.sub(" ", view.form.get(name, "")).strip() for name in FIELDS}
    errors = _errors(view, fields)
    if errors:
        return await _page(view, fields, errors)
    await update_person(view.services, view.person.id, lambda person, _version: _changed(person, fields))
    done = view.done(PATH, "saved")
    remember_language(done, fields["language"], secure=view.pages.public_url.startswith("https:"))
    return done


async def _page(view: Mine, fields: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    values: dict[str, object] = {
        "email": view.person.email,
        "fields": fields,
        "errors": errors,
        "zones": places(fields["time_zone"]),
        "languages": LANGUAGES,
        "tokens": len(await list_tokens(view.services, view.person.id)),
        "mails": MAILS_WORDS[view.locale],
        "reminder_mail": view.person.reminder_mail,
        "mail_held": await find_held(view.services, view.person.email) is not None,
        "mail_failed": last_failed(view),
        "notice": view.notice,
    }
    return view.page("settings.html", values, 422 if errors else 200)


def _errors(view: Mine, fields: Mapping[str, str]) -> dict[str, str]:
    words, minutes, at = view.words, fields["minutes"], fields["all_day_at"]
    wrong = {
        "name": words.name_long if len(fields["name"]) > MAX_NAME else "",
        "time_zone": "" if _is_zone(fields["time_zone"]) else words.zone_unknown,
        "language": "" if fields["language"] in LANGUAGES else words.choice_unknown,
        "week_start": "" if fields["week_start"] in words.week_starts else words.choice_unknown,
        "minutes": words.minutes_bad if minutes and _minutes(minutes) is None else "",
        "all_day_at": words.all_day_at_bad if at and _clock(at) is None else "",
    }
    if len(_alarms(view.person, fields)) > MAX_ALARMS:
        wrong["minutes"] = wrong["minutes"] or words.defaults_full
    return {name: text for name, text in wrong.items() if text}


def _is_zone(name: str) -> bool:
    try:
        zone(name)
    except UnknownZoneError:
        return False
    return True


def _minutes(text: str) -> int | None:
    """A number of minutes that the API takes too; None for any other text. However long, it is not read as a number."""
    digits = text.lstrip("0") or text[:1]
    if not re.fullmatch("[0-9]{1,6}", digits) or int(digits) > MAX_MINUTES:
        return None
    return int(digits)


def _clock(text: str) -> int | None:
    """Seconds since midnight of ``HH:MM``, with which some browsers send seconds; None for any other text."""
    found = re.fullmatch("((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::[0-5][0-9])?", text)
    return clock_seconds(found[1]) if found else None


def _ours(person: Person) -> tuple[Alarm | None, Alarm | None]:
    """The defaults that this page shows: the first in minutes, and the first on the day itself."""
    timed = (alarm for alarm in person.default_alarms if not alarm.is_wall_clock)
    all_day = (alarm for alarm in person.default_alarms if alarm.is_wall_clock and alarm.days_before == 0)
    return next(timed, None), next(all_day, None)


def _changed(person: Person, fields: Mapping[str, str]) -> Person:
    return msgspec.structs.replace(
        person,
        name=fields["name"],
        time_zone=zone(fields["time_zone"]).id,
        locale=fields["language"],
        week_start=fields["week_start"],
        default_alarms=_alarms(person, fields),
    )


def _alarms(person: Person, fields: Mapping[str, str]) -> tuple[Alarm, ...]:
    """The defaults with those of this page changed, added or (where a field is empty) taken away; all others stay."""
    ours = _ours(person)
    rest = [alarm for alarm in person.default_alarms if alarm not in ours]
    minutes, at = _minutes(fields["minutes"]), _clock(fields["all_day_at"])
    timed = [] if minutes is None else [Alarm("email", minutes)]
    all_day = [] if at is None else [Alarm("email", at=at)]
    return tuple(dict.fromkeys([*timed, *all_day, *rest]))
