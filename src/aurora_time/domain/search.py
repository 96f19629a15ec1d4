"""Finding by words: all of them, anywhere in the text, whatever their case and their marks: "hop" finds "Họp"."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from aurora_time.domain.component import Attendee, Event

MAX_WORDS: Final = 20
_LETTERS: Final = str.maketrans({"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe"})
"""Letters with a stroke, and others that Unicode does not take apart."""


def fold(text: str) -> str:
    """The text as it is compared: small letters without marks."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each)).translate(_LETTERS)


def words_of(query: str) -> tuple[str, ...]:
    """The words of a query, each once, folded."""
    return tuple(dict.fromkeys(fold(query).split()))


def contains(texts: Iterable[str], words: tuple[str, ...]) -> bool:
    """Whether all words stand in the texts, each in any of them."""
    found = fold("\n".join(texts))
    return all(word in found for word in words)


def texts_of(event: Event) -> list[str]:
    """What is searched of a component: all that a person may have written of it."""
    people: list[Attendee] = [*event.attendees, *([event.organizer] if event.organizer else [])]
    named = (text for person in people for text in (person.name, person.email))
    return [event.summary, event.description, event.location, *event.categories, *named]


def matches(event: Event, words: tuple[str, ...]) -> bool:
    """Whether an event has all the words, or one of its overrides has."""
    return contains(texts_of(event), words) or any(contains(texts_of(each), words) for each in event.overrides)
