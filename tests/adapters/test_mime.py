"""What goes over the wire, read back by the standard library."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_time.adapters.mime import to_address, to_envelope, to_message
from aurora_time.ports import Attachment, Mail, MailRefusedError

SENDER = "Aurora Time <aurora@example.org>"
MAIL = Mail(
    to="lan@example.org",
    to_name="Lan",
    subject="Hello",
    text="Hi\n",
    html="<p>Hi</p>\n",
    message_id="<1@aurora.example>",
)
INVITATION = Attachment(
    "text/calendar; method=REQUEST; charset=utf-8",
    "BEGIN:VCALENDAR\r\nSUMMARY:Họp\r\n".encode(),
    "mời họp.ics",
)
PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "))


def read_back(mail: Mail, sender: str = SENDER) -> EmailMessage:
    return message_from_bytes(to_message(mail, sender, 1_795_312_200), _class=EmailMessage, policy=default)


def display_name(wire: bytes) -> str:
    """Read by the older parser: the newer one leaves spaces between encoded words (against RFC 2047 6.2)."""
    raw = str(message_from_bytes(wire)["To"]).rpartition("<")[0].strip().strip('"')
    return str(make_header(decode_header(raw)))


def test_the_head_says_who_what_and_when() -> None:
    message = read_back(MAIL)
    assert dict(message.items()) == {
        "From": "Aurora Time <aurora@example.org>",
        "To": "Lan <lan@example.org>",
        "Subject": "Hello",
        "Date": message["Date"],
        "Message-ID": "<1@aurora.example>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/alternative; boundary="=_aurora_alternative"',
    }
    assert parsedate_to_datetime(str(message["Date"])).timestamp() == 1_795_312_200
    assert read_back(replace(MAIL, message_id="1@aurora.example"))["Message-ID"] == "<1@aurora.example>"
    assert read_back(replace(MAIL, to_name=" "), "aurora@example.org")["To"] == "lan@example.org"


@given(PRINTABLE, PRINTABLE)
def test_any_subject_and_name_come_back_as_they_were(subject: str, name: str) -> None:
    wire = to_message(replace(MAIL, subject=subject, to_name=name), SENDER, 0)
    head = wire.split(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 78
    message = message_from_bytes(wire, _class=EmailMessage, policy=default)
    assert message["Subject"] == " ".join(subject.split())
    assert display_name(wire) == " ".join(name.split())
    assert message["To"].addresses[0].addr_spec == "lan@example.org"


@pytest.mark.parametrize("text", ["=?utf-8?q?x?=", 'a "b" \\ c', "eve@example.org, x", "x" * 300, "Họp nhóm " * 40])
def test_odd_subjects_and_names_stay_text(text: str) -> None:
    message = read_back(replace(MAIL, subject=text, to_name=text))
    assert message["Subject"] == " ".join(text.split())
    assert [person.addr_spec for person in message["To"].addresses] == ["lan@example.org"]
    assert display_name(to_message(replace(MAIL, to_name=text), SENDER, 0)) == " ".join(text.split())


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_in_short_ascii_lines(text: str) -> None:
    wire = to_message(replace(MAIL, text=text, html=f"{text}.\n.\nFrom x\n{'y' * 3000}"), SENDER, 0)
    assert wire.isascii()
    assert max(map(len, wire.split(b"\r\n"))) <= 78
    assert wire.count(b"\n") == wire.count(b"\r\n") == wire.count(b"\r")
    message = message_from_bytes(wire, _class=EmailMessage, policy=default)
    plain, html = message.iter_parts()
    expected = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    assert plain.get_payload(decode=True).decode().replace("\r\n", "\n") == expected + "\n"
    assert html.get_payload(decode=True).decode().endswith("y" * 3000 + "\r\n")


def test_a_calendar_is_an_alternative_and_a_file() -> None:
    message = read_back(replace(MAIL, attachments=(INVITATION,)))
    assert message.get_content_type() == "multipart/mixed"
    alternative, file = message.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    *_, calendar = alternative.iter_parts()
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_payload(decode=True) == INVITATION.content
    assert calendar.get_content_disposition() is None
    assert file.get_content_disposition() == "attachment"
    assert file.get_filename() == "m_i_h_p.ics"
    assert file.get_payload(decode=True) == INVITATION.content


@pytest.mark.parametrize(
    "address",
    [
        "",
        "lan",
        "lan@",
        "@example.org",
        "a@b@example.org",
        "lan@example.org\r\nBcc: eve@example.org",
        "lan@example.org\n",
        "<lan@example.org>",
        "lan@example.org,eve@example.org",
        "la n@example.org",
        "lan@ex\x00ample.org",
        "lan@straße.example",
        "lan@việt..vn",
        f"{'x' * 65}@example.org",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(MailRefusedError):
        to_envelope(replace(MAIL, to=address), SENDER, 0)


@pytest.mark.parametrize(
    "mail",
    [
        replace(MAIL, message_id="<1@aurora.example>\r\nBcc: eve@example.org"),
        replace(MAIL, message_id=""),
        replace(MAIL, headers=(("X-Note", "a\r\nBcc: eve@example.org"),)),
        replace(MAIL, headers=(("X-Note\r\nBcc", "eve@example.org"),)),
        replace(MAIL, headers=(("X-Note", "x" * 901),)),
        replace(MAIL, attachments=(replace(INVITATION, content_type="text/calendar\r\nX: y"),)),
    ],
)
def test_a_line_break_where_none_belongs_is_refused(mail: Mail) -> None:
    with pytest.raises(MailRefusedError):
        to_message(mail, SENDER, 0)


def test_line_breaks_in_subject_and_name_become_spaces() -> None:
    message = read_back(replace(MAIL, subject="a\r\nBcc: eve@example.org", to_name="b\nBcc: eve@example.org"))
    assert message["Bcc"] is None
    assert message["Subject"] == "a Bcc: eve@example.org"


def test_an_answer_goes_where_the_mail_says() -> None:
    message = read_back(replace(MAIL, reply_to="sam@bücher.example", reply_to_name="Sam\r\nBcc: eve@example.org"))
    assert message["Reply-To"] == '"Sam Bcc: eve@example.org" <sam@xn--bcher-kva.example>'
    assert message["Bcc"] is None


@pytest.mark.parametrize(
    "address", ["", "sam@example.net\r\nBcc: eve@example.org", "sam@example.net, eve@example.org", "sám@example.net"]
)
def test_a_mail_goes_out_without_a_reply_to_that_no_head_can_hold(address: str) -> None:
    message = read_back(replace(MAIL, reply_to=address, reply_to_name="Sam"))
    assert (message["Reply-To"], message["Bcc"], message["To"]) == (None, None, "Lan <lan@example.org>")


def test_international_addresses() -> None:
    assert to_address("lan@bücher.example") == "lan@xn--bcher-kva.example"
    envelope = to_envelope(replace(MAIL, to="lan@ví-dụ.vn"), SENDER, 0)
    assert envelope.recipient.isascii()
    assert not envelope.utf8
    envelope = to_envelope(replace(MAIL, to="nguyễn@example.org"), SENDER, 0)
    assert envelope.utf8
    assert envelope.recipient == "nguyễn@example.org"
    assert '"Lan" <nguyễn@example.org>'.encode() in envelope.message


def test_the_same_mail_gives_the_same_bytes() -> None:
    assert to_message(MAIL, SENDER, 5.5) == to_message(MAIL, SENDER, 5.5)


def test_lone_surrogates_do_not_stop_a_mail() -> None:
    broken = replace(MAIL, subject="a \ud83d", to_name="\ud83d", text="\ud83d", html="\ud83d")
    assert read_back(broken)["Subject"] == "a ?"
