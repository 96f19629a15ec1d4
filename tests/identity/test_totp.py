"""Codes by the clock, against the tables of the RFCs."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from aurora_time.identity import totp

SEED = b"12345678901234567890"
SECRET = base64.b32encode(SEED).decode()


@pytest.mark.parametrize(
    ("counter", "code"),
    list(
        enumerate(["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"])
    ),
)
def test_hotp_as_in_rfc_4226_appendix_d(counter, code):
    assert totp.hotp(SEED, counter) == code


@pytest.mark.parametrize(
    ("time", "digest", "code"),
    [
        (59, "sha1", "94287082"),
        (59, "sha256", "46119246"),
        (59, "sha512", "90693936"),
        (1111111109, "sha1", "07081804"),
        (1111111109, "sha256", "68084774"),
        (1111111109, "sha512", "25091201"),
        (1111111111, "sha1", "14050471"),
        (1111111111, "sha256", "67062674"),
        (1111111111, "sha512", "99943326"),
        (1234567890, "sha1", "89005924"),
        (1234567890, "sha256", "91819424"),
        (1234567890, "sha512", "93441116"),
        (2000000000, "sha1", "69279037"),
        (2000000000, "sha256", "90698825"),
        (2000000000, "sha512", "38618901"),
        (20000000000, "sha1", "65353130"),
        (20000000000, "sha256", "77737706"),
        (20000000000, "sha512", "47863826"),
    ],
)
def test_totp_as_in_rfc_6238_appendix_b(time, digest, code):
    lengths = {"sha1": 20, "sha256": 32, "sha512": 64}
    seed = (SEED * 4)[: lengths[digest]]
    assert totp.hotp(seed, time // totp.STEP, 8, digest) == code


def test_a_code_is_good_a_step_early_and_late_and_once():
    now = 1_790_000_010.0
    step = int(now) // 30
    for away in (-1, 0, 1):
        assert totp.matching_step(SEED, totp.hotp(SEED, step + away), now, 0) == step + away
    for away in (-2, 2):
        assert totp.matching_step(SEED, totp.hotp(SEED, step + away), now, 0) is None
    assert totp.matching_step(SEED, totp.hotp(SEED, step), now, step) is None, "used"
    assert totp.matching_step(SEED, totp.hotp(SEED, step - 1), now, step) is None, "older than the used one"
    assert totp.matching_step(SEED, totp.hotp(SEED, step + 1), now, step) == step + 1


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "0" * 100])
def test_what_is_no_code_is_not_good(code):
    assert totp.matching_step(SEED, code, 59.0, 0) is None


def test_a_secret_is_160_bits_that_people_can_type():
    secret = totp.new_secret("some random text")
    assert secret != totp.new_secret("other random text")
    assert len(totp.read_secret(secret)) == totp.SECRET_BYTES
    assert totp.read_secret(SECRET) == SEED
    assert totp.spaced(secret).replace(" ", "") == secret
    assert [totp.read_secret(text) for text in ("", SECRET.lower(), SECRET[:-1], SECRET + "A", "1" * 32)] == [None] * 5


def test_the_uri_says_what_authenticator_apps_read():
    uri = urlsplit(totp.provisioning_uri(SECRET, "an+time@example.org"))
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert unquote(uri.path) == "/Aurora Time:an+time@example.org"
    assert parse_qs(uri.query) == {"secret": [SECRET], "issuer": ["Aurora Time"]}
    assert "+" not in uri.query, "apps read %20, not a plus"


def test_recovery_codes_are_read_however_they_are_typed():
    code = totp.new_recovery_code("some random text")
    hashed = totp.recovery_hash(code)
    assert hashed is not None
    assert code not in hashed
    assert {
        totp.recovery_hash(each) for each in (code.upper(), code.replace("-", ""), f" {code.replace('-', ' ')} ")
    } == {hashed}
    assert totp.recovery_hash("123456") is None
    assert totp.recovery_hash(f"{code}a") is None
