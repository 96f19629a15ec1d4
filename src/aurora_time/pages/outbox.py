"""The outbox of a home without a mail server: what would have been sent, for the owner of this machine to read."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from starlette.responses import HTMLResponse, Response

from aurora_time.domain.moment import UTC
from aurora_time.http.page import HEADERS
from aurora_time.mail.wording import Wall, moment_text
from aurora_time.pages.context import OutboxMessage
from aurora_time.pages.view import Mine, View

_SHOWN: Final = 100
_POLICY: Final = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
"""A mail runs nothing, loads nothing and sends nothing; its links open in a window of their own."""
_LINK: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


class Piece(NamedTuple):
    """A part of a text; ``is_link`` when it is an address of this home."""

    text: str
    is_link: bool


async def show_list(view: View) -> Response:
    if view.pages.outbox is None:
        return view.not_found()
    messages = await view.pages.outbox.messages(_SHOWN)
    return view.page("outbox.html", {"messages": [(message, _at(view, message.date)) for message in messages]})


async def show_mail(view: View) -> Response:
    message = await _message(view)
    if message is None:
        return view.not_found()
    values: dict[str, object] = {
        "message": message,
        "at": _at(view, message.date),
        "has_html": bool(message.html.strip()),
        "pieces": pieces(message.text, view.pages.public_url),
    }
    response = view.page("outbox_mail.html", values)
    response.headers["Content-Security-Policy"] += "; frame-src 'self'"
    return response


async def show_html(view: View) -> Response:
    """The mail's own HTML, in a sandbox, for the frame on its page."""
    message = await _message(view)
    if message is None or not message.html.strip():
        return view.not_found()
    headers = {**HEADERS, "Content-Security-Policy": _POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(message.html.replace("<head>", '<head><base target="_blank">', 1), headers=headers)


async def _message(view: View) -> OutboxMessage | None:
    return await view.pages.outbox.read(view.parameter("message_id")) if view.pages.outbox else None


def pieces(text: str, public_url: str) -> list[Piece]:
    """The text with the links to this home told apart; links to elsewhere stay text."""
    found: list[Piece] = []
    last = 0
    for match in _LINK.finditer(text):
        if match[0] == public_url or match[0].startswith(f"{public_url}/"):
            found += [Piece(text[last : match.start()], False), Piece(match[0], True)]
            last = match.end()
    return [*found, Piece(text[last:], False)]


def _at(view: View, instant: float) -> str:
    if isinstance(view, Mine):
        return moment_text(view.wall(int(instant)), view.locale)
    return f"{moment_text(Wall(UTC.wall(int(instant)), 'UTC'), view.locale)} UTC"
