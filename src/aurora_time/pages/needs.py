"""What the pages for strangers touch of the table: some is what endpoints of the API do, who are on the same floor."""

from __future__ import annotations

from typing import Final

_LOG: Final = ("head: get put", "log: put")
SEE_SLOTS: Final = (
    "slug: get",
    "person: get",
    "schedule: get",
    "calendar: query",
    "time: query",
    "object: get",
    "booking: query",
)
SEE_TIME: Final = (*SEE_SLOTS, "booking: get", "bookinglink: get")
"""Whoever has just booked comes back to the time, and is led to the booking."""
BOOK: Final = (
    *SEE_SLOTS,
    *_LOG,
    "strangers: get put",
    "object: put",
    "uid: put",
    "time: put",
    "armed: put",
    "due: put",
    "ledger: put",
    "booking: get put",
    "bookingplace: put",
    "bookinglink: get put",
    "job: put",
)
CANCEL: Final = (
    *_LOG,
    "person: get",
    "schedule: get",
    "bookinglink: get delete",
    "bookingplace: delete",
    "booking: get delete",
    "object: get delete",
    "uid: delete",
    "href: delete",
    "time: delete",
    "armed: get delete",
    "due: put delete",
    "job: put",
)
LINK: Final = (
    *_LOG,
    "linksecret: get put",
    "person: get put",
    "agenda: get put delete",
    "calendar: get query",
    "object: get",
    "armed: get put delete",
    "ledger: get put delete",
    "standing: get put",
    "due: put delete",
    "job: get put",
)
"""Snoozing, being done with it, turning mails or a rule off: all by one address."""
