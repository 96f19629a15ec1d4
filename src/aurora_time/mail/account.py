"""Mails about an account. None shows a name: whoever signs up an address of somebody else chose that name."""

from __future__ import annotations

from typing import NamedTuple

from aurora_time.mail.catalogue import WORDS, NoticeWords
from aurora_time.mail.plain import one_line
from aurora_time.mail.rendering import render
from aurora_time.mail.wording import Locale, Wall, duration_text, moment_text, zone_text
from aurora_time.ports import Mail


class Addressee(NamedTuple):
    """To whom, in which language, and the Message-ID of this mail."""

    address: str
    locale: Locale
    message_id: str


class Links(NamedTuple):
    """Where the button leads, and the address that stands alone on its line."""

    button: str = ""
    plain: str = ""


def code_mail(to: Addressee, code: str, valid_minutes: int, url: str = "") -> Mail:
    """The code that confirms an address at sign-up; ``url`` is a page where it can be typed in."""
    words = WORDS[to.locale]
    valid = words.valid_code.format(duration=duration_text(valid_minutes, to.locale))
    return notice(to, words.code, {"code": code, "valid": valid}, Links(url))


def reset_mail(to: Addressee, code: str, valid_minutes: int, url: str = "") -> Mail:
    """What lets somebody who lost a password choose a new one: a code, or with an empty code the link alone."""
    words = WORDS[to.locale]
    valid = words.valid_code if code else words.valid_link
    values = {"code": code, "valid": valid.format(duration=duration_text(valid_minutes, to.locale))}
    return notice(to, words.reset if code else words.reset_by_link, values, Links(url))


def already_registered_mail(to: Addressee, sign_in_url: str, reset_url: str) -> Mail:
    """To somebody who signs up with an address that has an account; the page says what it says to all."""
    return notice(to, WORDS[to.locale].already_registered, {}, Links(sign_in_url, reset_url))


def password_changed_mail(to: Addressee, at: Wall, reset_url: str) -> Mail:
    """After a change of password; ``at`` is on the wall of the account's zone."""
    zone = f" ({zone_text(at.zone)})" if at.zone else ""
    values = {"at": f"{moment_text(at, to.locale)}{zone}"}
    return notice(to, WORDS[to.locale].password_changed, values, Links(reset_url))


def test_mail(to: Addressee, site_url: str) -> Mail:
    """What ``aurora mail test`` sends."""
    return notice(to, WORDS[to.locale].test, {}, Links(site_url))


def notice(to: Addressee, words: NoticeWords, values: dict[str, str], links: Links) -> Mail:
    """A mail that says one thing; ``values`` fill the braces of its words."""
    filled = {"address": one_line(to.address), "code": "", "valid": "", **values}
    subject, intro = words.subject.format(**filled), words.intro.format(**filled)
    context: dict[str, object] = {
        **filled,
        "subject": subject,
        "preview": intro,
        "title": words.title,
        "intro": intro,
        "outro": words.outro,
        "not_you": words.not_you,
        "button_label": words.button,
        "button_url": links.button,
        "link_url": links.plain,
    }
    text, html = render("notice", to.locale, context)
    return Mail(to=to.address, subject=subject, text=text, html=html, message_id=to.message_id)
