"""Every key of every item, on one page.

A part begins with its kind and goes on with whose it is: ``object#<personId>``. The kind is what an endpoint declares
that it needs, and on AWS what a function's role may touch (LeadingKeys), so a kind never holds two sorts of secrets.
Sorts order the items of a part; times in them have a fixed width, so that their text sorts as they do.
"""

from __future__ import annotations

import hashlib
from typing import Final

from aurora_time.ports import Key

SEPARATOR: Final = "#"
LAST: Final = "\U0010ffff"
_OFFSET: Final = 10**11
"""Added to seconds, which may be negative (before 1970), so that every number has 12 digits and sorts as text."""


def sortable(seconds: int) -> str:
    """Seconds of wall time or of the epoch as 12 digits; any year from 1 to 9999."""
    return f"{seconds + _OFFSET:012d}"


def unsortable(text: str) -> int:
    return int(text) - _OFFSET


def digest(*words: str) -> str:
    """A short name for words of any length and content; 128 bits, so two never meet."""
    return hashlib.sha256("\x00".join(words).encode()).hexdigest()[:32]


# --- people -----------------------------------------------------------------------------------------------------------
def person(person_id: str) -> Key:
    return Key(f"person#{person_id}", "profile")


def subject(issuer: str, subject_: str) -> Key:
    """Whose a token is: (issuer, subject) -> person."""
    return Key(f"subject#{digest(issuer, subject_)}", "person")


def email(address: str) -> Key:
    """Who has this verified address; an address is compared without regard to case."""
    return Key(f"email#{digest(address.casefold())}", "person")


def token(hashed: str) -> Key:
    """An API token by the SHA-256 of its secret."""
    return Key(f"token#{hashed}", "token")


def tokens(owner: str, token_id: str = "") -> Key:
    return Key(f"tokens#{owner}", token_id)


# --- calendars and what is in them ------------------------------------------------------------------------------------
def calendar(owner: str, calendar_id: str = "") -> Key:
    return Key(f"calendar#{owner}", calendar_id)


def object_(owner: str, object_id: str) -> Key:
    return Key(f"object#{owner}", object_id)


def uid(owner: str, calendar_id: str, uid_: str) -> Key:
    """A UID is there once a calendar (RFC 4791 section 4.1)."""
    return Key(f"uid#{owner}", f"{calendar_id}#{digest(uid_)}")


def href(owner: str, calendar_id: str, name: str) -> Key:
    """The last segment of a calendar object's CalDAV address."""
    return Key(f"href#{owner}", f"{calendar_id}#{digest(name)}")


def head(owner: str) -> Key:
    """The last sequence of the owner's log."""
    return Key(f"head#{owner}", "head")


def log(owner: str, sequence: int) -> Key:
    """What one write changed; sequences have no gap."""
    return Key(f"log#{owner}", f"{sequence:012d}")


# --- the time index: see store/timeindex.py for what the classes mean -------------------------------------------------
def time_single(owner: str, class_: int, wall: int, object_id: str) -> Key:
    """A single event of duration class 0, 1 or 2, by its start."""
    return Key(f"time#{owner}", f"{class_}#{sortable(wall)}#{object_id}")


def time_span(owner: str, end: int, object_id: str) -> Key:
    """A series, or an event longer than the last class, by its end."""
    return Key(f"time#{owner}", f"s#{sortable(end)}#{object_id}")


def time_yearly(owner: str, month_day: str, object_id: str) -> Key:
    """A plain yearly series by its month and day, ``0229``."""
    return Key(f"time#{owner}", f"y#{month_day}#{object_id}")


# --- reminders and jobs -----------------------------------------------------------------------------------------------
def armed(owner: str, object_id: str) -> Key:
    """What is known of an object's reminders: when it next wants attention, and through when all was handled."""
    return Key(f"armed#{owner}", object_id)


def due(shard: int, instant: int, owner: str, target: str) -> Key:
    """What wants attention when, over all people; ``target`` is ``o:<objectId>`` or ``j:<jobId>``."""
    return Key(f"due#{shard:04d}", f"{sortable(instant)}#{owner}#{target}")


def ledger(owner: str, instant: int, reminder_digest: str) -> Key:
    """A reminder by its trigger instant."""
    return Key(f"ledger#{owner}", f"{sortable(instant)}#{reminder_digest}")


def job(owner: str, job_id: str) -> Key:
    return Key(f"job#{owner}", job_id)


def restored() -> Key:
    """When this home was last restored from a backup."""
    return Key("restored#home", "mark")


# --- the embedded OpenID Connect provider -----------------------------------------------------------------------------
def signing_key(number: int) -> Key:
    """An RS256 key; the one with the highest number signs, all of them verify."""
    return Key("signing#oidc", f"{number:06d}")


def account(subject_: str) -> Key:
    """What a subject signs in with."""
    return Key(f"account#{subject_}", "account")


def login(address: str) -> Key:
    """Which account has this address; an address is compared without regard to case."""
    return Key(f"login#{digest(address.casefold())}", "account")


def sign_up(hashed_flow: str) -> Key:
    """A sign-up that waits for its mailed code."""
    return Key(f"signup#{hashed_flow}", "signup")


def password_reset(hashed_token: str) -> Key:
    return Key(f"reset#{hashed_token}", "reset")


def session(subject_: str, session_id: str) -> Key:
    """A sign-in of a browser or a native client; the part lists all of an account."""
    return Key(f"session#{subject_}", session_id)


def device(subject_: str, hashed_browser: str) -> Key:
    """A browser in which this account signed in before."""
    return Key(f"device#{subject_}", hashed_browser)


def grant(subject_: str, grant_id: str) -> Key:
    """What one authorization code was exchanged for: a family of refresh tokens and its access tokens."""
    return Key(f"grant#{subject_}", grant_id)


def authorization_code(hashed: str) -> Key:
    return Key(f"code#{hashed}", "code")


def guesses(*who: str) -> Key:
    """How often somebody tried lately: who tries, and at what."""
    return Key(f"guess#{digest(*who)}", "guess")
