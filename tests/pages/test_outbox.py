"""Mails in the outbox: listed, read, and shown as they look, in a sandbox."""

from __future__ import annotations

import pytest

from aurora_time.pages.outbox import Piece, pieces
from aurora_time.ports import Mail


async def send(home, subject="Hello <you>", text="Hi", html="<html><head></head><body>Hi</body></html>"):
    await home.home.mailer.send(Mail("mai@example.org", subject, text, html, f"<{home.clock.time}@x>"))
    home.clock.time += 1
    (mail, *_) = await home.home.mailer.messages(1)
    return mail.id


async def test_an_empty_outbox_has_one_sentence_and_one_action(home):
    assert "No mail was written yet. Go to the start page" in await home.browser().text("/outbox")


async def test_mails_are_listed_the_newest_first_before_anybody_signs_in(home):
    await send(home, "First <b>")
    await send(home, "Second")
    said = await home.browser().text("/outbox")
    assert said.index("Second") < said.index("First <b>")
    assert "mai@example.org · Mon 23 Nov 2026, 02:00 UTC" in said


async def test_whoever_is_signed_in_reads_in_their_own_time(home):
    browser = await home.someone()
    await send(home)
    assert "Mon 23 Nov 2026, 09:00" in await browser.text("/outbox")


async def test_a_mail_is_shown_as_text_with_links_to_this_home_only(home):
    text = "Code 123456\nhttp://127.0.0.1:8765/events/1?a=b.\nhttp://evil.example/x <script>alert(1)</script>"
    mail = await send(home, text=text)
    shown = await home.browser().get(f"/outbox/{mail}")
    assert '<a href="http://127.0.0.1:8765/events/1?a=b">' in shown.text
    assert 'href="http://evil' not in shown.text
    assert "<script" not in shown.text
    assert "frame-src 'self'" in shown.headers["content-security-policy"]
    assert f'src="/outbox/{mail}/html"' in shown.text


async def test_the_html_of_a_mail_runs_loads_and_sends_nothing(home):
    mail = await send(home, html="<html><head></head><body><script>alert(1)</script></body></html>")
    shown = await home.browser().get(f"/outbox/{mail}/html")
    policy = dict(part.strip().partition(" ")[::2] for part in shown.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert "allow-scripts" not in policy["sandbox"]
    assert "allow-same-origin" not in policy["sandbox"]
    assert policy["frame-ancestors"] == "'self'"
    assert policy["form-action"] == "'none'"
    assert shown.headers["x-frame-options"] == "SAMEORIGIN"
    assert '<base target="_blank">' in shown.text


async def test_a_mail_without_html_is_text_alone(home):
    mail = await send(home, html="")
    assert "<iframe" not in (await home.browser().get(f"/outbox/{mail}")).text
    assert (await home.browser().get(f"/outbox/{mail}/html")).status_code == 404


@pytest.mark.parametrize("name", ["1", "..%2F..%2Fmail.json", "0000000000000000-0000000000000000"])
async def test_a_mail_that_is_not_there_is_not_found(home, name):
    assert (await home.browser().get(f"/outbox/{name}")).status_code == 404
    assert (await home.browser().get(f"/outbox/{name}/html")).status_code == 404


def test_only_addresses_that_begin_with_ours_become_links():
    text = "see http://h:1/a, http://h:1 http://h:12/b http://h:1.evil.example/ http://h:1@evil.example/"
    links = [piece.text for piece in pieces(text, "http://h:1") if piece.is_link]
    assert links == ["http://h:1/a", "http://h:1"]
    assert "".join(piece.text for piece in pieces(text, "http://h:1")) == text
    assert pieces("", "http://h:1") == [Piece("", False)]
