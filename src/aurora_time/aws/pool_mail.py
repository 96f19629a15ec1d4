"""The mails that the user pool sends, in the person's language; where nobody knows it yet, in both."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from aurora_time.aws.carrier import Event
from aurora_time.mail.account import Addressee, code_mail, reset_mail
from aurora_time.mail.catalogue import WORDS
from aurora_time.mail.security import new_address_mail
from aurora_time.mail.wording import Locale, locale_of
from aurora_time.ports import Mail

_CODE_MINUTES: Final = 24 * 60
_RESET_MINUTES: Final = 60
"""For which the pool's codes are good."""
_MAILS: Final = "CustomMessage_"
_RESET: Final = "CustomMessage_ForgotPassword"
_NEW_ADDRESS: Final = frozenset({"CustomMessage_UpdateUserAttribute", "CustomMessage_VerifyUserAttribute"})
_LOCALES: Final[tuple[Locale, Locale]] = ("en", "vi")
_CARD: Final = re.compile(r"<main .*?</main>", re.DOTALL)
_BELOW: Final = "margin:16px auto 0"
_OTHERS: Final = frozenset({"CustomMessage_AdminCreateUser", "CustomMessage_Authentication"})
"""The pool's own words stand: they hold a user name, or no mail of ours says what they do."""


def worded(event: Event) -> Mail | None:
    """The mail that the pool is about to send, in the words of the person's language; None to leave it as it is."""
    source, attributes = event["triggerSource"], event["request"]["userAttributes"]
    if not source.startswith(_MAILS) or source in _OTHERS:
        return None
    address, code = attributes.get("email", ""), event["request"]["codeParameter"]
    said = attributes.get("locale", "")
    if said:
        return _in(locale_of(said), source, address, code)
    return _both(*(_in(each, source, address, code) for each in _LOCALES))


def _in(locale: Locale, source: str, address: str, code: str) -> Mail:
    """The pool puts the code in the place of its mark in the body; nobody promises that for the subject."""
    to = Addressee(address, locale, "")
    if source == _RESET:
        return reset_mail(to, code, _RESET_MINUTES)
    made = new_address_mail(to, code, _CODE_MINUTES) if source in _NEW_ADDRESS else code_mail(to, code, _CODE_MINUTES)
    subject = WORDS[locale].code.title
    return replace(made, subject=subject, html=made.html.replace(made.subject, subject, 1))


def _both(first: Mail, second: Mail) -> Mail:
    """One mail that says it twice."""
    card = _CARD.search(second.html)
    assert card is not None, "mail/templates/layout.html has a card"
    below = card.group().replace("<main ", f'<main lang="{_LOCALES[1]}" ', 1).replace("margin:0 auto", _BELOW, 1)
    html = first.html.replace("</main>", f"</main>\n{below}", 1)
    return replace(first, subject=f"{first.subject} / {second.subject}", html=html)
