"""Mails about how somebody signs in, in both languages, against golden files, read back by a MIME parser."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import get_args

import pytest

from aurora_time.mail.account import Addressee
from aurora_time.mail.security import (
    Happened,
    address_taken_mail,
    happened_mail,
    invitation_mail,
    new_address_mail,
)
from aurora_time.mail.wording import Locale, Wall
from aurora_time.ports import Mail
from tests.mail.test_mails import HANOI, MONDAY, read_back, readable

GOLDEN = Path(__file__).parent / "golden" / "security"
RESET = "https://aurora.example/password/forgot"
WHAT: dict[Happened, str] = {"new_device": "Firefox (Linux)", "recovery_used": "9"}


def mails(locale: Locale) -> dict[str, Mail]:
    to = Addressee("lan@example.org", locale, "<notice-1@aurora.example>")
    at = Wall(MONDAY + 9 * 3600, HANOI)
    link = "https://aurora.example/signup?invitation=abc"
    return {
        **{
            name.replace("_", "-"): happened_mail(to, name, at, what=WHAT.get(name, ""), reset_url=RESET)
            for name in get_args(Happened)
        },
        "new-address": new_address_mail(to, "482913", 60),
        "address-taken": address_taken_mail(to, "https://aurora.example/login"),
        "invitation": invitation_mail(to, "aurora.example", link, 7 * 24 * 60),
    }


@pytest.mark.parametrize("locale", ["en", "vi"])
@pytest.mark.parametrize("name", list(mails("en")))
def test_a_mail_is_as_its_golden_text(name: str, locale: Locale) -> None:
    golden = GOLDEN / f"{name}.{locale}.txt"
    mail = mails(locale)[name]
    text = readable(read_back(mail))
    if os.environ.get("AURORA_REGENERATE") == "1":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert not re.search(r"[{}]", mail.text + mail.subject), "every brace is filled"
    assert mail.to_name == "", "no name that a stranger chose"


def test_a_notice_to_the_old_address_leads_nowhere() -> None:
    mail = mails("en")["email-changed"]
    assert "http" not in mail.text, "that address no longer opens anything"


def test_the_zone_is_named_where_there_is_one() -> None:
    to = Addressee("lan@example.org", "en", "<x@y>")
    for wall, text in ((Wall(MONDAY, HANOI), "00:00 (Asia/Ho Chi Minh)"), (Wall(MONDAY), "00:00")):
        told = happened_mail(to, "factor_on", wall, what="", reset_url=RESET).text
        assert f"Since Mon 23 Nov 2026, {text}, signing in" in told
