"""What the index keeps of a representation: all of it, in less than half the space."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_time.domain.component import Alarm, Attendee, Event, Time
from aurora_time.operations.representation import event_resource
from aurora_time.store import wire
from aurora_time.store.wire import pack, unpack

ID, CALENDAR, VERSION = "kQ3v9ZbX0aPq1Lw8RtYh2g", "mB7nC5xW2sDf4GhJ6kL8pQ", "zZ9v9ZbX0aPq1Lw8RtYh2g"
ZONE = "Asia/Ho_Chi_Minh"
NINE = Time(1_795_510_800, ZONE)


def event(**fields: object) -> Event:
    made = {"start": NINE, "end": Time(NINE.wall + 3600, ZONE), "uid": f"{ID}@aurora-time", "summary": "Dentist"}
    return Event(**{"id": ID, "calendar_id": CALENDAR, "created": 1, "updated": 1, **made, **fields})


def shown(made: Event, version: str = VERSION) -> bytes:
    return msgspec.json.encode(event_resource(made, version))


pieces = [piece.decode() for _, piece in wire._PIECES]
texts = st.one_of(st.text(), st.sampled_from([ID, CALENDAR, VERSION, ZONE, *pieces, '","uid":"', "\x01\x1f\n\t\\"]))
alarms = st.sampled_from([None, (), (Alarm("email", 10),), (Alarm("email", None, 1, 3600), Alarm("email", 5))])
names = st.one_of(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=99), st.sampled_from([ID, ZONE]))
guest = st.builds(Attendee, email=st.just("sam@example.org"), name=names, rsvp=st.booleans())
guests = st.lists(guest, max_size=2).map(tuple)
zones = st.sampled_from(["", "UTC", "e", ZONE, "Etc/GMT+12", 'odd"zone\x02'])


@given(texts, texts, texts, st.sampled_from([None, "https://example.org/"]), alarms, guests, zones, texts)
def test_whatever_an_event_says_it_is_listed_to_the_byte(
    summary, description, location, url, alarms, guests, zone, tag
):
    start = Time(NINE.wall, zone) if zone != 'odd"zone\x02' else Time(NINE.wall, "UTC")
    made = event(
        summary=summary, description=description, location=location, url=url, alarms=alarms, attendees=guests,
        categories=(tag,) if tag else (), start=start, end=start, uid=tag or ID,
    )  # fmt: skip
    about = (ID, CALENDAR, zone, VERSION)
    assert unpack(pack(shown(made), about), about) == shown(made)


@given(st.tuples(texts, texts, texts, texts))
def test_no_name_of_an_item_gets_into_what_it_does_not_stand_for(about):
    assert unpack(pack(shown(event()), about), about) == shown(event())


def test_an_index_that_was_written_before_is_read_as_it_is():
    assert unpack(shown(event()), (ID, CALENDAR, ZONE, VERSION)) == shown(event())


@pytest.mark.parametrize(
    "made",
    [
        event(),
        event(description="Bring the letter of the last time.", location="12 Lê Lợi"),
        event(start=Time(NINE.wall - 32_400, "", True), end=Time(NINE.wall + 54_000, "", True), location="Hà Nội"),
        event(alarms=(Alarm("email", 10),), url="https://example.org/1", categories=("work",)),
    ],
)
def test_what_every_event_says_costs_next_to_nothing(made):
    own = len(f"{made.summary}{made.description}{made.location}{made.url or ''}{''.join(made.categories)}".encode())
    assert len(pack(shown(made), (ID, CALENDAR, made.start.tzid, VERSION))) < own + 150 < len(shown(made)) / 2


def test_the_table_of_pieces_is_a_part_of_what_is_stored():
    kept = (
        b"\x01Dentist\x05At nine.\x07Hanoi\x08\x092026-11-24T09:00:00\x0a\x092026-11-24T10:00:00\x0b\x0f"
        b"\x121970-01-01T00:00:01Z\x151970-01-01T00:00:01Z\x16"
    )
    made = event(description="At nine.", location="Hanoi")
    assert unpack(kept, (ID, CALENDAR, ZONE, VERSION)) == shown(made)
