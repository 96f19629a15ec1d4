"""What a text that says something of an object again makes of it."""

from __future__ import annotations

from msgspec.structs import replace

from aurora_time.domain.component import Alarm, Event, Task, Time
from aurora_time.domain.icalendar_merge import merged
from aurora_time.domain.moment import DAY, parse_wall

NINE = parse_wall("2026-11-23T09:00:00")
MINE = (Alarm("email", 45),)


def event(**fields):
    made = Event("id", "c", "u", "Tea", Time(NINE, "Europe/Berlin"), Time(NINE + 3600, "Europe/Berlin"), 10, 20)
    return replace(made, **fields)


SERIES = event(recurrence=("RRULE:FREQ=WEEKLY",))


def change(weeks=1, **fields):
    """Of one occurrence, as a text has it that holds nothing else: in UTC, under another id."""
    original = Time(NINE - 3600 + weeks * 7 * DAY, "UTC")
    return event(**{"id": "new", "recurrence_id": original, "summary": "Later", **fields})


def at(weeks=1):
    return Time(NINE + weeks * 7 * DAY, "Europe/Berlin")


def test_newer_is_what_has_the_higher_sequence_then_what_was_changed_later():
    assert merged(event(), event(id="new", summary="Coffee", sequence=1, updated=5)).summary == "Coffee"
    assert merged(event(), event(id="new", summary="Coffee", updated=21)).summary == "Coffee"
    assert merged(event(), event(id="new", summary="Coffee", updated=20)) is None
    assert merged(event(sequence=1), event(id="new", summary="Coffee", updated=99)) is None


def test_it_stays_the_same_object():
    made = merged(event(origin="first"), event(id="new", sequence=1, summary="Coffee"))
    assert (made.id, made.origin) == ("id", "first")
    assert merged(event(origin="first"), event(id="new", updated=99)) is None


def test_other_stamps_alone_change_nothing():
    assert merged(event(), event(id="new", created=11, updated=99)) is None
    old = replace(SERIES, overrides=(event(recurrence_id=at()),))
    assert merged(old, replace(old, updated=99, overrides=(event(recurrence_id=at(), updated=99),))) is None
    assert merged(old, replace(old, updated=99, overrides=(event(recurrence_id=at(2)),))) is not None


def test_reminders_stay_unless_the_text_has_its_own():
    old = replace(SERIES, alarms=MINE, overrides=(event(recurrence_id=at(), alarms=()),))
    new = replace(SERIES, sequence=1, overrides=(event(recurrence_id=at()), event(recurrence_id=at(2))))
    made = merged(old, new)
    assert (made.alarms, [each.alarms for each in made.overrides]) == (MINE, [(), None])
    assert merged(old, replace(new, alarms=())).alarms == ()


def test_one_occurrence_leaves_the_rest_of_the_series():
    first = merged(SERIES, change())
    assert replace(first, overrides=(), updated=20) == SERIES
    assert [(each.id, each.recurrence_id, each.summary) for each in first.overrides] == [("id", at(), "Later")]
    both = merged(first, replace(change(-1), overrides=(change(3),)))
    assert [each.recurrence_id for each in both.overrides] == [at(-1), at(1), at(3)]


def test_an_older_version_of_an_occurrence_changes_nothing():
    held = merged(SERIES, change(sequence=2))
    assert merged(held, change(sequence=1, summary="Old")) is None
    assert merged(held, change(sequence=3, summary="New")).overrides[0].summary == "New"
    assert merged(held, change(sequence=3, updated=90)).updated == 90


def test_tasks_are_told_apart_the_same_way():
    old = Task("id", "c", "u", "Essay", 10, 20, due=Time(NINE, "Europe/Berlin"), recurrence=("RRULE:FREQ=WEEKLY",))
    done = replace(old, id="new", recurrence=(), recurrence_id=Time(NINE - 3600 + 7 * DAY, "UTC"), status="COMPLETED")
    assert merged(old, done).overrides[0].recurrence_id == at()
    assert merged(old, replace(old, summary="Book", sequence=1)).summary == "Book"


def test_two_that_only_know_the_same_occurrence():
    old = change()
    assert merged(old, change(sequence=1, summary="New")).summary == "New"


class TestAWholeSeriesThatIsNoNewer:
    """Programs give a changed occurrence its own stamps and leave those of the series as they are."""

    def whole(self, *changes, **fields):
        return replace(
            SERIES, id="new", overrides=tuple(replace(each, recurrence_id=at()) for each in changes), **fields
        )

    def test_brings_the_occurrence_that_was_changed_since(self):
        made = merged(SERIES, self.whole(change(updated=30)))
        assert [(each.id, each.recurrence_id, each.summary) for each in made.overrides] == [("id", at(), "Later")]
        again = merged(made, self.whole(change(updated=40, summary="Later still")))
        assert [each.summary for each in again.overrides] == ["Later still"]
        assert merged(again, self.whole(change(updated=40, summary="Later still"))) is None

    def test_does_not_bring_back_what_was_taken_out_after_it(self):
        assert merged(replace(SERIES, updated=50), self.whole(change(updated=30))) is None

    def test_leaves_the_reminders_of_the_occurrence(self):
        held = replace(SERIES, overrides=(event(recurrence_id=at(), alarms=MINE),))
        assert merged(held, self.whole(change(updated=30))).overrides[0].alarms == MINE


class TestOnlyOccurrencesWereKnown:
    def test_the_series_comes_whole_however_old_it_is(self):
        held = change(updated=30, sequence=4, alarms=MINE)
        made = merged(held, replace(SERIES, overrides=(event(recurrence_id=at(), updated=15),)))
        assert (made.id, made.recurrence, made.recurrence_id, made.alarms) == ("new", SERIES.recurrence, None, None)
        assert [(each.recurrence_id, each.summary, each.alarms) for each in made.overrides] == [(at(), "Later", MINE)]

    def test_one_that_the_series_no_longer_has_goes(self):
        assert merged(change(updated=15), SERIES).overrides == ()

    def test_another_occurrence_stands_beside_the_first(self):
        first, second = change(), change(2, sequence=9, summary="Other")
        for one, other in ((first, second), (second, first)):
            made = merged(one, other)
            assert [each.summary for each in (made, *made.overrides)] == ["Later", "Other"]
            assert merged(made, other) is None
