"""Real servers as processes of their own, one for all tests of a file, and whoever comes to them over a socket."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import httpx
import pytest

from aurora_time.run import cli
from tools.running import HomeProcess, SinkProcess, running
from tools.visitor import Visitor, expect, mailed_code


class Signed(NamedTuple):
    """Somebody who signed up, in the browser where they did."""

    browser: Visitor
    email: str
    password: str


class Town:
    """A server that mails into a sink, and its people.

    All come from one address, to which only some 20 mails are sent before it has to wait: most tests do with the
    ``resident``, who stays signed in.
    """

    def __init__(self, home: HomeProcess, sink: SinkProcess, stack: ExitStack) -> None:
        self.url = home.url
        self.data = home.data
        self.mails = sink.folder
        self.smtp_port = sink.port
        self._stack = stack

    def browser(self) -> Visitor:
        made = Visitor(self.url)
        self._stack.callback(made.close)
        return made

    def somebody(self) -> Signed:
        """Somebody new, who may be signed out or have their password changed."""
        browser, email = self.browser(), f"{secrets.token_hex(6)}@example.org"
        return Signed(browser, email, browser.sign_up(email, lambda: mailed_code(self.mails, email)))

    def me(self, token: str) -> httpx.Response:
        """Who the API takes the bearer of this token for."""
        return httpx.get(f"{self.url}/v1/me", headers={"authorization": f"Bearer {token}"}, trust_env=False)

    def tokens(self, browser: Visitor) -> dict[str, str]:
        """What the CLI gets, with a refresh token."""
        got: dict[str, str] = expect(browser.redeem(browser.authorize("offline_access")), 200).json()
        return got


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    data = tmp_path_factory.mktemp("town") / "data"
    with running(data) as (home, sink), ExitStack() as stack:
        yield Town(home, sink, stack)


@pytest.fixture(scope="module")
def resident(town: Town) -> Signed:
    return town.somebody()


@pytest.fixture(scope="module")
def without_mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeProcess]:
    """Its mails go to the outbox."""
    home = HomeProcess(tmp_path_factory.mktemp("alone") / "data", traced=True)
    try:
        home.start()
        yield home
    finally:
        home.stop()


@pytest.fixture
def own_config(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("AURORA_SERVER", "AURORA_TOKEN", "AURORA_USER", "AURORA_DATA"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def aurora(monkeypatch, capsys):
    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["aurora", *words])
        try:
            cli.main()
            status = 0
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return run
