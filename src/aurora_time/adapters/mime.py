"""From a Mail to the bytes of a message (RFC 5322, 2045-2047, 6532), the same bytes each time.

All bodies are quoted-printable or base64, where ``=`` never stands before ``_``: no boundary occurs in one.
"""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from binascii import b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate, parseaddr
from typing import Final

from aurora_time.domain.mail_address import TwoReadingsError, wired
from aurora_time.ports import Attachment, Mail, MailRefusedError

_MIXED: Final = "=_aurora_mixed"
_ALTERNATIVE: Final = "=_aurora_alternative"
_ADDRESS: Final = re.compile(r"[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]{1,64}@[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]{1,255}")
_MESSAGE_ID: Final = re.compile(r"[!-;=?-~]{1,300}@[!-;=?-~]{1,255}")
_HEADER_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,70}")
_HEADER_VALUE: Final = re.compile(r"[ -~]{1,900}")
_NEEDS_ENCODING: Final = re.compile(r'=\?|["\\]|[^ -~]')


@dataclass(frozen=True, slots=True)
class Envelope:
    """What an SMTP client needs: the two addresses and the message with CRLF line ends.

    ``utf8``: an address is not ASCII before its ``@``, so the server must know SMTPUTF8 (RFC 6531).
    """

    sender: str
    recipient: str
    message: bytes
    utf8: bool


def to_envelope(mail: Mail, sender: str, date: float) -> Envelope:
    """A mail from ``sender`` (``Name <address>``) dated in seconds since the epoch.

    Raises MailRefusedError for addresses and headers that no mail server could take.
    """
    name, address = parseaddr(sender)
    origin, target = to_address(address), to_address(mail.to)
    utf8 = not (origin.isascii() and target.isascii())
    headers = [
        ("From", _mailbox(name, origin)),
        ("To", _mailbox(mail.to_name, target)),
        *_reply_to(mail),
        ("Subject", _words(mail.subject)),
        ("Date", formatdate(date, usegmt=False)),
        ("Message-ID", f"<{_checked(_MESSAGE_ID, mail.message_id.removeprefix('<').removesuffix('>'))}>"),
        ("Auto-Submitted", "auto-generated"),
        *((_checked(_HEADER_NAME, key), _checked(_HEADER_VALUE, value)) for key, value in mail.headers),
        ("MIME-Version", "1.0"),
    ]
    head = "".join(f"{key}: {value}\r\n" for key, value in headers).encode()
    return Envelope(origin, target, head + _body(mail), utf8)


def _reply_to(mail: Mail) -> Iterator[tuple[str, str]]:
    """Left out where it is no address that every server takes: that the mail arrives matters more than its answer."""
    try:
        address = to_address(mail.reply_to)
    except MailRefusedError:
        return
    if address.isascii():
        yield "Reply-To", _mailbox(mail.reply_to_name, address)


def to_message(mail: Mail, sender: str, date: float) -> bytes:
    """The message alone; as ``to_envelope``."""
    return to_envelope(mail, sender, date).message


def to_address(text: str) -> str:
    """The address as it goes over the wire, an international domain as ``xn--`` labels (RFC 5890).

    Raises MailRefusedError, also for a domain on whose labels the standards disagree (``ß``).
    """
    local, _, domain = _checked(_ADDRESS, text).rpartition("@")
    try:
        return f"{local}@{wired(domain)}"
    except TwoReadingsError as error:
        raise MailRefusedError(f"write the domain of {text!r} in its xn-- form: it has two readings") from error
    except UnicodeError as error:
        raise MailRefusedError(f"{text!r} has no valid domain") from error


def _checked(pattern: re.Pattern[str], text: str) -> str:
    if pattern.fullmatch(text) is None:
        raise MailRefusedError(f"{text!r} cannot stand in the head of a mail")
    return text


def _mailbox(name: str, address: str) -> str:
    """``"Name" <address>``, the name as encoded words if it is not plain."""
    if not name.strip():
        return address
    text = _words(name)
    return f"{text}\r\n <{address}>" if text.startswith("=?") else f'"{text}" <{address}>'


def _words(text: str) -> str:
    """Text for a header: as it is when short and plain, else as encoded words of at most 75 characters."""
    line = " ".join(text.split())
    if len(line) <= 60 and not _NEEDS_ENCODING.search(line):
        return line
    words = (f"=?utf-8?b?{b64encode(part).decode()}?=" for part in _in_parts(line.encode("utf-8", "replace")))
    return "\r\n ".join(words)


def _in_parts(text: bytes) -> Iterator[bytes]:
    """At most 39 bytes each: with its header's name an encoded word fits the line (RFC 2047); none ends in a letter."""
    while text:
        end = 39
        while end < len(text) and text[end] & 0xC0 == 0x80:
            end -= 1
        yield text[:end]
        text = text[end:]


def _body(mail: Mail) -> bytes:
    """Text, HTML and calendar are alternatives; a calendar also follows as a file."""
    faces = [_text_part("plain", mail.text), _text_part("html", mail.html)]
    faces += [_base64_part(calendar.content_type, calendar) for calendar in mail.attachments]
    alternative = _multipart("alternative", _ALTERNATIVE, faces)
    if not mail.attachments:
        return alternative
    files = [_base64_part("application/ics", calendar, as_file=True) for calendar in mail.attachments]
    return _multipart("mixed", _MIXED, [alternative, *files])


def _multipart(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'
    inner = b"".join(b"--%b\r\n%b\r\n" % (boundary.encode(), part) for part in parts)
    return b"%b%b--%b--\r\n" % (head.encode(), inner, boundary.encode())


def _text_part(kind: str, text: str) -> bytes:
    plain = text.rstrip("\r\n").replace("\r\n", "\n").replace("\r", "\n")
    lines = plain.replace("\n", "\r\n") + "\r\n"
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + b2a_qp(lines.encode("utf-8", "replace"), istext=True)


def _base64_part(content_type: str, calendar: Attachment, *, as_file: bool = False) -> bytes:
    head = f"Content-Type: {_checked(_HEADER_VALUE, content_type)}\r\nContent-Transfer-Encoding: base64\r\n"
    if as_file:
        name = re.sub(r"[^A-Za-z0-9._-]", "_", calendar.filename)
        head += f'Content-Disposition: attachment; filename="{name}"\r\n'
    return f"{head}\r\n".encode() + encodebytes(calendar.content).replace(b"\n", b"\r\n")
