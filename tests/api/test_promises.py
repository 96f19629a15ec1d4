"""What each operation documents is met by a test: every problem, every success, If-Match and Idempotency-Key.

Nothing here can be forgotten: the tests go over the declarations. What a handler itself refuses (the problems that its
declaration names) has a scenario of its own in REFUSALS; what follows from a declaration has one for all. So a new
endpoint, or a new problem of one, fails until there is a scenario for it.
"""

from __future__ import annotations

import httpx
import pytest
import structlog

from aurora_time.api import ENDPOINTS
from aurora_time.http.endpoint import Endpoint
from aurora_time.http.problem import INTERNAL, KINDS, METHOD_NOT_ALLOWED, NOT_TAKEN, ProblemKind
from aurora_time.run.openapi import get_openapi, problems_of
from tests.api.declared_scenarios import BY_DECLARATION, Scenario, Scene, by_id, send
from tests.api.refusal_scenarios import REFUSALS
from tests.api.test_tenancy import theirs
from tests.api.world import Json, World, problem_of

DECLARED = (*ENDPOINTS, get_openapi)
PROBLEMS = [(each, kind) for each in DECLARED for kind in problems_of(each)]


def scenario(endpoint: Endpoint, kind: ProblemKind) -> Scenario | None:
    if kind in endpoint.shape.problems:
        return REFUSALS.get((endpoint.operation_id, kind.slug)) or by_id(endpoint, kind)
    return BY_DECLARATION.get(kind.slug)


def named(value: object) -> str:
    return value.operation_id if isinstance(value, Endpoint) else getattr(value, "slug", str(value))


def test_every_problem_that_is_declared_has_its_scenario() -> None:
    assert [f"{named(each)}: {kind.slug}" for each, kind in PROBLEMS if scenario(each, kind) is None] == []


def test_every_scenario_is_of_a_problem_that_its_handler_declares() -> None:
    own = {(named(each), kind.slug) for each in DECLARED for kind in each.shape.problems}
    assert sorted(set(REFUSALS) - own) == []


def test_every_kind_of_problem_is_declared_somewhere() -> None:
    # Where no operation is; and what a token of another issuer is answered (tests/aws/test_tokens.py).
    assert set(KINDS) - {kind for _, kind in PROBLEMS} == {METHOD_NOT_ALLOWED, NOT_TAKEN}


@pytest.mark.parametrize(("endpoint", "kind"), PROBLEMS, ids=named)
async def test_a_problem_that_is_declared_is_met_and_nothing_is_changed(
    world: World, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint, kind: ProblemKind
) -> None:
    prepare = scenario(endpoint, kind)
    assert prepare is not None
    scene = Scene(world, endpoint, monkeypatch, await theirs(world))
    wish = await prepare(scene)
    before = world.content()
    with structlog.testing.capture_logs() as logs:
        answer = await send(scene, wish)
    problem = problem_of(answer, kind.status)
    assert problem["type"] == f"/problems#{kind.slug}", problem
    assert problem["title"] == kind.title
    assert world.content() == before
    assert [log["event"] for log in logs] == (["request failed"] if kind is INTERNAL else [])
    check_help(endpoint, answer, problem)


def check_help(endpoint: Endpoint, answer: httpx.Response, problem: Json) -> None:
    """What a client needs to mend it."""
    assert "inside" not in answer.text
    match answer.status_code:
        case 401:
            assert answer.headers["www-authenticate"].startswith('Bearer realm="Aurora Time"')
        case 429 | 503:
            assert int(answer.headers["retry-after"]) >= 1
        case 415:
            assert answer.headers["accept"] in problem["detail"]
        case 422 if problem["type"] == "/problems#invalid" and not endpoint.shape.media:
            assert problem["errors"]
            assert all(each["pointer"][:1] in ("", "/") and each["detail"] for each in problem["errors"])
        case 400:
            assert all(each["pointer"].startswith("?") for each in problem["errors"])
