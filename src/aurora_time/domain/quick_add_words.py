"""What a language has to say of time: its words, and the phrases in which they are used.

A phrase is a regular expression with named groups; its name says who reads it (``quick_add_reading.py``). In a phrase
``{day}`` stands for any expression that the language declares under that name, ``{number}`` or ``{unit}`` for any word
of that table. All are written in small letters; Vietnamese is folded once more for who types it without its marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Final, NamedTuple

from aurora_time.domain.quick_add_text import fold

_BEFORE: Final = r"(?<![\w./:$#@-])"
_AFTER: Final = r"(?![\w])(?![./:-]\d)"


class Part(NamedTuple):
    """A part of the day: from which hour it is when no clock is told, and the hours that it may hold, in order."""

    hour: int
    first: int
    last: int


class Phrase(NamedTuple):
    """A pattern and the name of its reader. ``alone``: only where the whole sentence is of this language."""

    reader: str
    pattern: str
    alone: bool = False


@dataclass(frozen=True, eq=False)
class Words:
    """The tables of one language. ``leads`` are words before a date or time that say what it is for; ``signs`` are
    words by which the language is known; ``feasts`` are days of each year, as 12-25; at ``stops`` a place ends; after
    ``closers`` a loose date is still a date.
    """

    name: str
    numbers: Mapping[str, float]
    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    units: Mapping[str, str]
    parts: Mapping[str, Part]
    days: Mapping[str, int]
    vague: Mapping[str, str]
    ordinals: Mapping[str, int]
    feasts: Mapping[str, str]
    meals: Mapping[str, str]
    zones: Mapping[str, str]
    leads: Mapping[str, str]
    signs: frozenset[str]
    stops: frozenset[str]
    closers: frozenset[str]
    day: tuple[Phrase, ...]
    clock: tuple[Phrase, ...]
    length: tuple[Phrase, ...]
    loose: str
    place: str
    not_places: frozenset[str]
    phrases: tuple[Phrase, ...]


def split(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def bare(words: Words) -> Words:
    """The same language as it is typed without its marks."""
    changed: dict[str, object] = {}
    for each in fields(words):
        value = getattr(words, each.name)
        if isinstance(value, Mapping):
            pairs = reversed(list(value.items()))
            changed[each.name] = {fold(key): fold(held) if isinstance(held, str) else held for key, held in pairs}
        elif isinstance(value, frozenset):
            changed[each.name] = frozenset(map(fold, value))
        elif isinstance(value, tuple):
            changed[each.name] = tuple(Phrase(reader, fold(pattern), alone) for reader, pattern, alone in value)
        elif each.name in ("loose", "place"):
            changed[each.name] = fold(value)
    return replace(words, **changed)  # type: ignore[arg-type]


def any_of(table: Mapping[str, object]) -> str:
    """A pattern for any word of a table, the longest first."""
    return "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))


def _nameless(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


class Grammar:
    """A language's phrases, ready to search with."""

    def __init__(self, words: Words, *, without_marks: bool) -> None:
        self.words, self.without_marks = words, without_marks
        self._pieces = {
            name: f"(?:{any_of(getattr(words, name + 's'))})"
            for name in ("number", "weekday", "month", "unit", "part", "zone", "ordinal", "feast")
        }
        self._pieces["offset"] = f"(?:{any_of(words.days)})"
        self._pieces["vague"] = f"(?:{any_of(words.vague)})"
        self.clock = self._kind("clock", words.clock)
        self.length = self._kind("length", words.length)
        self.day = self._kind("day", words.day)
        self.phrases = self._compiled(words.phrases)
        self.amount = re.compile(
            self._filled(r"(?P<n>\d{1,3}(?:[.,]\d{1,2})?|{number})[ -]?(?P<unit>{unit})(?![^\W\d])")
        )
        self.meal = re.compile(rf"(?<![\w-])({any_of(words.meals)})(?![\w-])")
        self.place, self.loose = re.compile(words.place), re.compile(words.loose)
        self.leads = re.compile(rf"(?<![\w])({any_of(words.leads)})[ :,(]*$")

    def _kind(self, name: str, phrases: tuple[Phrase, ...]) -> tuple[tuple[Phrase, re.Pattern[str]], ...]:
        self._pieces[name] = "(?:" + "|".join(_nameless(self._filled(each.pattern)) for each in phrases) + ")"
        return self._compiled(phrases)

    def _filled(self, pattern: str) -> str:
        return re.sub(r"{(\w*[a-z])}", lambda match: self._pieces[match[1]], pattern)

    def _compiled(self, phrases: tuple[Phrase, ...]) -> tuple[tuple[Phrase, re.Pattern[str]], ...]:
        return tuple((each, re.compile(f"{_BEFORE}(?:{self._filled(each.pattern)}){_AFTER}")) for each in phrases)

    def whole(self, kind: str, text: str) -> tuple[str, re.Match[str]] | None:
        """The reader's name and match of the first phrase of a kind (``day``, ...) that is the whole text."""
        for phrase, pattern in getattr(self, kind):
            match = pattern.fullmatch(text)
            if match is not None:
                return phrase.reader, match
        return None


@cache
def grammar(words: Words, *, without_marks: bool = False) -> Grammar:
    """Made at first use: compiling costs more than searching."""
    return Grammar(bare(words) if without_marks else words, without_marks=without_marks)
