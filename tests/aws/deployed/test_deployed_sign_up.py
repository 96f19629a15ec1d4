"""Signing up and in at the pool of a deployed home: its pages, a code with PKCE, and what it asks our trigger."""

from __future__ import annotations

import httpx
import pytest
from argon2 import PasswordHasher

from aurora_time.adapters.dynamodb_items import key_of
from aurora_time.identity.accounts import StoredAccount
from aurora_time.identity.context import Account
from aurora_time.store import keys
from aurora_time.store.people import EMBEDDED, Person, Pointer, Subject
from tests.aws.deployed.home import PASSWORD, Home, wait_for

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


def test_who_is_known_to_the_pool_alone_is_told_that_nobody_invited_them(home: Home) -> None:
    home.sign_up("giang@example.org")
    home.aws.client().delete_item(TableName=home.prefix, Key=key_of(keys.invited("giang@example.org")))
    with pytest.raises(AssertionError, match="takes only who is invited"):
        home.trigger("PreSignUp_SignUp", "subject", "giang@example.org")
    with home.http(home.sign_in("giang@example.org").access) as http:
        answer = http.get("/v1/me")
    assert answer.status_code == 401
    assert "Ask whoever runs it" in answer.json()["detail"]


def test_the_package_can_verify_the_password_of_a_home_that_moved_here(home: Home) -> None:
    """As a process with nothing but what is shipped."""
    email, hashed = "hoa@example.org", PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD)
    account = Account("old-hoa", email, "Hoa", "Asia/Ho_Chi_Minh", "vi")
    person = Person("hoa", email, "Hoa", "Asia/Ho_Chi_Minh", "vi", 0, 0)
    home.put(keys.account("old-hoa"), StoredAccount(account, hashed, 0.0, 0.0))
    home.put(keys.login(email), {"subject": "old-hoa"})
    home.put(keys.person("hoa"), person)
    home.put(keys.email(email), Pointer("hoa"))
    home.put(keys.subject(EMBEDDED, "old-hoa"), Subject("hoa"))
    answer = home.migrate("Authentication", email, password=PASSWORD)
    assert answer["response"]["userAttributes"]["email_verified"] == "true", answer
    assert answer["response"]["finalUserStatus"] == "CONFIRMED"
    wrong = home.migrate("Authentication", email, password="another password")
    assert wrong["errorMessage"] == "Incorrect username or password."


def test_who_deletes_the_account_is_unknown_to_the_pool_soon_after(home: Home) -> None:
    tokens = home.somebody("khanh")
    with home.http(tokens.access) as http:
        assert http.patch("/v1/me", json={"locale": "vi"}).status_code == 200
        (user,) = home.cognito.list_users(UserPoolId=home.pool, Filter='email = "khanh@example.org"')["Users"]
        assert {"Name": "locale", "Value": "vi"} in user["Attributes"]
        assert http.delete("/v1/me").status_code == 202
    found = {"UserPoolId": home.pool, "Filter": 'email = "khanh@example.org"'}
    wait_for(lambda: not home.cognito.list_users(**found)["Users"], 90, "the pool still knows who left")


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
