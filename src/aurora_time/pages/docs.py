"""The API in short, and every kind of problem it answers."""

from __future__ import annotations

from starlette.responses import Response

from aurora_time.http.problem import KINDS
from aurora_time.pages.view import View


async def show_docs(view: View) -> Response:
    return view.page("docs.html", {"url": view.pages.public_url})


async def show_problems(view: View) -> Response:
    mends = view.words.problems
    return view.page("problems.html", {"kinds": [(kind, mends.get(kind.slug, "")) for kind in KINDS]})
