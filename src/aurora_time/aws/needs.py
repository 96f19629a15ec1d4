"""What the functions need of the table beyond what their endpoints declare; from all of it come their roles."""

from __future__ import annotations

from typing import Final

from aurora_time.http.endpoint import parse_needs
from aurora_time.store import keys

OPENAPI: Final = "openapi"
"""The function that answers with the document of all others."""
ADMITS: Final = "account"
"""The file of the API at which somebody new may come in."""
ENDS_SIGN_INS: Final = "sessions"
"""The file of the API at which somebody signs out everywhere."""
AUTHENTICATE: Final = parse_needs(("token: get", "subject: get"))
"""To tell whose a token is."""
WRITE: Final = parse_needs(("moving: get",))
"""Whoever writes sees first whether the home is being moved."""
ADMIT: Final = parse_needs(
    (
        "subject: get put",
        "subjects: put query",
        "email: get put check delete",
        "person: get put",
        "calendar: put",
        "head: get put",
        "log: put",
        "invited: get delete",
        *("refusals: delete", "held: delete"),
        *("job: put", "due: put"),
    )
)
"""To make somebody who comes for the first time, to part whoever had the address before from it, and to tell the
address that somebody left."""
USERS: Final = ADMIT | parse_needs(
    (
        "invited: put",
        *("login: get", "account: get", "guess: get put delete"),
    )
)
"""The pool's triggers: whom the operator made by hand may come, and who moves in shows the old password."""
SWEEP: Final = parse_needs(("due: query put", "armed: get put", "canary: get put"))

_ERASE: Final = (
    *(f"{kind}: query delete" for kind in sorted(keys.OF_PERSON | keys.OF_SUBJECT)),
    *(f"{kind}: delete" for kind in sorted(keys.LED_TO)),
)
"""The job that closes an account finds all of it by its kinds."""
RING: Final = parse_needs(
    (
        *_ERASE,
        *("due: get query put", "armed: get put", "ledger: get put", "canary: get put", "agenda: get put"),
        *("person: get check", "restored: get", "linksecret: get put", "refusals: get put", "held: put"),
        *("calendar: get put check", "object: get put check", "standing: get", "job: get put"),
        *("uid: get put", "href: put", "time: put", "task: put", "subtask: put", "head: get put", "log: put"),
        *("trash: get put", "import: get", "booking: get put", "bookingplace: get put", "bookinggone: get put"),
        "bookinglink: put",
    )
)
"""Errands: reminders, agenda mails, the canary, and every job."""
FEEDBACK: Final = parse_needs(("refusals: get put", "held: put", "person: get", "ledger: get query put"))
"""Who refused is counted, and the ledger learns that a mail came back."""
