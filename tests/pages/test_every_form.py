"""Every address to which a form is posted: whoever has not the form, posts in vain."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Mount, Route, Router

from tests.pages.test_site import furnished

NO_FORMS = {"/token", "/revoke", "/userinfo", "/authorize"}
"""Programs post there, with a secret of their own; an authorization request may be posted, and does nothing itself."""
BY_SECRET = {"/book/{slug}", "/booking/{secret}", "/r/{token}"}
"""For who is not signed in: there is nothing that another site could do in somebody's name."""


def posted(home) -> set[str]:
    """The paths of all routes to which something is posted, but the API's."""
    (pages,) = [route.app for route in home.app.routes if isinstance(route, Mount)]
    while not isinstance(pages, Router):
        pages = pages._app if hasattr(pages, "_app") else pages.app
    return {route.path for route in pages.routes if isinstance(route, Route) and "POST" in (route.methods or ())}


def filled(path: str, ids: dict[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda found: ids["event"] if found[1] == "event_id" else "1", path)


async def test_no_form_is_taken_without_its_token(home):
    browser, ids = await furnished(home)
    before = dict(home.home.table._reader.execute("SELECT part || sort, version FROM items"))
    paths = posted(home) - NO_FORMS - BY_SECRET
    assert len(paths) > 25
    for path in sorted(paths):
        for token in ("", "wrong"):
            refused = await browser.post(filled(path, ids), csrf=token, whole="yes", password="violet tram kettle")
            assert refused.status_code == 403, path
    assert dict(home.home.table._reader.execute("SELECT part || sort, version FROM items")) == before


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}], ids=str)
async def test_no_form_is_taken_from_another_site(home, headers):
    browser, ids = await furnished(home)
    token = browser.csrf((await browser.get("/settings")).text)
    for path in sorted(posted(home) - NO_FORMS - BY_SECRET):
        refused = await browser.http.post(filled(path, ids), data={"csrf": token}, headers=headers)
        assert refused.status_code == 403, path
