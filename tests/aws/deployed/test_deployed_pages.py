"""The pages for strangers of a deployed home: their route, their function with its package, their files."""

from __future__ import annotations

import re

import pytest

from tests.aws.deployed.home import Home

pytestmark = [pytest.mark.deployed, pytest.mark.slow]


def test_a_stranger_gets_the_pages_and_what_they_are_made_of(home: Home) -> None:
    with home.http() as http:
        page = http.get("/docs", headers={"accept": "text/html", "accept-language": "vi"})
        assert page.status_code == 200
        assert '<html lang="vi">' in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        for file in set(re.findall(r"/static/[\w.]+", page.text)):
            assert http.get(file).status_code == 200


def test_a_link_that_is_none_and_a_page_that_nobody_has_are_said_so_in_a_page(home: Home) -> None:
    """Each reads the table: the function may."""
    with home.http() as http:
        for path in ("/r/made-up", "/book/nobody", "/booking/made-up"):
            page = http.get(path)
            assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert http.post("/r/made-up").status_code == 404


def test_the_links_of_mails_to_what_is_in_the_app_lead_there(home: Home) -> None:
    with home.http() as http:
        assert http.get("/events/abc").headers["location"] == "/app/?event=abc"
        assert http.get("/settings/notifications").headers["location"] == "/app/settings/reminders"
