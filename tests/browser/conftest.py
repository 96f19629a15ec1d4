"""A real Chromium, a real server without a mail server, and somebody who signed up in the one at the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect

from aurora_time.run.web_app import has_web_app
from tools import browser
from tools.browser import Account
from tools.running import HomeProcess


def _away_from_midnight(*zones: str) -> str:
    return next(each for each in zones if 1 <= datetime.now(ZoneInfo(each)).hour < 22)


ZONE: Final = _away_from_midnight("Asia/Ho_Chi_Minh", "America/Bogota")
"""Where the tests' people are: no midnight passes there while the tests run, and no summer time ever begins or ends."""
PATIENCE_MS = 30_000
"""For anything that is awaited: the machine may be busy with other tests, and what never comes fails all the same."""
expect.set_options(timeout=PATIENCE_MS)
WITH_HTTP_STATUS = "Failed to load resource: the server responded with a status of 4"
"""Chromium's note on each answer of 400 to 499; those that are not pages are told by their response."""

NOWHERE = "http://nowhere.invalid/"
"""Nobody asks for it. Where a first answer is made up only later, Chromium may send what is asked just then past it."""

NO_WORKER = "Service Worker registration blocked by Playwright"
"""What Playwright says where a test has asked for that."""


class Windows:
    """Opens windows with cookies of their own, and notes what no page may cause, wherever it is."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self.url = url
        self.strange: list[str] = []
        self.expected: set[int] = set()
        """Statuses of 400 and more that a test brings about on purpose."""
        self._chromium = chromium
        self._stack = ExitStack()

    def open(self, **options: Any) -> Page:
        """A window of a desk in Ho Chi Minh City, unless ``options`` of Playwright's new_context say otherwise."""
        usual = {"timezone_id": ZONE, "locale": "en-US", "reduced_motion": "reduce", "base_url": self.url}
        context = self._stack.enter_context(self._chromium.new_context(**{**usual, **options}))
        context.set_default_timeout(PATIENCE_MS)
        context.route(NOWHERE, lambda route: route.abort())
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.strange.append(f"script failed: {error.error}"))
        context.on("request", self._leave)
        context.on("response", self._miss)
        return context.new_page()

    def close(self) -> None:
        self._stack.close()

    def _hear(self, message: ConsoleMessage) -> None:
        """Violations of the Content-Security-Policy are told here too."""
        if message.type in {"error", "warning"} and not message.text.startswith((WITH_HTTP_STATUS, NO_WORKER)):
            self.strange.append(f"console: {message.text}")

    def _leave(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:")):
            self.strange.append(f"asked somebody else: {request.url}")

    def _miss(self, response: Response) -> None:
        if response.status in self.expected:
            return
        if response.status >= 500 or (response.status >= 400 and response.request.resource_type != "document"):
            self.strange.append(f"{response.status} at {response.url}")


class SignedUp(NamedTuple):
    """Somebody, and what their browser keeps after the sign-up."""

    account: Account
    state: Any


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if browser.find_chromium() is None:
        pytest.skip(browser.NEEDED)
    with browser.chromium() as started:
        yield started


@pytest.fixture(scope="module")
def home(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeProcess]:
    running = HomeProcess(tmp_path_factory.mktemp("home") / "data", traced=True)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def an(chromium: Browser, home: HomeProcess) -> SignedUp:
    return sign_up(chromium, home, Account("an@example.org"))


@pytest.fixture
def windows(chromium: Browser, home: HomeProcess) -> Iterator[Windows]:
    opened = Windows(chromium, home.url)
    yield opened
    opened.close()
    assert opened.strange == []


@pytest.fixture
def page(windows: Windows, an: SignedUp) -> Page:
    """A window in which An is signed in, on the plain start page."""
    window = windows.open(storage_state=an.state)
    window.goto("/plain")
    return window


@pytest.fixture
def app(windows: Windows, an: SignedUp) -> Page:
    """A window in which An has the web app open, at this week."""
    return open_app(windows, an)


def open_app(windows: Windows, somebody: SignedUp, at: str = "", **options: Any) -> Page:
    """The web app of somebody, at ``/app/`` and the rest of an address; ``options`` are those of Windows.open."""
    if not has_web_app():
        pytest.skip("the web app is not built: make run builds it where npm can be reached")
    window = windows.open(storage_state=somebody.state, **options)
    go(window, at)
    return window


def go(window: Page, at: str) -> None:
    """To an address of the app, until all is in its place: nothing moves away from under the mouse any more."""
    window.goto(f"/app/{at}")
    settled(window)


def settled(window: Page) -> None:
    expect(window.locator("main#calendar")).to_have_attribute("aria-busy", "false")


def sign_up(chromium: Browser, home: HomeProcess, account: Account) -> SignedUp:
    """By the forms, with the code that the terminal shows."""
    windows = Windows(chromium, home.url)
    try:
        window = windows.open()
        browser.fill_sign_up(window, home.url, account)
        browser.enter_code(window, browser.printed_code(home.log, account.email))
        window.get_by_role("heading", name=f"Hello, {account.name}").wait_for()
        assert windows.strange == []
        return SignedUp(account, window.context.storage_state())
    finally:
        windows.close()
