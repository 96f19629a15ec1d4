"""The properties that fields of Event and Task stand for, save the times: a table from name to how it is read.

A reader gives the field's value and, where the lines say more or something else, why. Such lines, and lines with
parameters that no field stands for, are kept in ``extra`` as they are: the original wording, which the writer uses as
long as it still says what the field says.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

from aurora_time.domain import css_colors
from aurora_time.domain.content_lines import Line, escape, split_text, unescape
from aurora_time.domain.icalendar_report import shown
from aurora_time.domain.icalendar_values import read_instant
from aurora_time.domain.moment import print_compact

MAX_SUMMARY: Final = 1_000
MAX_LOCATION: Final = 2_000
MAX_DESCRIPTION: Final = 100_000
MAX_UID: Final = 1_000
MAX_URL: Final = 2_000
MAX_CATEGORIES: Final = 50
MAX_CATEGORY: Final = 100
_MOST: Final = 2**31 - 1
_RGB: Final = "X-AURORA-RGB"
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f]+")
_SCRIPTS: Final = frozenset({"javascript", "vbscript", "data"})
_SEVERAL: Final = "It stands here more than once; the first counts."
_SEVERAL_NAMES: Final = frozenset({"CATEGORIES"})

Read = tuple[Any, str]
"""A value, and in a sentence why the lines are to be kept beside it; an empty one if they need not."""


class Field(NamedTuple):
    """``attribute`` of the component; ``known`` are the parameters that it stands for too.

    ``is_kept``: lines that say something else than the value are kept; else, as they make no sense, they are dropped.
    """

    attribute: str
    read: Callable[[Sequence[Line]], Read]
    write: Callable[[Any], str]
    known: frozenset[str] = frozenset({"VALUE"})
    is_kept: bool = True


def made_uid(content: str) -> str:
    """A UID of the content, so that the same content read again names the same thing."""
    return f"{hashlib.sha256(content.encode('utf-8', 'replace')).hexdigest()[:32]}@aurora-time"


def read_uid(lines: Sequence[Line]) -> Read:
    """The UID; one that is too long gives way to one made of it."""
    uid = unescape(lines[0].value).strip()
    if len(uid) > MAX_UID:
        return made_uid(uid), f"It is longer than {MAX_UID:,} characters; one is made of it."
    return uid, ""


def _text(most: int, lines: Sequence[Line]) -> Read:
    text = unescape(lines[0].value)
    if len(text) > most:
        return text[:most], f"It is longer than {most:,} characters; what is shown of it is cut."
    return text, ""


def _choice(choices: Mapping[str, str], other: str, lines: Sequence[Line]) -> Read:
    value = lines[0].value.strip().upper()
    if value in choices:
        return choices[value], ""
    return other, f"{shown(lines[0].value)} is not known; it counts as {other}."


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _number(low: int, high: int, lines: Sequence[Line]) -> Read:
    text = lines[0].value.strip()
    if re.fullmatch(r"\+?[0-9]{1,10}", text, re.ASCII) and low <= int(text) <= high:
        return int(text), ""
    return low, f"{shown(text)} is not a number from {low} to {high}; it counts as {low}."


def _uri(lines: Sequence[Line]) -> Read:
    text = lines[0].value.strip()
    if not text:
        return None, ""
    if len(text) > MAX_URL or not _URI.fullmatch(text) or text.partition(":")[0].lower() in _SCRIPTS:
        return None, f"{shown(text)} is not a link that can be followed; it is kept but not shown."
    return text, ""


def _categories(lines: Sequence[Line]) -> Read:
    found = [each.strip() for line in lines for each in split_text(line.value)]
    named = [each for each in found if each]
    kept = tuple(dict.fromkeys(each for each in named if len(each) <= MAX_CATEGORY))[:MAX_CATEGORIES]
    if len(kept) != len(set(named)):
        return kept, f"Of the categories the first {MAX_CATEGORIES} of at most {MAX_CATEGORY} characters are shown."
    return kept, ""


def _color(lines: Sequence[Line]) -> Read:
    name, exact = unescape(lines[0].value).strip(), f"#{lines[0].parameters.get(_RGB, '')}"
    if css_colors.hex_of(exact) and css_colors.nearest(exact) == name:
        return exact, ""
    color = css_colors.hex_of(name)
    return color, "" if color else f"{shown(name)} is not the name of a colour; it is kept but not shown."


def _print_color(color: str) -> str:
    """COLOR takes names only; the nearest one, and what exactly is meant."""
    name = css_colors.nearest(color)
    exact = "" if css_colors.hex_of(name) == color else f";{_RGB}={color[1:]}"
    return f"COLOR{exact}:{name}"


def _instant(lines: Sequence[Line]) -> Read:
    return read_instant(lines[0])


@lru_cache(maxsize=4096)
def print_instant(name: str, instant: int) -> str:
    return f"{name}:{print_compact(instant)}Z"


def _text_field(attribute: str, name: str, read: Callable[[Sequence[Line]], Read]) -> Field:
    return Field(attribute, read, lambda value: f"{name}:{escape(value)}")


def _field(attribute: str, name: str, read: Callable[[Sequence[Line]], Read], *, is_kept: bool = False) -> Field:
    return Field(attribute, read, lambda value: f"{name}:{value}", is_kept=is_kept)


def _instant_field(attribute: str, name: str) -> Field:
    return Field(attribute, _instant, partial(print_instant, name), frozenset({"VALUE", "TZID"}), is_kept=False)


def _print_categories(categories: tuple[str, ...]) -> str:
    return f"CATEGORIES:{','.join(map(escape, categories))}"


_COMMON: Final[dict[str, Field]] = {
    "UID": _text_field("uid", "UID", read_uid),
    "SUMMARY": _text_field("summary", "SUMMARY", partial(_text, MAX_SUMMARY)),
    "DESCRIPTION": _text_field("description", "DESCRIPTION", partial(_text, MAX_DESCRIPTION)),
    "LOCATION": _text_field("location", "LOCATION", partial(_text, MAX_LOCATION)),
    "URL": _field("url", "URL", _uri, is_kept=True),
    "CATEGORIES": Field("categories", _categories, _print_categories),
    "SEQUENCE": _field("sequence", "SEQUENCE", partial(_number, 0, _MOST)),
    "CREATED": _instant_field("created", "CREATED"),
    "LAST-MODIFIED": _instant_field("updated", "LAST-MODIFIED"),
}
_CLASSES: Final = _same("PUBLIC", "PRIVATE", "CONFIDENTIAL") | {"DEFAULT": "DEFAULT"}
_EVENT_STATUS: Final = _same("TENTATIVE", "CONFIRMED", "CANCELLED") | {"CANCELED": "CANCELLED"}
_TASK_STATUS: Final = _same("NEEDS-ACTION", "IN-PROCESS", "COMPLETED", "CANCELLED") | {"CANCELED": "CANCELLED"}
EVENT_FIELDS: Final[Mapping[str, Field]] = {
    **_COMMON,
    "STATUS": _field("status", "STATUS", partial(_choice, _EVENT_STATUS, "CONFIRMED")),
    "TRANSP": _field("transparency", "TRANSP", partial(_choice, _same("OPAQUE", "TRANSPARENT"), "OPAQUE")),
    # RFC 5545 3.8.1.3: what is not recognized is treated as private.
    "CLASS": _field("visibility", "CLASS", partial(_choice, _CLASSES, "PRIVATE"), is_kept=True),
    "COLOR": Field("color", _color, _print_color, frozenset({"VALUE", _RGB})),
}
TASK_FIELDS: Final[Mapping[str, Field]] = {
    **_COMMON,
    "STATUS": _field("status", "STATUS", partial(_choice, _TASK_STATUS, "NEEDS-ACTION")),
    "PRIORITY": _field("priority", "PRIORITY", partial(_number, 0, 9)),
    "PERCENT-COMPLETE": _field("percent", "PERCENT-COMPLETE", partial(_number, 0, 100)),
    "COMPLETED": _instant_field("completed", "COMPLETED"),
}


def read_field(name: str, field: Field, lines: Sequence[Line]) -> Read:
    """The value of a field, and a note if one is due."""
    value, why = field.read(lines)
    if len(lines) > 1 and name not in _SEVERAL_NAMES and not why:
        why = _SEVERAL
    return value, why


def says_more(field: Field, lines: Sequence[Line]) -> bool:
    """Whether a line has parameters that the field does not stand for."""
    if len(lines) == 1 and not lines[0].parameters:
        return False  # nearly always, so it is looked at first
    return any(line.parameters and not line.parameters.keys() <= field.known for line in lines)
