"""The words of the pages by language."""

from __future__ import annotations

from typing import Final

from aurora_time.mail.wording import Locale
from aurora_time.pages.english import ENGLISH
from aurora_time.pages.vietnamese import VIETNAMESE
from aurora_time.pages.words import Words

WORDS: Final[dict[Locale, Words]] = {"en": ENGLISH, "vi": VIETNAMESE}
