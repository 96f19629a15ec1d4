"""Every page, in light and dark, at a desk and on a phone: nothing for axe-core to find, nothing to scroll sideways."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Final, NamedTuple, cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.conftest import SignedUp, Windows, sign_up
from tools import browser
from tools.browser import Account
from tools.running import HomeProcess

pytestmark = pytest.mark.browser

SIZES: Final = (ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844))
SCHEMES: Final = ("light", "dark")
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR: Final = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""What a colour scheme can change."""


class Cast(NamedTuple):
    """Who looks at pages: An has the example week, Mo an empty one."""

    an: SignedUp
    mo: SignedUp


@pytest.fixture(scope="module")
def people(chromium: Browser, home: HomeProcess) -> Cast:
    people = Cast(*(sign_up(chromium, home, Account(f"{name}@example.org")) for name in ("an", "mo")))
    windows = Windows(chromium, home.url)
    page = windows.open(storage_state=people.an.state)
    page.goto("/plain")
    page.get_by_role("button", name="Add an example week").click()
    page.get_by_role("status").wait_for()
    windows.close()
    return people


Visit = Callable[[Page], object]


def at(path: str) -> Visit:
    return lambda page: page.goto(path)


def confirm(page: Page) -> None:
    browser.fill_sign_up(page, "/", Account(f"n{id(page)}@example.org"))
    page.get_by_label("Code").wait_for()


def bad_sign_up(page: Page) -> None:
    browser.fill_sign_up(page, "/", Account("long@example.org", password="long@example.org"))
    page.get_by_text("something other").wait_for()


def bad_sign_in(page: Page) -> None:
    browser.sign_in(page, "", Account("nobody@example.org"))
    page.get_by_text("do not belong together").wait_for()


def forgotten(page: Page) -> None:
    page.goto("/password/forgot")
    page.get_by_label("E-mail").fill("an@example.org")
    page.get_by_role("button", name="Send the link").click()
    page.get_by_role("heading", name="Check your mail").wait_for()


def reset(page: Page) -> None:
    forgotten(page)
    a_mail(page, "password")
    page.get_by_role("region", name="As text").get_by_role("link").first.click()
    page.get_by_label("New password").wait_for()


def an_event(page: Page, name: str = "Weekly review") -> None:
    page.goto("/plain")
    page.get_by_role("region", name="This week").get_by_role("link", name=name, exact=True).first.click()
    page.get_by_role("heading", name=name).wait_for()


def a_series_to_delete(page: Page) -> None:
    an_event(page)
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete the series").wait_for()


def bad_event(page: Page) -> None:
    page.goto("/plain")
    add = page.get_by_role("region", name="Add an event")
    add.get_by_label("What").fill("Half an event")
    add.get_by_label("From").fill("")
    add.get_by_role("button", name="Add").click()
    page.locator("[aria-invalid]").wait_for()


def a_new_token(page: Page) -> None:
    page.goto("/settings/tokens")
    page.get_by_label("Name").fill("Script")
    page.get_by_role("button", name="Make a token").click()
    page.get_by_role("status").wait_for()


def a_mail(page: Page, subject: str = "code") -> None:
    page.goto("/outbox")
    page.get_by_role("link", name=subject).first.click()
    page.locator("iframe").wait_for()


def a_mail_alone(page: Page) -> None:
    """Its sandbox runs no script, axe's neither, unless the browser passes over the policy."""
    a_mail(page)
    page.goto(str(page.locator("iframe").get_attribute("src")))


SIGNED_OUT: Final[Mapping[str, Visit]] = {
    "welcome": at("/"),
    "sign-up": at("/signup"),
    "sign-up refused": bad_sign_up,
    "confirm": confirm,
    "sign-in": at("/login"),
    "sign-in refused": bad_sign_in,
    "forgot": at("/password/forgot"),
    "forgotten": forgotten,
    "reset": reset,
    "not found": at("/nothing/here"),
    "docs": at("/docs"),
    "outbox": at("/outbox"),
}
OF_AN: Final[Mapping[str, Visit]] = {
    "week": at("/plain"),
    "week refused": bad_event,
    "event": an_event,
    "delete": a_series_to_delete,
    "settings": at("/settings"),
    "tokens": at("/settings/tokens"),
    "new token": a_new_token,
    "mail settings": at("/settings/mail"),
    "change password": at("/password"),
    "outbox list": at("/outbox"),
    "one mail": a_mail,
    "mail alone": a_mail_alone,
    "problems": at("/problems"),
}
PAGES: Final = [
    *((name, "nobody", visit) for name, visit in SIGNED_OUT.items()),
    *((name, "an", visit) for name, visit in OF_AN.items()),
    ("empty week", "mo", at("/plain")),
]


@pytest.mark.parametrize(("who", "visit"), [row[1:] for row in PAGES], ids=[row[0].replace(" ", "-") for row in PAGES])
def test_everybody_can_use(windows: Windows, people: Cast, who: str, visit: Visit) -> None:
    signed_in = {} if who == "nobody" else {"storage_state": cast("SignedUp", getattr(people, who)).state}
    page = windows.open(bypass_csp=visit is a_mail_alone, **signed_in)
    visit(page)
    found: list[str] = []
    for size, scheme in product(SIZES, SCHEMES):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        where = f"{size['width']} px, {scheme}"
        found += [f"{where}: {each}" for each in violations(page, RULES if scheme == "light" else OF_COLOUR)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{where}: scrolls sideways")
    assert found == []


def violations(page: Page, rules: object) -> list[str]:
    """What axe-core finds: the rule, the element, what is wrong with it. A mail in its frame is a page of its own."""
    options = {"resultTypes": ["violations"], "runOnly": rules, "iframes": False}
    told = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']} at {node['target']}: {' '.join(node['failureSummary'].split())}"
        for rule in told
        for node in rule["nodes"]
    ]
