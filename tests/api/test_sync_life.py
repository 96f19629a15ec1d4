"""A client that keeps a copy by the change feed alone, through a random life with writers at once: it ends up equal."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace

import httpx
import pytest
from starlette.applications import Starlette

from aurora_time.domain.moment import print_compact
from aurora_time.operations.services import Writers
from aurora_time.run.asgi import api_routes
from aurora_time.run.wiring import wire
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.objects import Stored
from tests.api.world import Issuer, Json, Somebody, World, timed

STEPS = 60


@dataclass
class Copy:
    """What a client knows, and the token it keeps. Pages come one at a time, at any moment."""

    who: Somebody
    limit: int
    known: dict[tuple[str, str, str], Json] = field(default_factory=dict)
    token: str | None = None
    more: bool = True

    async def page(self) -> None:
        query = {"limit": self.limit} | ({} if self.token is None else {"since": self.token})
        read = await self.who.get("/v1/changes", **query)
        for each in read["items"]:
            self.apply(each)
        self.token, self.more = read["nextToken"], read["more"]

    def apply(self, item: Json) -> None:
        kind, id_, of = item["kind"], item["id"], item["recurrenceId"]
        if of is None:
            for key in [key for key in self.known if key[:2] == (kind, id_)]:
                del self.known[key]
        if not item["deleted"]:
            self.known[kind, id_, of or ""] = item["resource"]
        elif kind == "calendar":
            for key in [key for key, each in self.known.items() if each.get("calendarId") == id_]:
                del self.known[key]

    async def whole(self) -> None:
        self.more = True
        while self.more:
            await self.page()

    def of(self, kind: str) -> dict[str, Json]:
        return {id_: resource for (each, id_, of), resource in self.known.items() if each == kind and not of}


class Life:
    """Somebody who does things in two processes at once, and remembers what there is."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world = world
        self.chance = chance
        self.ids: dict[str, list[str]] = {"events": [], "tasks": [], "calendars": [], "schedules": []}
        self.gone: list[tuple[str, str]] = []
        self.tokens: list[str] = []
        other = replace(world.services, writers=Writers())
        app = Starlette(routes=api_routes(wire(other, Issuer()), world.ids.new))
        elsewhere = world.client()
        elsewhere.headers.update(world.ann.http.headers)
        elsewhere._transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        self.doors = [world.ann, Somebody(world.ann.id, elsewhere)]

    async def step(self) -> None:
        kind = self.chance.choice(["events"] * 5 + ["tasks"] * 3 + ["calendars", "schedules", "me", "jobs"])
        door = self.chance.choice(self.doors)
        if kind == "me":
            await door.ask("PATCH", "/v1/me", {"name": f"Ann {self.chance.random()}"})
        elif kind == "jobs":
            await self.world.attend()
        else:
            act: Callable[[Somebody, str], Awaitable[None]] = self.chance.choice(
                [self.make, self.make, self.change, self.change, self.remove, self.one_of_many, self.restore, self.undo]
            )
            await act(door, kind)

    async def make(self, door: Somebody, kind: str) -> None:
        body: Json = {"summary": f"{self.chance.random()}"}
        if kind in ("calendars", "schedules"):
            body = {"name": f"{self.chance.random()}"}
        elif self.ids["calendars"] and self.chance.random() < 0.6:
            body["calendarId"] = self.chance.choice(self.ids["calendars"])
        if kind == "events":
            body["start"] = timed(f"2026-12-{self.chance.randint(1, 28):02}T09:00:00")
            body["recurrence"] = self.chance.choice([[], ["RRULE:FREQ=WEEKLY"]])
        elif kind == "tasks" and self.ids["tasks"] and self.chance.random() < 0.4:
            body["parentId"] = self.chance.choice(self.ids["tasks"])
        made = await door.ask("POST", f"/v1/{kind}", body, idempotency_key=f"{self.chance.random()}")
        self.keep(made)
        if made.status_code == 201:  # its calendar may have gone meanwhile
            self.ids[kind].append(made.json()["id"])

    async def change(self, door: Somebody, kind: str) -> None:
        if self.ids[kind]:
            field_ = "name" if kind in ("calendars", "schedules") else "summary"
            path = f"/v1/{kind}/{self.chance.choice(self.ids[kind])}"
            patch: Json = {field_: f"{self.chance.random()}"}
            if kind == "tasks" and self.chance.random() < 0.3:
                patch = {"status": "COMPLETED"}
            if kind == "events" and self.ids["calendars"] and self.chance.random() < 0.3:
                patch = {"calendarId": self.chance.choice(self.ids["calendars"])}
            self.keep(await door.ask("PATCH", path, patch))

    async def one_of_many(self, door: Somebody, _: str) -> None:
        """Change or delete an occurrence, or it and all that follow; or put back what was deleted."""
        if not self.ids["events"]:
            return
        event = self.chance.choice(self.ids["events"])
        if self.chance.random() < 0.2:
            await door.ask("POST", f"/v1/events/{event}/restore")
            return
        listed_ = await door.ask("GET", f"/v1/events/{event}/occurrences?from=2026-11-23&to=2027-02-01")
        if listed_.status_code == 200 and (items := [each for each in listed_.json()["items"] if "eventId" in each]):
            rid = self.chance.choice(items)["recurrenceId"]
            scope = self.chance.choice(["this", "this", "following"])
            path = f"/v1/events/{event}/occurrences/{rid}?scope={scope}"
            if self.chance.random() < 0.6:
                changed = await door.ask("PATCH", path, {"summary": f"{self.chance.random()}"})
                if scope == "following" and changed.status_code == 200 and changed.json()["newSeries"]:
                    self.ids["events"].append(changed.json()["newSeries"]["id"])
            else:
                await door.ask("DELETE", path)

    async def remove(self, door: Somebody, kind: str) -> None:
        if self.ids[kind]:
            gone = self.ids[kind].pop(self.chance.randrange(len(self.ids[kind])))
            self.gone.append((kind, gone))
            self.keep(await door.ask("DELETE", f"/v1/{kind}/{gone}"))

    async def restore(self, door: Somebody, _: str) -> None:
        """Whatever was deleted, a calendar too; it may be half way gone."""
        if self.gone:
            kind, gone = self.gone.pop(self.chance.randrange(len(self.gone)))
            back = await door.ask("POST", f"/v1/{kind}/{gone}/restore")
            if back.status_code < 300:
                self.ids[kind].append(gone)

    def keep(self, answer: httpx.Response) -> None:
        self.tokens += [answer.headers[name] for name in ("undo-token",) if name in answer.headers]

    async def undo(self, door: Somebody, _: str) -> None:
        if self.tokens:
            self.keep(await door.ask("POST", "/v1/undo", {"token": self.tokens.pop()}))


async def listed(who: Somebody, path: str) -> dict[str, Json]:
    return {each["id"]: each for each in (await who.get(path))["items"]}


async def overrides(world: World, events: Iterable[str]) -> set[tuple[str, str]]:
    """What the table holds of occurrences that differ from their series."""
    items = await world.table.get(*(keys.object_(world.ann.id, event) for event in events))
    stored = [decode(item.body, Stored).event for item in items if item]
    named = [(event.id, each.recurrence_id) for event in stored for each in event.overrides]
    return {(id_, print_compact(was.wall, is_date=was.is_date)) for id_, was in named if was}


@pytest.mark.fuzz
@pytest.mark.parametrize("limit", [1, 2, 5, 1000])
@pytest.mark.parametrize("seed", range(3))
async def test_a_copy_kept_by_the_feed_alone_is_what_the_listings_show(
    world: World, effort: int, seed: int, limit: int
) -> None:
    life = Life(world, random.Random(f"{seed}/{effort}"))
    copy, late = Copy(world.ann, limit), Copy(world.ann, limit)
    for _ in range(STEPS * effort):
        doings = [life.step() for _ in range(life.chance.randint(1, 4))]
        if life.chance.random() < 0.5:
            doings.insert(life.chance.randrange(len(doings) + 1), copy.page())
        await asyncio.gather(*doings)
        if life.chance.random() < 0.05:
            late.token, late.known = None, {}  # another client begins, and keeps the token of its first page only
            await late.page()
    for each in (copy, late):
        await each.whole()
        for kind, path in (
            ("event", "/v1/events?limit=1000"),
            ("task", "/v1/tasks?limit=1000"),
            ("calendar", "/v1/calendars"),
            ("schedule", "/v1/schedules"),
        ):
            assert each.of(kind) == await listed(world.ann, path)
        assert each.of("me") == {world.ann.id: await world.ann.get("/v1/me")}
        differing = {(id_, of): resource for (_, id_, of), resource in each.known.items() if of}
        assert differing.keys() == await overrides(world, each.of("event").keys())
        for (id_, of), resource in differing.items():
            assert resource == await world.ann.get(f"/v1/events/{id_}/occurrences/{of}")
