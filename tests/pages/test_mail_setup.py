"""The form for a mail server: tried against a real one, and kept for the next start."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from aurora_time.adapters.smtp import SmtpMailer, SmtpSettings
from aurora_time.mail.account import Addressee
from aurora_time.mail.account import test_mail as trial
from aurora_time.ports import MailUnavailableError
from aurora_time.run import home_pages
from aurora_time.run.settings import read_settings

PAGE = "/settings/mail"
SENDER = "Aurora Time <aurora@example.org>"


class Sink:
    """Takes every mail, or refuses the recipient."""

    def __init__(self, *, refuse: bool = False) -> None:
        self.refuse = refuse
        self.contents: list[bytes] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refuse:
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.contents.append(envelope.content)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return made.getsockname()[1]


@pytest.fixture
def server(request):
    """A mail server on loopback: (its handler, its port)."""
    handler, port = Sink(refuse=getattr(request, "param", False)), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


async def signed_up(home, monkeypatch):
    """Somebody signed in where the mail server takes the mail with the code."""
    sent = []

    async def keep(_self, mail):
        sent.append(mail)

    async def code(_self, _email):
        return re.findall(r"\b\d{6}\b", sent[-1].text)[0]

    monkeypatch.setattr(SmtpMailer, "send", keep)
    monkeypatch.setattr(type(home), "code", code)
    return await home.someone()


async def fill(browser, to_port: int, action: str, **fields: str):
    typed = {"host": "127.0.0.1", "port": str(to_port), "security": "none", "sender": SENDER}
    return await browser.send(PAGE, PAGE, **({"username": "", "password": "", "action": action} | typed | fields))


async def test_a_test_mail_arrives_at_the_address_that_is_signed_in(home, server):
    handler, port = server
    browser = await home.someone()
    answer = await fill(browser, port, "test")
    assert answer.status_code == 200
    assert "The test mail is on its way to mai@example.org." in answer.text
    (content,) = handler.contents
    assert b"To: mai@example.org" in content
    assert b"<aurora@example.org>" in content
    assert f'value="{port}"' in answer.text, "what was typed is still there, to be saved"
    assert not (home.settings.data / "mail.json").exists()


@pytest.mark.parametrize("server", [True], indirect=True)
async def test_a_server_that_refuses_is_told_in_one_sentence(home, server):
    browser = await home.someone()
    answer = await fill(browser, server[1], "test")
    assert answer.status_code == 422
    assert "The test did not get through:" in answer.text
    assert "no such user here" in answer.text


async def test_a_server_that_is_not_there_is_told_in_one_sentence(home):
    browser = await home.someone()
    answer = await fill(browser, free_port(), "test")
    assert answer.status_code == 422
    assert "nothing listens at 127.0.0.1" in answer.text


async def test_settings_that_no_mail_could_go_out_by_are_not_saved(home):
    browser = await home.someone()
    answer = await fill(browser, free_port(), "save", password="se cret")
    assert answer.status_code == 422
    assert "Nothing was saved" in answer.text
    assert "nothing listens at 127.0.0.1" in answer.text
    assert "Save anyway" in answer.text
    assert 'value="se cret"' in answer.text, "what was typed is still there, to be mended"
    assert not (home.settings.data / "mail.json").exists()


async def test_settings_that_a_server_takes_are_saved_and_no_mail_is_sent(home, server):
    handler, port = server
    saved = await fill(await home.someone(), port, "save")
    assert saved.headers["location"] == "/settings/mail?done=mail"
    assert handler.contents == []
    assert read_settings({}, data=home.settings.data).smtp == SmtpSettings("127.0.0.1", port, "none", SENDER)


async def test_whoever_knows_better_saves_all_the_same(home):
    saved = await fill(await home.someone(), free_port(), "anyway")
    assert saved.headers["location"] == "/settings/mail?done=mail"


GONE = {"smtp": SmtpSettings("127.0.0.1", 1, "none", SENDER), "smtp_is_saved": True}


@pytest.mark.parametrize("home", [GONE], indirect=True)
async def test_settings_say_when_the_last_mail_failed_until_one_goes_out(home, monkeypatch):
    with monkeypatch.context() as taken:
        browser = await signed_up(home, taken)
    assert "The last mail" not in (await browser.get("/settings")).text
    to = Addressee("mai@example.org", "en", "<1@example.org>")
    with pytest.raises(MailUnavailableError):
        await home.home.mailer.send(trial(to, home.home.public_url))
    for path in ("/settings", PAGE):
        shown = (await browser.get(path)).text
        assert "The last mail did not go out" in shown
        assert "nothing listens at 127.0.0.1:1 (connection refused)." in shown
    told = (await browser.get("/config.json")).json()
    assert told["mailFailed"]["reason"] == "nothing listens at 127.0.0.1:1 (connection refused)"
    monkeypatch.setattr(SmtpMailer, "_deliver", lambda _self, _mail: None)
    await home.home.mailer.send(trial(to, home.home.public_url))
    assert "The last mail" not in (await browser.get("/settings")).text
    assert "mailFailed" not in (await browser.get("/config.json")).json()


async def test_saved_settings_count_from_the_next_start_and_the_password_never_comes_back(home):
    browser = await home.someone()
    saved = await fill(browser, 2525, "anyway", username="mai", password="se cret ")
    assert saved.headers["location"] == "/settings/mail?done=mail"
    shown = await browser.get(saved.headers["location"])
    assert "start it again" in shown.text
    assert "se cret" not in shown.text
    assert "Leave it empty to keep the saved one." in shown.text
    smtp = read_settings({}, data=home.settings.data).smtp
    assert smtp == SmtpSettings("127.0.0.1", 2525, "none", SENDER, "mai", "se cret ")
    await fill(browser, 2526, "anyway", username="mai")
    assert read_settings({}, data=home.settings.data).smtp == SmtpSettings(
        "127.0.0.1", 2526, "none", SENDER, "mai", "se cret "
    )
    await fill(browser, 2526, "anyway", username="mai", host="other.example")
    changed = read_settings({}, data=home.settings.data).smtp
    assert changed is not None
    assert changed.password == "", "the password of one server is not told to another"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"host": ""}, "Enter a server"),
        ({"host": "a b"}, "Enter a server"),
        ({"port": "0"}, "A port is a number"),
        ({"port": "65536"}, "A port is a number"),
        ({"port": "smtp"}, "A port is a number"),
        ({"port": "9" * 5000}, "A port is a number"),
        ({"security": "maybe"}, "Choose one from the list."),
        ({"sender": "Aurora"}, "Enter an address"),
        ({"sender": "Aurora <@>"}, "Enter an address"),
        ({"sender": "a b@c d"}, "Enter an address"),
    ],
)
@pytest.mark.parametrize("action", ["test", "save", "anyway"])
async def test_a_mistake_is_told_beside_its_field_and_nothing_is_kept(home, fields, sentence, action):
    browser = await home.someone()
    answer = await fill(browser, 2525, action, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not (home.settings.data / "mail.json").exists()


async def test_a_folder_that_cannot_be_written_is_told(home, monkeypatch):
    def full(data: Path, mail: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(home_pages, "save_mail", full)
    answer = await fill(await home.someone(), 2525, "anyway")
    assert answer.status_code == 422
    assert "No space left on device" in answer.text


async def test_a_file_that_cannot_be_read_is_mended_by_saving_anew(home):
    browser = await home.someone()
    (home.settings.data / "mail.json").write_text("{")
    assert (await browser.get(PAGE)).status_code == 200
    assert (await fill(browser, 2525, "anyway")).status_code == 303
    assert read_settings({}, data=home.settings.data).smtp is not None


@pytest.mark.parametrize("home", [{"smtp": SmtpSettings("127.0.0.1", 1, "none", SENDER)}], indirect=True)
async def test_a_mail_server_of_the_environment_has_no_form(home):
    assert home.home.settings.has_outbox is False
    browser = home.browser()
    assert "Open the outbox" not in await browser.text("/")
    assert (await browser.get("/outbox")).status_code == 404
    assert (await browser.get("/outbox/1")).status_code == 404


@pytest.mark.parametrize("home", [{"smtp": SmtpSettings("127.0.0.1", 1, "none", SENDER)}], indirect=True)
async def test_even_somebody_signed_in_has_no_form_where_the_environment_decides(home, monkeypatch):
    browser = await signed_up(home, monkeypatch)
    assert PAGE not in (await browser.get("/settings")).text
    assert (await browser.get(PAGE)).status_code == 404
    token = browser.csrf((await browser.get("/settings")).text)
    assert (await browser.post(PAGE, csrf=token, action="save")).status_code == 404
