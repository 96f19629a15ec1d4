"""Whom another issuer means: by the verified address, and only while it is that person's."""

from __future__ import annotations

from aurora_time.operations.people import NewPerson, ensure_person, find_person_id
from aurora_time.ports import Item, Key
from aurora_time.store import keys, people
from aurora_time.store.codec import decode
from aurora_time.store.people import Person
from tests.api.world import World


async def test_an_address_that_goes_to_somebody_else_just_now_links_to_nobody_before(world: World) -> None:
    """Ann takes another address in the moment in which the issuer's new owner of the old one comes."""
    services, read = world.services, world.table.get
    moved: list[Key] = []

    async def moving(*wanted: Key) -> list[Item | None]:
        found = await read(*wanted)
        if wanted == (keys.email("ann@example.org"),) and not moved:
            moved.extend(wanted)
            (item,) = await read(keys.person(world.ann.id))
            assert item is not None
            person = decode(item.body, Person)
            await world.table.write(*people.moved(person, item.version, "anna@example.org", services.now, "w"))
        return found

    world.table.get = moving  # type: ignore[method-assign]
    new = NewPerson("ann@example.org", "Another", "UTC", "en")
    person_id = await ensure_person(services, "https://issuer.example", "another", new)
    assert moved
    assert person_id != world.ann.id
    assert await find_person_id(services, "https://issuer.example", "another") == person_id
