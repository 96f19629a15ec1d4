"""One-time codes by the clock (RFC 6238 over RFC 4226), and the recovery codes for a lost phone.

Pure: the clock and the randomness come in as arguments.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
from typing import Final
from urllib.parse import quote, urlencode

STEP: Final = 30
"""Seconds for which a code is shown."""
DIGITS: Final = 6
WINDOW: Final = 1
"""Steps by which the phone's clock may be off, to either side."""
SECRET_BYTES: Final = 20
RECOVERY_CODES: Final = 10
_ISSUER: Final = "Aurora Time"
_SECRET: Final = re.compile(r"[A-Z2-7]{32}")
_RECOVERY: Final = re.compile(r"[a-z2-7]{16}")


def hotp(secret: bytes, counter: int, digits: int = DIGITS, digest: str = "sha1") -> str:
    """RFC 4226 section 5.3."""
    mac = hmac.digest(secret, struct.pack(">Q", counter), digest)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def matching_step(secret: bytes, code: str, now: float, used: int) -> int | None:
    """The step whose code this is, later than ``used``: a code is good once (RFC 6238 section 5.2). None if none is."""
    current = int(now) // STEP
    for step in range(current - WINDOW, current + WINDOW + 1):
        if step > used and hmac.compare_digest(hotp(secret, step).encode(), code.encode()):
            return step
    return None


def new_secret(random: str) -> str:
    """A secret out of 160 random bits of text, as people type it: base32, 32 letters and digits."""
    return base64.b32encode(hashlib.sha256(f"totp\x00{random}".encode()).digest()[:SECRET_BYTES]).decode()


def read_secret(text: str) -> bytes | None:
    """The bytes of a secret that ``new_secret`` made, None for any other text."""
    return base64.b32decode(text) if _SECRET.fullmatch(text) else None


def spaced(secret: str) -> str:
    """In groups of four, for people who copy it by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def provisioning_uri(secret: str, email: str) -> str:
    """What the QR code holds: the key URI format that authenticator apps read."""
    label = quote(f"{_ISSUER}:{email}", safe="@:")
    query = urlencode({"secret": secret, "issuer": _ISSUER}, quote_via=quote)
    return f"otpauth://totp/{label}?{query}"


def new_recovery_code(random: str) -> str:
    """80 bits out of 160 random ones: ``abcd-efgh-ijkl-mnop``."""
    text = base64.b32encode(hashlib.sha256(f"recovery\x00{random}".encode()).digest()[:10]).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


def recovery_hash(text: str) -> str | None:
    """How a recovery code is stored, however it was typed; None for what cannot be one.

    80 random bits cannot be found by trying, so a fast hash is enough.
    """
    plain = re.sub(r"[\s-]", "", text).lower()
    return hashlib.sha256(plain.encode()).hexdigest() if _RECOVERY.fullmatch(plain) else None
