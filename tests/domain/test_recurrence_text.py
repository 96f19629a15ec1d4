"""Reading and printing one RRULE: what is understood, what is refused, and in which words."""

import pytest

from aurora_time.domain.recurrence import (
    Frequency,
    Rule,
    RuleError,
    Skip,
    Until,
    WeekdayNum,
    for_dates,
    parse_rule,
    print_rule,
)

CHRISTMAS = 1_798_156_800
"""2026-12-25T00:00:00."""


def test_every_part_is_read_into_its_field():
    text = (
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2;BYYEARDAY=-1,5;BYMONTHDAY=-1,5;BYDAY=-1FR,2TU;BYHOUR=0,23;"
        "BYMINUTE=0,59;BYSECOND=0,60;BYSETPOS=-1,1;WKST=SU;RSCALE=GREGORIAN;SKIP=FORWARD"
    )
    assert parse_rule(text) == Rule(
        Frequency.YEARLY,
        interval=2,
        count=10,
        by_month=(1, 2),
        by_year_day=(-1, 5),
        by_month_day=(-1, 5),
        by_day=(WeekdayNum(-1, 4), WeekdayNum(2, 1)),
        by_hour=(0, 23),
        by_minute=(0, 59),
        by_second=(0, 60),
        by_set_pos=(-1, 1),
        week_start=6,
        rscale=True,
        skip=Skip.FORWARD,
    )
    assert print_rule(parse_rule(text)) == text


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("20261225", Until(CHRISTMAS, is_date=True, is_utc=False)),
        ("20261225T173005", Until(CHRISTMAS + 17 * 3600 + 1805, is_date=False, is_utc=False)),
        ("20261225T173005Z", Until(CHRISTMAS + 17 * 3600 + 1805, is_date=False, is_utc=True)),
        ("00010101T000000", Until(-62_135_596_800, is_date=False, is_utc=False)),
    ],
)
def test_until_keeps_what_was_written(text, until):
    rule = parse_rule(f"FREQ=DAILY;UNTIL={text}")
    assert rule.until == until
    assert print_rule(rule) == f"FREQ=DAILY;UNTIL={text}"


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("RRULE:FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO"),
        ("rrule:freq=weekly;byday=we,mo", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("FREQ=DAILY;INTERVAL=1;", "FREQ=DAILY"),
        ("BYDAY=1SU;BYMONTH=4;FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=4;BYDAY=1SU"),
        (" FREQ = WEEKLY ; BYDAY = MO, TU ", "FREQ=WEEKLY;BYDAY=MO,TU"),
        ("FREQ=MONTHLY;BYDAY=+2MO,+2MO;BYMONTHDAY=+8,08", "FREQ=MONTHLY;BYMONTHDAY=8;BYDAY=2MO"),
        ("FREQ=WEEKLY;WKST=MO;INTERVAL=02", "FREQ=WEEKLY;INTERVAL=2"),
        ("FREQ=MONTHLY;SKIP=OMIT", "FREQ=MONTHLY"),
        ("FREQ=YEARLY;BYWEEKNO=-1,53;BYDAY=MO", "FREQ=YEARLY;BYWEEKNO=-1,53;BYDAY=MO"),
        ("FREQ=DAILY;UNTIL=20261225T235960Z", "FREQ=DAILY;UNTIL=20261225T235959Z"),
    ],
)
def test_what_files_in_the_field_say_is_understood(text, canonical):
    assert print_rule(parse_rule(text)) == canonical


ERRORS = {
    "": "RRULE: has no value; write NAME=VALUE parts with semicolons between them",
    "INTERVAL=2": "FREQ: is missing; add one, such as FREQ=WEEKLY",
    "FREQ=": "FREQ: has no value; write NAME=VALUE parts with semicolons between them",
    "FREQ=DAILY;;COUNT=1": "RRULE: has no value; write NAME=VALUE parts with semicolons between them",
    "FREQ=DAILY;COUNT": "COUNT: has no value; write NAME=VALUE parts with semicolons between them",
    "FREQ=FORTNIGHTLY": "FREQ: 'FORTNIGHTLY' is unknown; use one of SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, "
    "MONTHLY, YEARLY",
    "FREQ=DAILY;BYEASTER=0": "BYEASTER: is not a part of a recurrence rule; leave it out",
    "FREQ=DAILY;X-NAME=1": "X-NAME: is not a part of a recurrence rule; leave it out",
    "FREQ=DAILY;FREQ=DAILY": "FREQ: is given twice; keep one",
    "FREQ=DAILY;BYHOUR=1;BYHOUR=2": "BYHOUR: is given twice; keep one",
    "FREQ=DAILY;INTERVAL=0": "INTERVAL: 0 is out of range; give a whole number from 1 to 2147483647",
    "FREQ=DAILY;INTERVAL=-1": "INTERVAL: '-1' is not understood; give a whole number from 1 to 2147483647",
    "FREQ=DAILY;INTERVAL=2147483648": "INTERVAL: 2147483648 is out of range; give a whole number from 1 to 2147483647",
    "FREQ=DAILY;INTERVAL=99999999999": "INTERVAL: '99999999999' is not understood; give a whole number from 1 to "
    "2147483647",
    "FREQ=DAILY;COUNT=0": "COUNT: 0 is out of range; give a whole number from 1 to 2147483647",
    "FREQ=DAILY;COUNT=1.5": "COUNT: '1.5' is not understood; give a whole number from 1 to 2147483647",
    "FREQ=DAILY;COUNT=١": "COUNT: '١' is not understood; give a whole number from 1 to 2147483647",
    "FREQ=DAILY;COUNT=3;UNTIL=20261225": "COUNT: cannot stand with UNTIL; keep one of the two",
    "FREQ=DAILY;UNTIL=2026-12-25": "UNTIL: '2026-12-25' is not understood; write 20261231, 20261231T170000 or "
    "20261231T170000Z",
    "FREQ=DAILY;UNTIL=20260230": "UNTIL: '20260230' is a date that does not exist; correct it",
    "FREQ=DAILY;UNTIL=20260228T240000": "UNTIL: '20260228T240000' is a time that does not exist; correct it",
    "FREQ=DAILY;BYHOUR=24": "BYHOUR: 24 is out of range; give whole numbers from 0 to 23",
    "FREQ=DAILY;BYHOUR=-1": "BYHOUR: '-1' is not understood; give whole numbers from 0 to 23",
    "FREQ=DAILY;BYMINUTE=60": "BYMINUTE: 60 is out of range; give whole numbers from 0 to 59",
    "FREQ=DAILY;BYSECOND=61": "BYSECOND: 61 is out of range; give whole numbers from 0 to 60",
    "FREQ=DAILY;BYMONTH=13": "BYMONTH: 13 is out of range; give whole numbers from 1 to 12",
    "FREQ=DAILY;BYMONTH=5L": "BYMONTH: '5L' is not understood; give whole numbers from 1 to 12",
    "FREQ=MONTHLY;BYMONTHDAY=0": "BYMONTHDAY: 0 is out of range; give whole numbers from 1 to 31, or -31 to -1",
    "FREQ=MONTHLY;BYMONTHDAY=1,,2": "BYMONTHDAY: '' is not understood; give whole numbers from 1 to 31, or -31 to -1",
    "FREQ=WEEKLY;BYMONTHDAY=1": "BYMONTHDAY: cannot stand with FREQ=WEEKLY; leave it out or choose another FREQ",
    "FREQ=YEARLY;BYYEARDAY=-367": "BYYEARDAY: -367 is out of range; give whole numbers from 1 to 366, or -366 to -1",
    "FREQ=DAILY;BYYEARDAY=1": "BYYEARDAY: cannot stand with FREQ=DAILY; leave it out or choose another FREQ",
    "FREQ=WEEKLY;BYYEARDAY=1": "BYYEARDAY: cannot stand with FREQ=WEEKLY; leave it out or choose another FREQ",
    "FREQ=MONTHLY;BYYEARDAY=1": "BYYEARDAY: cannot stand with FREQ=MONTHLY; leave it out or choose another FREQ",
    "FREQ=YEARLY;BYWEEKNO=54": "BYWEEKNO: 54 is out of range; give whole numbers from 1 to 53, or -53 to -1",
    "FREQ=MONTHLY;BYWEEKNO=1": "BYWEEKNO: cannot stand with FREQ=MONTHLY; leave it out or choose another FREQ",
    "FREQ=SECONDLY;BYWEEKNO=1": "BYWEEKNO: cannot stand with FREQ=SECONDLY; leave it out or choose another FREQ",
    "FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO": "BYDAY: takes no numbers beside BYWEEKNO; write weekdays alone, such as MO",
    "FREQ=WEEKLY;BYDAY=1MO": "BYDAY: 1MO needs FREQ=MONTHLY or YEARLY; write MO without a number",
    "FREQ=DAILY;BYDAY=-1FR": "BYDAY: -1FR needs FREQ=MONTHLY or YEARLY; write FR without a number",
    "FREQ=YEARLY;BYDAY=54MO": "BYDAY: 54 is out of range; give 1 to 53 or -53 to -1 before a weekday, or none",
    "FREQ=MONTHLY;BYDAY=0MO": "BYDAY: '0MO' is not understood; write weekdays such as MO, 2TU or -1FR",
    "FREQ=WEEKLY;BYDAY=MONDAY": "BYDAY: 'MONDAY' is not understood; write weekdays such as MO, 2TU or -1FR",
    "FREQ=WEEKLY;BYSETPOS=1": "BYSETPOS: needs another BY part to choose from; add one, such as BYDAY, or leave it out",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0": "BYSETPOS: 0 is out of range; give whole numbers from 1 to 366, or -366 to -1",
    "FREQ=WEEKLY;WKST=2": "WKST: '2' is not a weekday; use one of MO, TU, WE, TH, FR, SA, SU",
    "FREQ=YEARLY;RSCALE=CHINESE": "RSCALE: 'CHINESE' is not supported; only GREGORIAN is",
    "FREQ=MONTHLY;SKIP=FORWARD": "SKIP: needs RSCALE; add RSCALE=GREGORIAN",
    "FREQ=MONTHLY;RSCALE=GREGORIAN;SKIP=UP": "SKIP: 'UP' is unknown; use OMIT, BACKWARD or FORWARD",
}


@pytest.mark.parametrize(("text", "message"), ERRORS.items(), ids=ERRORS.keys())
def test_what_is_wrong_is_said_with_its_mend(text, message):
    with pytest.raises(RuleError) as caught:
        parse_rule(text)
    assert str(caught.value) == message
    assert caught.value.part == message.partition(":")[0]


def test_a_long_value_is_cut_in_the_message():
    with pytest.raises(RuleError) as caught:
        parse_rule("FREQ=" + "X" * 10_000)
    assert len(str(caught.value)) < 150


def test_rules_that_say_the_same_are_equal():
    made = Rule(Frequency.WEEKLY, by_day=(WeekdayNum(0, 2), WeekdayNum(0, 0), WeekdayNum(0, 2)), by_hour=(17, 9, 17))
    assert made == parse_rule("FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=9,17")
    assert print_rule(made) == "FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=9,17"


def test_a_rule_made_by_hand_is_checked_too():
    with pytest.raises(RuleError, match="BYHOUR: 25 is out of range"):
        Rule(Frequency.DAILY, by_hour=(25,))
    with pytest.raises(RuleError, match="BYDAY: 0 is out of range"):
        Rule(Frequency.WEEKLY, by_day=(WeekdayNum(0, 7),))


@pytest.mark.parametrize(
    ("text", "for_a_date"),
    [
        ("FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO"),
        ("FREQ=DAILY;BYHOUR=9,12;BYMINUTE=30;BYSECOND=1", "FREQ=DAILY"),
        ("FREQ=DAILY;BYHOUR=9,12;BYSETPOS=2", "FREQ=DAILY"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYHOUR=9;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1"),
    ],
)
def test_parts_of_time_are_ignored_for_a_date(text, for_a_date):
    assert print_rule(for_dates(parse_rule(text))) == for_a_date


@pytest.mark.parametrize("frequency", ["HOURLY", "MINUTELY", "SECONDLY"])
def test_a_date_cannot_recur_by_the_hour(frequency):
    with pytest.raises(RuleError, match=f"FREQ: {frequency} needs a start with a time; for a date use DAILY"):
        for_dates(parse_rule(f"FREQ={frequency}"))
