"""Edits of a series, case by case: one occurrence, the whole, this and following."""

from __future__ import annotations

from itertools import islice

import pytest
from msgspec.structs import replace

from aurora_time.domain.component import Alarm, Event, Time
from aurora_time.domain.moment import DAY, Window, parse_compact, parse_instant, print_compact, print_instant
from aurora_time.domain.series import last_end, occurrence_at, occurrences_in, occurrences_since
from aurora_time.domain.series_edit import (
    SplitError,
    given,
    split,
    whole,
    with_occurrence,
    with_override,
    without_occurrence,
)
from aurora_time.domain.zones import zone

BERLIN = zone("Europe/Berlin")
EVER = Window(parse_instant("1990-01-01T00:00:00Z"), parse_instant("2060-01-01T00:00:00Z"))


def event(start: str, *lines: str, tz: str = "Europe/Berlin", hours: int = 1, **more: object) -> Event:
    wall, is_date = parse_compact(start)
    tz = "" if is_date else tz
    end = wall + (DAY if is_date else hours * 3600)
    made = Event("e", "c", "u", "Review", Time(wall, tz, is_date), Time(end, tz, is_date), 0, 0, recurrence=lines)
    return replace(made, **more)


def wall(text: str) -> int:
    return parse_compact(text)[0]


def told(made: Event | None, limit: int = 50) -> list[str]:
    """Start, and original start and summary where they differ from what the series says."""
    if made is None:
        return []
    found = []
    for each in islice(occurrences_since(made, EVER.start, BERLIN), limit):
        text = print_compact(each.start.wall, is_date=each.start.is_date)
        was = "" if each.recurrence_id == text else f" was {each.recurrence_id}"
        found.append(text + was + ("" if each.event.summary == "Review" else f" {each.event.summary}"))
    return found


def change(made: Event, at: str, to: str = "", **fields: object) -> Event:
    part = given(made, wall(at), BERLIN)
    found = occurrence_at(made, wall(at), BERLIN)
    assert found is not None
    base = found.event if found.event.recurrence_id else part
    assert base is not None
    if to:
        start, length = wall(to), base.end.wall - base.start.wall
        fields |= {"start": replace(base.start, wall=start), "end": replace(base.end, wall=start + length)}
    return with_override(made, replace(base, **fields), BERLIN)


def halves(made: Event, at: str) -> tuple[Event | None, Event]:
    return split(made, wall(at), ("new", "new@x"), BERLIN)


class TestOneOccurrence:
    daily = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=3")

    def test_an_override_stands_for_its_occurrence_wherever_it_was_moved(self):
        made = change(self.daily, "20261124T090000", "20270301T100000", summary="Moved")
        assert told(made) == ["20261123T090000", "20261125T090000", "20270301T100000 was 20261124T090000 Moved"]
        march = Window(parse_instant("2027-03-01T00:00:00Z"), parse_instant("2027-03-02T00:00:00Z"))
        assert [each.event.summary for each in occurrences_in(made, march, BERLIN)] == ["Moved"]
        end = last_end(made, BERLIN)
        assert end is not None
        assert print_instant(end) == "2027-03-01T10:00:00Z"

    def test_one_moved_before_the_series_comes_first(self):
        made = change(self.daily, "20261125T090000", "20251125T090000")
        assert told(made)[0] == "20251125T090000 was 20261125T090000"

    def test_a_cancelled_one_leaves_nothing(self):
        made = change(self.daily, "20261124T090000", status="CANCELLED")
        assert told(made) == ["20261123T090000", "20261125T090000"]
        assert occurrence_at(made, wall("20261124T090000"), BERLIN) is None

    def test_what_is_set_back_is_no_difference_any_more(self):
        made = change(self.daily, "20261124T090000", "20261124T100000", summary="x", alarms=(Alarm("email", 5),))
        assert len(made.overrides) == 1
        back = change(made, "20261124T090000", "20261124T090000", summary="Review", alarms=None)
        assert back == self.daily

    def test_an_override_whose_start_the_rule_does_not_give_is_still_shown(self):
        part = replace(self.daily, recurrence=(), recurrence_id=Time(wall("20261201T090000"), "Europe/Berlin"),
                       start=Time(wall("20261201T110000"), "Europe/Berlin"), summary="Detached")  # fmt: skip
        made = replace(self.daily, overrides=(part,))
        assert told(made)[-1] == "20261201T110000 was 20261201T090000 Detached"

    def test_a_recurrence_id_in_utc_names_the_same_occurrence(self):
        part = given(self.daily, wall("20261124T090000"), BERLIN)
        assert part is not None
        made = replace(
            self.daily, overrides=(replace(part, summary="x", recurrence_id=Time(wall("20261124T080000"), "UTC")),)
        )
        assert len(told(made)) == 3

    def test_all_that_is_known_of_a_foreign_series(self):
        named = Time(wall("20261123T090000"), "Europe/Berlin")
        own = replace(self.daily, recurrence=(), recurrence_id=named, summary="Mine")
        other = replace(own, start=replace(own.start, wall=own.start.wall + DAY), overrides=(),
                        recurrence_id=replace(named, wall=named.wall + DAY))  # fmt: skip
        made = replace(own, overrides=(other,))
        assert [each[:15] for each in told(made)] == ["20261123T090000", "20261124T090000"]
        left = without_occurrence(made, wall("20261123T090000"), BERLIN)
        assert left == other
        assert without_occurrence(other, wall("20261124T090000"), BERLIN) is None
        with pytest.raises(SplitError, match="one by one"):
            halves(made, "20261124T090000")

    def test_the_first_of_a_foreign_series_changes_in_its_place(self):
        named = Time(wall("20261123T090000"), "Europe/Berlin")
        own = replace(self.daily, recurrence=(), recurrence_id=named)
        assert with_override(own, replace(own, summary="x"), BERLIN).summary == "x"

    @pytest.mark.parametrize(
        ("start", "line"),
        [
            ("20261123T090000", "EXDATE;TZID=Europe/Berlin:20261124T090000"),
            ("20261123", "EXDATE;VALUE=DATE:20261124"),
        ],
    )
    def test_taken_out_and_brought_back(self, start: str, line: str):
        made = event(start, "RRULE:FREQ=DAILY;COUNT=4")
        at = wall(line.rpartition(":")[2])
        left = without_occurrence(made, at, BERLIN)
        assert left is not None
        assert left.recurrence[-1] == line
        both = without_occurrence(left, at + DAY, BERLIN)
        assert both is not None
        assert len(both.recurrence) == 2
        assert len(told(both)) == 2
        again = with_occurrence(both, at + DAY, BERLIN)
        assert again == left
        assert with_occurrence(made, at, BERLIN) is None, "it was never gone"
        assert with_occurrence(left, at + 100, BERLIN) is None, "it never was"

    def test_utc_and_floating_dates_are_written_as_such(self):
        for tz, line in (("UTC", "EXDATE:20261124T090000Z"), ("", "EXDATE:20261124T090000")):
            left = without_occurrence(
                event("20261123T090000", "RRULE:FREQ=DAILY", tz=tz), wall("20261124T090000"), BERLIN
            )
            assert left is not None
            assert left.recurrence[1] == line

    def test_with_the_last_occurrence_goes_the_series(self):
        made: Event | None = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=2")
        for at in ("20261123T090000", "20261124T090000"):
            assert made is not None
            made = without_occurrence(made, wall(at), BERLIN)
        assert made is None


class TestTheWhole:
    def test_moving_the_start_moves_exdates_and_overrides(self):
        made = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=4", "EXDATE;TZID=Europe/Berlin:20261124T090000")
        made = change(made, "20261125T090000", "20261125T150000", summary="Late")
        later = replace(made, start=Time(wall("20261124T103000"), "Europe/Berlin"),
                        end=Time(wall("20261124T113000"), "Europe/Berlin"))  # fmt: skip
        moved = whole(made, later, BERLIN)
        assert moved.recurrence[1] == "EXDATE;TZID=Europe/Berlin:20261125T103000"
        assert told(moved) == ["20261124T103000", "20261125T150000 was 20261126T103000 Late", "20261127T103000"]

    def test_an_override_follows_in_what_it_did_not_change_itself(self):
        made = change(event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=2"), "20261124T090000", location="Room 4")
        new = replace(made, summary="Else", start=replace(made.start, wall=made.start.wall + 3600),
                      end=replace(made.end, wall=made.end.wall + 3600), calendar_id="work")  # fmt: skip
        (override,) = whole(made, new, BERLIN).overrides
        assert (override.summary, override.location, override.calendar_id) == ("Else", "Room 4", "work")
        assert override.start.wall == wall("20261124T100000")

    def test_a_longer_override_stays_longer(self):
        made = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=2")
        made = change(made, "20261124T090000", end=Time(wall("20261124T120000"), "Europe/Berlin"))
        new = replace(made, start=replace(made.start, wall=made.start.wall + 3600),
                      end=replace(made.end, wall=made.end.wall + 3600))  # fmt: skip
        (override,) = whole(made, new, BERLIN).overrides
        assert (override.start.wall, override.end.wall) == (wall("20261124T100000"), wall("20261124T130000"))

    def test_one_that_says_the_same_by_now_is_no_override_any_more(self):
        made = change(event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=2"), "20261124T090000", summary="Else")
        assert whole(made, replace(made, summary="Else"), BERLIN).overrides == ()

    def test_overrides_that_the_new_rule_does_not_give_are_dropped(self):
        made = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=9")
        made = change(made, "20261124T090000", summary="Tuesday")
        made = change(made, "20261130T090000", summary="Monday")
        new = whole(made, replace(made, recurrence=("RRULE:FREQ=WEEKLY;COUNT=9",)), BERLIN)
        assert [each.summary for each in new.overrides] == ["Monday"]
        assert whole(made, replace(made, recurrence=()), BERLIN).overrides == ()

    def test_a_weekday_moves_along_and_keeps_its_override_at_the_new_hour(self):
        made = change(event("20261123T090000", "RRULE:FREQ=WEEKLY;BYDAY=MO"), "20261130T090000", summary="x")
        new = replace(made, start=Time(wall("20261124T100000"), "Europe/Berlin"),
                      end=Time(wall("20261124T110000"), "Europe/Berlin"))  # fmt: skip
        assert told(whole(made, new, BERLIN), 3) == ["20261124T100000", "20261201T100000 x", "20261208T100000"]

    def test_until_moves_along_so_that_no_occurrence_is_lost(self):
        made = event("20261123T090000", "RRULE:FREQ=DAILY;UNTIL=20261125T080000Z")
        later = replace(made, start=Time(wall("20261123T170000"), "Europe/Berlin"),
                        end=Time(wall("20261123T180000"), "Europe/Berlin"))  # fmt: skip
        moved = whole(made, later, BERLIN)
        assert moved.recurrence == ("RRULE:FREQ=DAILY;UNTIL=20261125T160000Z",)
        assert len(told(moved)) == 3

    def test_lines_that_are_sent_anew_are_taken_as_they_are(self):
        made = event("20261123T090000", "RRULE:FREQ=DAILY", "EXDATE;TZID=Europe/Berlin:20261124T090000")
        lines = ("RRULE:FREQ=DAILY;UNTIL=20261224T080000Z", "EXDATE;TZID=Europe/Berlin:20261126T100000")
        new = replace(made, start=replace(made.start, wall=made.start.wall + 3600), recurrence=lines)
        assert whole(made, new, BERLIN).recurrence == lines

    def test_from_days_to_times_in_a_zone_and_back(self):
        lines = ("RRULE:FREQ=DAILY;UNTIL=20261127", "EXDATE;VALUE=DATE:20261124", "RDATE;VALUE=DATE:20261201",
                 "RDATE;VALUE=PERIOD:20261203/P2D")  # fmt: skip
        made = change(event("20261123", *lines), "20261125", summary="x")
        saigon, alarms = "Asia/Ho_Chi_Minh", (Alarm("email", 10),)
        begin, end = Time(wall("20261123T090000"), saigon), Time(wall("20261123T100000"), saigon)
        timed = replace(made, start=begin, end=end, alarms=alarms)
        moved = whole(made, timed, BERLIN)
        assert moved.recurrence == (
            "RRULE:FREQ=DAILY;UNTIL=20261127T020000Z",
            "EXDATE;TZID=Asia/Ho_Chi_Minh:20261124T090000",
            "RDATE;TZID=Asia/Ho_Chi_Minh:20261201T090000",
            "RDATE;VALUE=PERIOD;TZID=Asia/Ho_Chi_Minh:20261203T090000/P2D",
        )
        assert [each[:8] for each in told(moved)] == [
            "20261123", "20261125", "20261126", "20261127", "20261201", "20261203",
        ]  # fmt: skip
        assert moved.overrides[0].alarms == (Alarm("email", 10),)
        days = replace(moved, start=made.start, end=made.end, alarms=None)
        back = whole(moved, days, BERLIN)
        assert [each[:8] for each in told(back)] == [each[:8] for each in told(moved)]
        assert back.recurrence[:3] == lines[:3]

    def test_a_whole_day_that_is_out_stays_out(self):
        made = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=4", "EXDATE;VALUE=DATE:20261124")
        new = replace(
            made, start=replace(made.start, wall=made.start.wall + DAY), end=replace(made.end, wall=made.end.wall + DAY)
        )
        moved = whole(made, new, BERLIN)
        assert moved.recurrence[1] == "EXDATE;VALUE=DATE:20261125"
        assert told(moved) == ["20261124T090000", "20261126T090000", "20261127T090000"]

    def test_floating_and_date_untils_move_too(self):
        for tz, text, moved in (("", "20261125T090000", "20261125T100000"), ("", "20261125", "20261126T005959")):
            made = event("20261123T090000", f"RRULE:FREQ=DAILY;UNTIL={text}", tz=tz)
            new = replace(made, start=replace(made.start, wall=made.start.wall + 3600))
            assert whole(made, new, BERLIN).recurrence == (f"RRULE:FREQ=DAILY;UNTIL={moved}",)

    def test_a_foreign_series_keeps_its_recurrence_ids(self):
        named = Time(wall("20261123T090000"), "Europe/Berlin")
        own = event("20261123T090000", recurrence_id=named)
        made = replace(own, overrides=(replace(own, recurrence_id=replace(named, wall=named.wall + DAY)),))
        new = whole(made, replace(made, summary="x", uid="v", recurrence_id=None, overrides=()), BERLIN)
        assert (new.recurrence_id, new.overrides[0].uid, new.overrides[0].summary) == (named, "v", "Review")


class TestThisAndFollowing:
    @pytest.mark.parametrize(
        ("start", "tz", "at", "until"),
        [
            ("20261123T090000", "Europe/Berlin", "20261125T090000", "20261125T075959Z"),
            ("20261123T010000", "Asia/Ho_Chi_Minh", "20261125T010000", "20261124T175959Z"),
            ("20261123T090000", "UTC", "20261125T090000", "20261125T085959Z"),
            ("20261123T090000", "", "20261125T090000", "20261125T085959"),
            ("20261123", "", "20261125", "20261124"),
        ],
    )
    def test_until_is_of_the_kind_of_the_start(self, start: str, tz: str, at: str, until: str):
        before, after = halves(event(start, "RRULE:FREQ=DAILY", tz=tz), at)
        assert before is not None
        assert before.recurrence == (f"RRULE:FREQ=DAILY;UNTIL={until}",)
        assert after.recurrence == ("RRULE:FREQ=DAILY",)
        assert len(told(before)) == 2
        assert told(after)[0] == at

    def test_count_is_divided_also_over_what_was_taken_out(self):
        made = event(
            "20261123T090000", "RRULE:FREQ=DAILY;COUNT=6", "EXDATE;TZID=Europe/Berlin:20261124T090000,20261127T090000"
        )
        before, after = halves(made, "20261126T090000")
        assert before is not None
        assert before.recurrence == ("RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20261124T090000")
        assert after.recurrence == ("RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20261127T090000")
        assert told(before) + told(after) == told(made)

    def test_a_count_behind_a_million_occurrences_is_refused(self):
        made = event("20261123T090000", "RRULE:FREQ=SECONDLY;COUNT=1000000")
        with pytest.raises(SplitError, match="UNTIL"):
            halves(made, "20261125T090000")

    def test_the_original_start_of_a_moved_occurrence_is_where_the_new_series_begins(self):
        made = change(
            event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=4"), "20261124T090000", "20261130T150000", summary="x"
        )
        before, after = halves(made, "20261124T090000")
        assert told(before) == ["20261123T090000"]
        assert after.start.wall == wall("20261124T090000")
        assert told(after) == ["20261125T090000", "20261126T090000", "20261130T150000 was 20261124T090000 x"]
        assert {each.id for each in after.overrides} == {"new"}

    def test_from_the_first_occurrence_on_it_is_the_whole(self):
        made = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=4")
        assert halves(made, "20261123T090000") == (None, made)
        out = without_occurrence(made, wall("20261123T090000"), BERLIN)
        assert out is not None
        before, after = halves(out, "20261124T090000")
        assert before is None
        assert (after.id, after.start.wall) == ("e", wall("20261124T090000"))
        assert told(after) == told(out)

    def test_an_earlier_override_is_something_before(self):
        made = change(event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=4"), "20261123T090000", summary="x")
        before, _ = halves(made, "20261124T090000")
        assert told(before) == ["20261123T090000 x"]
        made = change(event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=4"), "20261123T090000", status="CANCELLED")
        assert halves(made, "20261124T090000")[0] is None

    def test_at_an_rdate_the_rule_keeps_its_step(self):
        made = event("20261123T090000", "RRULE:FREQ=WEEKLY;INTERVAL=2", "RDATE;TZID=Europe/Berlin:20261201T140000")
        before, after = halves(made, "20261201T140000")
        assert told(before) == ["20261123T090000"]
        assert told(after, 3) == ["20261201T140000", "20261207T090000", "20261221T090000"]

    def test_an_rdate_period_keeps_its_length(self):
        made = event("20261123T090000", "RDATE;VALUE=PERIOD:20261201T090000/PT3H,20261202T090000/PT2H")
        _, after = halves(made, "20261201T090000")
        lengths = [each.end.wall - each.start.wall for each in occurrences_since(after, EVER.start, BERLIN)]
        assert lengths == [3 * 3600, 2 * 3600]

    def test_a_detached_override_can_begin_a_half(self):
        part = replace(event("20261201T110000"), recurrence_id=Time(wall("20261201T090000"), "Europe/Berlin"))
        made = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=2", overrides=(part,))
        before, after = halves(made, "20261201T090000")
        assert told(before) == ["20261123T090000", "20261124T090000"]
        assert told(after) == ["20261201T110000 was 20261201T090000"]

    def test_two_rules_of_different_steps_are_refused_not_corrupted(self):
        made = event("20261123T090000", "RRULE:FREQ=WEEKLY;INTERVAL=2", "RRULE:FREQ=MONTHLY;INTERVAL=5")
        with pytest.raises(SplitError, match="cannot be divided"):
            halves(made, "20261207T090000")

    def test_an_end_on_another_clock_stays_there(self):
        made = event("20261123T090000", "RRULE:FREQ=DAILY", end=Time(wall("20261123T170000"), "Asia/Ho_Chi_Minh"))
        _, after = halves(made, "20261124T090000")
        assert after.end == Time(wall("20261124T170000"), "Asia/Ho_Chi_Minh")

    def test_the_hour_is_right_on_both_sides_of_a_change_to_summer_time(self):
        made = event("20260327T090000", "RRULE:FREQ=DAILY;COUNT=6")
        before, after = halves(made, "20260330T090000")
        instants = [
            print_instant(each.start.instant(BERLIN))
            for half in (before, after)
            if half
            for each in occurrences_since(half, EVER.start, BERLIN)
        ]
        assert [text[11:16] for text in instants] == ["08:00", "08:00", "07:00", "07:00", "07:00", "07:00"]
        assert before is not None
        assert before.recurrence == ("RRULE:FREQ=DAILY;COUNT=3",)

    def test_a_rule_that_is_over_stays_on_its_side(self):
        made = event("20261123T090000", "RRULE:FREQ=DAILY;COUNT=2", "RRULE:FREQ=WEEKLY;COUNT=3")
        before, after = halves(made, "20261130T090000")
        assert before is not None
        assert before.recurrence == ("RRULE:FREQ=DAILY;COUNT=2", "RRULE:FREQ=WEEKLY;COUNT=1")
        assert after.recurrence == ("RRULE:FREQ=WEEKLY;COUNT=2",)

    def test_reminders_keep_their_origin_over_two_splits(self):
        _, after = halves(event("20261123T090000", "RRULE:FREQ=DAILY"), "20261125T090000")
        _, last = split(after, wall("20261127T090000"), ("third", "third@x"), BERLIN)
        assert (last.id, last.origin) == ("third", "e")
