"""Where the links of mails lead, and the pages for booking, as the function of AWS answers: the stories about them once
more, and what is only so there."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from aurora_time.aws.pages import IN_APP, paths
from aurora_time.domain.agenda import AgendaMail
from aurora_time.operations.events import create_event
from aurora_time.operations.people import update_person
from aurora_time.operations.representation import EventInput
from aurora_time.operations.rules import RuleInput, create_rule
from aurora_time.operations.standing import NewStanding, create_standing
from aurora_time.pages.public import NEEDS, PUBLIC
from aurora_time.ports import Delete, Put, Range
from aurora_time.store import keys
from aurora_time.store.codec import decode, encode
from aurora_time.store.objects import Stored
from aurora_time.store.people import Pointer
from tests.aws.pages_home import FunctionHome
from tests.pages import test_book, test_links
from tests.pages.test_book import SLOT, form, owner_of, published
from tests.pages.test_links import fields_of, newest, rung

OF_WHO_SIGNED_IN = {"test_the_signed_in_owner_sees_the_page_too_in_their_own_language"}
STORIES = [
    story
    for module in (test_links, test_book)
    for name, story in vars(module).items()
    if name.startswith("test_") and list(inspect.signature(story).parameters) == ["home"]
    if name not in OF_WHO_SIGNED_IN
]


@pytest.fixture
def home(pem: bytes, tmp_path: Path) -> FunctionHome:
    return FunctionHome(pem, tmp_path / "data")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__.removeprefix("test_"))
async def test_through_the_function(home, story):
    await story(home)


# --- what it may touch ------------------------------------------------------------------------------------------------
async def test_of_what_the_pages_declare_nothing_is_never_used(home):
    """What is used and not declared is refused by the guard, in either home."""
    anybody = home.browser()
    assert (await anybody.get("/r/made-up")).status_code == 404  # which makes the home's secret
    links = await rung(home, email="an@example.org")
    owner = await owner_of(home, "an@example.org")
    for action in ("10m", "1h", "9am", "done", "stop"):
        await follow(anybody, links[action])
    await anybody.post(links["stop"], on="yes")
    await a_rule_paused(home, owner)
    await a_reminder_by_itself_snoozed(home, owner)
    await a_booking_made_twice_and_cancelled(home)
    await an_agenda_ended_and_begun_again(home, owner)
    assert home.used == NEEDS


async def follow(anybody, path, **more):
    fields = fields_of((await anybody.get(path)).text) | more
    assert (await anybody.post(path, **fields)).status_code == 200


async def a_booking_made_twice_and_cancelled(home):
    mai, stranger, _ = await published(home)
    await mai.add("Rides", date="2026-11-24", start="11:00", end="12:00")
    filled = form(ticket=fields_of((await stranger.get(f"/book/mai/{SLOT}")).text)["ticket"])
    first, again = await stranger.post("/book/mai", **filled), await stranger.post("/book/mai", **filled)
    assert first.headers["location"] == again.headers["location"]
    await with_href(home, "First talk: Sam")
    await follow(stranger, first.headers["location"].partition("?")[0])


async def with_href(home, summary):
    """As if a CalDAV client had named the event."""
    table, owner = home.home.table, await owner_of(home)
    (items,) = await table.query(Range(keys.object_(owner, "").part))
    (item,) = [each for each in items if decode(each.body, Stored).component.summary == summary]
    stored = decode(item.body, Stored)
    href = keys.href(owner, stored.component.calendar_id, "a.ics")
    changed = replace(stored, href="a.ics", index=(*stored.index, (href.part, href.sort)))
    await table.write(
        Put(item.key, encode(changed), item.version), Put(href, encode(Pointer(stored.component.id)), "v")
    )


async def a_rule_paused(home, owner):
    """And a link whose reminder the ledger does not know: as after a restore of the table."""
    rule = {"name": "Tea", "match": {"words": ["Milk"]}, "triggers": [{"minutesBefore": 45}]}
    await create_rule(home.home.services, owner, msgspec.convert(rule, RuleInput))
    event = {"summary": "Milk", "start": {"dateTime": "2026-11-23T11:00:00"}, "recurrence": ["RRULE:FREQ=DAILY"]}
    await create_event(home.home.services, owner, msgspec.convert(event, EventInput))
    await home.ring(25 * 60)
    snooze, *_, stop = re.findall(r"/r/[\w-]+", (await newest(home)).text)
    await home.browser().post(stop, only="rule")
    part = keys.ledger(owner, 0, "").part
    (items,) = await home.home.table.query(Range(part))
    await home.home.table.write(*(Delete(item.key) for item in items))
    await home.browser().get(snooze)


async def an_agenda_ended_and_begun_again(home, owner):
    wish = AgendaMail(True, 7 * 3600)
    await update_person(home.home.services, owner, lambda person, _: replace(person, agenda_mail=wish))
    for _ in range(25):
        await home.ring(3600)
    texts = [mail.text for mail in await home.home.mailer.messages(20)]
    stop = next(found[1] for text in texts if (found := re.search(r"Stop these mails: \S+(/r/[\w-]+)", text)))
    await follow(home.browser(), stop)
    await home.browser().post(stop, on="yes")


async def a_reminder_by_itself_snoozed(home, owner):
    await create_standing(home.home.services, owner, NewStanding(int(home.clock.now()) + 60, "Call", "email"))
    await home.ring(61)
    snooze, *_ = re.findall(r"/r/[\w-]+", (await newest(home)).text)
    await follow(home.browser(), snooze)


# --- what is only so there --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/docs", "/problems", "/book/nobody", "/booking/none", "/r/none"])
async def test_its_pages_have_the_look_and_the_headers_of_one_machine(home, path):
    """As a stranger gets them, with what a home at https says beside: by HTTPS alone from then on."""
    there = await home.stranger().get(path)
    here = await super(FunctionHome, home).browser("en", Via="1.1 proxy").get(path)
    assert (there.status_code, there.text) == (here.status_code, here.text)
    strict = {"strict-transport-security": "max-age=31536000"}
    assert dict(there.headers) == dict(here.headers) | strict
    assert there.headers["content-security-policy"].startswith("default-src 'none'")


async def test_what_a_page_is_made_of_is_served_and_kept(home):
    page = await home.stranger().get("/docs")
    for file in set(re.findall(r"/static/[\w.]+", page.text)):
        answer = await home.stranger().get(file)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].split(";")[0] in ("text/css", "image/svg+xml")


async def test_what_is_a_page_elsewhere_is_in_the_app(home):
    """Mails name them, whichever home they come from."""
    anybody = home.stranger()
    for path, leads in IN_APP.items():
        answer = await anybody.get(path.replace("{event_id}", "a%26b"))
        assert (answer.status_code, answer.headers["location"]) == (303, leads.format(event_id="a%26b"))


async def test_every_link_of_its_pages_leads_somewhere(home):
    """To a page of its own, to the API, or to the start, where CloudFront leads to the app."""
    known = [re.compile(re.sub(r"{\w+}", "[^/]+", path)) for path in (*paths(), "/", "/v1/openapi.json")]
    for path in ("/docs", "/problems", "/book/nobody"):
        page = await home.stranger().get(path)
        for found in re.findall(r'(?:href|src|action)="(/[^"#?]*)', page.text):
            assert any(each.fullmatch(found) for each in known), found


async def test_the_language_that_was_chosen_in_the_app_holds_here(home):
    answer = await home.stranger(Cookie="other=1; aurora_language=vi").get("/docs")
    assert '<html lang="vi">' in answer.text


async def test_strangers_are_counted_by_the_network_that_cloudfront_saw(home):
    for _ in range(120):
        assert (await home.stranger().get("/booking/none")).status_code == 404
    assert (await home.stranger().get("/booking/none")).status_code == 429
    assert (await home.stranger(**{"X-Viewer": "192.0.2.1"}).get("/booking/none")).status_code == 404


async def test_who_books_gets_the_mail_at_once_and_not_with_the_next_sweep(home):
    _, stranger, _ = await published(home)
    assert (await stranger.post("/book/mai", **form())).status_code == 303
    assert len(home.queue.messages) == 1


async def test_whatever_was_not_foreseen_is_a_page_without_its_inside(home, monkeypatch):
    monkeypatch.setattr("aurora_time.pages.book.find_by_slug", lambda *_: 1 / 0)
    answer = await home.stranger().get("/book/mai")
    assert answer.status_code == 500
    assert "division" not in answer.text
    assert "<h1>" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
async def test_another_method_is_refused(home, method):
    assert (await home.stranger().request(method, "/docs")).status_code == 405


async def test_head_has_no_body(home):
    answer = await home.stranger().head("/docs")
    assert (answer.status_code, answer.content) == (200, b"")


async def test_of_the_pages_of_who_is_signed_in_there_is_none(home):
    assert {each.path for each in PUBLIC} <= set(paths())
    assert (await home.stranger().get("/plain")).status_code == 418, "the gateway answers that nobody has it"
