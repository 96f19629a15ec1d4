"""Where a server listens, and how the command line is told where it is."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import msgspec
import pytest

from aurora_time import __version__
from aurora_time.adapters.sqlite_file import OwnerLock
from aurora_time.run import server
from aurora_time.run.control import ControlFile
from aurora_time.run.server import listen, public_url
from aurora_time.run.settings import Settings, SettingsError
from tests.run.aurora_process import aurora, one_sentence, running


def test_the_next_free_port_is_taken_unless_one_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first = taken.getsockname()[1]
        monkeypatch.setattr(server, "DEFAULT_PORT", first)
        with listen("127.0.0.1", None) as listening:
            url = public_url(Settings(tmp_path), listening)
            assert first < int(url.rpartition(":")[2]) < first + 50
        monkeypatch.setattr(server, "_PORTS_TRIED", 1)
        with pytest.raises(SettingsError, match=f"No free port from {first} to {first}; choose one with --port"):
            listen("127.0.0.1", None)
        with pytest.raises(SettingsError, match="is taken by another program"):
            listen("127.0.0.1", first)


def test_an_unknown_address_is_not_a_taken_port() -> None:
    with pytest.raises(SettingsError, match="or another address with --host"):
        listen("no-such-host.invalid", None)


def test_addresses_in_urls(tmp_path: Path) -> None:
    with listen("::1", 0) as listening:
        port = listening.getsockname()[1]
        assert public_url(Settings(tmp_path, host="::1"), listening) == f"http://[::1]:{port}"
        assert server._own_url(listening) == f"http://[::1]:{port}"
        assert public_url(Settings(tmp_path, public_url="https://a.example"), listening) == "https://a.example"
    with listen("0.0.0.0", 0) as listening:
        assert server._own_url(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_the_version() -> None:
    assert aurora("--version").stdout == f"Aurora Time {__version__}\n"


def test_without_a_way_to_its_operator_it_serves_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "control.json.new").mkdir()
    with running(tmp_path) as running_server:
        assert running_server.ask("GET", "/healthz").status == 200
        code, _, err = running_server.stop()
    assert code == 0
    assert "the command line cannot reach this server" in err


def test_another_process_that_has_the_data_but_does_not_answer_is_told(tmp_path: Path) -> None:
    (tmp_path / "control.json").write_bytes(msgspec.json.encode(ControlFile("http://127.0.0.1:1", "s", os.getpid())))
    owner = OwnerLock(tmp_path / "aurora.sqlite")
    try:
        said = one_sentence(aurora("user", "add", "sam@example.org", "--data", tmp_path))
    finally:
        owner.close()
    assert "aurora.sqlite is in use by another process; stop that one first (asked at http://127.0.0.1:1: " in said
