"""The links of the OpenAPI document: what one request made or found, the next ones take."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, settings
from schemathesis.core.transport import Response

from aurora_time.api import ENDPOINTS
from aurora_time.run.openapi import document
from tests.api.declared_scenarios import Scene, Wish, send
from tests.api.success_scenarios import SUCCESSES
from tests.api.test_tenancy import theirs
from tests.api.world import Json, World
from tests.run.fuzzing import CHECKS, SCHEMA, Running

DOCUMENT = document()
DECLARED = {each.operation_id: each for each in ENDPOINTS}
WALKS = 10
STEPS = 8


class Link(NamedTuple):
    source: str
    status: int
    target: str
    parameters: Json

    def __str__(self) -> str:
        return f"{self.source}-{self.status}-{self.target}"


LINKS = [
    Link(operation["operationId"], int(status), name, link["parameters"])
    for methods in DOCUMENT["paths"].values()
    for operation in methods.values()
    for status, response in operation["responses"].items()
    for name, link in response.get("links", {}).items()
]


def test_whatever_takes_an_id_is_led_to() -> None:
    taking = {name for name, each in DECLARED.items() if "{" in each.path and not each.is_secret}
    assert taking == {link.target for link in LINKS}
    assert all(DECLARED[link.target].operation_id == link.target for link in LINKS)


def value(expression: str, ids: dict[str, str], body: Json) -> str:
    """What a runtime expression of OpenAPI stands for."""
    if expression.startswith("$request.path."):
        return ids[expression.removeprefix("$request.path.")]
    found: Any = body
    for step in expression.removeprefix("$response.body#/").split("/"):
        found = found[int(step) if step.isdecimal() else step]
    return str(found)


@pytest.mark.parametrize("link", LINKS, ids=str)
def test_a_link_leads_to_what_is_there(monkeypatch: pytest.MonkeyPatch, link: Link) -> None:
    async def story() -> None:
        async with World() as world:
            ids = await theirs(world)
            source = Scene(world, DECLARED[link.source], monkeypatch, ids)
            prepare = SUCCESSES.get((link.source, link.status))
            usual = Wish(query=None if link.source == "listOccurrences" else {})
            answer = await send(source, await prepare(source) if prepare else usual)
            assert answer.status_code == link.status
            led = {name: value(said, ids, answer.json()) for name, said in link.parameters.items()}
            reached = await send(Scene(world, DECLARED[link.target], monkeypatch, led))
            assert reached.is_success or reached.status_code == 409, reached.text

    asyncio.run(story())


@pytest.mark.fuzz
def test_no_walk_surprises(effort: int) -> None:
    """Random requests that go on from the answers before them, along these links and others that are guessed."""
    walked: set[str] = set()

    class Walk(SCHEMA.as_state_machine()):  # type: ignore[misc]
        rule_order_seed = 7

        def setup(self) -> None:
            self.running = Running()

        def teardown(self) -> None:
            self.running.close()

        def call(self, case: Any, **_: Any) -> Response:
            self.running.mend_rest(case)
            return Response.from_any(self.running.ask(case))

        def validate_response(self, response: Response, case: Any, **_: Any) -> None:
            case.validate_response(response, checks=CHECKS)

        def step(self, input: Any) -> Any:  # noqa: A002  its name there
            output = super().step(input)
            if input.transition is not None and output.response.status_code < 300:
                walked.add(input.transition.id)
            return output

    Walk.run(
        settings=settings(
            max_examples=WALKS * effort,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=effort == 1,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
    )
    assert walked, "no request went on from another"
