"""What an operator can get wrong, or a machine can take away: one sentence each, never a traceback."""

from __future__ import annotations

import os
import resource
import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest

from aurora_time.adapters.sqlite_file import APPLICATION_ID
from tests.run.aurora_process import aurora, command, environment, one_sentence

PUBLIC = {"AURORA_PUBLIC_URL": "https://time.example.org"}
MAILING = {"AURORA_SMTP_URL": "smtp://127.0.0.1:1?security=none", "AURORA_MAIL_FROM": "a@example.org"}


def database(folder: Path, *statements: str) -> Path:
    path = folder / "aurora.sqlite"
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


def test_a_damaged_database(tmp_path: Path) -> None:
    (tmp_path / "aurora.sqlite").write_bytes(b"no database at all" * 100)
    assert "is damaged or is not a SQLite database; restore a backup" in one_sentence(
        aurora("serve", "--port", "0", "--data", tmp_path)
    )


def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    database(tmp_path, "CREATE TABLE t (x)", f"PRAGMA application_id = {APPLICATION_ID}", "PRAGMA user_version = 999")
    assert "newer Aurora Time (format 999" in one_sentence(aurora("serve", "--port", "0", "--data", tmp_path))


def test_a_database_of_another_program(tmp_path: Path) -> None:
    path = database(tmp_path, "CREATE TABLE theirs (x)")
    before = path.read_bytes()
    assert "is a database of another program" in one_sentence(aurora("serve", "--port", "0", "--data", tmp_path))
    assert path.read_bytes() == before


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is a file; name a folder" in one_sentence(aurora("serve", "--port", "0", "--data", tmp_path / "file"))
    assert "cannot be made" in one_sentence(aurora("serve", "--port", "0", "--data", tmp_path / "file" / "below"))


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    # Root may write into any folder but the kernel's.
    folder = tmp_path if os.geteuid() else Path("/sys/kernel")
    tmp_path.chmod(0o500)
    try:
        said = one_sentence(aurora("serve", "--port", "0", "--data", folder))
    finally:
        tmp_path.chmod(0o700)
    assert f"{folder}/aurora.sqlite cannot be opened: the file or its folder is read-only" in said


def test_a_disk_that_is_full_at_the_start(tmp_path: Path) -> None:
    done = subprocess.run(
        command("serve", "--port", "0", "--data", tmp_path),
        # What measures coverage could not write its file either.
        env={name: value for name, value in environment().items() if not name.startswith("COVERAGE")},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "aurora.sqlite cannot be" in one_sentence(done)


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = one_sentence(aurora("serve", "--port", str(port)))
    assert said == f"Port {port} on 127.0.0.1 is taken by another program; choose another."


def test_a_port_that_is_no_port(tmp_path: Path) -> None:
    done = aurora("serve", "--port", "70000", "--data", tmp_path)
    assert done.returncode == 2
    assert "Invalid value for '--port'" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_that_is_not_this_machine(tmp_path: Path) -> None:
    said = one_sentence(
        aurora("serve", "--host", "192.0.2.1", "--data", tmp_path, AURORA_SIGNUP="open", **PUBLIC, **MAILING)
    )
    assert "Port 8765 on 192.0.2.1 cannot be used (" in said


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"AURORA_PORT": "http"}, "AURORA_PORT must be a number from 1 to 65535, not 'http'."),
        ({"AURORA_PUBLIC_URL": "time.example.org"}, "AURORA_PUBLIC_URL must be like https://time.example.org"),
        ({"AURORA_SMTP_URL": "mail.example.org", "AURORA_MAIL_FROM": "a@b.example"}, "AURORA_SMTP_URL must be like"),
        ({**PUBLIC, "AURORA_SIGNUP": "open"}, "mails must reach them: set AURORA_SMTP_URL and AURORA_MAIL_FROM."),
        ({**MAILING, "AURORA_PUBLIC_URL": "http://time.example.org", "AURORA_SIGNUP": "open"}, "is not https"),
        ({**PUBLIC, **MAILING}, "set AURORA_SIGNUP to invite, open or closed."),
    ],
    ids=["port", "public url", "smtp url", "no smtp", "no https", "no sign-up policy"],
)
def test_settings_that_make_no_sense(environ: dict[str, str], words: str, tmp_path: Path) -> None:
    assert words in one_sentence(aurora("serve", "--data", tmp_path, **environ))
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_in_a_command_is_no_traceback() -> None:
    done = aurora("sevre")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "No such command" in done.stderr
