"""A home without a mail server shows its outbox to the owner of this machine, and to nobody who came another way.

The requests are written byte by byte: what they say of Host and path is what proxies and rebound names would say.
"""

from __future__ import annotations

import re
import socket
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from tools.running import HomeProcess
from tools.visitor import Visitor, form_of

EMAIL = "mai@example.org"
_LINK = re.compile(r'href="(/outbox/[0-9a-f-]+)"')
_CODE = re.compile(r"\b\d{6}\b")
Lines = tuple[str, ...]


class Owner(NamedTuple):
    """Who signed up at the home, with the one mail that was written for it."""

    home: HomeProcess
    browser: Visitor
    mail: str
    code: str
    csrf: str


@pytest.fixture(scope="module")
def owner(without_mail_server: HomeProcess):
    browser = Visitor(without_mail_server.url)
    page = browser.begin_sign_up(EMAIL, "violet tram kettle", "Asia/Ho_Chi_Minh")
    mail, code = _only_mail(browser)
    browser.confirm(page, code)
    yield Owner(without_mail_server, browser, mail, code, form_of(browser.get("/settings"))["csrf"])
    browser.close()


def _only_mail(browser: Visitor) -> tuple[str, str]:
    """Its path and the code in it."""
    found = _LINK.search(browser.get("/outbox").text)
    assert found
    code = _CODE.search(browser.get(found[1]).text)
    assert code
    return found[1], code[0]


class Answer(NamedTuple):
    status: int
    head: str
    body: bytes


def say(home: HomeProcess, first: str, lines: Lines, body: bytes = b"") -> Answer:
    """Send a request just as it stands, and read until the server closes."""
    head = "\r\n".join([first, *lines, "Connection: close", "", ""]).encode("latin-1")
    with socket.create_connection(("127.0.0.1", home.port), timeout=10) as connection:
        connection.sendall(head + body)
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    said, _, rest = received.partition(b"\r\n\r\n")
    return Answer(int(said.split(b" ", 2)[1]), said.decode("latin-1"), rest)


def get(owner: Owner, path: str, lines: Lines) -> Answer:
    return say(owner.home, f"GET {path} HTTP/1.1", lines)


def post(owner: Owner, path: str, lines: Lines) -> Answer:
    body = urlencode({"csrf": owner.csrf, **MAIL_SERVER}).encode()
    about = ("Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}")
    return say(owner.home, f"POST {path} HTTP/1.1", (*lines, *about), body)


def cookies(owner: Owner) -> str:
    return "Cookie: " + "; ".join(f"{name}={value}" for name, value in owner.browser.cookies.items())


MAIL_SERVER = {
    "host": "mail.evil.example",
    "port": "25",
    "security": "none",
    "sender": "evil@example.org",
    "username": "",
    "password": "",
    "action": "anyway",
}
RIGHT = "Host: 127.0.0.1:{port}"
ROUNDABOUT: dict[str, Lines] = {
    "another name": ("Host: evil.example",),
    "another name with our port": ("Host: evil.example:{port}",),
    "a name that begins like ours": ("Host: 127.0.0.1.evil.example:{port}",),
    "a name that ends like ours": ("Host: evil.localhost:{port}",),
    "another port": ("Host: 127.0.0.1:1",),
    "no port": ("Host: 127.0.0.1",),
    "an address of the network": ("Host: 192.168.1.7:{port}",),
    "ours, then another": (RIGHT, "Host: evil.example"),
    "another, then ours": ("Host: evil.example", RIGHT),
    "ours twice": (RIGHT, RIGHT),
    "ours in a list": ("Host: 127.0.0.1:{port}, evil.example",),
    "ours as a user": ("Host: 127.0.0.1:{port}@evil.example",),
    "X-Forwarded-For": (RIGHT, "X-Forwarded-For: 127.0.0.1"),
    "x-forwarded-for, empty": (RIGHT, "x-forwarded-for:"),
    "X-Forwarded-Host": (RIGHT, "X-Forwarded-Host: 127.0.0.1:{port}"),
    "X-FORWARDED-PROTO": (RIGHT, "X-FORWARDED-PROTO: http"),
    "Forwarded": (RIGHT, "Forwarded: for=127.0.0.1;host=127.0.0.1;proto=http"),
    "X-Real-IP": (RIGHT, "X-Real-IP: 127.0.0.1"),
    "Via": (RIGHT, "Via: 1.1 tunnel"),
    "another name and ours by a proxy": ("Host: evil.example", "X-Forwarded-Host: 127.0.0.1:{port}"),
    "CF-Connecting-IP": (RIGHT, "CF-Connecting-IP: 192.0.2.1"),
}


@pytest.fixture(params=ROUNDABOUT)
def roundabout(request: pytest.FixtureRequest, owner: Owner) -> Lines:
    """The headers of who did not come straight from this machine; the worst of them bring the owner's cookies."""
    lines = ROUNDABOUT[request.param]
    return (*(line.format(port=owner.home.port) for line in lines), "Accept: text/html")


def assert_tells_nothing(owner: Owner, answer: Answer) -> None:
    assert answer.status == 404
    said = f"{answer.head}\n{answer.body.decode()}"
    for secret in (EMAIL, owner.code, owner.mail, owner.mail.rpartition("/")[2], "confirm"):
        assert secret not in said


def owners_pages(owner: Owner) -> Lines:
    return "/outbox", owner.mail, f"{owner.mail}/html", "/settings/mail"


def straight(owner: Owner) -> Lines:
    return f"Host: 127.0.0.1:{owner.home.port}", "Accept: text/html"


# --- who comes straight -----------------------------------------------------------------------------------------------
def test_the_owner_sees_the_outbox_before_and_after_signing_in(owner):
    for lines in (straight(owner), (*straight(owner), cookies(owner))):
        assert EMAIL in get(owner, "/outbox", lines).body.decode()
        for path in (owner.mail, f"{owner.mail}/html"):
            mail = get(owner, path, lines)
            assert mail.status == 200
            assert owner.code in mail.body.decode()


def test_a_program_may_use_the_other_names_of_loopback(owner):
    for name in ("localhost", "LOCALHOST", "[::1]"):
        answer = get(owner, owner.mail, (f"Host: {name}:{owner.home.port}",))
        assert (answer.status, owner.code in answer.body.decode()) == (200, True)


def test_the_mail_form_is_there_for_the_owner_who_signed_in(owner):
    assert get(owner, "/settings/mail", (*straight(owner), cookies(owner))).status == 200
    nobody = get(owner, "/settings/mail", straight(owner))
    assert "location: /login" in nobody.head.lower()


# --- who does not -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("with_cookies", [False, True], ids=["stranger", "with the owner's cookies"])
def test_whoever_comes_roundabout_never_sees_a_mail(owner, roundabout, with_cookies):
    lines = (*roundabout, cookies(owner)) if with_cookies else roundabout
    for path in owners_pages(owner):
        assert_tells_nothing(owner, get(owner, path, lines))
        assert_tells_nothing(owner, get(owner, path, tuple(line for line in lines if "Accept" not in line)))


def test_whoever_comes_roundabout_changes_nothing(owner, roundabout):
    for path in ("/example", "/example/delete", "/settings/mail"):
        assert_tells_nothing(owner, post(owner, path, (*roundabout, cookies(owner))))
    assert not (owner.home.data / "mail.json").exists()
    assert "/example/delete" not in owner.browser.get("/plain").text, "no example week was made"
    assert "mail.evil.example" not in owner.browser.get("/settings/mail").text


def test_whoever_comes_roundabout_is_not_told_of_it(owner, roundabout):
    for path in ("/plain", "/settings"):
        shown = get(owner, path, (*roundabout, cookies(owner)))
        assert not re.search(rb'"/(outbox|example|settings/mail")', shown.body), path


@pytest.mark.parametrize(
    "first",
    [
        "GET http://127.0.0.1:{port}{path} HTTP/1.1",
        "GET http://evil.example{path} HTTP/1.1",
        "GET {path}?x=1 HTTP/1.1",
        "GET {path}/ HTTP/1.1",
        "GET /.{path} HTTP/1.1",
        "GET /{path} HTTP/1.1",
        "GET /%6futbox HTTP/1.1",
        "HEAD {path} HTTP/1.1",
        "GET {path} HTTP/1.0",
    ],
)
def test_no_way_of_writing_the_path_gets_round_the_host(owner, first):
    for path in owners_pages(owner):
        line = first.format(port=owner.home.port, path=path)
        answer = say(owner.home, line, ("Host: evil.example", cookies(owner)))
        assert answer.status == 404
        assert owner.code not in answer.body.decode()
        assert EMAIL not in answer.body.decode()


@pytest.mark.parametrize("first", ["GET {path} HTTP/1.0", "GET {path} HTTP/1.1"])
@pytest.mark.parametrize("lines", [(), ("Host:",), ("Host : 127.0.0.1:{port}",)], ids=["none", "empty", "malformed"])
def test_without_a_host_there_is_no_outbox(owner, first, lines):
    for path in owners_pages(owner):
        sent = tuple(line.format(port=owner.home.port) for line in lines)
        answer = say(owner.home, first.format(path=path), sent)
        assert answer.status in {400, 404}
        assert owner.code not in answer.body.decode()


def test_the_second_request_of_a_connection_is_judged_by_its_own_host(owner):
    """As a proxy would send one stranger's request after the owner's."""
    ours = f"GET {owner.mail} HTTP/1.1\r\nHost: 127.0.0.1:{owner.home.port}\r\n\r\n"
    theirs = f"GET {owner.mail} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", owner.home.port), timeout=10) as connection:
        connection.sendall((ours + theirs).encode())
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    first, second, third = re.split(rb"(?=HTTP/1\.1 )", received)
    assert (first, owner.code.encode() in second) == (b"", True)
    assert third.startswith(b"HTTP/1.1 404 ")
    assert owner.code.encode() not in third


# --- the same, straight -----------------------------------------------------------------------------------------------
def test_straight_from_this_machine_the_same_posts_work(owner):
    made = post(owner, "/example", (*straight(owner), cookies(owner)))
    assert made.status == 303
    assert "/example/delete" in owner.browser.get("/plain").text
    assert post(owner, "/settings/mail", (*straight(owner), cookies(owner))).status == 303
    assert "mail.evil.example" in owner.browser.get("/settings/mail").text
    assert post(owner, "/example/delete", (*straight(owner), cookies(owner))).status == 303
    assert "/example/delete" not in owner.browser.get("/plain").text
    (owner.home.data / "mail.json").unlink()  # as it was: the tests may run in any order
