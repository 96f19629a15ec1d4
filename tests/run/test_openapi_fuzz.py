"""Requests made from the OpenAPI document, good and bad: never a 5xx, never an answer that it does not announce."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from aurora_time.api import ENDPOINTS
from tests.run.fuzzing import CHECKS, SCHEMA, Running

EXAMPLES = 12
ROUNDS = 5
"""So often at most, until one of an endpoint's good requests was taken. What a seed gives is another in a process that
has loaded other tests, whose constants are tried, too; a round without any comes once in some hundred.
"""
OPERATIONS = {
    each.definition.raw["operationId"]: each for each in (result.ok() for result in SCHEMA.get_all_operations())
}
ELSEWHERE = frozenset({"followEmail"})
"""What only a home does whose accounts are kept by somebody else: here each request is told so."""


def takes(operation: Any) -> bool:
    """Whether there is anything that could be wrong."""
    return bool(operation.query or operation.body or operation.path_parameters)


BOTH = [
    (name, mode)
    for name, operation in OPERATIONS.items()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if mode is GenerationMode.POSITIVE or takes(operation)
]


@pytest.fixture
def running() -> Iterator[Running]:
    made = Running()
    yield made
    made.close()


def test_no_operation_is_left_out() -> None:
    assert sorted(OPERATIONS) == sorted([each.operation_id for each in ENDPOINTS] + ["getOpenapi"])


@pytest.mark.fuzz
@pytest.mark.parametrize(("name", "mode"), BOTH, ids=lambda value: getattr(value, "value", value))
def test_no_request_surprises(running: Running, effort: int, name: str, mode: GenerationMode) -> None:
    met: set[int] = set()
    needs_success = mode is GenerationMode.POSITIVE and name not in ELSEWHERE
    for number in range(ROUNDS):
        asking = asked(running, OPERATIONS[name].as_strategy(generation_mode=mode), met, EXAMPLES * effort)
        (seed(number)(asking) if effort == 1 else asking)()
        if not needs_success or min(met) < 300:
            return
    raise AssertionError(f"nothing but {met}: what lies behind these checks was not met")


def asked(running: Running, cases: st.SearchStrategy[Any], met: set[int], examples: int) -> Callable[[], None]:
    @given(case=cases, known=st.booleans())
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any, known: bool) -> None:
        if known:
            running.mend(case)
        answer = running.ask(case)
        met.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    return ask
