"""The items of schedules and bookings: each write puts and removes all that belong together."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aurora_time.domain.availability import Schedule
from aurora_time.ports import ABSENT, Delete, Key, Put
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import Pointer
from aurora_time.store.schedules import (
    BOOKING_KEPT,
    Booking,
    Place,
    booking_items,
    booking_key,
    booking_removal,
    schedule_items,
)

PLAIN = Schedule("s", "Talk", "UTC", 0, 0)
PUBLIC = replace(PLAIN, slug="talk")
BOOKING = Booking("b", "s", "e", 1_000, 2_000, 0, "Talk", "Sam", "sam@example.org", "", "UTC", "en", "hash")


@pytest.mark.parametrize(
    ("old", "new", "puts", "deletes"),
    [
        (None, PLAIN, [keys.schedule("ann", "s")], []),
        (None, PUBLIC, [keys.schedule("ann", "s"), keys.slug("talk")], []),
        (PUBLIC, PUBLIC, [keys.schedule("ann", "s")], []),
        (PUBLIC, PLAIN, [keys.schedule("ann", "s")], [keys.slug("talk")]),
        (PUBLIC, replace(PLAIN, slug="t2"), [keys.schedule("ann", "s"), keys.slug("t2")], [keys.slug("talk")]),
        (PLAIN, None, [], [keys.schedule("ann", "s")]),
        (PUBLIC, None, [], [keys.schedule("ann", "s"), keys.slug("talk")]),
    ],
)
def test_a_slug_comes_and_goes_with_its_schedule(
    old: Schedule | None, new: Schedule | None, puts: list[Key], deletes: list[Key]
) -> None:
    changes = schedule_items("ann", (old, "v1") if old else None, new, "v2")
    assert [each.key for each in changes if isinstance(each, Put)] == puts
    assert [each.key for each in changes if isinstance(each, Delete)] == deletes
    for each in changes:
        if each.key == keys.schedule("ann", "s"):
            assert not isinstance(each, Put | Delete) or each.expect == ("v1" if old else ABSENT)
        if isinstance(each, Put) and each.key.part.startswith("slug#"):
            assert (each.expect, decode(each.body, Place)) == (ABSENT, Place("ann", "s"))


def test_a_booking_is_found_three_ways_and_removed_from_all() -> None:
    made = booking_items("ann", BOOKING, "v1")
    where, by_id, by_link = made
    assert isinstance(where, Put)
    assert isinstance(by_id, Put)
    assert isinstance(by_link, Put)
    assert where.key == booking_key("ann", BOOKING)
    assert decode(where.body, Booking) == BOOKING
    assert decode(by_id.body, Pointer).id == where.key.sort
    assert decode(by_link.body, Place) == Place("ann", "s", where.key.sort)
    assert {each.expires for each in (where, by_id, by_link)} == {2_000 + BOOKING_KEPT}
    gone = booking_removal("ann", BOOKING, "v1")
    assert [each.key for each in gone] == [each.key for each in made]
    assert gone[0] == Delete(where.key, "v1")
