"""A person's own rules of what is reminded of, and when."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import msgspec

from aurora_time.domain.component import Alarm, Event
from aurora_time.domain.search import fold
from aurora_time.domain.tasks import TaskEvent

MAX_RULES: Final = 50
_UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""


class Match(msgspec.Struct, frozen=True, array_like=True):
    """What a rule is about. A part that is empty, or None, is about everything; ``kind`` is event, task or any."""

    calendar_ids: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    all_day: bool | None = None
    kind: str = "any"


class ReminderRule(msgspec.Struct, frozen=True, array_like=True):
    """Rings for what it matches; with no triggers it silences that. ``version`` is its own."""

    id: str
    name: str
    match: Match
    triggers: tuple[Alarm, ...] = ()
    enabled: bool = True
    version: str = ""


def folded(text: str) -> str:
    """As words are compared: without case, marks and doubled spaces, so that ``hop`` finds ``Họp``."""
    return " ".join(fold(text).split())


@lru_cache(maxsize=4096)
def _finder(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_whole(folded(word)) for word in words if folded(word)) or r"(?!)")


def _whole(word: str) -> str:
    """The word as it stands by itself, as far as its script shows that."""
    before = "" if _UNSPACED.match(word[0]) or not word[0].isalnum() else r"(?<!\w)"
    behind = "" if _UNSPACED.match(word[-1]) or not word[-1].isalnum() else r"(?!\w)"
    return before + re.escape(word) + behind


def matches(match: Match, event: Event) -> bool:
    """Whether an event, or a task seen as one, is what a rule is about: every part that is given must fit."""
    if match.calendar_ids and event.calendar_id not in match.calendar_ids:
        return False
    if match.all_day is not None and match.all_day != event.is_all_day:
        return False
    if match.kind != "any" and (match.kind == "task") != isinstance(event, TaskEvent):
        return False
    if match.categories and set(map(folded, match.categories)).isdisjoint(map(folded, event.categories)):
        return False
    if not match.words:
        return True
    find = _finder(match.words).search
    return any(find(folded(text)) for text in (event.summary, event.location, event.description) if text)
