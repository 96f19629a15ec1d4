"""What is another's cannot be named: every field and parameter that names a thing, found in the OpenAPI document.

What is another's and what is nobody's are answered alike, to the letter, and nothing is changed.
"""

from __future__ import annotations

import copy
import json
import re
from typing import NamedTuple

import pytest

from aurora_time.api import ENDPOINTS
from aurora_time.http.endpoint import Endpoint
from aurora_time.run.examples import EXAMPLES
from aurora_time.run.openapi import document
from tests.api.declared_scenarios import Scene, Wish, send
from tests.api.test_tenancy import theirs, told
from tests.api.world import Json, World, problem_of

DOCUMENT = json.loads(json.dumps(document()))
NAMES = re.compile(r"\w+Ids?|token|since")
KINDS = {"parentId": "taskId", "busyCalendarIds": "calendarId", "calendarIds": "calendarId"}
"""Of what kind a field's thing is, where its name does not tell."""
BODIES: dict[str, Json] = {"createReminder": {"minutesBefore": 5}}
"""In the place of the example, where that does not go with the field."""


class Reference(NamedTuple):
    """Where a request names a thing: in its query, or at these steps of its body."""

    endpoint: Endpoint
    steps: tuple[str, ...]
    is_query: bool = False

    @property
    def is_list(self) -> bool:
        return self.steps[-1].endswith("Ids") or self.steps == ("match", "calendarId")


def _inside(schema: Json, steps: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The places of all fields that name things, in a schema and what it refers to."""
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    found = [steps] if steps and NAMES.fullmatch(steps[-1]) else []
    for choice in schema.get("anyOf", ()):
        found += [each for each in _inside(choice, steps) if each not in found]
    for name, value in schema.get("properties", {}).items():
        found += _inside(value, (*steps, name))
    return found


def references() -> list[Reference]:
    found: list[Reference] = []
    for each in (one for one in ENDPOINTS if one.scope):
        told_ = DOCUMENT["paths"][each.path][each.method.lower()]
        parameters = [one["name"] for one in told_["parameters"] if one["in"] == "query"]
        found += [Reference(each, (name,), True) for name in parameters if NAMES.fullmatch(name)]
        for media in list(told_.get("requestBody", {}).get("content", {}).values())[:1]:
            found += [Reference(each, steps) for steps in _inside(media["schema"])]
    return found


REFERENCES = references()


def named(value: object) -> str:
    if isinstance(value, Reference):
        return f"{value.endpoint.operation_id}{'?' if value.is_query else '/'}{'/'.join(value.steps)}"
    return str(value)


def wish(reference: Reference, value: str) -> Wish:
    if reference.is_query:
        return Wish(query={reference.steps[-1]: value})
    operation = reference.endpoint.operation_id
    body = copy.deepcopy(BODIES.get(operation, EXAMPLES[operation]))
    place = body
    for step in reference.steps[:-1]:
        place = place.setdefault(step, {})
    place[reference.steps[-1]] = [value] if reference.is_list else value
    return Wish(body=body)


async def anns(world: World, ids: dict[str, str], field: str) -> str:
    """What is hers, of the kind that a field of this name names."""
    if field == "token":
        return str((await world.ann.ask("DELETE", f"/v1/events/{ids['eventId']}")).headers["undo-token"])
    if field == "since":
        return str((await world.ann.get("/v1/changes", since="now"))["nextToken"])
    return ids[KINDS.get(field, field)]


def test_every_name_is_found() -> None:
    assert {named(each) for each in REFERENCES} >= {
        "createEvent/calendarId",
        "updateOccurrence/calendarId",
        "createTask/parentId",
        "createReminder/eventId",
        "createReminderRule/match/calendarId",
        "updateSchedule/busyCalendarIds",
        "queryFreeBusy/calendarIds",
        "undo/token",
        "listEvents?calendarId",
        "listTasks?parentId",
        "listChanges?since",
        "importCalendar?calendarId",
        "export?calendarId",
    }


@pytest.mark.parametrize("reference", REFERENCES, ids=named)
async def test_what_is_anothers_cannot_be_named(
    world: World, monkeypatch: pytest.MonkeyPatch, reference: Reference
) -> None:
    hers = await anns(world, await theirs(world), reference.steps[-1])
    world.ann, world.bob = world.bob, world.ann
    scene = Scene(world, reference.endpoint, monkeypatch, await theirs(world))  # now it is Bob who asks
    before = world.content()
    nobodys = "A" * len(hers)
    answers = {value: await send(scene, wish(reference, value)) for value in (hers, nobodys)}
    shown = {value: told(answer)[0].replace(value.encode(), b"") for value, answer in answers.items()}
    assert shown[hers] == shown[nobodys]
    assert world.content() == before
    if reference == Reference(reference.endpoint, ("parentId",), True):
        assert answers[hers].json()["items"] == []  # it is a filter: nothing is a part of what is not there
    else:
        problem_of(answers[hers], answers[hers].status_code)


READS = [each for each in ENDPOINTS if each.scope and each.method == "GET" and "{" not in each.path]


@pytest.mark.parametrize("endpoint", READS, ids=lambda each: each.operation_id)
async def test_nothing_of_anothers_is_shown(world: World, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint) -> None:
    """Bob's listings and his account, while Ann has one of everything."""
    ids = await theirs(world)
    gone = (await world.ann.event())["id"]
    await world.ann.remove(f"/v1/events/{gone}")
    hers = {*ids.values(), gone, world.ann.id, "ann@example.org"} - {ids["recurrenceId"]}
    scene = Scene(world, endpoint, monkeypatch, ids)
    own = (await send(scene, Wish(query={}))).text
    assert any(each in own for each in hers)
    answer = await send(scene, Wish(query={}, client=world.bob.http))
    assert answer.status_code == 200, answer.text
    assert [each for each in hers if each in answer.text] == []
