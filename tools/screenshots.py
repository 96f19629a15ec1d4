"""``make screenshots``: the pictures of README.md and the guides, of a real server and a real browser.

They are not compared by any test: fonts differ from machine to machine. Those committed were made with Noto Sans.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, NamedTuple

from playwright.sync_api import Browser, BrowserContext, ViewportSize

from tools import browser
from tools.browser import Account
from tools.running import ROOT, HomeProcess, NotReadyError, SinkProcess, running
from tools.visitor import VisitError, mailed_code

FOLDER: Final = ROOT / "docs" / "images"
DESK: Final = ViewportSize(width=1280, height=800)
PHONE: Final = ViewportSize(width=390, height=844)
MAX_BYTES: Final = 200_000
_BREAKFAST: Final = 8
"""The hour at which the pictures are taken, in a zone chosen for it: an example week looks best in the morning."""
_SECONDS_TO_RING: Final = 90


class Picture(NamedTuple):
    name: str
    path: str
    size: ViewportSize = DESK
    scheme: Literal["light", "dark"] = "light"


SIGNED_OUT: Final = (Picture("welcome", "/"), Picture("sign-in", "/login"))
SIGNED_IN: Final = (
    Picture("week", "/plain"),
    Picture("week-phone", "/plain", PHONE),
    Picture("week-dark", "/plain", scheme="dark"),
)


def morning_zone(now: datetime) -> str:
    """A zone of whole hours in which it is breakfast time now."""
    hours = (_BREAKFAST - now.astimezone(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


@contextmanager
def window(started: Browser, url: str) -> Iterator[BrowserContext]:
    zone = morning_zone(datetime.now(UTC))
    context = started.new_context(base_url=url, timezone_id=zone, locale="en-GB", reduced_motion="reduce")
    try:
        yield context
    finally:
        context.close()


def begin(context: BrowserContext, home: HomeProcess, sink: SinkProcess) -> None:
    """Sign somebody up, with the example week, and wait until its first reminder has rung."""
    page, account = context.new_page(), Account("an@example.org")
    browser.fill_sign_up(page, home.url, account)
    browser.enter_code(page, mailed_code(sink.folder, account.email))
    page.get_by_role("button", name="Add an example week").click()
    rung = page.get_by_text("after it was due")
    for _ in range(_SECONDS_TO_RING):
        page.goto("/plain")
        if rung.count():
            return
        page.wait_for_timeout(1_000)
    raise VisitError("the reminder of the example week did not ring")


def take(context: BrowserContext, picture: Picture) -> Path:
    """Write one picture. Raises VisitError if it is too large for a page that shows it."""
    page = context.new_page()
    page.set_viewport_size(picture.size)
    page.emulate_media(color_scheme=picture.scheme)
    page.goto(picture.path)
    path = FOLDER / f"{picture.name}.png"
    page.screenshot(path=path)
    page.close()
    if path.stat().st_size > MAX_BYTES:
        raise VisitError(f"{path.name} has {path.stat().st_size:,} bytes, at most {MAX_BYTES:,}")
    return path


def main() -> int:
    """0 if all pictures are written."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="aurora-pictures-") as folder,
            running(Path(folder) / "data") as (home, sink),
            browser.chromium() as started,
        ):
            for pictures in (SIGNED_OUT, SIGNED_IN):
                with window(started, home.url) as context:
                    if pictures is SIGNED_IN:
                        begin(context, home, sink)
                    for picture in pictures:
                        print(take(context, picture).relative_to(ROOT))
    except (VisitError, NotReadyError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
