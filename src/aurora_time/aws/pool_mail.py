"""The mails that the user pool sends, in the person's language; where nobody knows it yet, in both."""

from __future__ import annotations

from typing import Final

from aurora_time.aws.carrier import Event
from aurora_time.mail.account import Addressee, code_mail, reset_mail
from aurora_time.mail.wording import locale_of
from aurora_time.ports import Mail

_CODE_MINUTES: Final = 24 * 60
_RESET_MINUTES: Final = 60
"""For which the pool's codes are good."""
_MAILS: Final = "CustomMessage_"
_RESET: Final = "CustomMessage_ForgotPassword"
_OTHERS: Final = frozenset({"CustomMessage_AdminCreateUser", "CustomMessage_Authentication"})
"""The pool's own words stand: they hold a user name, or no mail of ours says what they do."""


def worded(event: Event) -> Mail | None:
    """The mail that the pool is about to send, in the words of the person's language; None to leave it as it is."""
    source, attributes = event["triggerSource"], event["request"]["userAttributes"]
    if not source.startswith(_MAILS) or source in _OTHERS:
        return None
    to = Addressee(attributes.get("email", ""), locale_of(attributes.get("locale", "")), "")
    code = event["request"]["codeParameter"]
    return reset_mail(to, code, _RESET_MINUTES) if source == _RESET else code_mail(to, code, _CODE_MINUTES)
