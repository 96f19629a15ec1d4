"""What every page of the provider has: language, headers, labels."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from string import Formatter

import pytest

from aurora_time.identity import totp
from aurora_time.identity.account_words import ENGLISH as ACCOUNT_ENGLISH
from aurora_time.identity.account_words import VIETNAMESE as ACCOUNT_VIETNAMESE
from aurora_time.identity.words import ENGLISH, VIETNAMESE, WORDS, accepted, language_of
from tests.identity.conftest import hidden

PASSWORD = "violet tram kettle"
OPEN_PAGES = [
    "/signup",
    "/login",
    "/password/forgot",
    "/signup/confirm?flow=x",
    "/password/reset?token=x",
    "/authorize",
    "/login/code?flow=x",
    "/signup?invitation=x",
]
SIGNED_IN_PAGES = ["/password", "/end-session", "/login?again=1", "/second-factor", "/email", "/email/confirm?flow=x"]


async def test_every_page_has_strict_headers_and_a_sound_structure(home):
    browser = home.browser()
    pages = [await browser.get(path) for path in OPEN_PAGES]
    begun = await browser.submit("/signup", email="ann@example.org", password=PASSWORD)
    pages.append(await browser.get(begun.headers["location"]))
    await browser.submit(begun.headers["location"], code=home.mailbox.code())
    pages += [await browser.get(path) for path in SIGNED_IN_PAGES]
    pages.append(await browser.get("/authorize", **home.authorization(home.clients[1])))
    await browser.submit("/password/forgot", email="ann@example.org")
    pages.append(await browser.get(home.mailbox.link()))
    pages += await pages_of_a_second_step(home, browser)
    for page in pages:
        check_headers(page)
        check_structure(page.text)


async def pages_of_a_second_step(home, browser):
    """The confirmation of a new address, the recovery codes, the page when it is on, and the code that is asked for."""
    changed = await browser.submit("/email", new="anna@example.org", password=PASSWORD)
    pages = [await browser.get(changed.headers["location"])]
    fields = hidden((await browser.get("/second-factor")).text)
    code = totp.hotp(totp.read_secret(fields["secret"]), int(home.clock.time) // totp.STEP)
    pages.append(await browser.post("/second-factor", **fields, password=PASSWORD, code=code))
    pages.append(await browser.get("/second-factor"))
    other = home.browser()
    asked = await other.sign_in()
    return [*pages, await other.get(asked.headers["location"])]


def check_headers(page) -> None:
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'; base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"


class Structure(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attributes) -> None:
        self.tags.append((tag, dict(attributes)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


def check_structure(text: str) -> None:
    page = Structure()
    page.feed(text)
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert page.all("html") == [{"lang": "en"}]
    assert page.all("style") == []
    for tag, attributes in page.tags:
        assert "style" not in attributes, tag
        assert not any(name.startswith("on") for name in attributes), tag
    for script in page.all("script"):
        assert script["src"].startswith("/static/")
    labelled = {label["for"] for label in page.all("label")}
    ids = {attributes.get("id") for _, attributes in page.tags}
    for field in page.all("input"):
        if field["type"] == "hidden" or "aria-hidden" in field:
            continue
        assert field["id"] in labelled
        assert field["autocomplete"]
        assert set((field.get("aria-describedby") or "").split()) <= ids
    for form in page.all("form"):
        assert form["method"] == "post"
    assert re.search(r"<title>[^<]+ · Aurora Time</title>", text)


@pytest.mark.parametrize("path", OPEN_PAGES)
async def test_every_page_speaks_vietnamese(home, path):
    page = await home.browser(language="vi").get(path)
    assert '<html lang="vi">' in page.text
    words = [*dataclasses.asdict(ENGLISH).values(), *dataclasses.asdict(ACCOUNT_ENGLISH).values()]
    english = {value for value in words if len(value) > 8}
    visible = re.sub(r"<[^>]+>", "\n", page.text).splitlines()
    assert not english & {line.strip() for line in visible}


async def test_mails_are_in_the_language_of_the_page(home):
    browser = home.browser(language="vi-VN,vi;q=0.9")
    await browser.submit("/signup", email="lan@example.org", password=PASSWORD)
    assert "Xác nhận" in home.mailbox.mails[-1].text


def test_both_languages_say_everything_with_the_same_braces() -> None:
    assert set(WORDS) == {"en", "vi"}
    english = dataclasses.asdict(ENGLISH) | dataclasses.asdict(ACCOUNT_ENGLISH)
    vietnamese = dataclasses.asdict(VIETNAMESE) | dataclasses.asdict(ACCOUNT_VIETNAMESE)
    for name, text in english.items():
        assert text.strip()
        assert vietnamese[name].strip()
        assert braces(text) == braces(vietnamese[name]), name
    same = [name for name, text in english.items() if vietnamese[name] == text]
    assert same == []


def braces(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "1 second"), (2, "2 seconds"), (119, "119 seconds"), (120, "2 minutes"), (121, "3 minutes")],
)
def test_waits_are_rounded_up(seconds: int, said: str) -> None:
    assert ENGLISH.wait(seconds) == said


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("vi", "vi"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("en;q=0.8,vi;q=0.9", "vi"),
        ("fr-CH, fr;q=0.9, vi;q=0.7, *;q=0.5", "vi"),
        ("vi;q=0, en", "en"),
        ("de", "en"),
        ("vi;q=x", "en"),
        (",,;q=1", "en"),
    ],
)
def test_the_wanted_language_that_we_have_is_taken(header: str, language: str) -> None:
    assert language_of(accepted(header)) == language


@pytest.mark.parametrize("home", [{"has_app": True}], indirect=True)
async def test_who_came_from_the_app_for_a_setting_is_led_back_there(home):
    browser = home.browser()
    await browser.sign_up()
    assert 'href="/app/settings/profile"' in (await browser.get("/email")).text
    for path in ("/password", "/second-factor"):
        assert 'href="/app/settings/security"' in (await browser.get(path)).text
    changed = await browser.submit("/password", current=PASSWORD, password="another tram kettle")
    assert 'href="/app/settings/access"' in changed.text


async def test_without_the_app_every_setting_leads_back_to_the_plain_page(home):
    browser = home.browser()
    await browser.sign_up()
    for path in ("/email", "/password", "/second-factor"):
        assert 'href="/settings"' in (await browser.get(path)).text


async def test_the_language_that_the_app_asks_for_is_spoken_until_the_code_and_after(home):
    """In a browser that prefers English."""
    await home.browser().sign_up()
    browser = home.browser()
    sent = await browser.get("/authorize", **home.authorization(ui_locales="de vi"))
    login = sent.headers["location"]
    assert '<html lang="vi">' in (await browser.get(login)).text
    refused = await browser.submit(login, email="ann@example.org", password="not this one at all")
    assert '<html lang="vi">' in refused.text
    assert '<html lang="vi">' in (await browser.get("/password/forgot")).text
    assert '<html lang="en">' in (await home.browser().get("/login")).text


async def test_a_language_that_was_chosen_in_this_browser_is_spoken_and_a_strange_one_passed_over(home):
    browser = home.browser()
    for chosen, spoken in (("vi", "vi"), ("xx", "en"), ("", "en")):
        browser.http.cookies.set("aurora_language", chosen)
        assert f'<html lang="{spoken}">' in (await browser.get("/login")).text
