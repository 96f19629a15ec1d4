"""Signed-in devices: what is told of them, and signing out one or all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_time.operations import sign_ins
from aurora_time.operations.closing import close_account
from aurora_time.operations.people import SCOPES, create_token, delete_token, find_person_id, list_tokens
from aurora_time.ports import ConflictError, Item, Key, Range, UnavailableError
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import Subject, SubjectName
from aurora_time.store.sign_ins import device_name
from tests.api.account_scenarios import FIREFOX, ISSUER, Elsewhere, as_before, elsewhere, sign_in, signs_in_elsewhere
from tests.api.world import World, problem_of

CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


async def test_devices_are_listed_the_last_used_first_and_the_present_one_is_told(world: World) -> None:
    await sign_in(world, "ann", "desk")
    await sign_in(world, "ann", "session", CHROME)
    await sign_in(world, "ann", "cli", "", "aurora-cli")
    await sign_in(world, "bob", "bobs")
    items = (await world.ann.get("/v1/sessions"))["items"]
    assert [(each["id"], each["device"], each["client"]) for each in items] == [
        ("cli", "aurora-cli", "aurora-cli"),
        ("session", "Chrome (Android)", ""),
        ("desk", "Firefox (Linux)", ""),
    ]
    assert [each["current"] for each in items] == [False] * 3, "an API token is no device"
    desk = items[2]
    assert (desk["signedIn"], desk["lastUsed"]) == ("2026-11-20T02:00:01Z", "2026-11-20T02:00:01Z")
    assert desk["expires"] == "2026-12-20T02:00:01Z"
    seen = (await world.client("access-ann").get("/v1/sessions")).json()["items"]
    assert [each["id"] for each in seen if each["current"]] == ["session"]
    assert await world.ann.get("/v1/sessions/desk") == desk
    fresh = await world.ann.ask("GET", "/v1/sessions/desk", if_none_match=f'"{desk["etag"]}"')
    assert fresh.status_code == 304


async def test_one_device_is_signed_out(world: World) -> None:
    await sign_in(world, "ann", "desk")
    await sign_in(world, "ann", "phone")
    etag = (await world.ann.get("/v1/sessions/desk"))["etag"]
    await world.ann.refused(412, "DELETE", "/v1/sessions/desk", if_match='"another"')
    gone = await world.ann.ask("DELETE", "/v1/sessions/desk", if_match=f'"{etag}"')
    assert gone.status_code == 204
    assert [each["id"] for each in (await world.ann.get("/v1/sessions"))["items"]] == ["phone"]
    await world.ann.refused(404, "DELETE", "/v1/sessions/desk")


async def test_everywhere_is_signed_out_but_scripts_go_on(world: World) -> None:
    for number in range(105):
        await sign_in(world, "ann", f"device-{number:03d}")
    await sign_in(world, "bob", "bobs")
    await world.ann.remove("/v1/sessions")
    assert (await world.ann.get("/v1/sessions"))["items"] == []
    assert len((await world.bob.get("/v1/sessions"))["items"]) == 1


async def test_the_present_device_may_stay(world: World) -> None:
    await sign_in(world, "ann", "session")
    await sign_in(world, "ann", "desk")
    browser = world.client("access-ann")
    assert (await browser.delete("/v1/sessions", params={"keepCurrent": "true"})).status_code == 204
    assert [each["id"] for each in (await browser.get("/v1/sessions")).json()["items"]] == ["session"]


async def test_tokens_end_when_asked(world: World) -> None:
    await sign_in(world, "ann", "desk")
    other = world.client(await world.token(world.ann.id, SCOPES))
    await world.ann.remove("/v1/sessions?tokens=true")
    problem_of(await world.ann.ask("GET", "/v1/me"), 401)
    problem_of(await other.get("/v1/me"), 401)
    await world.bob.get("/v1/me")


async def test_what_is_asked_must_be_known(world: World) -> None:
    await sign_in(world, "ann", "desk")
    await world.ann.refused(400, "DELETE", "/v1/sessions?tokens=perhaps")
    await world.ann.refused(400, "DELETE", "/v1/sessions?everything=true")
    assert len((await world.ann.get("/v1/sessions"))["items"]) == 1


async def test_another_issuers_tokens_are_good_from_then_on_only(world: World) -> None:
    await elsewhere(world)
    key = keys.subject("https://issuer.example", "auth0|ann")
    await world.ann.remove("/v1/sessions")
    (item,) = await world.table.get(key)
    assert item is not None
    assert decode(item.body, Subject) == Subject(world.ann.id, world.services.now + 1, "ann@example.org")
    assert await find_person_id(world.services, "https://issuer.example", "auth0|ann") == world.ann.id


class Away(Elsewhere):
    async def sign_out(self, subject: str) -> None:
        raise UnavailableError("too many requests")


async def test_who_cannot_be_signed_out_at_the_issuer_is_in_until_that_is_done(world: World) -> None:
    """Or nobody could ask for it again."""
    await elsewhere(world)
    here = signs_in_elsewhere(world, {})
    with pytest.raises(UnavailableError):
        await sign_ins.end_all_sign_ins(replace(here, accounts=Away({})), world.ann.id, tokens=True)
    key = keys.subject(ISSUER, "auth0|ann")
    (item,) = await world.table.get(key)
    assert item is not None
    assert decode(item.body, Subject).not_before == 0
    assert await list_tokens(here, world.ann.id) == [], "what needs nobody else is done"
    await sign_ins.end_all_sign_ins(here, world.ann.id, tokens=True)
    (item,) = await world.table.get(key)
    assert item is not None
    assert decode(item.body, Subject).not_before == here.now + 1


async def test_a_token_that_somebody_else_makes_meanwhile_ends_too(world: World) -> None:
    await elsewhere(world)
    here = signs_in_elsewhere(world, {})

    class Busy(Elsewhere):
        async def sign_out(self, subject: str) -> None:
            await create_token(here, world.ann.id, "Theirs", SCOPES, None)

    await sign_ins.end_all_sign_ins(replace(here, accounts=Busy({})), world.ann.id, tokens=True)
    assert await list_tokens(here, world.ann.id) == []


async def test_a_token_that_its_owner_ends_just_now_is_in_nobodys_way(world: World) -> None:
    token, _, _ = await create_token(world.services, world.ann.id, "Script", SCOPES, None)
    query, met = world.table.query, []

    async def then_it_goes(*ranges: Range) -> list[list[Item]]:
        found = await query(*ranges)
        if ranges[0].part == keys.tokens(world.ann.id).part and not met:
            met.append(1)
            await delete_token(world.services, world.ann.id, token.id)
        return found

    world.table.query = then_it_goes  # type: ignore[method-assign]
    await sign_ins.end_all_sign_ins(world.services, world.ann.id, tokens=True)
    assert await list_tokens(world.services, world.ann.id) == []


async def test_a_new_password_of_who_closed_the_account_brings_nothing_back(world: World) -> None:
    await elsewhere(world)
    here = signs_in_elsewhere(world, {})
    await close_account(here, world.ann.id)
    key = keys.subject(ISSUER, "auth0|ann")
    before = await world.table.get(key)
    world.clock.time += 60
    await sign_ins.end_before_password(here, SubjectName(ISSUER, "auth0|ann"))
    assert await world.table.get(key) == before


async def test_a_mark_that_meets_another_is_made_anew(world: World) -> None:
    await elsewhere(world)
    write, met = world.table.write, []

    async def once_in_the_way(*changes: object) -> None:
        if not met and any(getattr(each, "key", Key("", "")).part.startswith("subject#") for each in changes):
            met.append(1)
            raise ConflictError(Key("subject", "person"))
        await write(*changes)  # type: ignore[arg-type]

    world.table.write = once_in_the_way  # type: ignore[method-assign]
    await sign_ins.end_all_sign_ins(world.services, world.ann.id)
    (item,) = await world.table.get(keys.subject("https://issuer.example", "auth0|ann"))
    assert item is not None
    assert decode(item.body, Subject).not_before > 0


async def test_an_account_of_before_that_came_by_another_issuer_too_is_signed_out_of_both(world: World) -> None:
    await elsewhere(world)
    await as_before(world)
    await sign_in(world, "ann", "of-before")
    await sign_in(world, world.ann.id, "of-the-other-issuer")
    await world.ann.remove("/v1/sessions")
    assert [part for part, _ in world.content() if part.startswith("session#")] == []


def test_devices_are_called_as_people_call_them() -> None:
    assert device_name(FIREFOX) == "Firefox (Linux)"
    assert device_name("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Safari/604.1") == (
        "Safari (iPhone)"
    )
    assert device_name("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0") == "Edge (Windows)"
    assert device_name("Windows") == "Windows"
    assert device_name("python-httpx/0.28") == ""
