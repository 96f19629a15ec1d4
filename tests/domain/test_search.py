"""Words are found whatever their case and their marks."""

import pytest
from msgspec.structs import replace

from aurora_time.domain.component import Attendee, Event, Time
from aurora_time.domain.search import fold, matches, words_of

EVENT = Event("e", "c", "u", "Họp nhóm Đà Nẵng", Time(0), Time(3600), 0, 0, description="Straße und Œuvre",
              location="Łódź", categories=("Việc",), attendees=(Attendee("sam@example.org", "Sâm"),),
              organizer=Attendee("an@example.org", "Ân"))  # fmt: skip


@pytest.mark.parametrize(
    "query",
    ["hop", "HỌP", "họp nhóm", "nhom hop", "da nang", "đà", "strasse", "oeuvre", "lodz", "viec", "sam@example",
     "an@example.org", "sam hop lodz", "Ｈｏｐ"],
)  # fmt: skip
def test_found(query: str):
    assert matches(EVENT, words_of(query))


@pytest.mark.parametrize("query", ["hops", "hop berlin", "họpnhóm", "1"])
def test_not_found(query: str):
    assert not matches(EVENT, words_of(query))


def test_an_override_is_searched_too():
    part = replace(EVENT, summary="Elsewhere", recurrence_id=Time(0))
    assert matches(replace(EVENT, overrides=(part,)), words_of("elsewhere"))
    assert not matches(replace(EVENT, overrides=(part,)), words_of("elsewhere hop")), "each says its own"


def test_words_stand_once():
    assert words_of("  Họp hop  HOP x ") == ("hop", "x")
    assert words_of(" \t") == ()
    assert fold("PLAIN") == "plain"
