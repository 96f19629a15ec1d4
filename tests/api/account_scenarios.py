"""The stories of signed-in devices and of closing an account: see scenarios.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from aurora_time.identity.context import hashed
from aurora_time.operations.people import NewPerson, ensure_person
from aurora_time.operations.services import NoAccounts, Services
from aurora_time.ports import Delete, Put
from aurora_time.store import keys
from aurora_time.store.codec import encode
from aurora_time.store.sign_ins import StoredSession
from tests.api.world import World

ISSUER: Final = "https://issuer.example"
FIREFOX: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def sign_in(world: World, subject: str, session_id: str, agent: str = FIREFOX, client_id: str = "") -> None:
    """As the provider stores it; a later one was used later."""
    world.clock.time += 1
    now = world.clock.time
    made = StoredSession(hashed(session_id), now, now, agent, client_id)
    key = keys.session(subject, session_id)
    await world.table.write(Put(key, encode(made), world.ids.new(), None, int(made.expires)))


async def as_before(world: World, person_id: str = "", name: str = "ann") -> None:
    """An account from before the names of subjects were noted: only its address leads to its subject."""
    await world.table.write(
        Delete(keys.subjects(person_id or world.ann.id, "embedded", name)),
        Put(keys.login(f"{name}@example.org"), encode({"subject": name}), "v"),
    )


async def elsewhere(world: World) -> None:
    """Ann came by another issuer, too."""
    new = NewPerson("ann@example.org", "Ann", "UTC", "en")
    assert await ensure_person(world.services, ISSUER, "auth0|ann", new) == world.ann.id


class Elsewhere(NoAccounts):
    """The accounts of the other issuer: the address of each subject, as it is there now."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self.addresses = dict(addresses)

    async def address(self, subject: str) -> str:
        return self.addresses.get(subject, "")


def signs_in_elsewhere(world: World, addresses: Mapping[str, str]) -> Services:
    """From now on the home's issuer is that other one."""
    told: dict[str, Any] = {"issuer": ISSUER, "accounts": Elsewhere(addresses)}
    for wired in world.wired:
        object.__setattr__(wired, "services", replace(wired.services, **told))
    return replace(world.services, **told)


async def follow_email(world: World) -> None:
    await elsewhere(world)
    signs_in_elsewhere(world, {"auth0|ann": "anna@example.org"})
    assert (await world.ann.ask("POST", "/v1/me/email")).status_code == 204
    assert (await world.ann.get("/v1/me"))["email"] == "anna@example.org"
    signs_in_elsewhere(world, {"auth0|ann": "bob@example.org"})
    await world.ann.refused(409, "POST", "/v1/me/email")


async def list_sessions(world: World) -> None:
    await sign_in(world, "ann", "one")
    await world.ann.get("/v1/sessions")
    await as_before(world)
    assert len((await world.ann.get("/v1/sessions"))["items"]) == 1


async def get_session(world: World) -> None:
    await sign_in(world, "ann", "one")
    await world.ann.get("/v1/sessions/one")
    await as_before(world)
    await world.ann.get("/v1/sessions/one")


async def delete_session(world: World) -> None:
    await sign_in(world, "ann", "one")
    await sign_in(world, "ann", "two")
    await world.ann.remove("/v1/sessions/one")
    await as_before(world)
    await world.ann.remove("/v1/sessions/two")


async def delete_sessions(world: World) -> None:
    await sign_in(world, "ann", "one")
    await world.ann.make("/v1/tokens", {"name": "Script", "scopes": ["events:read"]})
    await as_before(world)
    await world.ann.remove("/v1/sessions?tokens=true")


async def delete_me(world: World) -> None:
    await elsewhere(world)
    await world.ann.make("/v1/tokens", {"name": "Script", "scopes": ["events:read"]})
    closed = await world.ann.ask("DELETE", "/v1/me")
    assert closed.status_code == 202
    await as_before(world, world.bob.id, "bob")
    assert (await world.bob.ask("DELETE", "/v1/me")).status_code == 202


async def get_mail(world: World) -> None:
    await world.ann.get("/v1/me/mail")


async def release_mail(world: World) -> None:
    assert (await world.ann.ask("POST", "/v1/me/mail/release")).status_code == 204


ACCOUNT_STORIES: Final[dict[str, Callable[[World], Awaitable[None]]]] = {
    story.__name__: story
    for story in (
        follow_email,
        list_sessions,
        get_session,
        delete_session,
        delete_sessions,
        delete_me,
        get_mail,
        release_mail,
    )
}
