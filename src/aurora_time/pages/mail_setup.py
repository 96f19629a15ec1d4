"""The form for a mail server, with a test; only for a home on loopback whose environment names none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final, cast

from starlette.responses import Response

from aurora_time.mail.account import Addressee, test_mail
from aurora_time.mail.wording import Wall, moment_text
from aurora_time.pages.context import MailServer, MailSetup, Security
from aurora_time.pages.view import Mine

PATH: Final = "/settings/mail"
FIELDS: Final = ("host", "port", "security", "sender", "username", "password")
_FRESH: Final = {**dict.fromkeys(FIELDS, ""), "port": "587", "security": "starttls"}


async def show(view: Mine) -> Response:
    if view.pages.mail_setup is None:
        return view.not_found()
    saved = await asyncio.to_thread(view.pages.mail_setup.saved)
    fields = _fields(saved) if saved else {**_FRESH, "sender": f"Aurora Time <{view.person.email}>"}
    done = view.request.query_params.get("done") == "mail"
    return _page(view, fields, notice=view.words.mail_saved if done else "", kept=bool(saved and saved.password))


async def submit(view: Mine) -> Response:
    """Try the settings, keep them if they are good, or keep them whatever they are, as the button says."""
    setup = view.pages.mail_setup
    if setup is None:
        return view.not_found()
    fields = {name: view.form.get(name, "").strip() for name in FIELDS} | {"password": view.form.get("password", "")}
    saved = await asyncio.to_thread(setup.saved)
    kept = bool(saved and saved.password)
    errors = _errors(view, fields)
    if errors:
        return _page(view, fields, errors=errors, kept=kept)
    server = _server(fields, saved)
    try:
        action = view.form.get("action")
        if action == "test":
            return await _test(view, setup, server, fields, kept)
        reason = None if action == "anyway" else await setup.test(server, None)
        if reason is not None:
            return _page(view, fields, problem=view.words.mail_not_tried, reason=reason, unsaved=True, kept=kept)
        await asyncio.to_thread(setup.save, server)
    except ValueError:
        return _page(view, fields, errors={"sender": view.words.mail_sender_bad}, kept=kept)
    except OSError as error:
        return _page(view, fields, problem=view.words.mail_not_saved, reason=str(error), kept=kept)
    return view.done(PATH, "mail")


async def _test(view: Mine, setup: MailSetup, server: MailServer, fields: Mapping[str, str], kept: bool) -> Response:
    host = view.pages.public_url.split("://", 1)[-1].split(":", 1)[0]
    to = Addressee(view.person.email, view.locale, f"<{view.services.ids.new()}@{host}>")
    reason = await setup.test(server, test_mail(to, view.pages.public_url))
    if reason is None:
        return _page(view, fields, notice=view.words.mail_test_good.format(email=view.person.email), kept=kept)
    return _page(view, fields, problem=view.words.mail_test_bad, reason=reason, kept=kept)


def _fields(server: MailServer) -> dict[str, str]:
    """What the form shows of the saved settings: the password never leaves."""
    return {name: str(getattr(server, name)) for name in FIELDS} | {"password": ""}


def _errors(view: Mine, fields: Mapping[str, str]) -> dict[str, str]:
    words, port, sender = view.words, fields["port"], fields["sender"]
    is_port = port.isascii() and port.isdecimal() and 1 <= int(port[:6]) <= 65_535
    wrong = {
        "host": "" if fields["host"] and " " not in fields["host"] else words.mail_host_needed,
        "port": "" if is_port else words.mail_port_bad,
        "security": "" if fields["security"] in words.mail_securities else words.choice_unknown,
        "sender": "" if "@" in sender.strip("@ <>") else words.mail_sender_bad,
    }
    return {name: text for name, text in wrong.items() if text}


def _server(fields: Mapping[str, str], saved: MailServer | None) -> MailServer:
    """An empty password means the saved one, but only for the same user of the same server."""
    password = fields["password"]
    same = saved is not None and (saved.host, saved.username) == (fields["host"], fields["username"])
    if not password and saved is not None and same:
        password = saved.password
    security = cast("Security", fields["security"])
    return MailServer(fields["host"], int(fields["port"]), security, fields["sender"], fields["username"], password)


def last_failed(view: Mine) -> str:
    """What is in the way of the mails of now, in a sentence; empty while they go out."""
    setup = view.pages.mail_setup
    failed = setup.failed() if setup and view.at_home else None
    if failed is None:
        return ""
    at = moment_text(Wall(view.person.home.wall(int(failed.at))), view.locale)
    return view.words.mail_failed.format(at=at, reason=failed.reason.rstrip("."))


def _page(view: Mine, fields: Mapping[str, str], *, kept: bool, **said: object) -> Response:
    """The form; ``said``: errors, a notice or a problem."""
    failed = bool(said.get("errors") or said.get("problem"))
    known = {"fields": fields, "email": view.person.email, "kept": kept, "failed": last_failed(view), "unsaved": False}
    return view.page("mail.html", {**known, **said}, 422 if failed else 200)
