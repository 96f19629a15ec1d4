"""What a hand does to the web app, and how long each of its moves waits for the next paint (Event Timing API)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from playwright.sync_api import Page

_ROUNDS: Final = 3
_LEAST: Final = 16.0
"""Milliseconds: the browser tells nothing of what was faster."""
_WATCH: Final = """
window.waits = new Map()
new PerformanceObserver((list) => {
  for (const { interactionId, duration } of list.getEntries())
    if (interactionId) window.waits.set(interactionId, Math.max(duration, window.waits.get(interactionId) ?? 0))
}).observe({ type: 'event', durationThreshold: 16 })
"""
_SETTLED: Final = (
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30))))"
)


def work(page: Page) -> list[float]:
    """Milliseconds of each interaction: keys, and what is pressed; slowest of the events that belong to it."""
    page.evaluate(_WATCH)
    done = 0

    def settled(act: Callable[[], object]) -> None:
        nonlocal done
        act()
        page.evaluate(_SETTLED)
        done += 1

    for _ in range(_ROUNDS):
        for act in _moves(page):
            settled(act)
    told: list[float] = page.evaluate("[...window.waits.values()]")
    return told + [_LEAST] * max(0, done - len(told))


def _moves(page: Page) -> list[Callable[[], object]]:
    def key(name: str) -> Callable[[], object]:
        return lambda: page.keyboard.press(name)

    def click(selector: str) -> Callable[[], object]:
        return page.locator(selector).filter(visible=True).first.click

    views = [click(f"[data-view={view}]") for view in ("day", "month", "agenda")]
    back = [key("w")]
    turns = [
        click("header .round:has-text('›')"),
        click("header .round:has-text('‹')"),
        key("ArrowRight"),
        key("ArrowLeft"),
    ]
    opened = [click(".event"), key("Escape"), key("n"), *map(key, "Swim"), key("Escape"), click(".unsaved button:not(.main)")]
    found = [key("/"), *map(key, "event"), key("Escape"), key("?"), key("Escape")]
    return [*views, *back, *turns, *opened, *found]
