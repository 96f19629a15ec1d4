"""What holds for every page: forms, headers, HTML, languages, and what is in the way."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from aurora_time.http.problem import KINDS
from aurora_time.operations.calendars import MAX_CALENDARS
from aurora_time.operations.errors import TooLargeError
from aurora_time.pages import event_form, example, week
from aurora_time.pages.catalogue import WORDS
from aurora_time.pages.example_words import EXAMPLES
from aurora_time.pages.words import Words
from aurora_time.ports import UnavailableError

PAGES = Path(week.__file__).parent
PUBLIC = ("/", "/docs", "/problems", "/outbox", "/outbox/{mail}", "/nothing/here")
OWN = (
    "/",
    "/plain",
    "/settings",
    "/settings/tokens",
    "/settings/mail",
    "/settings/devices",
    "/settings/close",
    "/events/{event}",
    "/events/{event}/delete",
)
POSTS = (
    "/events",
    "/events/{event}/delete",
    "/example",
    "/example/delete",
    "/settings",
    "/settings/tokens",
    "/settings/tokens/1/delete",
    "/settings/mail",
    "/settings/devices/delete",
    "/settings/devices/1/delete",
    "/settings/close",
)
VOID = frozenset({"br", "circle", "img", "input", "link", "meta", "path"})


class WellFormed(HTMLParser):
    """Every element is closed in order, every id is there once, and what refers to an id finds it."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.referred: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.headings: list[int] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), (tag, names)
        values = {name: value or "" for name, value in attrs}
        assert "style" not in values, "the policy forbids inline style"
        assert not any(name.startswith("on") for name in values), "the policy forbids inline scripts"
        self.ids += [values["id"]] if "id" in values else []
        for name in ("aria-describedby", "aria-labelledby", "for"):
            self.referred += values.get(name, "").split()
        if tag == "label":
            self.labelled.add(values["for"])
        if tag in {"input", "select"} and values.get("type") != "hidden":
            self.fields.append(values)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def check(self) -> None:
        assert self.open == []
        assert len(set(self.ids)) == len(self.ids), sorted(self.ids)
        assert set(self.referred) <= set(self.ids)
        assert all(field["id"] in self.labelled for field in self.fields)
        assert self.headings[0] == 1
        assert self.headings.count(1) == 1
        assert all(after - before <= 1 for before, after in zip(self.headings, self.headings[1:], strict=False))


async def furnished(home, language="en-GB"):
    """Somebody with the example week, a rung reminder and a token; and the ids of an event and a mail."""
    browser = await home.someone(language=language)
    await browser.send("/example")
    await browser.send("/settings/tokens", "/settings/tokens", name="T", scopes="read")
    await home.ring(62)
    found = re.search(r'href="/events/([^"/]+)"', (await browser.get("/")).text)
    (mail, *_) = await home.home.mailer.messages(1)
    assert found
    return browser, {"event": found[1], "mail": mail.id}


@pytest.mark.parametrize("language", ["en-GB", "vi-VN"])
async def test_every_page_is_well_formed_labelled_and_in_the_readers_language(home, language):
    browser, ids = await furnished(home, language)
    stranger = home.browser(language)
    shown = [(page, await stranger.get(page.format(**ids))) for page in PUBLIC]
    shown += [(page, await browser.get(page.format(**ids))) for page in (*PUBLIC, *OWN)]
    shown.append(("/events", await browser.send("/events", summary="", repeat="x", remind="x")))
    shown.append(("/settings", await browser.send("/settings", "/settings", minutes="x")))
    for path, page in shown:
        assert f'<html lang="{language[:2]}">' in page.text, path
        WellFormed(page.text).check()


async def test_every_answer_has_the_security_headers(home):
    browser, ids = await furnished(home)
    answers = [await browser.get(page.format(**ids)) for page in (*PUBLIC, *OWN)]
    answers += [await home.browser().get("/settings"), await home.browser().get("/docs", Host="localhost:8765")]
    answers += [await browser.get(f"/outbox/{ids['mail']}/html"), await browser.get("/nothing", Accept="*/*")]
    answers += [await browser.post("/events", csrf="wrong"), await browser.add("Tea")]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store", answer.url
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] in {"DENY", "SAMEORIGIN"}
        assert answer.headers["referrer-policy"] == "same-origin"
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert "script-src 'unsafe" not in answer.headers["content-security-policy"]


async def test_a_post_without_the_token_of_this_sign_in_changes_nothing(home):
    browser, ids = await furnished(home)
    other = await home.someone("sam@example.org")
    theirs = other.csrf((await other.get("/")).text)
    before = await browser.text("/")
    for path in POSTS:
        for token in ("", "wrong", theirs):
            refused = await browser.post(path.format(**ids), csrf=token, summary="Sly", name="Sly", whole="yes")
            assert refused.status_code == 403, path
            assert "Nothing was changed." in refused.text
    assert await browser.text("/") == before


async def test_a_post_from_another_site_changes_nothing_even_with_the_token(home):
    browser = await home.someone()
    token = browser.csrf((await browser.get("/")).text)
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
    ):
        refused = await browser.http.post("/example", data={"csrf": token}, headers=headers)
        assert refused.status_code == 403


async def test_who_is_not_signed_in_is_led_to_sign_in_and_back(home):
    stranger = home.browser()
    led = await stranger.get("/settings/tokens?a=b&c=d")
    assert (led.status_code, led.headers["location"]) == (303, "/login?next=%2Fsettings%2Ftokens%3Fa%3Db%26c%3Dd")
    for path in POSTS:
        led = await stranger.post(path.format(event="1"))
        assert led.headers["location"] == "/login?next=%2Fplain", "what was posted is not repeated"


async def test_a_form_that_cannot_be_read_is_told_so(home):
    browser = await home.someone()
    for content, kind, status in (
        (b"{}", "application/json", 415),
        (b"a=1&a=2", "application/x-www-form-urlencoded", 400),
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", 413),
    ):
        refused = await browser.http.post("/events", content=content, headers={"Content-Type": kind})
        assert refused.status_code == status
        assert "This did not arrive well" in refused.text


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (UnavailableError("disk full", 7), 503, "The service is busy and nothing was changed."),
        (TooLargeError(f"at most {MAX_CALENDARS} calendars"), 409, f"at most {MAX_CALENDARS} calendars"),
    ],
)
async def test_what_stands_in_the_way_is_one_sentence(home, monkeypatch, error, status, sentence):
    browser = await home.someone()

    async def fail(*_):
        raise error

    monkeypatch.setattr(example, "create_calendar", fail)
    answer = await browser.send("/example")
    assert answer.status_code == status
    assert sentence in answer.text
    assert answer.headers.get("retry-after") == ("7" if status == 503 else None)


async def test_an_unknown_address_is_a_page_for_browsers_and_a_problem_for_programs(home):
    page = await home.browser().get("/nothing/here")
    assert page.status_code == 404
    assert "There is nothing here" in page.text
    assert 'href="/"' in page.text
    problem = await home.browser().get("/nothing/here", Accept="application/json")
    assert problem.status_code == 404
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["type"] == "/problems#not-found"


async def test_a_web_socket_finds_nothing(home):
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/", "headers": [], "query_string": b"", "subprotocols": []}
    await home.app(scope, receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]


async def test_an_unknown_done_says_nothing(home):
    browser = await home.someone()
    assert 'role="status"' not in (await browser.get("/?done=<script>")).text


# --- the pages of the API -----------------------------------------------------------------------------------
async def test_the_docs_lead_to_the_contract_with_this_homes_address(home):
    page = (await home.browser().get("/docs")).text
    assert "http://127.0.0.1:8765/v1/events" in page
    assert 'href="/v1/openapi.json"' in page


async def test_every_kind_of_problem_has_its_place_and_says_how_to_mend_it(home):
    for language in ("en", "vi"):
        page = (await home.browser(language).get("/problems")).text
        for kind in KINDS:
            place = re.search(rf'id="{kind.slug}".*?<p>([^<]+)</p>', page, re.DOTALL)
            assert place, kind.slug
            assert kind.title in page


# --- the words ----------------------------------------------------------------------------------------------
def leaves(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [leaf for each in dict(value).values() for leaf in leaves(each)]


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Words)])
def test_both_languages_say_everything_with_the_same_blanks_to_fill(field):
    english, vietnamese = (getattr(WORDS[locale], field) for locale in ("en", "vi"))
    if isinstance(english, dict):
        assert list(english) == list(vietnamese)
    blanks = [[sorted(re.findall(r"{\w*}", text)) for text in leaves(words)] for words in (english, vietnamese)]
    assert blanks[0] == blanks[1]
    assert all(text.strip() for text in leaves(english) + leaves(vietnamese))


def test_no_word_is_left_over():
    sources = [*PAGES.glob("*.py"), *PAGES.glob("templates/*.html")]
    used = {name for source in sources for name in re.findall(r"\bwords\.(\w+)", source.read_text("utf-8"))}
    assert {field.name for field in dataclasses.fields(Words)} <= used


def test_the_form_offers_exactly_what_it_understands():
    for words in WORDS.values():
        assert list(words.repeat_choices) == list(event_form.REPEATS)
        for choice in words.remind_choices:
            fields = {**event_form.fresh_fields(0), "summary": "Tea", "remind": choice}
            assert event_form.read_event_form(fields, "UTC", words).summary == "Tea"


def test_the_example_speaks_both_languages():
    english, vietnamese = (dataclasses.asdict(EXAMPLES[locale]) for locale in ("en", "vi"))
    assert {name for name in english if english[name] == vietnamese[name]} <= {"yoga"}
