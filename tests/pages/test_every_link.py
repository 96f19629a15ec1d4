"""Every link on every page, and in every mail, leads somewhere."""

from __future__ import annotations

import html
import re
from typing import get_args
from urllib.parse import urljoin, urlsplit

import msgspec
import pytest

from aurora_time.domain.agenda import AgendaMail
from aurora_time.identity import accounts, credentials, mails
from aurora_time.mail.security import Happened
from aurora_time.operations.events import delete_event
from aurora_time.operations.people import update_person
from aurora_time.operations.rules import RuleInput, create_rule
from aurora_time.operations.schedule_resources import ScheduleInput
from aurora_time.operations.schedules import create_schedule
from aurora_time.operations.standing import NewStanding, create_standing
from aurora_time.operations.task_resources import TaskInput
from aurora_time.operations.tasks import create_task
from aurora_time.run.user_invite import NewInvitation, invite_user
from tests.pages.conftest import URL, Browser, Clock
from tests.pages.test_book import form, owner_of

MINUTE = 60
DAY = 86_400
RULE = {"name": "Tea", "match": {"words": ["Tea"]}, "triggers": [{"channel": "email", "minutesBefore": 20}]}
TASK = {
    "summary": "Milk",
    "due": {"dateTime": "2026-11-23T09:30:00", "timeZone": "Asia/Ho_Chi_Minh"},
    "recurrence": ["RRULE:FREQ=DAILY"],
    "reminders": {"useDefault": False, "overrides": [{"channel": "email", "minutesBefore": 0}]},
}
SCHEDULE = {"name": "First talk", "slug": "mai", "slotMinutes": 60}


async def crawl(browser, *starts: str, but: str, clock: Clock | None = None) -> dict[str, str]:
    """Each page and file of ours that is reached from these -> where its link stands; ``but`` is known to be gone.

    With a ``clock`` it takes its time, as a stranger has to.
    """
    found = dict.fromkeys((*starts, but), "typed in")
    waiting = [start for start in starts if start != but]
    while waiting:
        here = waiting.pop()
        if clock is not None:
            clock.time += 1
        answer = await browser.get(here)
        assert answer.status_code in (200, 303), f"{answer.status_code} at {here}, to which leads {found[here]}"
        there = [answer.headers["location"]] if answer.status_code == 303 else links_of(answer)
        for link in there:
            goal = urlsplit(urljoin(URL + here, html.unescape(link)))._replace(fragment="")
            path = goal._replace(scheme="", netloc="").geturl()
            if goal.netloc == urlsplit(URL).netloc and path not in found:
                found[path] = here
                waiting.append(path)
    return found


def links_of(answer) -> list[str]:
    media = answer.headers.get("content-type", "")
    if not media.startswith("text/html"):
        return []
    gets = re.findall(r'<form[^>]*method="get"[^>]*action="([^"]+)"', answer.text)
    return gets + re.findall(r'\b(?:href|src)="([^"]+)"', answer.text)


async def lived(home, language: str) -> tuple[Browser, str]:
    """Somebody who has one of everything and was reminded of it; the browser, and where what is gone was."""
    mai = await home.someone(language=language)
    owner, services = await owner_of(home), home.home.services
    agenda = AgendaMail(True)
    await update_person(services, owner, lambda person, _: msgspec.structs.replace(person, agenda_mail=agenda))
    await mai.send("/example")
    await mai.send("/settings/tokens", "/settings/tokens", name="T", scopes="read")
    await create_rule(services, owner, msgspec.convert(RULE, RuleInput))
    await create_task(services, owner, msgspec.convert(TASK, TaskInput))
    await create_standing(services, owner, NewStanding(int(home.clock.time) + 600, "Call mum", "email"))
    await create_schedule(services, owner, msgspec.convert(SCHEDULE, ScheduleInput))
    assert (await home.browser().post("/book/mai", **form(start="20261124T070000Z"))).status_code == 303
    await mai.add("Tea", repeat="weekly")
    await mai.add("Gone")
    await home.ring(50 * MINUTE)
    gone = re.search(r'href="/events/([^/"]+)">Gone<', (await mai.get("/")).text)
    assert gone
    await delete_event(services, owner, gone[1])
    return mai, f"/events/{gone[1]}"


async def mails_about_the_account(home) -> None:
    provider = home.home.provider
    found = await accounts.find(provider, "mai@example.org")
    assert found is not None
    account = found[0].account
    forgotten = await credentials.forgot(provider, account.email, "192.0.2.0/24")
    assert forgotten is not None
    await mails.send_reset(provider, account, forgotten[1], 60)
    await mails.send_already_registered(provider, account.email, account.locale)
    await mails.send_password_changed(provider, account)
    await mails.send_address_taken(provider, account.email, account.locale)
    for happened in get_args(Happened):
        await mails.tell(provider, account, happened)
    await invite_user(home.home, NewInvitation("kim@example.org", "en"))


async def of_mails(home) -> list[str]:
    """Where the links in all mails lead, in their text, their HTML and their headers."""
    found = []
    for mail in await home.home.mailer.messages(100):
        found += re.findall(rf"{URL}([^\s<>\"]*)", f"{mail.text}\n{html.unescape(mail.html)}")
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("language", ["en-GB", "vi-VN"])
async def test_every_link_of_pages_and_mails_leads_somewhere(home, language):
    mai, gone = await lived(home, language)
    await home.ring(DAY)
    await mails_about_the_account(home)
    links = await of_mails(home)
    assert {re.split(r"[/?]", link)[1] for link in links if link} >= {"events", "r", "booking", "password", "settings"}
    found = await crawl(mai, "/", *(link or "/" for link in links), but=gone)
    assert {"/settings/tokens", "/docs", "/problems", "/v1/openapi.json", "/outbox", "/settings/export"} <= set(found)


async def test_every_link_that_a_stranger_sees_leads_somewhere(home):
    _, gone = await lived(home, "en-GB")
    found = await crawl(home.browser(), "/", "/book/mai", but=gone, clock=home.clock)
    assert {"/login", "/signup", "/password/forgot", "/docs", "/book/mai"} <= set(found)


async def test_a_reminder_of_a_task_or_of_what_was_deleted_leads_nowhere(home):
    mai, _ = await lived(home, "en-GB")
    page = (await mai.get("/")).text
    for summary in ("Milk", "Call mum", "Gone"):
        assert f"<li><span>{summary}</span>" in page, summary
    assert re.search(r'<li><a href="/events/[^"]+">Tea</a>', page)
