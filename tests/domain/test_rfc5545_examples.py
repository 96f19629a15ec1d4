"""Every example of RFC 5545 section 3.8.5.3 (and those of RFC 7529 for the Gregorian calendar), with its dates.

DTSTART and the dates are New York's wall time; UNTIL is in UTC, as in the RFC. A list that ends with ``...`` goes on.
"""

import datetime as dt
import re
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from aurora_time.domain.recurrence import END, occurrences, parse_rule

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
NEW_YORK = ZoneInfo("America/New_York")

EXAMPLES = {
    "daily for 10 occurrences": ("19970902T090000", "FREQ=DAILY;COUNT=10", "1997 Sep 2-11"),
    "daily until December 24, 1997": (
        "19970902T090000",
        "FREQ=DAILY;UNTIL=19971224T000000Z",
        "1997 Sep 2-30 Oct 1-31 Nov 1-30 Dec 1-23",
    ),
    "every other day, forever": (
        "19970902T090000",
        "FREQ=DAILY;INTERVAL=2",
        "1997 Sep 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 Oct 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 Nov 1 3 ...",
    ),
    "every 10 days, 5 occurrences": (
        "19970902T090000",
        "FREQ=DAILY;INTERVAL=10;COUNT=5",
        "1997 Sep 2 12 22 Oct 2 12",
    ),
    "every day in January, for 3 years (yearly)": (
        "19980101T090000",
        "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "1998 Jan 1-31 1999 Jan 1-31 2000 Jan 1-31",
    ),
    "every day in January, for 3 years (daily)": (
        "19980101T090000",
        "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1",
        "1998 Jan 1-31 1999 Jan 1-31 2000 Jan 1-31",
    ),
    "weekly for 10 occurrences": (
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=10",
        "1997 Sep 2 9 16 23 30 Oct 7 14 21 28 Nov 4",
    ),
    "weekly until December 24, 1997": (
        "19970902T090000",
        "FREQ=WEEKLY;UNTIL=19971224T000000Z",
        "1997 Sep 2 9 16 23 30 Oct 7 14 21 28 Nov 4 11 18 25 Dec 2 9 16 23",
    ),
    "every other week, forever": (
        "19970902T090000",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "1997 Sep 2 16 30 Oct 14 28 Nov 11 25 Dec 9 23 1998 Jan 6 20 Feb 3 17 ...",
    ),
    "weekly on Tuesday and Thursday for five weeks (until)": (
        "19970902T090000",
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        "1997 Sep 2 4 9 11 16 18 23 25 30 Oct 2",
    ),
    "weekly on Tuesday and Thursday for five weeks (count)": (
        "19970902T090000",
        "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
        "1997 Sep 2 4 9 11 16 18 23 25 30 Oct 2",
    ),
    "every other week on Monday, Wednesday and Friday until December 24, 1997": (
        "19970901T090000",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        "1997 Sep 1 3 5 15 17 19 29 Oct 1 3 13 15 17 27 29 31 Nov 10 12 14 24 26 28 Dec 8 10 12 22",
    ),
    "every other week on Tuesday and Thursday, for 8 occurrences": (
        "19970902T090000",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "1997 Sep 2 4 16 18 30 Oct 2 14 16",
    ),
    "monthly on the first Friday for 10 occurrences": (
        "19970905T090000",
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "1997 Sep 5 Oct 3 Nov 7 Dec 5 1998 Jan 2 Feb 6 Mar 6 Apr 3 May 1 Jun 5",
    ),
    "monthly on the first Friday until December 24, 1997": (
        "19970905T090000",
        "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR",
        "1997 Sep 5 Oct 3 Nov 7 Dec 5",
    ),
    "every other month on the first and last Sunday for 10 occurrences": (
        "19970907T090000",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "1997 Sep 7 28 Nov 2 30 1998 Jan 4 25 Mar 1 29 May 3 31",
    ),
    "monthly on the second-to-last Monday for 6 months": (
        "19970922T090000",
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        "1997 Sep 22 Oct 20 Nov 17 Dec 22 1998 Jan 19 Feb 16",
    ),
    "monthly on the third-to-the-last day, forever": (
        "19970928T090000",
        "FREQ=MONTHLY;BYMONTHDAY=-3",
        "1997 Sep 28 Oct 29 Nov 28 Dec 29 1998 Jan 29 Feb 26 ...",
    ),
    "monthly on the 2nd and 15th for 10 occurrences": (
        "19970902T090000",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        "1997 Sep 2 15 Oct 2 15 Nov 2 15 Dec 2 15 1998 Jan 2 15",
    ),
    "monthly on the first and last day for 10 occurrences": (
        "19970930T090000",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "1997 Sep 30 Oct 1 31 Nov 1 30 Dec 1 31 1998 Jan 1 31 Feb 1",
    ),
    "every 18 months on the 10th thru 15th for 10 occurrences": (
        "19970910T090000",
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "1997 Sep 10-15 1999 Mar 10-13",
    ),
    "every Tuesday, every other month": (
        "19970902T090000",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        "1997 Sep 2 9 16 23 30 Nov 4 11 18 25 1998 Jan 6 13 20 27 Mar 3 10 17 24 31 ...",
    ),
    "yearly in June and July for 10 occurrences": (
        "19970610T090000",
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "1997 Jun 10 Jul 10 1998 Jun 10 Jul 10 1999 Jun 10 Jul 10 2000 Jun 10 Jul 10 2001 Jun 10 Jul 10",
    ),
    "every other year in January, February and March for 10 occurrences": (
        "19970310T090000",
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "1997 Mar 10 1999 Jan 10 Feb 10 Mar 10 2001 Jan 10 Feb 10 Mar 10 2003 Jan 10 Feb 10 Mar 10",
    ),
    "every third year on the 1st, 100th and 200th day for 10 occurrences": (
        "19970101T090000",
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "1997 Jan 1 Apr 10 Jul 19 2000 Jan 1 Apr 9 Jul 18 2003 Jan 1 Apr 10 Jul 19 2006 Jan 1",
    ),
    "every 20th Monday of the year, forever": (
        "19970519T090000",
        "FREQ=YEARLY;BYDAY=20MO",
        "1997 May 19 1998 May 18 1999 May 17 ...",
    ),
    "Monday of week number 20, forever": (
        "19970512T090000",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "1997 May 12 1998 May 11 1999 May 17 ...",
    ),
    "every Thursday in March, forever": (
        "19970313T090000",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        "1997 Mar 13 20 27 1998 Mar 5 12 19 26 1999 Mar 4 11 18 25 ...",
    ),
    "every Thursday, but only during June, July and August, forever": (
        "19970605T090000",
        "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
        (
            "1997 Jun 5 12 19 26 Jul 3 10 17 24 31 Aug 7 14 21 28 1998 Jun 4 11 18 25 Jul 2 9 16 23 30 "
            "Aug 6 13 20 27 1999 Jun 3 10 17 24 Jul 1 8 15 22 29 Aug 5 12 19 26 ..."
        ),
    ),
    # The RFC takes DTSTART, which the rule does not name, away by an EXDATE: so it is an occurrence before that.
    "every Friday the 13th, forever (before its EXDATE)": (
        "19970902T090000",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "1997 Sep 2 1998 Feb 13 Mar 13 Nov 13 1999 Aug 13 2000 Oct 13 ...",
    ),
    "the first Saturday that follows the first Sunday of the month, forever": (
        "19970913T090000",
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "1997 Sep 13 Oct 11 Nov 8 Dec 13 1998 Jan 10 Feb 7 Mar 7 Apr 11 May 9 Jun 13 ...",
    ),
    "every 4 years, the first Tuesday after a Monday in November (US Presidential Election day)": (
        "19961105T090000",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "1996 Nov 5 2000 Nov 7 2004 Nov 2 ...",
    ),
    "the third Tuesday, Wednesday or Thursday of the month, for 3 months": (
        "19970904T090000",
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "1997 Sep 4 Oct 7 Nov 6",
    ),
    "the second-to-last weekday of the month": (
        "19970929T090000",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "1997 Sep 29 Oct 30 Nov 27 Dec 30 1998 Jan 29 Feb 26 Mar 30 ...",
    ),
    # The RFC prints UNTIL=19970902T170000Z, which is 13:00 in New York; its errata mend it.
    "every 3 hours from 9:00 AM to 5:00 PM on a specific day (mended)": (
        "19970902T090000",
        "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z",
        "1997 Sep 2 09:00 12:00 15:00",
    ),
    "every 3 hours from 9:00 AM to 5:00 PM on a specific day (as printed)": (
        "19970902T090000",
        "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z",
        "1997 Sep 2 09:00 12:00",
    ),
    "every 15 minutes for 6 occurrences": (
        "19970902T090000",
        "FREQ=MINUTELY;INTERVAL=15;COUNT=6",
        "1997 Sep 2 09:00 09:15 09:30 09:45 10:00 10:15",
    ),
    "every hour and a half for 4 occurrences": (
        "19970902T090000",
        "FREQ=MINUTELY;INTERVAL=90;COUNT=4",
        "1997 Sep 2 09:00 10:30 12:00 13:30",
    ),
    "every 20 minutes from 9:00 AM to 4:40 PM every day (daily)": (
        "19970902T090000",
        "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40",
        (
            "1997 Sep 2 09:00 09:20 09:40 10:00 10:20 10:40 11:00 11:20 11:40 12:00 12:20 12:40 13:00 13:20 13:40 "
            "14:00 14:20 14:40 15:00 15:20 15:40 16:00 16:20 16:40 3 09:00 09:20 09:40 ..."
        ),
    ),
    "every 20 minutes from 9:00 AM to 4:40 PM every day (minutely)": (
        "19970902T090000",
        "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
        (
            "1997 Sep 2 09:00 09:20 09:40 10:00 10:20 10:40 11:00 11:20 11:40 12:00 12:20 12:40 13:00 13:20 13:40 "
            "14:00 14:20 14:40 15:00 15:20 15:40 16:00 16:20 16:40 3 09:00 09:20 09:40 ..."
        ),
    ),
    "the days generated change with WKST (Monday)": (
        "19970805T090000",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
        "1997 Aug 5 10 19 24",
    ),
    "the days generated change with WKST (Sunday)": (
        "19970805T090000",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
        "1997 Aug 5 17 19 31",
    ),
    "an invalid date (February 30) is ignored": (
        "20070115T090000",
        "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
        "2007 Jan 15 30 Feb 15 Mar 15 30",
    ),
    "3.3.10: 8:30 and 9:30 on every Sunday in January of every other year": (
        "19970105T083000",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=SU;BYHOUR=8,9;BYMINUTE=30",
        "1997 Jan 5 08:30 09:30 12 08:30 09:30 19 08:30 09:30 26 08:30 09:30 1999 Jan 3 08:30 09:30 ...",
    ),
    "3.3.10: the last work day of the month": (
        "19970829T090000",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "1997 Aug 29 Sep 30 Oct 31 Nov 28 Dec 31 1998 Jan 30 ...",
    ),
    "RFC 7529: the 31st or the last day of the month": (
        "20140131T000000",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD;COUNT=4",
        "2014 Jan 31 Feb 28 Mar 31 Apr 30",
    ),
    "RFC 7529: a birthday on a leap day": (
        "20120229T000000",
        "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD",
        "2012 Feb 29 2013 Mar 1 2014 Mar 1 2015 Mar 1 2016 Feb 29 ...",
    ),
}


def walls_of(text: str, start: dt.datetime) -> list[int]:
    """The walls of ``1997 Sep 2 9-11 Oct 3 09:00 12:00``, at the start's time of day where none is given."""
    year, month, walls = 0, 0, []
    tokens = r"(?P<year>\d{4})|(?P<month>[A-Z]\w\w)|(?P<day>\d+)(-(?P<last>\d+))?(?P<times>( \d\d:\d\d)*)"
    for token in re.finditer(tokens, text):
        if token["year"]:
            year = int(token["year"])
        elif token["month"]:
            month = MONTHS.index(token["month"]) + 1
        else:
            days = range(int(token["day"]), int(token["last"] or token["day"]) + 1)
            times = [dt.time.fromisoformat(time) for time in token["times"].split()] or [start.time()]
            walls += [dt.datetime.combine(dt.date(year, month, day), time) for day in days for time in times]
    return [seconds(wall) for wall in walls]


def seconds(wall: dt.datetime) -> int:
    return int(wall.replace(tzinfo=dt.UTC).timestamp())


@pytest.mark.parametrize(("start", "text", "dates"), EXAMPLES.values(), ids=EXAMPLES.keys())
def test_example_of_the_rfc(start, text, dates):
    begin = dt.datetime.strptime(start + "Z", "%Y%m%dT%H%M%S%z")
    rule = parse_rule(text)
    until = None
    if rule.until is not None:
        until = seconds(dt.datetime.fromtimestamp(rule.until.wall, NEW_YORK))
    expected = walls_of(dates, begin)
    found = occurrences(rule, seconds(begin), seconds(begin), END, until)
    assert list(islice(found, len(expected))) == expected
    if not dates.endswith("..."):
        assert list(found) == []


def test_the_examples_are_all_there():
    assert len([name for name in EXAMPLES if not name.startswith(("3.3.10", "RFC 7529"))]) >= 40
