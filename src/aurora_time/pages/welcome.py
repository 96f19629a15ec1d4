"""The start page of somebody who is not signed in."""

from __future__ import annotations

from starlette.responses import Response

from aurora_time.pages.view import View


async def show(view: View) -> Response:
    return view.page("welcome.html", {"signup_open": view.pages.signup_open})
