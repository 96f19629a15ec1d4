"""``aurora login URL`` where another issuer signs people in, as on AWS: a process in the shape of a Cognito user pool,
and the functions of AWS behind the address that the command is given."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Iterator

import httpx
import pytest

from aurora_time.run import cli, sign_in_desk
from aurora_time.run.cli_where import login_file
from tests.e2e.cognito_like import CLIENT, POOL
from tests.e2e.functions_home import front, functions_home, told
from tools.running import environment, free_port

pytestmark = pytest.mark.usefixtures("own_config", "ports")
PORTS = [free_port() for _ in sign_in_desk.PORTS]
"""In the place of those of the product, for which tests on several cores would wait in line."""
CALLBACKS = [f"http://localhost:{port}/callback" for port in PORTS]


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_desk, "PORTS", tuple(PORTS))


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Its address: a process of its own, which answers only at what is registered."""
    words = [sys.executable, "-m", "tests.e2e.cognito_like", *CALLBACKS]
    with subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.terminate()


@pytest.fixture(scope="module")
def home(issuer: str) -> Iterator[str]:
    with functions_home(f"{issuer}{POOL}", CLIENT) as url:
        yield url


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Follows the link in a thread of its own, as a real one does; the statuses that it was answered with."""
    seen: list[str] = []

    def visit(link: str) -> None:
        asked = httpx.get(link, trust_env=False)
        seen.append(f"{asked.status_code} {asked.headers.get('location', '').partition('?')[0]}")
        if asked.status_code == 302:
            httpx.get(asked.headers["location"].replace("localhost", "127.0.0.1"), trust_env=False)

    monkeypatch.setattr(webbrowser, "open", lambda link: threading.Thread(target=visit, args=(link,)).start())
    return seen


def test_signing_in_at_the_issuer_that_the_home_names_and_out_again(home, issuer, aurora, browser) -> None:
    status, out, err = aurora("login", home)
    assert (status, out) == (0, f"Signed in as an@example.org at {home}.\n"), err
    assert f"{issuer}/oauth2/authorize" in err
    assert browser == [f"302 {CALLBACKS[0]}"]
    assert httpx.get(f"{issuer}/still-good", trust_env=False).json() == [], "the sign-in was ended at the issuer"
    kept = json.loads(login_file(cli.os.environ).read_text())
    assert kept["token"].startswith("aur_"), "what is kept is a token of the home, none of the issuer"
    assert aurora("logout")[1] == "Signed out.\n"
    with httpx.Client(headers={"authorization": f"Bearer {kept['token']}"}, trust_env=False) as client:
        assert client.get(f"{home}/v1/me").status_code == 401


def test_a_port_that_is_taken_is_passed_over(home, aurora, browser) -> None:
    with socket.create_server(("127.0.0.1", PORTS[0])):
        assert aurora("login", home)[0] == 0
    assert browser == [f"302 {CALLBACKS[1]}"]


def test_where_all_are_taken_it_says_what_to_do(home, aurora, browser) -> None:
    with (
        socket.create_server(("127.0.0.1", PORTS[0])),
        socket.create_server(("127.0.0.1", PORTS[1])),
        socket.create_server(("127.0.0.1", PORTS[2])),
    ):
        status, _, err = aurora("login", home)
    assert (status, browser) == (1, [])
    assert "all are taken" in err
    assert "--token-stdin" in err


def test_the_commands_work_with_the_token_of_a_sign_in(home, aurora, browser, monkeypatch, tmp_path) -> None:
    """``aurora --server`` on AWS: whatever a token may do goes through the functions."""
    assert aurora("login", home)[0] == 0
    assert "Added" in aurora("add", "Lunch tomorrow at noon")[1]
    assert "Lunch" in aurora("agenda", "--days", "3")[1]
    assert "Lunch" in aurora("search", "lunch")[1]
    monkeypatch.setenv("AURORA_TOKEN", aurora("token", "create", "A script")[1].strip())
    aurora("logout")
    assert "It will ring" in aurora("remind", "Call", "mum", "--in", "20m", "--server", home)[1]
    assert "Lunch" in aurora("agenda", "--days", "3", "--server", home)[1]
    status, _, err = aurora("export", str(tmp_path / "all.ics"), "--server", home)
    assert status == 0, err
    assert "Lunch" in (tmp_path / "all.ics").read_text()


def test_an_export_that_is_too_large_for_a_function_is_fetched_from_where_it_lies(
    home, aurora, browser, monkeypatch, tmp_path
) -> None:
    assert aurora("login", home)[0] == 0
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:e{number}@example.org\r\nDTSTAMP:20261123T090000Z\r\nDTSTART;VALUE=DATE:20261123\r\n"
        f"SUMMARY:Event {number}\r\nDESCRIPTION:{'x' * 2_000}\r\nEND:VEVENT\r\n"
        for number in range(5)
    )
    file = tmp_path / "many.ics"
    file.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\n{events}END:VCALENDAR\r\n")
    assert aurora("import", str(file))[0] == 0
    monkeypatch.setattr("aurora_time.aws.large.MOST", 8_000)
    status, _, err = aurora("export", str(tmp_path / "all.ics"))
    assert status == 0, err
    assert (tmp_path / "all.ics").read_text().count("SUMMARY:Event ") == 5


@pytest.mark.parametrize(
    "lie",
    [
        {"cliClientId": ""},
        {"issuer": ""},
        {"issuer": "ftp://issuer.example"},
        {"issuer": "http://issuer.example"},
        {"cliClientId": 7},
    ],
)
def test_a_home_that_names_no_issuer_for_terminals_is_told_of(aurora, browser, lie) -> None:
    config = told("https://issuer.example", "cli") | lie
    with front(config, lambda _: httpx.Response(404)) as url:
        status, _, err = aurora("login", url)
    assert (status, browser) == (1, [])
    assert "--token-stdin" in err or "as Aurora Time does" in err


def test_what_is_registered_at_an_issuer_is_where_the_command_listens() -> None:
    """The stack registers these; the tests above see that name and path are what a sign-in asks to be led back to."""
    assert list(sign_in_desk.CALLBACKS) == [f"http://localhost:{port}/callback" for port in (27631, 27632, 27633)]
