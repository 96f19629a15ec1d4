"""`aurora user invite` and `aurora key rotate`, on the data itself, and what is in their way."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from aurora_time.adapters.oidc import IssuerSettings, OidcIssuer
from aurora_time.adapters.oidc_http import IssuerError
from aurora_time.adapters.outbox import OutboxMailer
from aurora_time.identity import accounts, invitations, second_factor, totp
from aurora_time.ports import ConflictError, MailUnavailableError, Range
from aurora_time.run.checks import check_issuer
from aurora_time.run.control import OperatorError
from aurora_time.run.key_rotate import Rotated, Rotation, rotate_key, sentence
from aurora_time.run.second_step_off import SecondStep, TurnedOff, turn_off_second_step
from aurora_time.run.user_add import NewUser, add_user
from aurora_time.run.user_invite import NewInvitation, invite_user
from aurora_time.run.wiring import Home
from aurora_time.store import keys
from tests.run.aurora_process import aurora, one_sentence

SAM = NewInvitation("sam@example.org", "vi")


def test_an_invitation_is_mailed_in_the_language_asked_for(in_home: Any) -> None:
    async def scenario(home: Home) -> None:
        made = await invite_user(home, SAM)
        assert (made.days, made.not_mailed) == (7, "")
        assert made.link.startswith(f"{home.public_url}/signup?invitation=")
        assert isinstance(home.mailer, OutboxMailer)
        (mail,) = await home.mailer.messages(5)
        assert mail.to == "sam@example.org"
        assert mail.subject == "Lời mời dùng Aurora Time"
        assert made.link in mail.text
        found = await invitations.find(home.provider, made.link.partition("=")[2])
        assert found is not None
        assert found.email == "sam@example.org"

    in_home(scenario)


def test_what_makes_no_invitation_is_said(in_home: Any) -> None:
    async def scenario(home: Home) -> None:
        await add_user(home, NewUser("sam@example.org", "", "UTC", "en"))
        for new, words in (
            (SAM, "has an account already"),
            (NewInvitation("sam", "en"), "'sam' is no e-mail address"),
            (NewInvitation("kim@example.org", "tlh"), "--locale must be one of en, vi"),
        ):
            with pytest.raises(OperatorError, match=words):
                await invite_user(home, new)
        object.__setattr__(home.provider, "signup", "closed")
        with pytest.raises(OperatorError, match="set AURORA_SIGNUP=invite, or make the account with `aurora user add`"):
            await invite_user(home, NewInvitation("kim@example.org", "en"))
        assert (await home.table.query(Range(keys.invitation("").part)))[0] == []

    in_home(scenario)


def test_a_link_that_cannot_be_mailed_is_printed_all_the_same(in_home: Any) -> None:
    async def scenario(home: Home) -> None:
        class Away:
            async def send(self, _mail: object) -> None:
                raise MailUnavailableError("no connection")

        object.__setattr__(home.provider, "mailer", Away())
        made = await invite_user(home, SAM)
        assert made.not_mailed == "no connection"
        assert await invitations.find(home.provider, made.link.partition("=")[2]) is not None

    in_home(scenario)


def test_a_key_is_rotated_while_the_server_is_stopped(in_home: Any) -> None:
    async def scenario(home: Home) -> None:
        assert (await rotate_key(home, Rotation())).seconds == 3_600
        assert (await rotate_key(home, Rotation(at_once=True))).seconds == 0
        (items,) = await home.table.query(Range(keys.signing_key(0).part))
        assert [int(item.key.sort) for item in items] == [1, 2, 3]

    in_home(scenario)
    assert sentence(Rotated(3_600)).startswith("A new key is published; it signs in 60 minutes,")
    assert sentence(Rotated(0)).startswith("A new key signs from now on;")


def test_who_has_lost_the_second_step_is_let_in_by_the_operator(in_home: Any) -> None:
    async def scenario(home: Home) -> None:
        await add_user(home, NewUser("sam@example.org", "", "UTC", "en", password="violet tram kettle"))
        with pytest.raises(OperatorError, match=r"kim@example.org has no account here\."):
            await turn_off_second_step(home, SecondStep("kim@example.org"))
        assert await turn_off_second_step(home, SecondStep("sam@example.org")) == TurnedOff(was_on=False)
        found = await accounts.find(home.provider, "sam@example.org")
        assert found is not None
        secret = totp.new_secret("x")
        code = totp.hotp(totp.read_secret(secret) or b"", int(home.services.clock.now()) // totp.STEP)
        assert await second_factor.turn_on(home.provider, found, secret, code)
        write = home.table.write

        async def in_the_way(*_: object) -> None:
            raise ConflictError(keys.account("x"))

        home.table.write = in_the_way  # type: ignore[method-assign]
        with pytest.raises(OperatorError, match="try again"):
            await turn_off_second_step(home, SecondStep("sam@example.org"))
        home.table.write = write  # type: ignore[method-assign]
        assert await turn_off_second_step(home, SecondStep("sam@example.org")) == TurnedOff(was_on=True)
        found = await accounts.find(home.provider, "sam@example.org")
        assert found is not None
        assert found[0].factor is None

    in_home(scenario)


def test_the_doctor_asks_the_other_issuer(tmp_path: Path) -> None:
    class Clock:
        def now(self) -> float:
            return 0.0

    def answer(url: str, **_: object) -> dict[str, Any]:
        return {"issuer": "https://issuer.example"}

    def away(url: str, **_: object) -> dict[str, Any]:
        raise IssuerError("issuer.example cannot be reached (no route)")

    settings = IssuerSettings("https://issuer.example", "aurora")
    assert asyncio.run(check_issuer(None)) == []
    (good,) = asyncio.run(check_issuer(OidcIssuer(settings, Clock(), answer)))
    assert (good.status, good.detail) == ("ok", "by https://issuer.example")
    (bad,) = asyncio.run(check_issuer(OidcIssuer(settings, Clock(), away)))
    assert bad.status == "wrong"
    assert "cannot be reached (no route)" in bad.detail
    told = aurora("doctor", "--data", tmp_path, AURORA_ISSUER="http://127.0.0.1:1", AURORA_CLIENT_ID="x")
    assert "127.0.0.1:1 cannot be reached" in " ".join(told.stdout.split())


def test_the_commands_say_what_became_of_it(tmp_path: Path) -> None:
    said = aurora("user", "invite", " kim@example.org ", "--locale", "en", "--data", tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("kim@example.org can sign up within 7 days, while Aurora Time runs, at\nhttp://")
    off = aurora("user", "second-step-off", "kim@example.org", "--data", tmp_path)
    assert "kim@example.org has no account here." in off.stderr
    rotated = aurora("key", "rotate", "--data", tmp_path)
    assert rotated.stdout.startswith("A new key is published; it signs in 60 minutes")
    assert "is no e-mail address" in one_sentence(aurora("user", "invite", "kim", "--data", tmp_path))
    (tmp_path / "mail.json").write_text(
        '{"host": "127.0.0.1", "port": 1, "security": "none", "sender": "Aurora <aurora@example.org>"}'
    )
    unsent = aurora("user", "invite", "lan@example.org", "--data", tmp_path)
    assert "It could not be mailed (" in unsent.stderr
    assert "lan@example.org can sign up" in unsent.stdout
