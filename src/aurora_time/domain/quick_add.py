"""A sentence as it is said becomes a draft of an event or a task; in English and Vietnamese, mixed if need be.

Phrases are found by the tables of each language (``quick_add_english.py``, ``quick_add_vietnamese.py``), read one by
one (``quick_add_reading.py``) and put together (``quick_add_heard.py``, ``quick_add_draft.py``). What is left is the
title. Nothing raises, and the cost grows with the length of the text, however it is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from aurora_time.domain.moment import Zone
from aurora_time.domain.quick_add_clock import Scene
from aurora_time.domain.quick_add_dates import Day
from aurora_time.domain.quick_add_draft import Draft, Span, drafted
from aurora_time.domain.quick_add_english import ENGLISH
from aurora_time.domain.quick_add_heard import Heard, Part, choose, gaps, hear
from aurora_time.domain.quick_add_reading import Found, find_all
from aurora_time.domain.quick_add_text import Text, fold
from aurora_time.domain.quick_add_vietnamese import VIETNAMESE
from aurora_time.domain.quick_add_words import Grammar, grammar

__all__ = ["MAX_TEXT", "Draft", "Span", "Speaker", "understand"]

MAX_TEXT: Final = 500
"""Characters of a sentence that the API takes."""
_MARKED: Final = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉĩịọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]")
_LUNAR: Final = re.compile(r"âm lịch|(?<=\d )\(?âm\)?(?= ?(?:$|[,;)]|hàng|hằng|mỗi|lúc))|(?<=\d )\(?âl\b|\d \(?am lich")
"""A date that follows is one of the moon's calendar, which is not known here: better no date than a wrong one."""
_OF_THE_MOON: Final = re.compile(
    r"rằm tháng|(?:và|ngày|hôm) rằm|rằm (?:hàng|hằng|mỗi) tháng|(?:mùng|mồng) \w+ (?:tết|và rằm)"
    r"|(?:mung|mong) \d (?:tet|va ram)|ram thang"
)
"""The same, unless another day is named."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_DANGLING: Final = re.compile(
    r"(?:\s(?:on|at|by|from|the|and|due|every|vào|lúc|ngày|và|là|từ|hôm))+\s*$"
    r"|^[\s,;:.\-)]+|[\s,;:.\-(]+$",
    re.IGNORECASE,
)
_AT_FIRST: Final = re.compile(r"^(?:to|that|about|and|on|at) ", re.IGNORECASE)
_MONTH_FIRST: Final = re.compile(
    r"America/(?:New_York|Chicago|Denver|Los_Angeles|Phoenix|Anchorage|Detroit|Boise|Indiana/.*|Kentucky/.*)"
    r"|Pacific/Honolulu|US/.*"
)
_ROOMS: Final = frozenset({"the", "room", "office", "hall", "building"})
"""After "in" these begin a place, as every name does."""
_LONGEST_PLACE: Final = 120
_PLACE_ENDS: Final = re.compile(r"[,;!?()]|(?<!\w)[^\W\d_]+|[.] |@| - ")
"""Where a place may end: at a mark, or before a word, if it is one of the language's stops."""
_SHORT: Final = re.compile(r"(?:^|\b(?:the|of) )(?:st|mt|ft)$|\b(?:mr|mrs|ms|dr|prof)$")
"""Before a full stop that ends no sentence: St. John's, the St. Regis, Dr. Lee's; but 5 Elm St. is at its end."""
_MIXED: Final = frozenset({"day", "day_part", "clock", "range"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says it: the zone of the person's clock, and the locale (``en``, ``vi``, ``en-US``) where words do not tell.

    12/5 is in December for a locale of the United States, or in one of their zones where the locale names no country.
    """

    home: Zone
    locale: str = "en"

    @property
    def month_first(self) -> bool:
        language, _, country = self.locale.replace("_", "-").partition("-")
        if country:
            return country.upper() in ("US", "PH")
        return language.lower() == "en" and _MONTH_FIRST.fullmatch(self.home.id) is not None


def understand(typed: str, now: int, speaker: Speaker) -> Draft:
    """What a sentence means to who says it at an instant."""
    text = Text.of(typed)
    main, others = _grammars(text, speaker.locale)
    wall = speaker.home.wall(now)
    scene = Scene(wall, speaker.month_first and main.words.name == "en", main)
    found = list(find_all(text, scene, alone=True))
    for other in others:
        aside = Scene(wall, scene.month_first, other)
        found += [each for each in find_all(text, aside, alone=False) if _counts_aside(each, text, other)]
    chosen = [] if _is_lunar(text, found) else choose(found, text, main.words)
    heard = hear(chosen, text, scene)
    location = _place(text, heard, scene)
    summary = _title(text, heard)
    if not summary and location:
        heard.parts = [part for part in heard.parts if part.meaning != "place"]
        location, summary = "", _title(text, heard)
    spans = _spans(text, heard)
    return drafted(heard, scene, Draft(main.words.name, summary, location, spans), speaker.home)


def _is_lunar(text: Text, found: list[Found]) -> bool:
    """Whether the day is one of the moon's calendar."""
    if any(_LUNAR.search(spelt) for spelt in (text.low, text.bare)):
        return True
    days = (value for each in found for value in each.values if isinstance(value, Day))
    is_dated = any(day.exact != 3 or not day.has_month for day in days)
    return not is_dated and any(_OF_THE_MOON.search(spelt) for spelt in (text.low, text.bare))


def _grammars(text: Text, locale: str) -> tuple[Grammar, list[Grammar]]:
    """The language that a sentence is in, and the others whose phrases it may borrow."""
    is_marked = _MARKED.search(text.low) is not None
    vietnamese = grammar(VIETNAMESE, without_marks=not is_marked)
    english = grammar(ENGLISH)
    tokens = _WORD.findall(text.low if is_marked else text.bare)
    in_english = sum(token in ENGLISH.signs for token in tokens)
    signs = vietnamese.words.signs - (frozenset() if is_marked else ENGLISH.signs)
    in_vietnamese = sum(token in signs for token in tokens)
    if in_english == in_vietnamese:
        is_vietnamese = is_marked or locale.lower().startswith("vi")
    else:
        is_vietnamese = in_vietnamese > in_english
    if is_vietnamese:
        return vietnamese, [english, grammar(VIETNAMESE, without_marks=True)] if is_marked else [english]
    return english, [vietnamese] if is_marked else []


def _counts_aside(found: Found, text: Text, other: Grammar) -> bool:
    """Whether a phrase of another language is surely one: of Vietnamese in English one with marks."""
    if found.loose:
        return False
    said = text.low[found.start : found.end]
    if other.without_marks:
        return said.isascii() and found.reader in _MIXED and " " in said
    return other.words.name == "en" or not said.isascii()


def _place(text: Text, heard: Heard, scene: Scene) -> str:
    """The first place that is named in what is left: after at, in, @, tại, ở; up to the next known thing."""
    searched = text.bare if scene.grammar.without_marks else text.low
    for start, end in gaps(heard.parts, len(text.low)):
        for lead in scene.grammar.place.finditer(searched, start, end):
            last = _place_end(text, scene, lead.end(), min(end, lead.end() + _LONGEST_PLACE))
            name = text.shown[lead.end() : last].strip(" ,.;:-")
            if name and not _is_no_place(lead, name, scene):
                _name_place(heard, Part(lead.start(), last, "place"))
                return name
    return ""


def _name_place(heard: Heard, place: Part) -> None:
    """An adverb that is a part of its name, as in Daily Grind, says nothing else."""
    others = [part for part in heard.parts if not place.start < part.start < place.end]
    if len(others) < len(heard.parts) and heard.repeat is not None and heard.repeat.adverb:
        heard.repeat = None
    heard.parts = [*others, place]


def _place_end(text: Text, scene: Scene, start: int, end: int) -> int:
    searched = text.bare if scene.grammar.without_marks else text.low
    for match in _PLACE_ENDS.finditer(searched, start, end):
        is_short = match[0] == ". " and _SHORT.search(searched[start : match.start()])
        is_word = match[0][0].isalpha() and match[0] not in scene.grammar.words.stops
        if match.start() > start and not is_short and not is_word:
            return match.start()
    return end


def _is_no_place(lead: re.Match[str], name: str, scene: Scene) -> bool:
    first = name.split(maxsplit=1)[0].lower()
    if (fold(first) if scene.grammar.without_marks else first) in scene.grammar.words.not_places:
        return True
    if re.fullmatch(r"[\d.:]+", name):
        return True
    careful = lead.groupdict().get("careful")
    return bool(careful) and not (name[0].isupper() or (careful == "in" and first in _ROOMS))


def _title(text: Text, heard: Heard) -> str:
    pieces = []
    for start, end in gaps(heard.parts, len(text.low)):
        piece, before = text.shown[start:end], ""
        while piece != before:
            before, piece = piece, _DANGLING.sub("", f" {piece} ").strip()
        pieces.append(piece)
    title = _AT_FIRST.sub("", " ".join(filter(None, pieces)))
    first = title.split(" ")[0]
    return title[:1].upper() + title[1:] if first.islower() else title


def _spans(text: Text, heard: Heard) -> tuple[Span, ...]:
    """Where each part is in what was typed, the title's too."""
    named = [(part.start, part.end, part.meaning) for part in heard.parts]
    named += [(start, end, "title") for start, end in gaps(heard.parts, len(text.low))]
    spans = []
    for start, end, meaning in sorted(named):
        said = text.shown[start:end]
        first, last = start + len(said) - len(said.lstrip()), start + len(said.rstrip())
        if first < last and (meaning != "title" or any(map(str.isalnum, said))):
            spans.append(Span(text.origin[first], text.origin[last], meaning))
    return tuple(spans)
