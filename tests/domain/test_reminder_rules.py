"""What a reminder rule is about, and what of several counts."""

import pytest
from msgspec.structs import replace

from aurora_time.domain.component import Alarm, Event, Task, Time
from aurora_time.domain.moment import DAY, parse_compact
from aurora_time.domain.reminder_rules import Match, ReminderRule, folded, matches
from aurora_time.domain.reminders import Preferences, sources_of
from aurora_time.domain.tasks import as_event
from aurora_time.domain.zones import zone

BERLIN = zone("Europe/Berlin")
TEN, HOUR = Alarm("email", 10), Alarm("email", 60)
MORNING, EVENING = Alarm("email", days_before=0, at=8 * 3600), Alarm("email", days_before=1, at=18 * 3600)


def event(summary: str = "Review", start: str = "20261123T090000", **more: object) -> Event:
    wall, is_date = parse_compact(start)
    tz = "" if is_date else "Europe/Berlin"
    end = Time(wall + (DAY if is_date else 3600), tz, is_date)
    return Event("e", "work", "u", summary, Time(wall, tz, is_date), end, 0, 0, **more)


def task(summary: str = "Pay", **more: object) -> Event:
    return as_event(Task("t", "work", "u", summary, 0, 0, due=Time(parse_compact("20261123T090000")[0], "UTC"), **more))


def finds(word: str, text: str) -> bool:
    return matches(Match(words=(word,)), event(text))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("dentist", "Dentist, Dr. May"),
        ("DENTIST", "see the dentist!"),
        ("hop", "Họp nhóm"),
        ("đám cưới", "Dam  cuoi cua Lan"),
        ("strasse", "Straße 5"),
        ("cafe", "Café"),
        ("team call", "weekly team\tcall"),
        ("q4", "Review (Q4)"),
        ("1:1", "1:1 with Sam"),
        ("c++", "C++ course"),
        ("歯医者", "明日歯医者に行く"),
        ("หมอ", "ไปหาหมอฟัน"),
        ("\U0001f382", "\U0001f382 Kim"),
    ],
)
def test_a_word_is_found_whatever_its_case_and_accents(word, text):
    assert finds(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [("art", "Start"), ("art", "arts"), ("call", "recall"), ("q4", "q42"), ("team call", "team, call")],
)
def test_a_part_of_a_word_is_not_that_word(word, text):
    assert not finds(word, text)


def test_words_are_looked_for_in_all_that_a_person_wrote():
    match = Match(words=("nobody", "dentist"))
    assert matches(match, event(location="at the dentist"))
    assert matches(match, event(description="Ask the\nDentist."))
    assert not matches(match, event(categories=("dentist",)))


def test_signs_alone_match_only_themselves():
    assert not matches(Match(words=("\u0301",)), event())
    assert folded(" Họp \n NHÓM ") == "hop nhom"


def test_every_part_that_is_given_must_fit():
    both = Match(
        calendar_ids=("work", "other"), categories=("Health",), words=("dentist",), all_day=False, kind="event"
    )
    fitting = event("Dentist", categories=("work", "HEALTH"))
    assert matches(both, fitting)
    for other in (
        replace(fitting, calendar_id="home"),
        replace(fitting, categories=("healthy",)),
        replace(fitting, summary="Doctor"),
        event("Dentist", "20261123", categories=("health",)),
        as_event(Task("t", "work", "u", "Dentist", 0, 0, due=fitting.start, categories=("health",))),
    ):
        assert not matches(both, other)
    assert matches(Match(), fitting)
    assert matches(Match(), task())


def test_tasks_and_all_day_events_can_be_meant_alone():
    assert [matches(Match(kind=kind), task()) for kind in ("event", "task", "any")] == [False, True, True]
    assert [matches(Match(all_day=wanted), event(start="20261123")) for wanted in (True, False, None)] == [
        True,
        False,
        True,
    ]


def rule(
    name: str, *triggers: Alarm, words: tuple[str, ...] = (), enabled: bool = True, **more: object
) -> ReminderRule:
    return ReminderRule(name, name, Match(words=words, **more), triggers, enabled)


def counts(made: Event, *rules: ReminderRule) -> list[tuple[Alarm, str]]:
    return [tuple(source) for source in sources_of(made, Preferences(BERLIN, (TEN, MORNING), rules))]


def test_the_defaults_and_every_rule_that_matches_count():
    rules = (rule("a", HOUR), rule("b", EVENING, words=("review",)), rule("c", Alarm("email", 5), words=("dentist",)))
    assert counts(event(), *rules) == [(TEN, ""), (HOUR, "a"), (EVENING, "b")]


def test_an_event_with_reminders_of_its_own_rings_by_those_alone():
    assert counts(event(alarms=(HOUR, HOUR)), rule("a", TEN)) == [(HOUR, "")]
    assert counts(event(alarms=()), rule("a", TEN)) == []


def test_a_rule_without_triggers_silences():
    silence = rule("quiet", words=("review",))
    assert counts(event(), rule("a", HOUR), silence) == []
    assert counts(event("Dentist"), silence) == [(TEN, "")]
    assert counts(event(alarms=(HOUR,)), silence) == [(HOUR, "")], "but not what is the event's own"
    assert counts(event(), replace(silence, enabled=False)) == [(TEN, "")]


def test_the_same_trigger_of_two_counts_once_as_the_firsts():
    assert counts(event(), rule("a", TEN, HOUR), rule("b", HOUR)) == [(TEN, ""), (HOUR, "a")]


def test_minutes_before_a_day_ring_never_and_times_on_the_clock_for_both():
    rules = (rule("a", HOUR, EVENING),)
    assert counts(event(start="20261123"), *rules) == [(MORNING, ""), (EVENING, "a")]
    assert counts(event(), *rules) == [(TEN, ""), (HOUR, "a"), (EVENING, "a")]


def test_a_cancelled_event_and_a_task_that_is_done_ring_by_no_rule():
    assert counts(event(status="CANCELLED"), rule("a", HOUR)) == []
    assert counts(task(status="COMPLETED"), rule("a", HOUR)) == []
    assert counts(task(), rule("a", HOUR, kind="task")) == [(TEN, ""), (HOUR, "a")]
