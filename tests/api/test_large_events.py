"""Events as large as can be: what their size makes impossible is said, and never a failure."""

from __future__ import annotations

import random

from tests.api.world import World


async def test_two_halves_as_large_as_can_be_are_divided_and_put_together(world: World) -> None:
    noise = random.Random(5)
    texts = ["".join(chr(noise.randrange(0x4E00, 0x9F00)) for _ in range(99_000)) for _ in range(2)]
    made = await world.ann.event(recurrence=["RRULE:FREQ=DAILY"], description=texts[0])
    following = f"/v1/events/{made['id']}/occurrences/20261125T090000?scope=following"
    divided = await world.ann.ask("PATCH", following, {"description": texts[1]})
    assert divided.json()["newSeries"]["description"] == texts[1]
    undone = await world.ann.ask("POST", "/v1/undo", {"token": divided.headers["undo-token"]})
    assert [each["description"] for each in undone.json()["items"]] == [texts[0]]
    again = await world.ann.ask("POST", "/v1/undo", {"token": undone.headers["undo-token"]})
    assert sorted(each["description"] for each in again.json()["items"]) == sorted(texts)


async def test_the_answer_to_the_largest_event_is_kept_for_a_retry(world: World) -> None:
    noise = random.Random(5)
    body = {"summary": "x", "start": {"date": "2026-11-23"}}
    body |= {"description": "".join(chr(noise.randrange(0x4E00, 0x9F00)) for _ in range(99_999))}
    body |= {"attendees": [{"email": f"{noise.randbytes(50).hex()}@example.org"} for _ in range(250)]}
    first = await world.ann.ask("POST", "/v1/events", body, idempotency_key="k1")
    assert first.status_code == 201, first.text
    assert len(first.content) > 345_000
    again = await world.ann.ask("POST", "/v1/events", body, idempotency_key="k1")
    assert (again.status_code, again.content) == (201, first.content)
