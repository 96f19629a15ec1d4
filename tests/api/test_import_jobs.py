"""An import that more than one write holds: a job with a report, and harmless to repeat."""

from __future__ import annotations

import random
from string import ascii_letters, digits

from aurora_time.operations import import_writing
from aurora_time.ports import Delete, Range
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.jobs import Job
from tests.api.transfer_texts import calendar, event, imported, many, send, summaries, told
from tests.api.world import World, problem_of


class TestJobs:
    async def test_more_than_one_write_holds_is_a_job_with_a_report(self, world: World):
        job = await imported(world.ann, many(120), status=202)
        assert (job["kind"], job["state"], job["total"]) == ("import", "waiting", 120)
        await world.attend()
        done = await world.ann.get(f"/v1/jobs/{job['id']}")
        assert (done["state"], done["done"]) == ("done", 120)
        assert told(done["report"]) == {"created": 120, "updated": 0, "unchanged": 0, "failed": 0}
        assert len((await world.ann.get("/v1/events", limit=500))["items"]) == 120

    async def test_again_it_finds_everything_as_it_is(self, world: World):
        await imported(world.ann, many(60), status=202)
        await world.attend()
        text = calendar(*many(60).split("\r\n")[2:-2], *event("bad", "x", 0, "someday"))
        job = await imported(
            world.ann, text.replace("SUMMARY:No. 7\r\n", "SUMMARY:Seven\r\nSEQUENCE:1\r\n"), status=202
        )
        await world.attend()
        report = (await world.ann.get(f"/v1/jobs/{job['id']}"))["report"]
        assert (report["created"], report["failed"]) == (0, 1)
        assert report["updated"] + report["unchanged"] == 60

    async def test_its_chunks_are_gone_when_it_is_done(self, world: World):
        await imported(world.ann, many(1_100), status=202)
        part = keys.import_(world.ann.id, "", 0).part
        assert len((await world.table.query(Range(part)))[0]) == 3
        await world.attend()
        assert (await world.table.query(Range(part)))[0] == []
        assert len(await summaries(world.ann)) == 500

    async def test_with_a_key_it_starts_once(self, world: World):
        first, second = [await send(world.ann, many(60), idempotency_key="k1") for _ in range(2)]
        assert first.json()["id"] == second.json()["id"]
        again = await send(world.ann, calendar(*event()), idempotency_key="k2")
        assert (await send(world.ann, calendar(*event()), idempotency_key="k2")).content == again.content

    async def test_whose_calendar_goes_away_fails_and_says_so(self, world: World):
        work = await world.ann.make("/v1/calendars", {"name": "Work"})
        job = await imported(world.ann, many(60), f"?calendarId={work['id']}", status=202)
        await world.table.write(Delete(keys.calendar(world.ann.id, work["id"])))
        await world.attend()
        done = await world.ann.get(f"/v1/jobs/{job['id']}")
        assert (done["state"], done["error"]) == ("failed", "The calendar was deleted in the meantime.")

    async def test_a_page_that_runs_again_makes_nothing_twice(self, world: World):
        job = await imported(world.ann, many(60), status=202)
        (item,) = await world.table.get(keys.job(world.ann.id, job["id"]))
        await import_writing.page(world.services, world.ann.id, decode(item.body, Job))  # and then it crashes
        await world.attend()
        done = await world.ann.get(f"/v1/jobs/{job['id']}")
        assert told(done["report"]) == {"created": 60, "updated": 0, "unchanged": 0, "failed": 0}
        assert len(await summaries(world.ann)) == 60

    async def test_of_a_full_account_fails_and_says_so(self, world: World, monkeypatch):
        monkeypatch.setattr("aurora_time.operations.import_writing.MAX_EVENTS", 5)
        job = await imported(world.ann, many(60), status=202)
        await world.attend()
        assert "at most" in (await world.ann.get(f"/v1/jobs/{job['id']}"))["error"]
        problem_of(await send(world.ann, many(6)), 413)
        monkeypatch.setattr("aurora_time.operations.importing.MAX_EVENTS", 5)
        assert "this would be more" in problem_of(await send(world.ann, many(60)), 413)["detail"]

    async def test_of_somebody_who_left_ends(self, world: World):
        job = await imported(world.ann, many(60), status=202)
        await world.table.write(Delete(keys.person(world.ann.id)))
        await world.attend()
        (item,) = await world.table.get(keys.job(world.ann.id, job["id"]))
        assert decode(item.body, Job).state == "done"

    async def test_too_much_for_one_job_is_refused(self, world: World):
        # Of what packs badly, so that it is too much to keep and yet no more than a gateway takes of a text as it is.
        noise = "".join(random.Random(7).choices(ascii_letters + digits, k=340_000))
        text = calendar(
            *(line for n in range(15) for line in event(str(n), "x", 0, "20261124T090000Z", f"X-N:{noise[n:]}"))
        )
        assert "Split the text" in problem_of(await send(world.ann, text), 413)["detail"]
