"""English as people type it into a calendar: its words of time and its phrases."""

from __future__ import annotations

from typing import Final

from aurora_time.domain.quick_add_words import Part, Phrase, Words, split

_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "a couple of": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty-five": 45, "forty five": 45, "sixty": 60, "ninety": 90, "half a": 0.5, "half an": 0.5, "half": 0.5,
}  # fmt: skip
_WEEKDAYS: Final = {
    "monday": 0, "mon": 0, "tuesday": 1, "tues": 1, "tue": 1, "wednesday": 2, "weds": 2, "wed": 2, "thursday": 3,
    "thurs": 3, "thur": 3, "thu": 3, "friday": 4, "fri": 4, "saturday": 5, "sat": 5, "sunday": 6, "sun": 6,
}  # fmt: skip
_MONTHS: Final = {
    "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "mar": 3, "april": 4, "apr": 4, "may": 5, "june": 6,
    "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "october": 10,
    "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
}  # fmt: skip
_UNITS: Final = {
    "minutes": "minute", "minute": "minute", "mins": "minute", "min": "minute", "hours": "hour", "hour": "hour",
    "hrs": "hour", "hr": "hour", "h": "hour", "days": "day", "day": "day", "weeks": "week", "week": "week",
    "wks": "week", "months": "month", "month": "month", "years": "year", "year": "year", "fortnight": "fortnight",
    "quarters": "quarter", "quarter": "quarter",
}  # fmt: skip
_PARTS: Final = {
    "morning": Part(9, 0, 11), "afternoon": Part(14, 12, 18), "evening": Part(19, 16, 23), "night": Part(20, 18, 28),
    "tonight": Part(20, 17, 24),
}  # fmt: skip
_DAYS: Final = {
    "today": 0, "tonight": 0, "tomorrow": 1, "tomorow": 1, "tmrw": 1, "tmr": 1, "day after tomorrow": 2,
    "the day after tomorrow": 2, "yesterday": -1,
}  # fmt: skip
_VAGUE: Final = {
    "this weekend": "weekend 0", "the weekend": "weekend 0", "weekend": "weekend 0", "next weekend": "weekend 1",
    "next week": "week 1", "next month": "month 1", "next year": "year 1", "end of the month": "month-end 0",
    "end of month": "month-end 0", "end of this month": "month-end 0", "end of next month": "month-end 1",
    "month end": "month-end 0", "end of the year": "year-end 0", "end of year": "year-end 0",
    "end of the week": "week-end 0", "end of week": "week-end 0", "end of next week": "week-end 1",
}  # fmt: skip
_ORDINALS: Final = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1,
}  # fmt: skip
_FEASTS: Final = {
    "christmas": "12-25", "christmas day": "12-25", "christmas eve": "12-24", "xmas": "12-25", "xmas day": "12-25",
    "xmas eve": "12-24", "new year's eve": "12-31", "new years eve": "12-31", "new year's day": "1-1",
    "new years day": "1-1",
}  # fmt: skip
_MEALS: Final = {
    "breakfast": "morning", "get up": "morning", "wake up": "morning",
    "dinner": "evening", "supper": "evening", "drinks": "evening", "party": "evening",
    "concert": "evening", "movie": "evening", "pub": "evening",
}  # fmt: skip
_ZONES: Final = {
    "utc": "UTC", "gmt": "UTC", "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York",
    "cst": "America/Chicago", "cdt": "America/Chicago", "ct": "America/Chicago", "mst": "America/Denver",
    "mdt": "America/Denver", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles",
    "cet": "Europe/Berlin", "cest": "Europe/Berlin", "bst": "Europe/London", "ist": "Asia/Kolkata",
    "jst": "Asia/Tokyo", "ict": "Asia/Ho_Chi_Minh", "new york": "America/New_York", "nyc": "America/New_York",
    "los angeles": "America/Los_Angeles", "san francisco": "America/Los_Angeles", "chicago": "America/Chicago",
    "toronto": "America/Toronto", "london": "Europe/London", "paris": "Europe/Paris", "berlin": "Europe/Berlin",
    "dubai": "Asia/Dubai", "delhi": "Asia/Kolkata", "bangkok": "Asia/Bangkok", "singapore": "Asia/Singapore",
    "hanoi": "Asia/Ho_Chi_Minh", "saigon": "Asia/Ho_Chi_Minh", "vietnam": "Asia/Ho_Chi_Minh",
    "hong kong": "Asia/Hong_Kong", "shanghai": "Asia/Shanghai", "seoul": "Asia/Seoul", "tokyo": "Asia/Tokyo",
    "sydney": "Australia/Sydney",
}  # fmt: skip
_LEADS: Final = {
    "on": "", "at": "", "around": "", "this": "", "@": "", "for": "", "from": "from", "starting": "from",
    "starting on": "from", "starting from": "from", "starting at": "from", "beginning": "from", "since": "from",
    "by": "due", "due": "due", "due on": "due", "due by": "due", "before": "due", "no later than": "due",
    "deadline": "due", "until": "until", "till": "until", "through": "until", "thru": "until", "up to": "until",
    "until the": "until", "by the": "due", "before the": "due", "at the": "", "on the": "", "to": "to", "-": "to",
    "every": "every", "each": "every", "in the": "", "by end of": "due", "by the end of": "due",
    "by end of day": "due", "by end of day on": "due", "by eod": "due", "by eod on": "due",
}  # fmt: skip
_SIGNS: Final = split(
    "with at on the for to and every by from until tomorrow today tonight next remind call buy "
    "meeting lunch dinner meet of my in me monday tuesday wednesday thursday friday saturday sunday "
    "book pay send weekly daily monthly review mon tue wed thu fri sat sun appointment dentist doctor "
    "gym breakfast before week month day due noon midnight january february march april june july august september "
    "october november december jan feb apr jun jul aug sept sep oct nov dec"
)

_HOUR: Final = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_MERIDIEM: Final = r"(?:a\.?m\.?|p\.?m\.?)"
_BARE: Final = rf"(?:{_HOUR}(?![\w/:%°]|[.,]\d| ?-| ?{{month}}\b| {{unit}}\b))"
_EACH: Final = ("every", "each")
_FEAST_LEADS: Final = (
    *("on", "at", "by", "due", "before", "until", "till", "through", "thru", "up to", "from", "this"),
)
_ABOUT_EACH: Final = "".join(rf"(?<!\b{word} {each} )" for word in split("about for of with than") for each in _EACH)
_ENDS_BEFORE_FEAST: Final = (
    *(r"\d to", "day to", "mas to", "eve to", r"\d -", "day -", "mas -", "eve -", r"\dam", r"\dpm", r"\d:\d\d"),
)
_BEFORE_FEAST: Final = "|".join(
    [rf"(?<=\b{lead} )" for lead in _FEAST_LEADS]
    + [rf"(?<=\b{each} ){_ABOUT_EACH}" for each in _EACH]
    + [f"(?<={end} )" for end in _ENDS_BEFORE_FEAST]
)
"""In other places a feast is what a thing is about: Christmas party, countdown to Christmas."""
_DOTTED: Final = r"(?:(?<=\d\.\d{4} )|(?<=\d\.\d\. )|(?<=\d\.\d\d\. ))"
_DOTS: Final = r"(?:[01]?\d|2[0-3])\.[0-5]\d"
"""Who writes dates with dots, 12.12.2026, writes 15.00 so too."""
_NTH: Final = r"(?:st|nd|rd|th)"
_AMOUNT: Final = r"(?:\d{1,3}(?:\.\d{1,2})?[ -]?|{number}[ -])"
_NOT_A_CLOCK: Final = rf"(?! ?{_MERIDIEM}|:\d)"
_GOES_ON: Final = "with at in on for from by and every each until till about re remind via starting"
_LATE: Final = r"(?:1[3-9]|2[0-3])h"
_TAKES_HOURS: Final = "".join(
    rf"(?<!\b{word} )"
    for word in split("sleep sleeping drive driving work working overtime flight fast fasting course")
)
_THEN: Final = (
    rf"(?=$|[,;.!?)]| ?-[ \d]| to \d| (?:@|(?:{_GOES_ON.replace(' ', '|')}"
    rf"|(?:(?:this|next|coming) )?{{weekday}}|{{offset}}|(?!this (?:week|month)){{vague}}|{{zone}}"
    rf"|{{month}} \d{{1,2}}|\d{{1,2}}{_NTH}?(?:/\d+| {{month}}))(?!\w)))"
)
"""15h is a clock or how long: a clock only where the sentence ends, or goes on as it does after a time."""
_EVERY: Final = f"(?:{'|'.join(_EACH)})"
_LIST: Final = r"{weekday}(?:(?:,? and |, ?| & |/| ){weekday}){0,6}"
_TWO: Final = r"{weekday}(?:,? and |, | & ){weekday}"
_NO_LEAD: Final = "".join(
    rf"(?<!\b{lead} )" for lead in ("by", "before", "until", "till", "due", "from", "to", "for", "than", "and")
)
_PLURAL: Final = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days"
_OFF: Final = rf"(?:{{weekday}}|{_PLURAL})"
_DAYS_OFF: Final = rf"(?:(?P<weekend>(?:the )?weekends?)|(?P<list>{_OFF}(?:(?:,? and |, ?| & ){_OFF}){{0,5}}))"
_ASK: Final = r"(?:remind(?: me)?|(?:an? )?reminder|alert(?: me)?|notify me|ping me)"
_WHEN: Final = rf"(?P<clock>{{clock}}|{_BARE})"

_DAY: Final = (
    Phrase("offset", r"(?P<offset>{offset})"),
    Phrase("weekday", r"(?:(?P<near>this coming|this|coming) |(?P<week>next) )?(?P<weekday>{weekday})"),
    Phrase("weekday", r"(?P<weekday>{weekday}) (?:(?P<near>this)|(?P<week>next)) week"),
    Phrase("weekday", r"(?:(?P<near>this)|(?P<week>next)) week,?(?: on)? (?P<weekday>{weekday})"),
    Phrase("within", r"in (?P<n>\d{1,3}|{number}) (?P<unit>days?|weeks?|months?|years?|fortnight)(?:'s?)?(?: time)?"),
    Phrase("within", r"(?P<n>\d{1,3}|{number}) (?P<unit>days?|weeks?|months?|years?) from (?:now|today)"),
    Phrase(
        "date",
        rf"(?P<month>{{month}})\.? (?P<d>\d{{1,2}}){_NTH}?(?: ?- ?(?P<d2>\d{{1,2}}){_NTH}?)?{_NOT_A_CLOCK}"
        r"(?:,? (?P<y>\d{4}))?",
    ),
    Phrase(
        "date",
        rf"(?:the )?(?P<d>\d{{1,2}}){_NTH}?(?: ?(?:-|to|and) ?(?P<d2>\d{{1,2}}){_NTH}?)? (?:of )?"
        r"(?P<month>{month})\b\.?"
        r"(?:,? (?P<y>\d{4}))?",
    ),
    Phrase("slash", r"(?!24/7)(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<y>\d{4}|\d{2}))?"),
    Phrase("iso", r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    Phrase("iso", r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})?"),
    Phrase("month_day", rf"(?:the )?(?P<d>\d{{1,2}}){_NTH}(?: of (?:(?P<which>next)|the|this) month)?"),
    Phrase("vague", r"(?P<vague>{vague})"),
)
_CLOCK: Final = (
    Phrase("named", r"(?P<noon>noon|midday)|midnight"),
    Phrase(
        "past",
        rf"(?P<minutes>half|(?:a )?quarter|five|ten|twenty|\d{{1,2}}(?= min| past))(?: minutes| mins?)? "
        rf"(?P<way>past|to) (?P<h>{_HOUR})(?: ?(?P<meridiem>{_MERIDIEM}))?",
    ),
    Phrase("hour", rf"(?P<h>\d{{1,2}})[:h](?P<m>\d{{2}})(?: ?(?P<meridiem>{_MERIDIEM}))?"),
    Phrase("hour", rf"(?P<h>\d{{1,2}})\.(?P<m>\d{{2}}) ?(?P<meridiem>{_MERIDIEM})"),
    Phrase("hour", rf"(?P<h>\d{{1,2}}|(?!an? ){_HOUR}(?= )) ?(?P<meridiem>{_MERIDIEM})"),
    Phrase("hour", rf"(?P<h>{_HOUR}) o'? ?clock"),
    Phrase("hour", rf"(?={_LATE})(?:{_TAKES_HOURS}|(?=\d\dh(?: ?-| to) ?\d))(?P<h>\d\d)h{_THEN}"),
    Phrase("hour", rf"(?:(?<=\bat )|(?<=@ )|(?<=h to )|(?<=h-)|(?<=h - ))(?={_LATE})(?P<h>\d\d)h"),
)
_LENGTH: Final = (
    Phrase(
        "length",
        rf"{_AMOUNT}{{unit}}(?:,? (?:and )?(?:{_AMOUNT}{{unit}}|a half))?|{{number}} and a half {{unit}}"
        r"|\d{1,2} ?h ?\d{2}",
    ),
)

ENGLISH: Final = Words(
    name="en",
    numbers=_NUMBERS,
    weekdays=_WEEKDAYS,
    months=_MONTHS,
    units=_UNITS,
    parts=_PARTS,
    days=_DAYS,
    vague=_VAGUE,
    ordinals=_ORDINALS,
    feasts=_FEASTS,
    meals=_MEALS,
    zones=_ZONES,
    leads=_LEADS,
    signs=_SIGNS,
    stops=split("with for about re because and to via"),
    closers=split(f"{_GOES_ON} to @"),
    day=_DAY,
    clock=_CLOCK,
    length=_LENGTH,
    loose=r"weekend|[a-z]{3,4}(?<!tmr)(?<!tmrw)|\d{1,2}/\d{1,2}|(?:the )?\d{1,2}(?:st|nd|rd|th)",
    place=r"(?<!look )(?<!looking )(?<!laugh )(?:(?<!\w)(?:at|(?P<careful>in|on)) |@ ?)",
    not_places=split(
        "all least once last first risk person english vietnamese french german spanish chinese japanese "
        "general charge detail"
    ),
    phrases=(
        Phrase("task", r"^(?:todo|to-do|task ?(?=[:-])|to do ?(?=:)) ?[:-]?", alone=True),
        Phrase("must", r"^(?:i )?(?:need to|have to|must|remember to|don't forget to|got to)", alone=True),
        Phrase("event", r"^event ?:", alone=True),
        Phrase("command", r"^(?:please )?remind me(?: to| about| of| that)?", alone=True),
        Phrase(
            "remind_before",
            rf"(?:and |with )?{_ASK} (?P<length>{{length}}) (?:before(?:hand)?|early|earlier|ahead|in advance|prior)"
            rf"(?:,? at {_WHEN})?",
        ),
        Phrase("remind_before", r"(?:with )?(?:an? )?(?P<length>{length}) (?:reminder|alert)", alone=True),
        Phrase("remind_before", rf"(?:and )?{_ASK} the (?:day|evening|night) before(?: at {_WHEN})?"),
        Phrase("ahead", r"(?P<length>{length}) (?:before(?:hand)?|early|ahead|in advance)", alone=True),
        Phrase("remind_at", rf"(?:and )?{_ASK}(?: on the day)? at {_WHEN}(?: on the day)?"),
        Phrase("no_reminder", r"(?:no|without(?: a)?) reminders?|don't remind me"),
        Phrase("range", rf"between (?P<from>{{clock}}|{_HOUR}) ?(?:-|to|till|until|and) ?(?P<to>{{clock}}|{_BARE})"),
        Phrase("range", rf"(?:from|at) (?P<from>{{clock}}|{_HOUR}) ?(?:-|to|till|until) ?(?P<to>{{clock}}|{_BARE})"),
        Phrase("range", rf"(?P<from>{{clock}}) ?(?:-|to|till|until) ?(?P<to>{{clock}}|{_BARE})"),
        Phrase("range", rf"(?P<from>{_HOUR}) ?(?:-|to) ?(?P<to>{{clock}})"),
        Phrase("clock", r"(?P<clock>{clock})"),
        Phrase(
            "late",
            rf"(?P<clock>{_LATE})(?! (?:this (?:week|month)|long|layover|credits|flight|work|overtime|course|to)\b)",
            alone=True,
        ),
        Phrase(
            "point", rf"(?:(?<=\bat )|(?<=@ )|(?<=\btonight ))(?P<clock>{_BARE}|\d{{1,2}}(?:h|\.[0-5]\d))", alone=True
        ),
        Phrase("range", rf"{_DOTTED}(?P<from>{_DOTS}) ?(?:-|to|till|until) ?(?P<to>{_DOTS})"),
        Phrase("clock", rf"{_DOTTED}(?P<clock>{_DOTS})"),
        Phrase(
            "loose_point",
            rf"(?:(?<=\bby )|(?<=\bfrom )|(?<=\buntil )|(?<=\btill )|(?<=\bbefore ))(?P<clock>{_BARE})",
            alone=True,
        ),
        Phrase("part", r"(?:in the|at|(?P<today>this)) (?P<part>{part})", alone=True),
        Phrase("day_part", r"(?P<day>{day}) (?P<part>{part})"),
        Phrase("day", r"(?P<day>{day})"),
        Phrase("loose_feast", rf"(?:{_BEFORE_FEAST})(?P<feast>{{feast}})", alone=True),
        Phrase("moment", r"in (?:about )?(?P<length>{length})|(?P<later>{length}) from now", alone=True),
        Phrase("all_day", r"all[ -]day(?: long)?"),
        Phrase("for", r"for (?:about |around )?(?P<length>{length})"),
        Phrase("loose_length", r"(?<!once )(?<!twice )(?<!times )(?P<length>{length})", alone=True),
        Phrase("every", rf"{_EVERY} (?:(?P<other>other|second|2nd) |(?P<n>\d{{1,2}}|{{number}}) )?(?P<unit>{{unit}})"),
        Phrase("every", r"once (?:a|an|every) (?P<unit>{unit})"),
        Phrase("adverb", r"(?P<adverb>hourly|daily|weekly|biweekly|fortnightly|monthly|quarterly|yearly|annually)"),
        Phrase("workdays", rf"(?:{_EVERY}|on) weekdays?|weekdays|{_EVERY} (?:business|working|work) ?day"),
        Phrase("workdays", r"mon-fri"),
        Phrase("each", r"(?P<list>{weekday}(?:/{weekday}){1,6})"),
        Phrase("workdays", rf"{_EVERY} mon(?:day)?(?:-| to | through )fri(?:day)?"),
        Phrase(
            "except",
            rf"(?:{_EVERY} day|daily),? (?:except|excluding|but)(?: not)?(?: for)?(?: on)? {_DAYS_OFF}",
        ),
        Phrase("without", rf"(?:except|excluding|but not)(?: for)?(?: on)? {_DAYS_OFF}"),
        Phrase("weekends", rf"{_EVERY} weekend|(?:on )?weekends"),
        Phrase("each", rf"{_EVERY} (?:(?P<other>other|second|2nd) )?(?P<list>{_LIST})(?: (?P<part>{{part}}))?"),
        Phrase("loose_pair", rf"{_NO_LEAD}(?<!, )(?:on )?(?P<list>{_TWO})"),
        Phrase("listed", r"(?:on )?(?P<list>{weekday}(?:(?:,? and |, ?| & | ){weekday}){2,6})"),
        Phrase("each", rf"(?:on )?(?P<list>{_PLURAL}(?:(?:,? and |, ?| & |/){_PLURAL}){{0,6}})"),
        Phrase("every_part", rf"{_EVERY} (?P<part>{{part}})"),
        Phrase(
            "nth",
            r"(?:monthly |every month )?(?:on )?(?:the |every )?(?P<nth>{ordinal}) (?P<weekday>{weekday}|day) "
            r"(?:of the|(?:of )?(?:every|each)) month",
        ),
        Phrase("nth", r"(?:monthly|every month) on the (?P<nth>{ordinal}) (?P<weekday>{weekday}|day)"),
        Phrase(
            "nth", rf"{_EVERY} (?P<nth>first|1st|third|3rd|fourth|4th|last) (?P<weekday>{{weekday}})(?: of the month)?"
        ),
        Phrase("monthly", rf"(?:on )?(?:the )?(?P<d>\d{{1,2}}){_NTH}? of {_EVERY} month"),
        Phrase("monthly", rf"(?:monthly|every month) on the (?P<d>\d{{1,2}}){_NTH}?"),
        Phrase("monthly", rf"{_EVERY} (?P<d>\d{{1,2}}){_NTH}(?: of the month)?"),
        Phrase("times", r"(?:for )?(?P<n>\d{1,3}) times"),
        Phrase(
            "month",
            r"(?:(?P<until>until|till|up to)|(?P<through>through|thru)|(?P<due>by|before)) (?:the )?(?P<last>end of )?"
            r"(?P<month>{month})(?:,? (?P<y>\d{4}))?(?! \d)",
        ),
        Phrase("zone", r"\(?(?P<zone>{zone})(?: time)?\)?"),
    ),
)
