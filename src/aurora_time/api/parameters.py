"""Query parameters that several endpoints share."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta
from msgspec.structs import replace

from aurora_time.domain.moment import DAY, MomentError, Window, Zone, parse_date, parse_instant
from aurora_time.http.merge_patch import convert
from aurora_time.http.paging import DEFAULT_LIMIT, MAX_LIMIT
from aurora_time.operations.drafts import EARLIEST, LATEST, OUT_OF_YEARS
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.representation import EventInput

When = Annotated[str, Meta(max_length=40, description="An instant (RFC 3339 with an offset) or a date in your zone.")]
Limit = Annotated[int, Meta(ge=1, le=MAX_LIMIT, description=f"At most so many; {DEFAULT_LIMIT} unless told.")]
Cursor = Annotated[str, Meta(max_length=500, description="`nextCursor` of the page before.")]
_LONGEST = 366 * 50 * DAY


def read_instant(text: str, name: str, home: Zone) -> int:
    """An instant, or the midnight in ``home`` with which a date begins. Raises InvalidError."""
    try:
        instant = parse_instant(text) if len(text) > 10 else home.instant(parse_date(text))
    except MomentError as error:
        raise InvalidError(f"?{name}", f"{error}.") from None
    if not EARLIEST <= instant < LATEST:
        raise InvalidError(f"?{name}", OUT_OF_YEARS)
    return instant


def read_window(start: str | None, end: str | None, home: Zone) -> Window | None:
    """The half-open window of ``from`` and ``to``; None without both. Raises InvalidError."""
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise InvalidError("?to" if end is None else "?from", "Give `from` and `to` together.")
    first, last = read_instant(start, "from", home), read_instant(end, "to", home)
    if last < first:
        raise InvalidError("?to", "`to` is exclusive and must not lie before `from`.")
    if last - first > _LONGEST:
        raise InvalidError("?to", "A window has at most 50 years. Ask for several.")
    return Window(first, last)


def whole_times(patch: dict[str, Any], *names: str) -> dict[str, Any]:
    """A merge patch where the times of these names say which of their fields go: from a date to a time, and back."""
    gone = {"date": {"dateTime": None, "timeZone": None}, "dateTime": {"date": None}}
    result = dict(patch)
    for name in names:
        value = patch.get(name)
        if isinstance(value, dict):
            clears = next((gone[kind] for kind in gone if value.get(kind) is not None), {})
            result[name] = {**clears, **value}
    return result


def patched(wanted: dict[str, Any], patch: dict[str, Any]) -> EventInput:
    """What an event is to become by a patch; one that moves the start and says nothing of the end takes it along."""
    body = convert(wanted, EventInput)
    return replace(body, end=UNSET) if "start" in patch and "end" not in patch else body
