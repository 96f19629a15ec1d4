"""Where somebody is signed in: the list, and signing out one device or all others."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from aurora_time.mail.wording import moment_text
from aurora_time.operations.sign_ins import SignIn, end_all_sign_ins, end_sign_in, list_sign_ins
from aurora_time.pages.view import Mine
from aurora_time.store.sign_ins import device_name

PATH: Final = "/settings/devices"
_DONE: Final = {"one": "signed_out", "others": "others_signed_out"}


async def show(view: Mine) -> Response:
    found = await list_sign_ins(view.services, view.person.id)
    done = _DONE.get(view.request.query_params.get("done", ""), "")
    values = {
        "devices": [_row(view, each) for each in sorted(found, key=lambda each: each.id != view.session_id)],
        "notice": getattr(view.say, done) if done else "",
    }
    return view.page("devices.html", values)


def _row(view: Mine, found: SignIn) -> dict[str, object]:
    session = found.session
    seen = moment_text(view.wall(int(session.seen)), view.locale)
    return {
        "id": found.id,
        "name": device_name(session.agent) or session.client_id or view.say.device_unknown,
        "seen": view.say.last_used.format(at=seen),
        "current": found.id == view.session_id,
    }


async def sign_out(view: Mine) -> Response:
    await end_sign_in(view.services, view.person.id, view.parameter("session_id"))
    return view.done(PATH, "one")


async def sign_out_others(view: Mine) -> Response:
    tokens = view.form.get("tokens") == "yes"
    await end_all_sign_ins(view.services, view.person.id, keep=view.session_id, tokens=tokens)
    return view.done(PATH, "others")
