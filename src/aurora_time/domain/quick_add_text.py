"""A sentence as it is searched: three spellings of one length, so that a place in one is a place in all."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_TYPED: Final = {"\N{EN DASH}": "-", "\N{EM DASH}": "-", "\N{RIGHT SINGLE QUOTATION MARK}": "'"}

_ADDRESS: Final = re.compile(r"(?<!\w)(?:https?://|www\.)\S+|[^\s@<>(,;]{1,64}@[\w-]+(?:\.[\w-]+)+")
"""Of the web or of a mailbox: nothing in it is a time or a place."""


@dataclass(frozen=True, slots=True)
class Text:
    """``shown`` is what was typed, with single spaces and composed letters; ``low`` is it in lower case, with letters
    instead of addresses; ``bare`` without the marks of Vietnamese too. ``origin`` says where each character was in what
    was typed.
    """

    shown: str
    low: str
    bare: str
    origin: tuple[int, ...]

    @classmethod
    def of(cls, typed: str) -> Text:
        shown: list[str] = []
        origin: list[int] = []
        for place, letter in enumerate(typed):
            if shown and unicodedata.combining(letter):
                whole = unicodedata.normalize("NFC", shown[-1] + letter)
                if len(whole) == 1:
                    shown[-1] = whole
                    continue
            each = " " if letter.isspace() or unicodedata.category(letter) == "Cc" else letter
            if each != " " or (shown and shown[-1] != " "):
                shown.append(each)
                origin.append(place)
        low = _ADDRESS.sub(lambda match: "x" * len(match[0]), "".join(map(_small, shown)))
        return cls("".join(shown), low, fold(low), (*origin, len(typed)))

    def capital(self, place: int) -> bool:
        """Whether a capital letter stands here."""
        return place < len(self.shown) and self.shown[place].isupper()


def _small(letter: str) -> str:
    small = _TYPED.get(letter) or letter.lower()
    return small if len(small) == 1 else letter


def fold(text: str) -> str:
    """Without marks, letter by letter: ``thứ bảy`` is ``thu bay``."""
    return "".join(map(_unmarked, text))


def _unmarked(letter: str) -> str:
    if letter.isascii():
        return letter
    return "d" if letter == "đ" else unicodedata.normalize("NFD", letter)[0]
