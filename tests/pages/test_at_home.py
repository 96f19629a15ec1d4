"""The outbox, the mail form and the example are for the owner of this machine alone."""

from __future__ import annotations

import httpx
import pytest

from aurora_time.pages.at_home import is_forwarded, is_loopback_authority

FOREIGN_HOSTS = (
    "evil.example",
    "evil.example:8765",
    "127.0.0.1.nip.io:8765",
    "localhost.evil.example:8765",
    "127.0.0.1:8766",
    "127.0.0.1",
    "localhost",
    "localhost.:8765",
    "127.1:8765",
    "127.0.0.2:8765",
    "2130706433:8765",
    "0.0.0.0:8765",
    "192.168.1.7:8765",
    "::1:8765",
    "[::1]",
    "[::ffff:127.0.0.1]:8765",
    "user@127.0.0.1:8765",
    "127.0.0.1:8765@evil.example",
    "127.0.0.1:08765",
    "127.0.0.1:8765 ",
    "",
)
FORWARDED = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded",
    "X-Real-IP",
    "X-Client-IP",
    "True-Client-IP",
    "X-Original-Host",
    "CF-Connecting-IP",
    "CF-Ray",
    "CDN-Loop",
    "Fly-Client-IP",
    "Fastly-Client-IP",
    "X-Envoy-External-Address",
    "X-Amzn-Trace-Id",
    "Ngrok-Skip-Browser-Warning",
    "Tailscale-User-Login",
)
STRANGE = [
    *({"Host": host} for host in FOREIGN_HOSTS),
    *({name: "1"} for name in FORWARDED),
    *({name.lower(): ""} for name in FORWARDED[:3]),
]
OWNERS_PAGES = ("/outbox", "/outbox/{id}", "/outbox/{id}/html", "/settings/mail")
OWNERS_POSTS = ("/example", "/example/delete", "/settings/mail")


@pytest.mark.parametrize("headers", STRANGE, ids=lambda headers: "-".join(*headers.items()))
async def test_a_foreign_host_or_forwarding_header_never_sees_the_outbox(home, headers):
    browser = await home.someone()
    (mail,) = await home.home.mailer.messages(1)
    token = browser.csrf((await browser.get("/settings")).text)
    for page in OWNERS_PAGES:
        path = page.format(id=mail.id)
        assert (await browser.get(path)).status_code == 200
        refused = await browser.get(path, **headers)
        assert refused.status_code == 404, path
        assert "mai@example.org" not in refused.text
        assert mail.subject not in refused.text
    for path in OWNERS_POSTS:
        refused = await browser.http.post(path, data={"csrf": token}, headers=headers)
        assert refused.status_code == 404, path
    for path in ("/", "/settings"):
        shown = await browser.get(path, **headers)
        assert "/outbox" not in shown.text
        assert "/example" not in shown.text
        assert '"/settings/mail"' not in shown.text


async def test_a_request_from_another_address_never_sees_the_outbox(home):
    for client, status in ((("127.0.0.1", 1), 200), (("::1", 1), 200), (("192.0.2.1", 1), 404), (None, 404)):
        transport = httpx.ASGITransport(home.app, client=client)
        async with httpx.AsyncClient(transport=transport, base_url=home.home.public_url) as http:
            assert (await http.get("/outbox")).status_code == status, client


async def test_a_request_with_two_hosts_never_sees_the_outbox(home):
    headers = [("Host", "127.0.0.1:8765"), ("Host", "127.0.0.1:8765")]
    assert (await home.browser().http.get("/outbox", headers=headers)).status_code == 404


@pytest.mark.parametrize("home", [{"public_url": "https://time.example.org", "signup": "open"}], indirect=True)
async def test_a_home_for_others_has_neither_outbox_nor_example_nor_mail_form(home):
    for host in ("https://time.example.org", "http://127.0.0.1:443", "http://127.0.0.1:8765"):
        browser = home.browser(host=host)
        for path in ("/outbox", "/outbox/1"):
            assert (await browser.get(path)).status_code == 404
        for path in OWNERS_POSTS:
            assert (await browser.post(path)).status_code == 404


@pytest.mark.parametrize(
    ("authority", "port", "is_ours"),
    [
        ("127.0.0.1:8765", 8765, True),
        ("LOCALHOST:8765", 8765, True),
        ("[::1]:8765", 8765, True),
        ("127.0.0.1", 80, True),
        ("[::1]", 80, True),
        *((host, 8765, False) for host in FOREIGN_HOSTS),
    ],
)
def test_only_the_literal_names_of_loopback_with_our_port_are_ours(authority, port, is_ours):
    assert is_loopback_authority(authority, port) is is_ours


def test_what_browsers_send_by_themselves_is_no_sign_of_a_proxy():
    usual = "host accept accept-language user-agent cookie origin referer sec-fetch-site upgrade-insecure-requests"
    assert not is_forwarded([*usual.split(), "cache-control", "dnt", "x-requested-with", "priority"])


# --- one host -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["localhost:8765", "[::1]:8765", "LocalHost:8765"])
async def test_a_browser_that_came_by_another_name_is_led_to_the_public_url(home, name):
    led = await home.browser().get("/settings?a=b%20c", Host=name)
    assert (led.status_code, led.headers["location"]) == (307, "http://127.0.0.1:8765/settings?a=b%20c")
    led = await home.browser().get("/login", Host=name)
    assert led.headers["location"] == "http://127.0.0.1:8765/login"


async def test_only_pages_are_led_elsewhere_and_only_from_loopback(home):
    browser = home.browser()
    assert (await browser.get("/docs", Host="evil.example:8765")).status_code == 200
    assert (await browser.get("/docs", Host="localhost:8765", Accept="*/*")).status_code == 200
    assert (await browser.get("/healthz", Host="localhost:8765")).status_code == 200
    posted = await browser.http.post("/logout", headers={"Host": "localhost:8765"})
    assert posted.status_code != 307
