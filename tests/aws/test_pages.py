"""A stranger books through the function of the pages: the mail goes by the queue, and its link cancels."""

from __future__ import annotations

import dataclasses
import re
from urllib.parse import urlencode

import httpx
import msgspec
import pytest

from aurora_time.aws.pages import PagesFunction, paths
from aurora_time.aws.soon import Soon
from aurora_time.domain.moment import Window, print_compact
from aurora_time.operations.availability import SlotQuestion, list_slots
from aurora_time.operations.people import read_person
from aurora_time.operations.schedule_resources import ScheduleInput
from aurora_time.operations.schedules import create_schedule
from tests.aws.cloud import HOME, Cloud
from tests.aws.pages_home import PagesGateway

pytestmark = pytest.mark.aws


def stranger(cloud: Cloud) -> httpx.AsyncClient:
    soon = Soon(cloud.clock, cloud.queue)
    function = PagesFunction(dataclasses.replace(cloud.services, nudge=soon.nudge), soon, 1_200)
    nowhere = httpx.MockTransport(lambda request: httpx.Response(418, request=request))
    return httpx.AsyncClient(transport=PagesGateway(function, paths(), nowhere), base_url=HOME)


async def test_a_booking_and_its_mails_and_its_end(cloud: Cloud) -> None:
    owner, _ = await cloud.somebody("an")
    slug = cloud.name.lower().replace("_", "-")[-30:].strip("-")
    body = {"name": "First talk", "slug": slug, "slotMinutes": 30}
    schedule, _ = await create_schedule(cloud.services, owner, msgspec.convert(body, ScheduleInput))
    person, _ = await read_person(cloud.services, owner)
    now = cloud.services.now
    free = await list_slots(cloud.services, person, schedule, SlotQuestion(Window(now, now + 14 * 86_400)), 1)
    form = {"start": f"{print_compact(free.items[0].start)}Z", "name": "Sam", "email": cloud.address("sam")}
    browser = stranger(cloud)
    booked = await browser.post(f"/book/{slug}", content=urlencode(form), headers=FORM)
    assert booked.status_code == 303, booked.text
    assert "It is booked" in (await browser.get(booked.headers["location"])).text
    await cloud.run(lambda: bool(cloud.mails("sam") and cloud.mails("an")))
    (mail,) = cloud.mails("sam")
    (link,) = re.findall(rf"{HOME}(/booking/[\w-]+)", str(mail))[:1]
    assert (await browser.post(link)).status_code == 200
    assert (await browser.get(link)).status_code == 404
    await cloud.run(lambda: len(cloud.mails("sam")) == 2)


FORM = {"content-type": "application/x-www-form-urlencoded"}
