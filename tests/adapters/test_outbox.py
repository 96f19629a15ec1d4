"""Mails in a folder: each kept once and durably, the newest shown first, nothing else readable."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aurora_time.adapters.outbox import KEPT, OutboxMailer
from aurora_time.ports import Mail, MailRefusedError, MailUnavailableError

MAIL = Mail("lan@example.org", "Họp nhóm", "Xin chào\n", "<p>Xin chào</p>\n", "<1@aurora.example>", to_name="Lan")


class Time:
    """A clock that stands still until told."""

    seconds = 1_795_312_200.5

    def now(self) -> float:
        return self.seconds


def using(folder: Path, scenario: Callable[[OutboxMailer, Time], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        clock = Time()
        outbox = OutboxMailer(folder, "Aurora Time <aurora@localhost>", clock)
        try:
            await scenario(outbox, clock)
        finally:
            await outbox.close()

    asyncio.run(whole())


def test_a_mail_is_kept_and_read_back(tmp_path: Path) -> None:
    async def scenario(outbox: OutboxMailer, clock: Time) -> None:
        assert await outbox.messages() == []
        await outbox.send(MAIL)
        (message,) = await outbox.messages()
        assert message.to == "Lan <lan@example.org>"
        assert (message.subject, message.text, message.html) == (
            "Họp nhóm",
            "Xin chào\n",
            "<p>Xin chào</p>\n",
        )
        assert message.date == 1_795_312_200.5
        assert message.message_id == "<1@aurora.example>"
        assert await outbox.read(message.id) == message

    using(tmp_path / "deep" / "outbox", scenario)


def test_only_the_owner_can_read_the_files(tmp_path: Path) -> None:
    async def scenario(outbox: OutboxMailer, clock: Time) -> None:
        await outbox.send(MAIL)

    using(tmp_path / "outbox", scenario)
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_the_newest_come_first_and_a_limit_holds(tmp_path: Path) -> None:
    async def scenario(outbox: OutboxMailer, clock: Time) -> None:
        for number in range(5):
            clock.seconds += 0.001
            await outbox.send(replace(MAIL, subject=f"mail {number}"))
        assert [message.subject for message in await outbox.messages(3)] == ["mail 4", "mail 3", "mail 2"]

    using(tmp_path, scenario)


def test_the_same_mail_twice_at_one_moment_is_two_mails(tmp_path: Path) -> None:
    async def scenario(outbox: OutboxMailer, clock: Time) -> None:
        await asyncio.gather(*(outbox.send(MAIL) for _ in range(5)))
        messages = await outbox.messages()
        assert len({message.id for message in messages}) == 5
        assert {message.message_id for message in messages} == {"<1@aurora.example>"}

    using(tmp_path, scenario)


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path) -> None:
    async def scenario(outbox: OutboxMailer, clock: Time) -> None:
        for number in range(KEPT + 1):
            (tmp_path / f"{number:016}-{'0' * 16}.eml").write_bytes(b"Subject: old\r\n\r\n")
        await outbox.send(MAIL)
        messages = await outbox.messages(KEPT + 10)
        assert len(messages) == KEPT
        assert messages[0].subject == "Họp nhóm"
        assert messages[-1].id == f"{2:016}-{'0' * 16}"

    using(tmp_path, scenario)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../secret",
        "/etc/passwd",
        f"{'1' * 16}-{'0' * 16}/../../secret",
        f"{'1' * 16}-{'0' * 16}\n",
        "secret",
    ],
)
def test_an_id_reaches_no_other_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.eml").write_text("Subject: secret\n\n")
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "secret.eml").write_text("Subject: secret\n\n")

    async def scenario(outbox: OutboxMailer, clock: Time) -> None:
        assert await outbox.read(name) is None
        assert await outbox.messages() == []

    using(tmp_path / "outbox", scenario)


def test_a_mail_that_is_gone_is_none(tmp_path: Path) -> None:
    async def scenario(outbox: OutboxMailer, clock: Time) -> None:
        assert await outbox.read(f"{'1' * 16}-{'0' * 16}") is None

    using(tmp_path, scenario)


def test_a_half_written_mail_is_not_seen_and_a_damaged_one_does_no_harm(tmp_path: Path) -> None:
    async def scenario(outbox: OutboxMailer, clock: Time) -> None:
        (tmp_path / f"{'1' * 16}-{'0' * 16}.part").write_bytes(b"Subject: ha")
        (tmp_path / f"{'1' * 16}-{'1' * 16}.eml").write_bytes(b"\xff\x00 not a mail")
        (message,) = await outbox.messages()
        assert (message.to, message.subject, message.html, message.message_id) == ("", "", "", "")
        assert message.date == 1_111_111_111.111111

    using(tmp_path, scenario)


def test_a_file_and_its_name_are_synced_before_the_mail_counts_as_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, replace_file = os.fsync, Path.replace

    def traced_sync(handle: int) -> None:
        steps.append("sync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "sync file")
        sync(handle)

    def traced_replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return replace_file(self, target)

    async def scenario(outbox: OutboxMailer, clock: Time) -> None:
        monkeypatch.setattr(os, "fsync", traced_sync)
        monkeypatch.setattr(Path, "replace", traced_replace)
        await outbox.send(MAIL)
        assert steps == ["sync file", "rename", "sync folder"]

    using(tmp_path, scenario)


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file")

    async def scenario(outbox: OutboxMailer, clock: Time) -> None:
        with pytest.raises(MailUnavailableError, match="cannot be written"):
            await outbox.send(MAIL)

    using(tmp_path / "outbox", scenario)


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    async def scenario(outbox: OutboxMailer, clock: Time) -> None:
        with pytest.raises(MailRefusedError):
            await outbox.send(replace(MAIL, to="nobody"))

    using(tmp_path, scenario)


def test_after_closing_nothing_is_taken(tmp_path: Path) -> None:
    async def scenario(outbox: OutboxMailer, clock: Time) -> None:
        await outbox.close()
        with pytest.raises(MailUnavailableError):
            await outbox.send(MAIL)

    using(tmp_path, scenario)
