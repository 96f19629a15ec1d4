"""Random lives of calendars, events and tasks against a plain model: what is there, and what lies in the trash.

The seed is printed; AURORA_TEST_SEED=<number> lives the same lives again.
"""

from __future__ import annotations

import copy
import os
import random
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from aurora_time.operations.people import read_person
from tests.api.test_calendar_trash import one_page
from tests.api.world import Json, World, timed
from tests.store.index_invariants import check_due, check_names, stored_events

SEED = int(os.environ.get("AURORA_TEST_SEED") or random.SystemRandom().randrange(10**9))
LIVES = 6
DEEDS = 30
DAY = 86_400


@dataclass(frozen=True)
class Thing:
    """An event or a task."""

    kind: str
    calendar: str
    summary: str
    parent: str | None = None


@dataclass(frozen=True)
class Thrown:
    """What lies in the trash: a thing, or (None) a calendar; when it was deleted, and along with what."""

    thing: Thing | None
    deleted: float
    whole: str | None = None


@dataclass
class Model:
    calendars: set[str] = field(default_factory=set)
    there: dict[str, Thing] = field(default_factory=dict)
    trash: dict[str, Thrown] = field(default_factory=dict)

    def below(self, id_: str) -> list[str]:
        """A task with all its parts, from above."""
        parts = [part for part, thing in self.there.items() if thing.parent == id_]
        return [id_, *(each for part in parts for each in self.below(part))]

    def throw(self, roots: list[str], deleted: float, calendar: str | None = None) -> None:
        gone = {each for root in roots for each in self.below(root)}
        for id_ in gone:
            thing = self.there[id_]
            self.trash[id_] = Thrown(thing, deleted, thing.parent if thing.parent in gone else calendar)
        for id_ in gone:
            del self.there[id_]

    def bring(self, id_: str, first: str) -> None:
        """Bring back something with all that went along with it."""
        thing = self.trash.pop(id_).thing
        if thing is None:
            self.calendars.add(id_)
        else:
            calendar = thing.calendar if thing.calendar in self.calendars else first
            self.there[id_] = replace(
                thing, calendar=calendar, parent=thing.parent if thing.parent in self.there else None
            )
        for part in [part for part, thrown in self.trash.items() if thrown.whole == id_]:
            self.bring(part, first)


class Life:
    def __init__(self, world: World, seed: int, first: str) -> None:
        self.world, self.rng, self.first = world, random.Random(seed), first
        self.model, self.before = Model({first}), Model()
        self.token = ""
        self.story: list[str] = []

    async def ask(self, method: str, path: str, body: Json | None = None) -> Json:
        self.before = copy.deepcopy(self.model)
        self.story.append(f"{method} {path} {body or ''}")
        answer = await self.world.ann.ask(method, f"/v1/{path}", body)
        assert answer.status_code < 300, (answer.text, self.story)
        self.token = answer.headers.get("undo-token", "")
        read: Json = answer.json() if answer.content else {}
        return read

    @property
    def now(self) -> float:
        return self.world.clock.time

    async def make_calendar(self) -> None:
        self.model.calendars.add((await self.ask("POST", "calendars", {"name": "Some"}))["id"])

    async def make(self) -> None:
        calendar, kind = self.rng.choice(sorted(self.model.calendars)), self.rng.choice(("events", "tasks", "tasks"))
        at = timed(f"2026-11-{self.rng.randint(21, 30)}T09:00:00")
        body: Json = {"summary": f"{self.rng.random()}", "calendarId": calendar}
        tasks = [id_ for id_, thing in self.model.there.items() if thing.kind == "tasks" and not self.deep(id_)]
        parent = self.rng.choice([None, *tasks]) if kind == "tasks" else None
        body |= {"start": at} if kind == "events" else {"due": at, "parentId": parent}
        made = await self.ask("POST", kind, body)
        self.model.there[made["id"]] = Thing(kind, calendar, body["summary"], parent)

    def deep(self, id_: str | None) -> bool:
        """Whether three tasks stand above."""
        for _ in range(3):
            id_ = self.model.there[id_].parent if id_ else None
        return id_ is not None

    def some(self) -> tuple[str, Thing]:
        return self.rng.choice(sorted(self.model.there.items()))

    async def change(self) -> None:
        id_, thing = self.some()
        changed = replace(thing, summary=f"{self.rng.random()}", calendar=self.rng.choice(sorted(self.model.calendars)))
        await self.ask("PATCH", f"{thing.kind}/{id_}", {"summary": changed.summary, "calendarId": changed.calendar})
        self.model.there[id_] = changed

    async def delete(self) -> None:
        id_, thing = self.some()
        await self.ask("DELETE", f"{thing.kind}/{id_}")
        self.model.throw([id_], self.now)

    async def restore(self) -> None:
        """Anything out of the trash, also by itself what went along with something."""
        id_, thrown = self.rng.choice(sorted(self.model.trash.items()))
        await self.ask("POST", f"{thrown.thing.kind if thrown.thing else 'calendars'}/{id_}/restore")
        self.model.bring(id_, self.first)

    async def delete_calendar(self) -> None:
        calendar = self.rng.choice(sorted(self.model.calendars - {self.first}))
        await self.ask("DELETE", f"calendars/{calendar}")
        self.throw_calendar(calendar)

    def throw_calendar(self, calendar: str) -> None:
        self.model.calendars.remove(calendar)
        inside = [id_ for id_, thing in self.model.there.items() if thing.calendar == calendar]
        self.model.throw(inside, self.now, calendar)
        self.model.trash[calendar] = Thrown(None, self.now)

    async def flip(self) -> None:
        """Delete and restore a calendar or a task by turns, while the jobs are only half done."""
        tasks = [f"tasks/{id_}" for id_, thing in self.model.there.items() if thing.kind == "tasks"]
        path = self.rng.choice(sorted([*(f"calendars/{each}" for each in self.model.calendars - {self.first}), *tasks]))
        kind, id_ = path.split("/")
        for _ in range(self.rng.randint(2, 5)):
            is_there = id_ in self.model.calendars or id_ in self.model.there
            answer = await self.world.ann.ask("GET", f"/v1/{path}")
            if is_there and answer.status_code == 404:  # it is not yet cleared away, and will be there then
                await self.world.attend()
            await self.ask(*(("DELETE", path) if is_there else ("POST", f"{path}/restore")))
            if not is_there:
                self.model.bring(id_, self.first)
            elif kind == "calendars":
                self.throw_calendar(id_)
            else:
                self.model.throw([id_], self.now)
            for _page in range(self.rng.randint(0, 3)):
                await one_page(self.world)
            self.world.clock.time += 1
            self.token = ""

    async def undo(self) -> None:
        now = copy.deepcopy(self.model)
        self.story.append("undo")
        answer = await self.world.ann.ask("POST", "/v1/undo", {"token": self.token})
        assert answer.status_code == 200, (answer.text, self.story)
        self.model, self.before, self.token = self.before, now, answer.headers["undo-token"]

    async def wait(self) -> None:
        self.story.append("wait")
        self.world.clock.time += 8 * DAY
        self.token = ""
        over = self.now - 30 * DAY
        self.model.trash = {id_: thrown for id_, thrown in self.model.trash.items() if thrown.deleted > over}

    async def check(self) -> None:
        world, told = self.world, "\n".join([f"seed {SEED}", *self.story])
        await world.attend()
        found: dict[str, Thing] = {}
        for kind in ("events", "tasks"):
            for each in (await world.ann.get(f"/v1/{kind}", limit=1000))["items"]:
                found[each["id"]] = Thing(kind, each["calendarId"], each["summary"], each.get("parentId"))
        assert found == self.model.there, told
        assert {each["id"] for each in (await world.ann.get("/v1/calendars"))["items"]} == self.model.calendars, told
        for whole in (None, *{thrown.whole for thrown in self.model.trash.values() if thrown.whole}):
            query: dict[str, Any] = {"deletedWith": whole} if whole else {}
            listed = {each["id"] for each in (await world.ann.get("/v1/trash", limit=1000, **query))["items"]}
            assert listed == {id_ for id_, thrown in self.model.trash.items() if thrown.whole == whole}, (whole, told)
        await check_names(world.table, world.ann.id)
        person, _ = await read_person(world.services, world.ann.id)
        events = {id_: each.event for id_, each in (await stored_events(world.table, world.ann.id)).items()}
        await check_due(world.table, world.ann.id, events, (int(world.clock.time), person.preferences))


async def live(world: World, seed: int) -> Life:
    life = Life(world, seed, await world.primary(world.ann))
    for _ in range(DEEDS):
        model = life.model
        deeds = [life.make] * 6 + [life.make_calendar]
        deeds += [life.change, life.delete, life.delete] if model.there else []
        deeds += [life.restore] * 4 if model.trash else []
        deeds += [life.delete_calendar] * 2 + [life.flip] * 3 if len(model.calendars) > 1 else []
        deeds += [life.undo] * 4 if life.token else []
        await life.rng.choice([*deeds, life.wait])()
        await life.check()
        world.clock.time += 1
    return life


@pytest.mark.fuzz
async def test_what_is_there_and_in_the_trash_is_what_a_plain_model_says(effort: int, short_pages: None) -> None:
    print(f"AURORA_TEST_SEED={SEED}")
    done = 0
    for number in range(LIVES * effort):
        async with World() as world:
            done += len((await live(world, SEED + number)).story)
    assert done >= LIVES * effort * DEEDS
