"""``aurora login URL`` against a real server: the browser signs in, the terminal gets a token of its own."""

from __future__ import annotations

import json
import socket
import sys
import threading
import webbrowser
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from aurora_time.run import cli

pytestmark = pytest.mark.usefixtures("own_config")


def browse_with(monkeypatch, visit) -> None:
    """A browser that follows the link in a thread of its own, as a real one does."""
    monkeypatch.setattr(webbrowser, "open", lambda link: threading.Thread(target=visit, args=(link,)).start())


def path_of(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


def come_back(answer: httpx.Response, **changed: str) -> httpx.Response:
    """Follow the redirect to the terminal's own port, its parameters ``changed``."""
    location = urlsplit(answer.headers["location"])
    query = {name: values[0] for name, values in parse_qs(location.query).items()} | changed
    return httpx.get(f"http://{location.netloc}{location.path}?{urlencode(query)}", trust_env=False)


def test_signing_in_and_out(town, resident, aurora, monkeypatch) -> None:
    def visit(link: str) -> None:
        come_back(resident.browser.allow(path_of(link)))

    browse_with(monkeypatch, visit)
    status, out, err = aurora("login", town.url)
    assert (status, out) == (0, f"Signed in as {resident.email} at {town.url}.\n"), err
    assert f"{town.url}/authorize" in err
    status, out, _ = aurora("token", "list", "--json")
    names = [each["name"] for each in json.loads(out)]
    assert [name.startswith("aurora on ") for name in names] == [True]
    status, out, _ = aurora("add", "Lunch tomorrow at noon")
    assert (status, "Added" in out) == (0, True)
    kept = json.loads((sys.modules["aurora_time.run.cli_where"].login_file(cli.os.environ)).read_text())
    assert aurora("logout")[1] == "Signed out.\n"
    assert town.me(kept["token"]).status_code == 401


def test_what_belongs_to_no_question_of_ours_is_not_heard(town, resident, aurora, monkeypatch) -> None:
    heard = []

    def visit(link: str) -> None:
        answer = resident.browser.allow(path_of(link))
        heard.append(come_back(answer, state="another").status_code)
        heard.append(come_back(answer).status_code)

    browse_with(monkeypatch, visit)
    assert aurora("login", town.url)[0] == 0
    assert heard == [404, 200]
    aurora("logout")


def test_a_code_that_is_not_good(town, resident, aurora, monkeypatch) -> None:
    def visit(link: str) -> None:
        come_back(resident.browser.allow(path_of(link)), code="made-up")

    browse_with(monkeypatch, visit)
    status, _, err = aurora("login", town.url)
    assert (status, "The sign-in was refused: the code is not good" in err) == (1, True), err


def test_a_browser_that_opens_connections_ahead_is_in_nobodys_way(town, resident, aurora, monkeypatch) -> None:
    """Chromium does, and says nothing on them for minutes."""
    idle = []

    def visit(link: str) -> None:
        answer = resident.browser.allow(path_of(link))
        there = urlsplit(answer.headers["location"])
        idle.append(socket.create_connection((there.hostname, there.port)))
        come_back(answer)

    browse_with(monkeypatch, visit)
    assert aurora("login", town.url)[0] == 0
    idle[0].close()
    aurora("logout")


def test_signing_in_again_leaves_nothing_of_the_last_time(town, aurora, monkeypatch) -> None:
    somebody = town.somebody()
    browse_with(monkeypatch, lambda link: come_back(somebody.browser.allow(path_of(link))))
    for _ in range(2):
        assert aurora("login", town.url)[0] == 0
    assert len(json.loads(aurora("token", "list", "--json")[1])) == 1
    kept = json.loads((sys.modules["aurora_time.run.cli_where"].login_file(cli.os.environ)).read_text())
    bearer = {"authorization": f"Bearer {kept['token']}"}
    devices = httpx.get(f"{town.url}/v1/sessions", headers=bearer, trust_env=False).json()["items"]
    assert [each["client"] for each in devices] == [""], "the browser alone: the terminal has a token"


def test_a_sign_in_that_is_refused(town, aurora, monkeypatch) -> None:
    def visit(link: str) -> None:
        query = parse_qs(urlsplit(link).query)
        httpx.get(
            f"{query['redirect_uri'][0]}?{urlencode({'state': query['state'][0], 'error': 'access_denied'})}",
            trust_env=False,
        )

    browse_with(monkeypatch, visit)
    status, _, err = aurora("login", town.url)
    assert status == 1
    assert "access_denied" in err


def test_an_address_that_is_no_aurora(aurora) -> None:
    assert "cannot be reached" in aurora("login", "http://127.0.0.1:1")[2]
