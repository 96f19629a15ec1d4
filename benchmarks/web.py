"""The web app in a real browser: what it loads first, when it has painted, and how fast it answers a hand.

A phone is 390 px wide, its processor four times slower than this machine's, its line 1.6 Mbit/s with 150 ms to the
server. Cold: signed in, and nothing of the app or the calendar kept. Warm: with the worker and what was read last.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from aurora_time.http.web_app import FOLDER
from benchmarks import hands
from benchmarks.measure import Figure, median, percentile
from tools import browser
from tools.browser import Account
from tools.running import HomeProcess

DAY: Final = "2027-03-01"
"""A Monday; all events are in the four weeks from it on."""
_A_WEEK: Final = 40
_FULL: Final = 1_000
_RUNS: Final = 5
_SLOWER: Final = 4
_LINE: Final = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
"""Milliseconds, and bytes a second."""
PHONE: Final = ViewportSize(width=390, height=844)
DESK: Final = ViewportSize(width=1280, height=800)
_ARRIVED: Final = (
    "Math.max(...performance.getEntriesByType('resource')"
    ".filter(({ name }) => name.includes('/v1/events')).map(({ responseEnd }) => responseEnd))"
)
_PAINTED: Final = (Path(__file__).parent / "painted.js").read_text(encoding="utf-8")


class Visit(NamedTuple):
    """A way to open the app: where, and what of it must be seen, how often."""

    path: str
    selector: str
    least: int = 1
    size: ViewportSize = PHONE
    slow: bool = True

    def go(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.set_viewport_size(self.size)
        page.add_init_script(f"({_PAINTED})({json.dumps(self.selector)}, {self.least})")
        if self.slow:
            slow_down(page)
        page.goto(f"/app/{self.path}")
        page.evaluate("window.painted")
        return page


AGENDA: Final = Visit(f"agenda/{DAY}", ".agenda-line")
WEEK: Final = Visit(f"week/{DAY}", ".event")
FULL: Final = (
    ("week", "week/2027-02-22", ".event", 500),
    ("agenda", "agenda/2027-01-30", ".agenda-line", _FULL),
)
"""The last empty week, and thirty days, before those with a thousand events; and how many of them are drawn in all.

In the week many stand behind the number of a crowd.
"""


def slow_down(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", _LINE)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})


@contextmanager
def served() -> Iterator[tuple[HomeProcess, Browser]]:
    with TemporaryDirectory(prefix="aurora-bench-") as folder, browser.chromium() as started:
        home = HomeProcess(Path(folder) / "data", AURORA_RATE_LIMIT="0")
        home.start()
        try:
            yield home, started
        finally:
            home.stop()


def signed_in(home: HomeProcess, started: Browser, email: str, days: list[tuple[int, int, int]]) -> Any:
    """What the browser of somebody with these events keeps: day of March 2027, minute of the day, minutes long."""
    context = started.new_context(base_url=home.url, timezone_id="Europe/Berlin", locale="en-GB")
    page = context.new_page()
    browser.fill_sign_up(page, home.url, Account(email))
    browser.enter_code(page, browser.printed_code(home.log, email))
    page.get_by_role("heading", name="Hello").wait_for()
    page.goto("/app/")
    page.locator(".shell").wait_for()
    fill(home.url, browser.app_token(page), days)
    state = context.storage_state()
    context.close()
    return state


def fill(url: str, token: str, days: list[tuple[int, int, int]]) -> None:
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:

        def make(event: tuple[int, int, int]) -> None:
            day, minute, length = event
            start, end = (f"2027-03-{day:02}T{at // 60:02}:{at % 60:02}:00" for at in (minute, minute + length))
            body = {"summary": f"Event at {minute}", "start": {"dateTime": start}, "end": {"dateTime": end}}
            client.post("/v1/events", json=body | {"location": "Room 12"}).raise_for_status()

        with ThreadPoolExecutor(8) as several:
            list(several.map(make, days))


def usual() -> list[tuple[int, int, int]]:
    """40 events in each of the weeks of a month."""
    each = -(-_A_WEEK // 7)
    return [(day, 8 * 60 + number * 90, 60) for day in range(1, 29) for number in range(each)]


def full() -> list[tuple[int, int, int]]:
    """1,000 events in one week."""
    return [(1 + number % 7, 5 + number // 7 * 9, 15) for number in range(_FULL)]


@contextmanager
def window(home: HomeProcess, started: Browser, state: Any) -> Iterator[BrowserContext]:
    options: Any = {"storage_state": state, "base_url": home.url, "timezone_id": "Europe/Berlin", "locale": "en-GB"}
    context = started.new_context(**options)
    try:
        yield context
    finally:
        context.close()


def loading(home: HomeProcess, started: Browser, state: Any) -> list[Figure]:
    part = "The web app on a phone: first load"
    figures: list[Figure] = []
    for name, visit, goal in (("agenda", AGENDA, 1.0), ("week", WEEK, 1.5)):
        cold, warm = [], []
        for _ in range(_RUNS):
            with window(home, started, state) as context:
                page = visit.go(context)
                cold.append(page.evaluate("window.painted") / 1e3)
                if not figures:
                    figures += [*scripts(part, page)]
                page.evaluate("navigator.serviceWorker.ready")
                page.close()
                warm.append(visit.go(context).evaluate("window.painted") / 1e3)
        figures.append(Figure(part, f"{name} painted, cold", median(cold), "s", goal))
        figures.append(Figure(part, f"{name} painted, warm", median(warm), "s", goal))
    return figures


def scripts(part: str, page: Page) -> list[Figure]:
    """Of the scripts that the page has asked for by the time it has painted."""
    asked = page.evaluate("performance.getEntriesByType('resource').map(({ name, startTime }) => [name, startTime])")
    before = page.evaluate("window.painted")
    names = {name.rpartition("/")[2] for name, at in asked if name.endswith(".js") and at < before}
    files = [FOLDER / "assets" / name for name in names - {"worker.js"}]
    packed = {
        kind: sum(file.with_name(f"{file.name}.{kind}").stat().st_size for file in files) for kind in ("gz", "br")
    }
    return [
        Figure(part, f"JavaScript, gzip, {len(files)} file{'s'[: len(files) > 1]}", packed["gz"] / 1e3, "kB", 120),
        Figure(part, "the same as it is sent, brotli", packed["br"] / 1e3, "kB"),
    ]


def painting(home: HomeProcess, started: Browser, state: Any) -> list[Figure]:
    """Turned to with a key: from the last byte of the events to the paint of what the screen has room for, and of all."""
    part = f"The web app at a desk: {_FULL:,} events in view"
    figures = []
    for name, path, selector, every in FULL:
        for what, least in (("in sight", 1), ("all of it", every)):
            times = [turned(home, started, state, path, (selector, least)) for _ in range(_RUNS)]
            figures.append(Figure(part, f"{name}, {what}, painted after its data", median(times), "ms", 150))
    return figures


def turned(home: HomeProcess, started: Browser, state: Any, path: str, watched: tuple[str, int]) -> float:
    with window(home, started, state) as context:
        page = Visit(path, ".views", size=DESK, slow=False).go(context)
        page.evaluate("navigator.serviceWorker.ready")
        page.evaluate(f"({_PAINTED})({json.dumps(watched[0])}, {watched[1]})")
        page.keyboard.press("ArrowRight")
        took: float = page.evaluate(f"window.painted.then((at) => at - {_ARRIVED})")
        return took


def answering(home: HomeProcess, started: Browser, state: Any, crowd: Any) -> list[Figure]:
    part = "The web app under a hand: interaction to next paint"
    figures = []
    places = (
        ("on a phone, 40 events a week", state, WEEK),
        (f"at a desk, {_FULL:,} events in the week", crowd, Visit(f"week/{DAY}", ".event", size=DESK, slow=False)),
    )
    for name, whose, visit in places:
        with window(home, started, whose) as context:
            page = visit.go(context)
            times = hands.work(page)
        figures.append(Figure(part, f"{name}, p95 of {len(times)}", percentile(times, 95), "ms", 100))
        figures.append(Figure(part, f"{name}, p50", median(times), "ms"))
    return figures


def run() -> list[Figure]:
    with served() as (home, started):
        state = signed_in(home, started, "an@example.org", usual())
        crowd = signed_in(home, started, "mo@example.org", full())
        return [
            *loading(home, started, state),
            *painting(home, started, crowd),
            *answering(home, started, state, crowd),
        ]
