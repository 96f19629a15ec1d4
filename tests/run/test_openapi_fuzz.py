"""Requests made from the OpenAPI document, good and bad: never a 5xx, never an answer that it does not announce."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from aurora_time.api import ENDPOINTS
from tests.run.fuzzing import CHECKS, SCHEMA, Running

EXAMPLES = 12
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

    @given(case=OPERATIONS[name].as_strategy(generation_mode=mode), known=st.booleans())
    @settings(
        max_examples=EXAMPLES * effort,
        deadline=None,
        database=None,
        derandomize=effort == 1,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any, known: bool) -> None:
        if known:
            running.mend(case)
        answer = running.ask(case)
        met.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    ask()
    if mode is GenerationMode.POSITIVE and name not in ELSEWHERE:
        assert min(met) < 300, f"nothing but {met}: what lies behind these checks was not met"
