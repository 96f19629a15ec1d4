"""Signing up and in at the pool of a deployed home: the mailed code and what the pool asks our trigger, as its template
says; then its page, a code with PKCE.
"""

from __future__ import annotations

import httpx
import pytest

from aurora_time.mail.catalogue import WORDS
from aurora_time.mail.wording import Locale
from tests.aws.deployed.home import Home

pytestmark = [pytest.mark.deployed, pytest.mark.slow]


def test_who_signs_up_and_comes_back_with_a_code_is_known_by_the_address(home: Home) -> None:
    home.sign_up("binh@example.org", locale="vi")
    tokens = home.sign_in("binh@example.org")
    with home.http(tokens.access) as http:
        me = http.get("/v1/me").json()
        assert (me["email"], me["locale"]) == ("binh@example.org", "vi")
        calendars = http.get("/v1/calendars").json()["items"]
    assert [each["primary"] for each in calendars] == [True]


def test_who_was_not_made_at_sign_up_is_made_at_the_first_look_at_the_account(home: Home) -> None:
    home.bring("chi@example.org")
    tokens = home.sign_in("chi@example.org")
    with home.http(tokens.access) as http:
        assert http.get("/v1/calendars").status_code == 401
        assert http.get("/v1/me").json()["email"] == "chi@example.org"
        assert http.get("/v1/calendars").status_code == 200


def test_a_code_is_good_for_who_began_the_sign_in_alone(home: Home) -> None:
    home.sign_up("dung@example.org")
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        home.sign_in("dung@example.org", code_verifier="somebody else's, which has more than 43 characters")


def test_the_pages_send_nobody_to_another_address(home: Home) -> None:
    asked = {"response_type": "code", "client_id": home.client_id, "redirect_uri": "https://elsewhere.example/"}
    with home.http(url=home.pages) as pages:
        assert pages.get("/oauth2/authorize", params=asked).status_code == 400


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_the_mails_of_the_pool_are_in_the_persons_language(home: Home, locale: Locale) -> None:
    email = f"giang-{locale}@example.org"
    home.sign_up(email, locale)
    home.cognito.forgot_password(ClientId=home.client_id, Username=email)
    code, reset = (each["BodyHtml"] for each in home.mails(email))
    assert WORDS[locale].code.intro in code
    assert WORDS[locale].reset.title in reset


def test_only_the_mailed_code_makes_somebody(home: Home) -> None:
    home.begin_sign_up("hoa@example.org")
    mailed = home.mailed_code("hoa@example.org")
    with pytest.raises(home.cognito.exceptions.CodeMismatchException):
        home.confirm_sign_up("hoa@example.org", f"{(int(mailed) + 1) % 10**6:06}")
    home.confirm_sign_up("hoa@example.org", mailed)
    assert home.sign_in("hoa@example.org").access
