"""Signing up and in at the pool of a deployed home: its pages, a code with PKCE, and what it asks our trigger."""

from __future__ import annotations

import httpx
import pytest

from tests.aws.deployed.home import Home

pytestmark = [pytest.mark.deployed, pytest.mark.slow]


def test_who_signs_up_and_comes_back_with_a_code_is_known_by_the_address(home: Home) -> None:
    subject = home.sign_up("binh@example.org", locale="vi")
    home.trigger("PostConfirmation_ConfirmSignUp", subject, "binh@example.org", "vi")
    tokens = home.sign_in("binh@example.org")
    with home.http(tokens.access) as http:
        me = http.get("/v1/me").json()
        assert (me["email"], me["locale"]) == ("binh@example.org", "vi")
        calendars = http.get("/v1/calendars").json()["items"]
    assert [each["primary"] for each in calendars] == [True]


def test_who_was_not_made_at_sign_up_is_made_at_the_first_look_at_the_account(home: Home) -> None:
    home.sign_up("chi@example.org")
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


def test_the_mail_with_the_code_is_in_the_persons_language(home: Home) -> None:
    said = {
        locale: home.trigger("CustomMessage_SignUp", "subject", "binh@example.org", locale)["response"]
        for locale in ("vi", "en")
    }
    assert all("{####}" in each["emailMessage"] for each in said.values())
    assert said["vi"]["emailSubject"] != said["en"]["emailSubject"]
