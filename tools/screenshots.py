"""``make screenshots``: the pictures of README.md and the guides, of a real server and a real browser.

They are not compared by any test: fonts differ from machine to machine. Those committed were made with Noto Sans.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tools import browser
from tools.browser import Account
from tools.picture_life import TALK, ZONE, live
from tools.running import ROOT, HomeProcess, NotReadyError, SinkProcess, running
from tools.visitor import Api, VisitError, mailed_code

FOLDER: Final = ROOT / "docs" / "images"
DESK: Final = ViewportSize(width=1280, height=800)
PHONE: Final = ViewportSize(width=390, height=844)
MAX_BYTES: Final = 200_000
_STILL_MS: Final = 600
"""Enough for what is read after the first paint."""


def wednesday(today: date) -> datetime:
    """When all pictures are taken, whatever time it is: on Wednesday morning of next week.

    Not of any year: the server's clock cannot be set, and its next 30 days are to be seen too.
    """
    monday = today + timedelta(days=7 - today.weekday())
    return datetime.combine(monday + timedelta(days=2), time(10, 20), ZoneInfo(ZONE))


Act = Callable[[Page], object] | None
"""What is done to a page before its picture is taken."""
SECTION: Final = ".section"


def open_event(page: Page) -> None:
    page.locator(".event.block", has_text=TALK).first.click()


def open_editor(page: Page) -> None:
    open_event(page)
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Title").wait_for()


def open_search(page: Page) -> None:
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("lunch")
    page.locator("dialog .agenda-line").first.wait_for()


def open_keys(page: Page) -> None:
    page.keyboard.press("?")


class Shape(NamedTuple):
    """How a view is pictured; ``suffix`` ends the picture's name."""

    suffix: str
    size: ViewportSize
    scheme: Literal["light", "dark"]


PLAIN: Final = (Shape("", DESK, "light"),)
BOTH: Final = (*PLAIN, Shape("-phone", PHONE, "light"))
ALL: Final = (*BOTH, Shape("-dark", DESK, "dark"), Shape("-phone-dark", PHONE, "dark"))


class View(NamedTuple):
    """``name`` is the picture's; ``path`` leads to the view. ``seen`` is on it once it is drawn."""

    name: str
    path: str
    seen: str
    act: Act = None
    shapes: tuple[Shape, ...] = BOTH


SIGNED_OUT: Final = (View("welcome", "/", "h1", shapes=PLAIN), View("sign-in", "/login", "h1", shapes=PLAIN))
APP: Final = (
    View("day", "/app/day", ".event.block"),
    View("week", "/app/week", ".event.block", shapes=ALL),
    View("month", "/app/month", ".event, .dot-line i", shapes=ALL),
    View("agenda", "/app/agenda", ".agenda-line", shapes=ALL),
    View("event", "/app/week", ".event.block", open_event),
    View("editor", "/app/week", ".event.block", open_editor),
    View("search", "/app/week", ".event.block", open_search),
    View("keys", "/app/week", ".event.block", open_keys),
    View("tasks", "/app/tasks", SECTION),
    View("reminders", "/app/reminders", SECTION),
    View("reminder-rules", "/app/reminders/rules", SECTION),
    View("schedules", "/app/schedules", SECTION),
    View("import", "/app/import", SECTION),
    View("trash", "/app/trash", SECTION),
    View("settings", "/app/settings", SECTION),
    View("settings-security", "/app/settings/security", SECTION),
)
"""Every view of the web app, one a line."""


@contextmanager
def window(started: Browser, url: str) -> Iterator[BrowserContext]:
    context = started.new_context(base_url=url, timezone_id=ZONE, locale="en-GB", reduced_motion="reduce")
    try:
        yield context
    finally:
        context.close()


def begin(context: BrowserContext, home: HomeProcess, sink: SinkProcess, now: datetime) -> None:
    """Sign somebody up who has a life around that Wednesday."""
    page, account = context.new_page(), Account("an@example.org")
    browser.fill_sign_up(page, home.url, account)
    browser.enter_code(page, mailed_code(sink.folder, account.email))
    page.get_by_role("heading", name="Hello").wait_for()
    page.goto("/app/")
    page.locator(".shell").wait_for()
    api = Api(home.url, browser.app_token(page))
    try:
        live(api, now.date())
    finally:
        api.close()
        page.close()


def take(context: BrowserContext, view: View, shape: Shape, now: datetime) -> Path:
    """Write one picture. Raises VisitError if it is too large for a page that shows it."""
    page = context.new_page()
    page.clock.set_fixed_time(now)
    page.set_viewport_size(shape.size)
    page.emulate_media(color_scheme=shape.scheme)
    page.goto(view.path)
    page.locator(view.seen).first.wait_for()
    if view.act:
        view.act(page)
    page.wait_for_timeout(_STILL_MS)
    path = FOLDER / f"{view.name}{shape.suffix}.png"
    page.screenshot(path=path)
    page.close()
    if path.stat().st_size > MAX_BYTES:
        raise VisitError(f"{path.name} has {path.stat().st_size:,} bytes, at most {MAX_BYTES:,}")
    return path


def main(names: list[str]) -> int:
    """0 if all pictures are written, or those of the views that are named."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="aurora-pictures-") as folder,
            running(Path(folder) / "data") as (home, sink),
            browser.chromium() as started,
        ):
            now = wednesday(datetime.now(UTC).date())
            for views in (SIGNED_OUT, APP):
                with window(started, home.url) as context:
                    if views is APP:
                        begin(context, home, sink, now)
                    for view in views if not names else [each for each in views if each.name in names]:
                        for shape in view.shapes:
                            print(take(context, view, shape, now).relative_to(ROOT), flush=True)
    except (VisitError, NotReadyError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
