"""Who has just booked and comes back to the time that is now taken: by Back, or with the form sent once more."""

from __future__ import annotations

from tests.pages.test_book import SLOT, form, published


async def test_who_comes_back_to_the_time_that_they_booked_is_led_to_the_booking(home):
    _, stranger, _ = await published(home)
    done = await stranger.post("/book/mai", **form())
    by_back = await stranger.get(f"/book/mai/{SLOT}")
    sent_again = await stranger.post("/book/mai", **form(email="SAM@example.org"))
    for again in (by_back, sent_again):
        assert (again.status_code, again.headers["location"]) == (303, done.headers["location"])
    assert "It is booked" in await stranger.text(done.headers["location"])


async def test_somebody_else_in_the_same_browser_is_told_that_it_is_taken(home):
    _, stranger, _ = await published(home)
    assert (await stranger.post("/book/mai", **form())).status_code == 303
    other = await stranger.post("/book/mai", **form(email="al@example.org"))
    assert other.status_code == 409
    assert "This time is not free any more" in other.text
    assert (await stranger.get("/book/mai/20260101T020000Z")).status_code == 409


async def test_only_the_page_that_was_booked_on_is_told_of_it_and_no_script_reads_it(home):
    _, stranger, _ = await published(home)
    kept = (await stranger.post("/book/mai", **form())).headers["set-cookie"]
    assert "Path=/book/mai" in kept
    assert "HttpOnly" in kept
    assert "Max-Age=900" in kept
    assert "SameSite=lax" in kept
