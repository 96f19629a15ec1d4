"""docs/data-model.md names every kind of item, each with a key that store/keys.py really makes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aurora_time.adapters.dynamodb_items import attributes_of
from aurora_time.domain.moment import parse_instant, parse_wall
from aurora_time.ports import Key, Put
from aurora_time.store import keys, reminders, taskindex

DOCUMENT = (Path(__file__).parents[2] / "docs" / "data-model.md").read_text(encoding="utf-8")
ANN, EVENT, OTHER, WORK, VERSION, SECRET = "ann", "dentist", "talk", "work", "v42", "hash"
NINE, RINGS = parse_wall("2026-11-24T09:00:00"), parse_instant("2026-11-24T01:50:00Z")
EXAMPLES = [
    keys.person(ANN), keys.subject("embedded", "ann"), keys.subjects(ANN, "embedded", "ann"),
    keys.email("ann@example.org"), keys.token(SECRET), keys.tokens(ANN, OTHER),
    keys.calendar_link(ANN, WORK), keys.ical(SECRET),
    keys.calendar(ANN, WORK), keys.object_(ANN, EVENT), keys.uid(ANN, WORK, f"{EVENT}@aurora-time"),
    keys.href(ANN, WORK, "visit.ics"), keys.head(ANN), keys.log(ANN, 217),
    keys.time_single(ANN, 0, NINE, EVENT), keys.time_span(ANN, NINE, EVENT), keys.time_yearly(ANN, "0229", EVENT),
    keys.trash(ANN, EVENT), keys.trash_by_time(ANN, RINGS, EVENT), keys.undo(ANN, VERSION, 0),
    keys.task(ANN, taskindex.OPEN, keys.sortable(NINE), EVENT), keys.task(ANN, taskindex.OPEN, taskindex.NEVER, EVENT),
    keys.subtask(ANN, OTHER, keys.sortable(NINE), EVENT), keys.schedule(ANN, OTHER), keys.slug("ann"),
    keys.booking(ANN, OTHER, RINGS, EVENT), keys.booking_place(ANN, OTHER, EVENT), keys.booking_link(SECRET),
    keys.booking_gone(ANN, EVENT), keys.held("ann@example.org"), keys.moving(),
    keys.trash_of_whole(ANN, WORK, EVENT),
    keys.strangers("book", "203.0.113.7"), keys.armed(ANN, EVENT),
    reminders.due_key(ANN, reminders.target_of(EVENT), RINGS), reminders.due_key(ANN, reminders.JOB + OTHER, RINGS),
    keys.ledger(ANN, RINGS, keys.digest("a reminder")), keys.standing(ANN, OTHER), keys.agenda(ANN),
    keys.agenda(ANN, "2026-11-24"), keys.job(ANN, OTHER), keys.import_(ANN, OTHER, 3),
    keys.idempotency(ANN, "8e03978e-40d5-43dd-bc93-6894a57f9324"), keys.refusals("ann@example.org"),
    keys.link_secret(), keys.canary(), keys.restored(), keys.signing_key(1), keys.account("ann"),
    keys.login("ann@example.org"), keys.sign_up(SECRET), keys.password_reset(SECRET), keys.invitation(SECRET),
    keys.invited("ann@example.org"),
    keys.second_step("ann", SECRET), keys.email_change("ann", SECRET), keys.foreign_sign_in(SECRET),
    keys.session("ann", OTHER), keys.device("ann", SECRET), keys.grant("ann", OTHER),
    keys.authorization_code(SECRET), keys.guesses("ann@example.org"),
]  # fmt: skip
KINDS = keys.OF_PERSON | keys.OF_SUBJECT | keys.LED_TO | keys.PASSING | keys.OF_HOME


def kind(key: Key) -> str:
    return key.part.partition("#")[0]


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_of_item_has_an_example_in_the_data_model(name):
    rows = [f"| `{key.part}` | `{key.sort}` |" for key in EXAMPLES if kind(key) == name]
    assert rows, f"give {name} an example here"
    missing = [row for row in rows if row not in DOCUMENT]
    assert not missing, "the data model lacks:\n" + "\n".join(missing)


def test_the_data_model_names_the_attributes_that_are_stored():
    stored = attributes_of(Put(keys.moving(), b"", "v", None, 1), "w")
    (named,) = re.findall(r"^\| attributes \| (.*) \|$", DOCUMENT, re.MULTILINE)
    assert re.findall(r"`(\w)`", named) == [name for name in stored if name not in ("p", "s")]


def test_the_data_model_names_no_kind_that_there_is_not():
    assert {part.partition("#")[0] for part in re.findall(r"^\| `([a-z]+#[^`]*)` \|", DOCUMENT, re.MULTILINE)} == KINDS
