"""No message of the API shows a pattern: each says what to write."""

from __future__ import annotations

import msgspec
import pytest

from aurora_time.api import ENDPOINTS
from tests.api.world import World

pytestmark = pytest.mark.anyio


def described(schema: object) -> bool:
    """Whether every pattern in a schema has its words."""
    if isinstance(schema, dict):
        return ("pattern" not in schema or "description" in schema) and all(map(described, schema.values()))
    return not isinstance(schema, list) or all(map(described, schema))


@pytest.mark.parametrize(
    "endpoint", [each for each in ENDPOINTS if each.shape.body], ids=lambda each: each.operation_id
)
def test_every_pattern_of_a_body_is_described_in_words(endpoint):
    assert described(msgspec.json.schema(endpoint.shape.body))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"color": "red"}, "like `#2f9e44`"),
        ({"summary": "\x00"}, "without control characters"),
        ({"attendees": [{"email": "sam"}]}, "like `sam@example.org`"),
        ({"url": "example.org"}, "like `https://example.org/agenda`"),
        ({"url": "javascript:alert(1)"}, "runs a script"),
        ({"reminders": {"useDefault": False, "overrides": [{"channel": "sms", "minutesBefore": 5}]}}, "`email`"),
        ({"status": "MAYBE"}, "CANCELLED, CONFIRMED, TENTATIVE"),
    ],
)
async def test_bad_input_is_told_how_to_mend_it(world: World, fields, words):
    body = {"summary": "Review", "start": {"date": "2026-11-23"}, **fields}
    answer = await world.ann.ask("POST", "/v1/events", body)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert "regex" not in answer.text


async def test_a_calendar_has_a_name_one_can_read(world: World):
    answer = await world.ann.ask("POST", "/v1/calendars", {"name": "\n"})
    assert answer.status_code == 422
    assert "on one line" in answer.json()["detail"]
