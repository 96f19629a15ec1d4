"""Tasks ring like events, counting back from when they are due, until they are done."""

from __future__ import annotations

from aurora_time.operations.ringing import GIVE_UP
from tests.api.task_scenarios import new_task
from tests.api.world import World, day, timed


async def planned(world: World) -> list[str]:
    found = await world.ann.get("/v1/reminders", status="planned")
    return [each["due"] for each in found["items"]]


async def test_a_task_rings_before_it_is_due_and_a_day_in_the_morning(world: World) -> None:
    await new_task(world.ann, due=timed("2026-11-23T09:00:00"))
    await new_task(world.ann, due=day("2026-11-24"))
    await new_task(world.ann, start=timed("2026-11-25T09:00:00"))
    await new_task(world.ann)
    assert await planned(world) == ["2026-11-23T01:50:00Z", "2026-11-24T01:00:00Z", "2026-11-25T01:50:00Z"]


async def test_its_mail_says_that_it_is_a_task(world: World) -> None:
    at_once = {"useDefault": False, "overrides": [{"minutesBefore": 0}]}
    await new_task(world.ann, due=timed("2026-11-23T09:00:00"), reminders=at_once)
    world.at("2026-11-23T02:00:00Z")
    await world.attend()
    (mail,) = world.mailbox.mails
    assert mail.subject == "Pay the rent – Mon 23 Nov, 09:00"
    assert "Task, due now" in mail.text
    assert "Due Mon 23 Nov 2026, 09:00" in mail.text
    assert "when it is due" in mail.text
    assert "Open Aurora Time" in mail.text
    assert "event" not in mail.text.lower()
    assert "/events/" not in mail.html


async def test_in_vietnamese_too(world: World) -> None:
    await world.ann.change("/v1/me", locale="vi")
    await new_task(world.ann, summary="Nộp báo cáo", due=day("2026-11-23"))
    world.at("2026-11-23T01:00:00Z")
    await world.attend()
    (mail,) = world.mailbox.mails
    assert "Việc cần làm, đến hạn: hôm nay" in mail.text
    assert "Hạn: Thứ Hai, 23/11/2026" in mail.text
    assert "sự kiện" not in mail.text


async def test_what_is_done_does_not_ring_and_rings_again_when_it_is_opened(world: World) -> None:
    task = await new_task(world.ann, due=timed("2026-11-23T09:00:00"))
    path = f"/v1/tasks/{task['id']}"
    for status in ("COMPLETED", "CANCELLED"):
        await world.ann.change(path, status=status)
        assert await planned(world) == []
    await world.ann.change(path, status="NEEDS-ACTION")
    assert await planned(world) == ["2026-11-23T01:50:00Z"]
    await world.ann.remove(path)
    world.at("2026-11-23T01:50:00Z")
    await world.attend()
    assert world.mailbox.mails == []


async def test_what_is_done_early_rings_at_its_next_time(world: World) -> None:
    task = await new_task(world.ann, due=timed("2026-11-23T09:00:00"), recurrence=["RRULE:FREQ=DAILY;COUNT=2"])
    await world.ann.change(f"/v1/tasks/{task['id']}", status="COMPLETED")
    assert await planned(world) == ["2026-11-24T01:50:00Z"]


async def test_a_task_that_is_late_is_still_to_be_done(world: World) -> None:
    """After an hour without a server: the meeting is over, the task is not."""
    await new_task(world.ann, due=timed("2026-11-23T09:00:00"))
    world.at("2026-11-23T03:00:00Z")
    await world.attend()
    (mail,) = world.mailbox.mails
    assert "Task, overdue" in mail.text
    assert "This reminder is late" in mail.text


async def test_after_a_day_it_is_only_shown_as_missed(world: World) -> None:
    await new_task(world.ann, due=timed("2026-11-23T09:00:00"))
    world.at("2026-11-23T02:00:00Z")
    world.clock.time += GIVE_UP
    await world.attend()
    assert world.mailbox.mails == []
    (missed,) = (await world.ann.get("/v1/reminders", from_="2026-11-23", to="2026-11-24"))["items"]
    assert missed["status"] == "suppressed"
