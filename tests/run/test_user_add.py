"""`aurora user add`: the account it makes, and what a second time changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest

from aurora_time.identity import accounts, credentials
from aurora_time.operations.people import SCOPES, find_token, read_person
from aurora_time.ports import ConflictError, Key
from aurora_time.run.control import OperatorError
from aurora_time.run.user_add import NewUser, UserAdded, add_user, machine_locale, machine_time_zone
from aurora_time.run.wiring import Home
from tests.run.aurora_process import aurora, one_sentence

SAM = NewUser("sam@example.org", "Sam", "Asia/Ho_Chi_Minh", "vi")
PASSWORD = "violet tram kettle"


def changed(**fields: Any) -> NewUser:
    return msgspec.structs.replace(SAM, **fields)


def test_a_token_of_a_new_account_may_do_everything(in_home: Any) -> None:
    async def scenario(home: Home) -> None:
        added = await add_user(home, changed(token=True))
        assert added.created
        assert added.token
        assert added.link is None
        token = await find_token(home.services, added.token)
        assert token is not None
        assert set(token.scopes) == set(SCOPES)
        person, _ = await read_person(home.services, token.person_id)
        assert (person.email, person.name, person.time_zone) == ("sam@example.org", "Sam", "Asia/Ho_Chi_Minh")
        again = await add_user(home, changed(email="SAM@example.org", token=True))
        assert not again.created
        assert again.token != added.token
        other = await find_token(home.services, again.token or "")
        assert other is not None
        assert other.person_id == token.person_id

    in_home(scenario)


def test_a_password_can_be_chosen_by_the_link(in_home: Any) -> None:
    async def scenario(home: Home) -> None:
        added = await add_user(home, SAM)
        assert added.link is not None
        where, _, token = added.link.partition("?token=")
        assert where == f"{home.public_url}/password/reset"
        assert await credentials.reset_password(home.provider, unquote(token), PASSWORD)
        assert await add_user(home, SAM) == UserAdded(created=False), "nothing to choose any more"

    in_home(scenario)


def test_when_too_many_links_were_made_the_page_helps(in_home: Any) -> None:
    async def scenario(home: Home) -> None:
        for _ in range(3):
            await credentials.forgot(home.provider, SAM.email, "operator")
        assert (await add_user(home, SAM)).link == f"{home.public_url}/password/forgot"

    in_home(scenario)


def test_a_password_given_again_must_be_the_same(in_home: Any) -> None:
    async def scenario(home: Home) -> None:
        given = changed(password=PASSWORD)
        assert await add_user(home, given) == UserAdded(created=True)
        assert await add_user(home, given) == UserAdded(created=False)
        with pytest.raises(OperatorError, match="has an account with another password, which stays"):
            await add_user(home, changed(password=PASSWORD[::-1]))

    in_home(scenario)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (changed(email="sam"), "'sam' is no e-mail address"),
        (changed(time_zone="Mars/Olympus"), "unknown time zone 'Mars/Olympus': use an IANA name"),
        (changed(locale="tlh"), "--locale must be one of en, vi"),
        (changed(password="short"), "This password is not taken: Use at least 10 characters."),
        (changed(password=""), "This password is not taken: Use at least 10 characters."),
    ],
)
def test_what_makes_no_account_is_said(new: NewUser, words: str, in_home: Any) -> None:
    async def scenario(home: Home) -> None:
        with pytest.raises(OperatorError, match=words):
            await add_user(home, new)
        assert await accounts.find(home.provider, new.email) is None

    in_home(scenario)


def test_somebody_who_signs_up_at_the_same_time_is_found(in_home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(home: Home) -> None:
        create = accounts.create

        async def too_late(*given: Any) -> Any:
            await create(*given)
            raise ConflictError(Key("login", "account"))

        monkeypatch.setattr(accounts, "create", too_late)
        assert not (await add_user(home, SAM)).created

        async def never(*_: Any) -> Any:
            raise ConflictError(Key("login", "account"))

        monkeypatch.setattr(accounts, "create", never)
        with pytest.raises(OperatorError, match="try again"):
            await add_user(home, changed(email="kim@example.org"))

    in_home(scenario)


def test_the_zone_and_language_are_this_machines(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    assert machine_time_zone({}, link) == "Asia/Tokyo"
    assert machine_time_zone({"TZ": ":Europe/Berlin"}, link) == "Europe/Berlin"
    assert machine_time_zone({"TZ": "XXX-1"}, tmp_path / "missing") == "UTC"
    assert machine_locale({"LANG": "vi_VN.UTF-8"}) == "vi"
    assert machine_locale({"LC_ALL": "de_DE.UTF-8", "LANG": "vi_VN"}) == "en"
    assert machine_locale({}) == "en"


def test_a_script_reads_the_token_alone_and_a_password_is_read_from_stdin(tmp_path: Path) -> None:
    made = aurora("user", "add", "sam@example.org", "--password-stdin", "--data", tmp_path, stdin=f"{PASSWORD}\n")
    assert (made.returncode, made.stdout) == (0, "")
    assert made.stderr == f"sam@example.org now has an account (data in {tmp_path}).\n"
    token = aurora("user", "add", "sam@example.org", "--token", "--data", tmp_path)
    assert token.stdout.startswith("aur_")
    assert token.stdout.count("\n") == 1
    assert "has an account already" in token.stderr
    wrong = aurora("user", "add", "sam@example.org", "--password-stdin", "--data", tmp_path, stdin="another one!\n")
    assert "has an account with another password" in one_sentence(wrong)
