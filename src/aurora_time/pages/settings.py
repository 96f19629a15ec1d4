"""The settings of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.responses import Response

from aurora_time.domain.component import Alarm
from aurora_time.domain.zones import UnknownZoneError, names, zone
from aurora_time.operations.people import list_tokens, update_person
from aurora_time.operations.representation import MAX_MINUTES
from aurora_time.pages.view import Mine
from aurora_time.store.people import Person

PATH: Final = "/settings"
MAX_NAME: Final = 100
FIELDS: Final = ("name", "time_zone", "language", "week_start", "minutes")
LANGUAGES: Final = {"en": "English", "vi": "Tiếng Việt"}
"""Each in its own language, so that it is found by those who need it."""


async def show(view: Mine) -> Response:
    person = view.person
    minutes = _default_minutes(person)
    fields = {
        "name": person.name,
        "time_zone": person.time_zone,
        "language": person.locale,
        "week_start": person.week_start,
        "minutes": "" if minutes is None else str(minutes),
    }
    return await _page(view, fields, {})


async def save(view: Mine) -> Response:
    fields = {name: view.form.get(name, "").strip() for name in FIELDS}
    errors = _errors(view, fields)
    if errors:
        return await _page(view, fields, errors)
    await update_person(view.services, view.person.id, lambda person, _version: _changed(person, fields))
    return view.done(PATH, "saved")


async def _page(view: Mine, fields: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    values: dict[str, object] = {
        "email": view.person.email,
        "fields": fields,
        "errors": errors,
        "zones": names(),
        "languages": LANGUAGES,
        "tokens": len(await list_tokens(view.services, view.person.id)),
        "notice": view.notice,
    }
    return view.page("settings.html", values, 422 if errors else 200)


def _errors(view: Mine, fields: Mapping[str, str]) -> dict[str, str]:
    words, minutes = view.words, fields["minutes"]
    is_number = minutes.isascii() and minutes.isdecimal() and int(minutes[:9]) <= MAX_MINUTES
    wrong = {
        "name": words.name_long if len(fields["name"]) > MAX_NAME else "",
        "time_zone": "" if _is_zone(fields["time_zone"]) else words.zone_unknown,
        "language": "" if fields["language"] in LANGUAGES else words.choice_unknown,
        "week_start": "" if fields["week_start"] in words.week_starts else words.choice_unknown,
        "minutes": "" if not minutes or is_number else words.minutes_bad,
    }
    return {name: text for name, text in wrong.items() if text}


def _is_zone(name: str) -> bool:
    try:
        zone(name)
    except UnknownZoneError:
        return False
    return True


def _default_minutes(person: Person) -> int | None:
    """The first of the defaults that counts minutes."""
    return next((alarm.minutes_before for alarm in person.default_alarms if alarm.minutes_before is not None), None)


def _changed(person: Person, fields: Mapping[str, str]) -> Person:
    return msgspec.structs.replace(
        person,
        name=fields["name"],
        time_zone=zone(fields["time_zone"]).id,
        locale=fields["language"],
        week_start=fields["week_start"],
        default_alarms=_alarms(person, fields["minutes"]),
    )


def _alarms(person: Person, minutes: str) -> tuple[Alarm, ...]:
    """The defaults with the first in minutes changed, added or (with no minutes) taken away; all others stay."""
    first = _default_minutes(person)
    rest = list(person.default_alarms)
    if first is not None:
        rest.remove(next(alarm for alarm in rest if alarm.minutes_before == first))
    return tuple(dict.fromkeys([Alarm("email", int(minutes)), *rest] if minutes else rest))
