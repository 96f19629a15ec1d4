"""The mail of a ring says what the person needs, in their own time and language."""

import msgspec
import pytest

from aurora_time.domain.component import Alarm, Event, Time
from aurora_time.domain.moment import DAY, parse_wall
from aurora_time.domain.reminders import Source, trigger_of
from aurora_time.domain.series import Occurrence
from aurora_time.operations.reminder_mail import composer, facts
from aurora_time.operations.ringing import Ring
from aurora_time.store.people import Person

ANN = Person("p", "ann@example.org", "Ann", "Europe/Berlin", "en", 0, 0)


def ring(start: str, alarm: Alarm, *, tz: str = "Europe/Berlin", late: int = 0, person: Person = ANN) -> Ring:
    is_date = "T" not in start
    wall = parse_wall(f"{start}T00:00:00" if is_date else start)
    tz = "" if is_date else tz
    first, last = Time(wall, tz, is_date), Time(wall + (DAY if is_date else 1800), tz, is_date)
    made = Event("event-1", "c", "u", "Review", first, last, 0, 0, location="Room 4")
    occurrence = Occurrence(first.moment, last.moment, made)
    trigger = trigger_of(Source(alarm), occurrence, person.preferences)
    return Ring(person, made, "Work", trigger, trigger.due + late, "<id@home.test>")


def test_an_event_of_the_persons_own_zone():
    told = facts(ring("2026-11-23T09:00:00", Alarm("email", 10)), "https://home.test")
    assert told.minutes_until_start == 10
    assert (told.event_when, told.late_since) == (None, None)
    assert told.event_url == "https://home.test/events/event-1"
    assert told.when.start.seconds == parse_wall("2026-11-23T09:00:00")


def test_an_event_of_another_zone_says_both():
    told = facts(ring("2026-11-23T09:00:00", Alarm("email", 10), tz="Asia/Ho_Chi_Minh"), "https://home.test")
    assert told.when.start.seconds == parse_wall("2026-11-23T03:00:00")
    assert told.event_when is not None
    assert told.event_when.start.seconds == parse_wall("2026-11-23T09:00:00")


def test_a_late_one_says_when_it_should_have_rung():
    told = facts(ring("2026-11-23T09:00:00", Alarm("email", 10), late=3600), "https://home.test")
    assert told.late_since is not None
    assert told.late_since.seconds == parse_wall("2026-11-23T08:50:00")
    assert told.minutes_until_start == -50


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Adak", "Asia/Ho_Chi_Minh"])
def test_an_all_day_event_is_told_on_its_own_day_in_every_zone(zone):
    person = msgspec.structs.replace(ANN, time_zone=zone)
    told = facts(ring("2026-11-23", Alarm("email", None, 1, 18 * 3600), person=person), "https://home.test")
    assert told.when.start.seconds == parse_wall("2026-11-23T00:00:00")
    assert told.when.start.is_date
    assert told.now.seconds == parse_wall("2026-11-22T18:00:00")


@pytest.mark.parametrize(("locale", "word"), [("en", "10 minutes before"), ("vi", "trước")])
def test_the_mail_itself(locale, word):
    person = msgspec.structs.replace(ANN, locale=locale)
    mail = composer("https://home.test")(ring("2026-11-23T09:00:00", Alarm("email", 10), person=person))
    assert (mail.to, mail.to_name, mail.message_id) == ("ann@example.org", "Ann", "<id@home.test>")
    assert "Review" in mail.subject
    assert word in mail.text
    assert "Room 4" in mail.text
