"""Leaving: all of one's data as a file; and the end of the account, by password, lest an open screen be enough."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from aurora_time.http.page import HEADERS
from aurora_time.operations.closing import close_account
from aurora_time.operations.exporting import export_account
from aurora_time.pages.view import Mine, View

PATH: Final = "/settings/close"


async def show(view: Mine) -> Response:
    return _page(view, "")


def _page(view: Mine, error: str, status: int = 200) -> Response:
    errors = {"proof": error} if error else {}
    return view.page("close.html", {"email": view.person.email, "errors": errors}, status)


async def download(view: Mine) -> Response:
    """All that is kept of somebody, as the API's export has it: for who leaves, and for who wants to be able to."""
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="aurora-time.json"'}
    return Response(await export_account(view.services, view.person.id), headers=headers, media_type="application/json")


async def submit(view: Mine) -> Response:
    proof, check = view.form.get("proof", ""), view.pages.password_check
    if check is None:  # the password is another issuer's: be sure that it is meant
        if proof.strip().casefold() != view.person.email.casefold():
            return _page(view, view.say.close_wrong_email, 422)
    else:
        outcome = await check(view.request, view.person.email, proof)
        if outcome == "later":
            return _page(view, view.say.close_later, 429)
        if outcome == "wrong":
            return _page(view, view.say.close_wrong_password, 422)
    await close_account(view.services, view.person.id)
    gone = View(view.pages, view.request, view.locale)
    return gone.message(view.say.closed_title, view.say.closed)
