"""Pages for strangers, who may ask only so often: each costs a look through the calendars of somebody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from aurora_time.http.problem import Problem
from aurora_time.pages.view import View

Open = Callable[[View], Awaitable[Response]]


def paced(handler: Open) -> Open:
    """The handler, or a page that asks to wait: for each network, and for each schedule whoever asks."""

    async def answer(view: View) -> Response:
        limits, slug = view.pages.limits, view.request.path_params.get("slug", "").lower()
        try:
            limits.of_network.take(view.pages.network(view.request))
            if slug:
                limits.of_schedule.take(slug)
        except Problem as refused:
            return _wait(view, int(refused.headers["retry-after"]))
        return await handler(view)

    return answer


def _wait(view: View, seconds: int) -> Response:
    response = view.message(view.words.busy_title, view.words.busy, 429)
    response.headers["Retry-After"] = str(seconds)
    return response
