"""Signing up and in at the pool of a deployed home: the mailed code and what the pool asks our trigger, as its template
says; then its page, a code with PKCE.
"""

from __future__ import annotations

import httpx
import pytest
from argon2 import PasswordHasher

from aurora_time.identity.accounts import StoredAccount
from aurora_time.identity.context import Account
from aurora_time.mail.catalogue import WORDS
from aurora_time.mail.wording import Locale
from aurora_time.store import keys
from aurora_time.store.people import EMBEDDED, Person, Pointer, Subject
from tests.aws.deployed.home import PASSWORD, Home, wait_for

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
    home.invite("chi@example.org")
    home.bring("chi@example.org")
    tokens = home.sign_in("chi@example.org")
    with home.http(tokens.access) as http:
        assert http.get("/v1/calendars").status_code == 401
        assert http.get("/v1/me").json()["email"] == "chi@example.org"
        assert http.get("/v1/calendars").status_code == 200


def test_who_is_known_to_the_pool_alone_is_told_that_nobody_invited_them(home: Home) -> None:
    refused = home.trigger("PreSignUp_SignUp", "x", userAttributes={"email": "giang@example.org"})
    assert "takes only who is invited" in refused["errorMessage"]
    home.bring("giang@example.org")
    with home.http(home.sign_in("giang@example.org").access) as http:
        answer = http.get("/v1/me")
    assert answer.status_code == 401
    assert "Ask whoever runs it" in answer.json()["detail"]


def test_the_package_can_verify_the_password_of_a_home_that_moved_here(home: Home) -> None:
    """As a process with nothing but what is shipped."""
    email, hashed = "hue@example.org", PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD)
    account = Account("old-hoa", email, "Hoa", "Asia/Ho_Chi_Minh", "vi")
    person = Person("hoa", email, "Hoa", "Asia/Ho_Chi_Minh", "vi", 0, 0)
    home.put(keys.account("old-hoa"), StoredAccount(account, hashed, 0.0, 0.0))
    home.put(keys.login(email), {"subject": "old-hoa"})
    home.put(keys.person("hoa"), person)
    home.put(keys.email(email), Pointer("hoa"))
    home.put(keys.subject(EMBEDDED, "old-hoa"), Subject("hoa"))
    answer = home.trigger("UserMigration_Authentication", email, password=PASSWORD)
    assert answer["response"]["userAttributes"]["email_verified"] == "true", answer
    assert answer["response"]["finalUserStatus"] == "CONFIRMED"
    wrong = home.trigger("UserMigration_Authentication", email, password="another password")
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


def test_whoever_gets_an_address_that_somebody_has_left_in_the_pool_is_somebody_new(home: Home) -> None:
    """The operator changed it there, and nobody has signed in since: the trigger asks the pool itself."""
    old, new = "oanh@example.org", "oanh.vo@example.org"
    tokens = home.somebody("oanh")
    (user,) = home.cognito.list_users(UserPoolId=home.pool, Filter=f'email = "{old}"')["Users"]
    said = [{"Name": "email", "Value": new}, {"Name": "email_verified", "Value": "true"}]
    home.cognito.admin_update_user_attributes(UserPoolId=home.pool, Username=user["Username"], UserAttributes=said)
    home.sign_up(old)
    people = []
    for token in (tokens.access, home.sign_in(old).access):
        with home.http(token) as http:
            people.append(http.get("/v1/me").json())
    assert [each["email"] for each in people] == [new, old]
    assert people[0]["id"] != people[1]["id"]


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
