"""Components as they are stored."""

import msgspec
import pytest

from aurora_time.domain.component import Alarm, Attendee, Event, Time
from aurora_time.domain.moment import UTC, Moment
from aurora_time.domain.zones import UnknownZoneError, zone


@pytest.mark.parametrize(
    "moment", [Moment(86_400, is_date=True), Moment(5), Moment(5, UTC), Moment(-5, zone("Europe/Berlin"))]
)
def test_a_moment_survives_being_stored(moment):
    stored = msgspec.msgpack.decode(msgspec.msgpack.encode(Time.of(moment)), type=Time)
    assert stored.moment == moment


def test_a_time_in_a_zone_that_is_not_known_any_more_is_an_error_not_utc():
    with pytest.raises(UnknownZoneError):
        _ = Time(0, "Mars/Base").moment


def test_an_event_survives_being_stored():
    first, last = Time(0, "UTC"), Time(60, "UTC")
    made = Event("e", "c", "u", "Tết 🎉", first, last, 1, 2, alarms=(Alarm("email", 5),), attendees=(Attendee("a@b"),))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(made), type=Event) == made
    assert not made.is_all_day
    assert msgspec.structs.replace(made, start=Time(0, is_date=True)).is_all_day


def test_an_alarm_counts_minutes_or_rings_by_the_clock():
    assert not Alarm("email", minutes_before=0).is_wall_clock
    assert Alarm("email", days_before=1, at=64_800).is_wall_clock
