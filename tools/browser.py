"""A person with a real browser: Debian's Chromium, driven by Playwright, for the browser tests and the pictures."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from tools.visitor import VisitError

NEEDED: Final = "needs Chromium: sudo apt install chromium"
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_WORDS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""The browser itself asks nothing of anybody, and starts where there is no user namespace (a container)."""
_PRINTED: Final = re.compile(r"Sign-up code for (\S+): (\d{6})")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with an account."""

    email: str
    password: str = "violet tram kettle"
    name: str = "An"


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """One browser, its profile in a folder that goes with it; ``more`` are words of its command line. Raises VisitError
    where none is installed.
    """
    found = find_chromium()
    if found is None:
        raise VisitError(NEEDED)
    with tempfile.TemporaryDirectory(prefix="aurora-browser-") as folder, sync_playwright() as playwright:
        words = [*_WORDS, *more, f"--crash-dumps-dir={folder}"]
        browser = playwright.chromium.launch(executable_path=found, args=words)
        try:
            yield browser
        finally:
            browser.close()


def printed_code(log: Path, email: str, seconds: float = 10) -> str:
    """The newest sign-up code that the server's terminal shows for this address. Raises VisitError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        codes = [code for to, code in _PRINTED.findall(log.read_text(encoding="utf-8")) if to == email]
        if codes:
            return str(codes[-1])
        time.sleep(0.02)
    raise VisitError(f"no code was printed for {email}")


def fill_sign_up(page: Page, url: str, account: Account) -> None:
    """From the plain start page, to which it leads back, to the page that asks for the mailed code."""
    page.goto(f"{url.rstrip('/')}/plain")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("E-mail").fill(account.email)
    page.get_by_label("Name").fill(account.name)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Continue").click()


def enter_code(page: Page, code: str) -> None:
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Confirm").click()


def sign_in(page: Page, url: str, account: Account) -> None:
    page.goto(f"{url}/login?next=%2Fplain")
    page.get_by_label("E-mail").fill(account.email)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Sign in").click()


def app_token(page: Page) -> str:
    """The access token of the web app in this page: it may do all that the app can."""
    kept = page.evaluate("Object.entries(localStorage).find(([key]) => key.startsWith('oidc.user:'))[1]")
    return str(json.loads(kept)["access_token"])
