"""API tokens: those there are, making one, and revoking one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from aurora_time.mail.wording import moment_text
from aurora_time.operations.people import SCOPES, create_token, delete_token, list_tokens
from aurora_time.pages.view import Mine

PATH: Final = "/settings/tokens"
MAX_NAME: Final = 200
PRESETS: Final = {"read": tuple(scope for scope in SCOPES if scope.endswith(":read")), "write": SCOPES}


async def show(view: Mine) -> Response:
    return await _page(view, {"name": "", "scopes": "read"})


async def create(view: Mine) -> Response:
    """The secret is on the page that answers, and nowhere else; so this one is no redirect."""
    fields = {"name": view.form.get("name", "").strip(), "scopes": view.form.get("scopes", "")}
    errors = _errors(view, fields)
    if errors:
        return await _page(view, fields, errors=errors)
    scopes = PRESETS[fields["scopes"]]
    _, _, secret = await create_token(view.services, view.person.id, fields["name"], scopes, None)
    return await _page(view, {"name": "", "scopes": "read"}, secret=secret)


async def delete(view: Mine) -> Response:
    await delete_token(view.services, view.person.id, view.parameter("token_id"))
    return view.done(PATH, "revoked")


def _errors(view: Mine, fields: Mapping[str, str]) -> dict[str, str]:
    words, name = view.words, fields["name"]
    wrong = {
        "name": words.token_name_needed if not name else words.token_name_long if len(name) > MAX_NAME else "",
        "scopes": "" if fields["scopes"] in PRESETS else words.choice_unknown,
    }
    return {name: text for name, text in wrong.items() if text}


async def _page(
    view: Mine, fields: Mapping[str, str], errors: Mapping[str, str] | None = None, secret: str = ""
) -> Response:
    found = sorted(
        (token for token, _ in await list_tokens(view.services, view.person.id)), key=lambda token: token.created
    )
    made = [(token, moment_text(view.wall(token.created), view.locale)) for token in found]
    values: dict[str, object] = {
        "tokens": made,
        "fields": fields,
        "errors": errors or {},
        "secret": secret,
        "notice": "" if secret else view.notice,
    }
    return view.page("tokens.html", values, 422 if errors else 200)
