"""Every key of every item, on one page.

A part begins with its kind and goes on with whose it is: ``object#<personId>``. The kind is what an endpoint declares
that it needs, and on AWS what a function's role may touch (LeadingKeys), so a kind never holds two sorts of secrets.
Sorts order the items of a part; times in them have a fixed width, so that their text sorts as they do.
"""

from __future__ import annotations

import hashlib
from typing import Final

from aurora_time.domain import mail_address
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


def subjects(owner: str, issuer: str = "", subject_: str = "") -> Key:
    """What each issuer calls this person; the part lists them all."""
    return Key(f"subjects#{owner}", digest(issuer, subject_) if subject_ else "")


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


def calendar_link(owner: str, calendar_id: str = "") -> Key:
    """The secret link of a calendar, as its owner is shown it."""
    return Key(f"calendarlink#{owner}", calendar_id)


def ical(hashed: str) -> Key:
    """Which calendar a secret link leads to, by the SHA-256 of its secret."""
    return Key(f"ical#{hashed}", "calendar")


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


# --- what was deleted or replaced -------------------------------------------------------------------------------------
TRASH_BY_TIME: Final = "t#"
TRASH_OF_WHOLE: Final = "w#"


def trash(owner: str, object_id: str) -> Key:
    """What was deleted, by its id."""
    return Key(f"trash#{owner}", f"i#{object_id}")


def trash_by_time(owner: str, deleted: int, object_id: str) -> Key:
    """What was deleted, by when."""
    return Key(f"trash#{owner}", f"{TRASH_BY_TIME}{sortable(deleted)}#{object_id}")


def trash_of_whole(owner: str, whole: str, object_id: str) -> Key:
    """What was deleted along with a calendar, or with the task that it is a part of."""
    return Key(f"trash#{owner}", f"{TRASH_OF_WHOLE}{whole}#{object_id}")


def undo(owner: str, version: str, number: int) -> Key:
    """What a write replaced, by the version that it gave; each thing that it wrote has a number."""
    return Key(f"undo#{owner}", f"{version}#{number}")


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


# --- schedules and bookings -------------------------------------------------------------------------------------------
def schedule(owner: str, schedule_id: str = "") -> Key:
    return Key(f"schedule#{owner}", schedule_id)


def slug(name: str) -> Key:
    """Which schedule has this public page; one over all people."""
    return Key(f"slug#{name}", "schedule")


def booking(owner: str, schedule_id: str, start: int, booking_id: str) -> Key:
    """A booking of a schedule, by its start."""
    return Key(f"booking#{owner}", f"{schedule_id}#{sortable(start)}#{booking_id}")


def booking_place(owner: str, schedule_id: str, booking_id: str) -> Key:
    """Where the booking with an id is."""
    return Key(f"bookingplace#{owner}", f"{schedule_id}#{booking_id}")


def booking_gone(owner: str, booking_id: str) -> Key:
    """A booking that was cancelled with its event, for when that comes back."""
    return Key(f"bookinggone#{owner}", booking_id)


def booking_link(hashed: str) -> Key:
    """Which booking a guest's link leads to, by the SHA-256 of its secret."""
    return Key(f"bookinglink#{hashed}", "booking")


def strangers(*who: str) -> Key:
    """How often somebody without an account did something lately."""
    return Key(f"strangers#{digest(*who)}", "count")


# --- tasks: see store/taskindex.py ------------------------------------------------------------------------------------
def task(owner: str, state: str, due: str, task_id: str) -> Key:
    """A task that is open (state 0) or done (1), by when it is due."""
    return Key(f"task#{owner}", f"{state}#{due}#{task_id}")


def subtask(owner: str, parent_id: str, due: str, task_id: str) -> Key:
    """A part of a task."""
    return Key(f"subtask#{owner}", f"{parent_id}#{due}#{task_id}")


# --- reminders and jobs -----------------------------------------------------------------------------------------------
def armed(owner: str, object_id: str) -> Key:
    """What is known of an object's reminders: when it next wants attention, and through when all was handled."""
    return Key(f"armed#{owner}", object_id)


def due(shard: int, instant: int, owner: str, target: str) -> Key:
    """What wants attention when, over all people; ``target`` is ``o:<objectId>``, or one of operations/targets.py."""
    return Key(f"due#{shard:04d}", f"{sortable(instant)}#{owner}#{target}")


def ledger(owner: str, instant: int, reminder_digest: str) -> Key:
    """A reminder by its trigger instant."""
    return Key(f"ledger#{owner}", f"{sortable(instant)}#{reminder_digest}")


def standing(owner: str, reminder_id: str = "") -> Key:
    """A reminder that belongs to no event."""
    return Key(f"standing#{owner}", reminder_id)


def job(owner: str, job_id: str) -> Key:
    return Key(f"job#{owner}", job_id)


def agenda(owner: str, day: str = "") -> Key:
    """What became of the agenda mail of a day (``2026-11-23``); without a day, when the next one is due."""
    return Key(f"agenda#{owner}", day or "next")


def refusals(address: str) -> Key:
    """How often mail servers refused an address, or that its owner complained; however it is spelt."""
    return Key(f"refusals#{digest(mail_address.one_spelling(address))}", "address")


def held(address: str = "") -> Key:
    """An address to which mails are held, for the operator; without one, the part that lists them all."""
    return Key("held#home", digest(mail_address.one_spelling(address)) if address else "")


def link_secret() -> Key:
    """What the links in our mails are signed with."""
    return Key("linksecret#home", "secret")


def canary() -> Key:
    """The reminder of every minute that shows that the loop is alive."""
    return Key("canary#home", "state")


def idempotency(owner: str, key: str) -> Key:
    """What was answered to a request with this Idempotency-Key."""
    return Key(f"idem#{owner}", digest(key))


def import_(owner: str, job_id: str, number: int) -> Key:
    """A chunk of what an import job has to write."""
    return Key(f"import#{owner}", f"{job_id}#{number:06d}")


def restored() -> Key:
    """When this home was last restored from a backup."""
    return Key("restored#home", "mark")


def moving() -> Key:
    """What this home knows of its move to another place; it is never copied."""
    return Key("moving#home", "mark")


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


def invitation(hashed: str) -> Key:
    """An address that may sign up, by the SHA-256 of what is in the mailed link."""
    return Key(f"invitation#{hashed}", "invitation")


def invited(address: str) -> Key:
    """An address that may come in where another issuer signs people in; without regard to case."""
    return Key(f"invited#{digest(address.casefold())}", "address")


def second_step(subject_: str, hashed_flow: str) -> Key:
    """A sign-in whose password was right, and which waits for the second factor."""
    return Key(f"secondstep#{subject_}", hashed_flow)


def email_change(subject_: str, hashed_flow: str) -> Key:
    """A new address that waits for the code mailed to it."""
    return Key(f"emailchange#{subject_}", hashed_flow)


def foreign_sign_in(hashed_state: str) -> Key:
    """A browser that was sent to sign in at another issuer, and is to come back."""
    return Key(f"foreign#{hashed_state}", "state")


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


# --- whose they are ---------------------------------------------------------------------------------------------------
OF_PERSON: Final = frozenset(
    {
        *("person", "subjects", "tokens", "calendar", "object", "uid", "href", "head", "log", "time", "trash", "undo"),
        *("task", "subtask", "armed", "ledger", "standing", "agenda", "job", "import", "idem"),
        *("schedule", "booking", "bookingplace", "bookinggone", "calendarlink"),
    }
)
"""Kinds whose parts are ``<kind>#<personId>``."""
OF_SUBJECT: Final = frozenset({"account", "session", "device", "grant", "secondstep", "emailchange"})
"""Kinds whose parts are ``<kind>#<subject>``, of the subject that signs in."""
LED_TO: Final = frozenset(
    {"subject", "email", "login", "token", "due", "slug", "bookinglink", "ical", "refusals", "held", "invited"}
)
"""Kinds that are a person's too, but are found only through another item of the person."""
PASSING: Final = frozenset({"signup", "reset", "code", "invitation", "foreign", "guess", "strangers"})
"""Kinds that nobody can find without a secret, and that are gone by themselves within a week at most."""
SIGNING_IN: Final = frozenset({"session", "grant", "code", "secondstep", "emailchange", "reset", "signup", "foreign"})
"""Kinds by which somebody is signed in, or about to be: of these a backup that is put back brings none."""
OF_HOME: Final = frozenset({"restored", "moving", "signing", "linksecret", "canary"})
"""Kinds that belong to nobody. Every kind is in one of these five: closing an account goes by them."""
