"""What a person sees when we made a mistake."""

from __future__ import annotations

from aurora_time.pages import week


async def test_a_mistake_of_ours_is_a_page_that_says_so_and_tells_no_more(home, monkeypatch):
    async def fail(_):
        raise ZeroDivisionError

    ann = await home.someone()
    monkeypatch.setattr(week, "show", fail)
    answer = await ann.get("/")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "ZeroDivision" not in answer.text
