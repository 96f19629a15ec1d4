"""From a template and its values to the two faces of a mail, text and HTML."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aurora_time.mail.catalogue import WORDS
from aurora_time.mail.wording import Locale

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER: Final = Path(__file__).parent / "templates"


def render(template: str, locale: Locale, values: dict[str, object]) -> tuple[str, str]:
    """The text and the HTML of a mail; values are escaped in the HTML."""
    context = {**values, "lang": locale, "words": WORDS[locale]}
    environment = _environment()
    text = environment.get_template(f"{template}.txt").render(context)
    return text.rstrip("\n") + "\n", environment.get_template(f"{template}.html").render(context)


@cache
def _environment() -> Environment:
    """Loaded with the first mail: many processes know how mails are worded, and send none."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
