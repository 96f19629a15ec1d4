"""Whether mails reach somebody, and letting them through again."""

from __future__ import annotations

from aurora_time.operations.suppression import HELD, HELD_BY_COMPLAINT, find_held, list_held, note_bounce
from tests.api.world import Json, World

NOBODY: Json = {"email": "ann@example.org", "held": None}


async def test_mails_go_to_the_own_address(world: World) -> None:
    assert await world.ann.get("/v1/me/mail") == NOBODY


async def test_it_is_told_why_mails_are_held_since_when_and_until_when(world: World) -> None:
    await note_bounce(world.services, "Ann@example.org", "bounced")
    held = {"reason": "refused", "since": "2026-11-20T02:00:00Z", "until": "2026-12-20T02:00:00Z"}
    assert await world.ann.get("/v1/me/mail") == {**NOBODY, "held": held}
    world.clock.time += HELD
    assert await world.ann.get("/v1/me/mail") == NOBODY
    await note_bounce(world.services, "ann@example.org", "complaint")
    held = {"reason": "complaint", "since": "2026-12-20T02:00:00Z", "until": "2028-01-24T02:00:00Z"}
    assert await world.ann.get("/v1/me/mail") == {**NOBODY, "held": held}
    world.clock.time += HELD_BY_COMPLAINT
    assert await world.ann.get("/v1/me/mail") == NOBODY


async def test_released_they_ring_again(world: World) -> None:
    await note_bounce(world.services, "ann@example.org", "complaint")
    await world.ann.event(start={"dateTime": "2026-11-20T09:30:00"}, summary="Tea")
    assert (await world.ann.ask("POST", "/v1/me/mail/release")).status_code == 204
    assert await list_held(world.services) == []
    assert await world.ann.get("/v1/me/mail") == NOBODY
    world.at("2026-11-20T02:20:00Z")
    await world.attend()
    assert [mail.to for mail in world.mailbox.mails] == ["ann@example.org"]


async def test_only_the_own_address_is_let_through(world: World) -> None:
    for address in ("ann@example.org", "bob@example.org"):
        await note_bounce(world.services, address, "bounced")
    before = await find_held(world.services, "bob@example.org")
    for _ in range(2):  # who presses twice is not told off
        assert (await world.ann.ask("POST", "/v1/me/mail/release")).status_code == 204
    assert await find_held(world.services, "bob@example.org") == before
    assert (await world.bob.get("/v1/me/mail"))["held"]["reason"] == "refused"


async def test_who_may_only_read_releases_nothing(world: World) -> None:
    await note_bounce(world.services, "ann@example.org", "bounced")
    reader = world.client(await world.token(world.ann.id, ("account:read",)))
    assert (await reader.get("/v1/me/mail")).json()["held"]["reason"] == "refused"
    assert (await reader.post("/v1/me/mail/release")).status_code == 403
    assert await find_held(world.services, "ann@example.org") is not None
