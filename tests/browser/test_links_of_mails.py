"""The pages behind the links of mails, and those about one's mails: for everybody, at a desk and on a phone."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from aurora_time.operations.links import Action, Link, Signer
from aurora_time.store.codec import decode
from tests.browser.conftest import SignedUp, Windows, sign_up
from tests.browser.test_for_everybody import OF_COLOUR, RULES, SCHEMES, SIZES, violations
from tests.mail.test_daily_mails import mails
from tools.browser import Account
from tools.running import HomeProcess

pytestmark = pytest.mark.browser

PICTURES: Final = os.environ.get("AURORA_PICTURES")
"""A folder for pictures of what is looked at here, for whoever wants to look, too."""
FAR: Final = 2**32


@pytest.fixture(scope="module")
def ly(chromium: Browser, home: HomeProcess) -> SignedUp:
    return sign_up(chromium, home, Account("ly@example.org"))


class Links:
    """Makes links as the home does, by its secret."""

    def __init__(self, home: HomeProcess, page: Page) -> None:
        with closing(sqlite3.connect(f"file:{home.database}?mode=ro", uri=True)) as table:
            (body,) = table.execute("SELECT body FROM items WHERE part = 'linksecret#home'").fetchone()
        self.signer = Signer(decode(body, list)[0].encode())
        page.goto("/settings/tokens")
        page.get_by_label("Name").fill("Script")
        page.get_by_role("button", name="Make a token").click()
        secret = re.search(r"aur_[\w-]+", page.get_by_role("main").inner_text())
        assert secret
        self.page, self.headers = page, {"Authorization": f"Bearer {secret[0]}"}
        self.owner = self._get("/v1/me")["id"]

    def _get(self, path: str) -> dict:
        return self.page.request.get(path, headers=self.headers).json()

    def to(self, action: Action) -> str:
        planned = self._get("/v1/reminders")["items"]
        subject = planned[0]["id"] if planned else ""
        return f"/r/{self.signer.token(Link(self.owner, action, FAR, subject))}"


def look(page: Page, name: str) -> list[str]:
    """What is wrong with a page, in light and dark, at a desk and on a phone."""
    found: list[str] = []
    for size, scheme in product(SIZES, SCHEMES):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        where = f"{name}, {size['width']} px, {scheme}"
        found += [f"{where}: {each}" for each in violations(page, RULES if scheme == "light" else OF_COLOUR)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{where}: scrolls sideways")
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{size['width']}-{scheme}.png", full_page=True)
    return found


def test_the_pages_of_links(windows: Windows, home: HomeProcess, ly: SignedUp) -> None:
    signed_in = windows.open(storage_state=ly.state)
    signed_in.goto("/plain")
    signed_in.get_by_role("button", name="Add an example week").click()
    signed_in.get_by_role("status").wait_for()
    links = Links(home, signed_in)
    page = windows.open()
    found: list[str] = []
    for action in ("10m", "9am", "done", "stop"):
        page.goto(links.to(action))
        found += look(page, f"link-{action}")
    page.goto(links.to("9am"))
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", name="You will be reminded again")).to_be_visible()
    found += look(page, "link-snoozed")
    page.goto(links.to("stop"))
    page.get_by_role("button", name="Stop reminder mails").click()
    expect(page.get_by_role("heading", name="Reminder mails are off")).to_be_visible()
    found += look(page, "link-stopped")
    page.get_by_role("button", name="Turn them on again").click()
    expect(page.get_by_role("heading", name="They are on again")).to_be_visible()
    page.goto("/r/nothing")
    found += look(page, "link-gone")
    assert found == []


def test_the_page_about_mails(windows: Windows, ly: SignedUp) -> None:
    page = windows.open(storage_state=ly.state)
    page.goto("/settings")
    page.get_by_role("link", name="Change mails").click()
    page.get_by_label("Mail me what the day holds").check()
    found = look(page, "mails")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        page.get_by_label(day).uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Choose at least one day.")).to_be_visible()
    found += look(page, "mails-refused")
    page.get_by_label("Monday").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Your mail settings are saved.")
    assert found == []


@pytest.mark.parametrize("name", ["reminder-rule", "reminder-task", "agenda"])
def test_mails_can_be_read_by_everybody(windows: Windows, name: str) -> None:
    page = windows.open()
    found: list[str] = []
    for locale in ("en", "vi"):
        page.set_content(mails(locale)[name].html)
        found += look(page, f"mail-{name}-{locale}")
    assert found == []
