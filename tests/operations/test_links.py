"""Signed links: good until they are past, and only as this home wrote them."""

from __future__ import annotations

import asyncio
import base64
import string

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_time.operations.links import Link, Signer, home_signer
from tests.operations.world import World

SIGNER = Signer(b"the secret of this home")
LINK = Link("Jx2_mai-of-ids-aaaaaaa", "10m", 1_000, "event.1795399200.0123456789abcdef")


def test_a_link_is_read_back_until_it_is_past():
    token = SIGNER.token(LINK)
    assert SIGNER.read(token, 999) == LINK
    assert SIGNER.read(token, 1_000) is None
    assert set(token) <= set(string.ascii_letters + string.digits + "-_")


@pytest.mark.parametrize(
    "change",
    [
        {"owner": "somebody-else"},
        {"action": "done"},
        {"expires": 9_999},
        {"subject": "another"},
    ],
)
def test_what_it_says_cannot_be_changed(change):
    mac = base64.urlsafe_b64decode(SIGNER.token(LINK) + "==")[-32:]
    payload = msgspec.msgpack.encode(msgspec.structs.replace(LINK, **change))
    forged = base64.urlsafe_b64encode(payload + mac).rstrip(b"=").decode()
    assert SIGNER.read(forged, 0) is None


def test_another_homes_link_is_none():
    assert Signer(b"another secret").read(SIGNER.token(LINK), 0) is None


def test_a_signature_made_for_something_else_is_none():
    import hashlib
    import hmac

    payload = msgspec.msgpack.encode(LINK)
    other = payload + hmac.digest(SIGNER.secret, payload, hashlib.sha256)
    assert SIGNER.read(base64.urlsafe_b64encode(other).rstrip(b"=").decode(), 0) is None


def test_a_newer_versions_action_is_none():
    payload = msgspec.msgpack.encode(["owner", "fly", 1_000, ""])
    token = base64.urlsafe_b64encode(payload + SIGNER._mac(payload)).rstrip(b"=").decode()
    assert SIGNER.read(token, 0) is None


@pytest.mark.parametrize("token", ["", "a", "é" * 50, "A" * 601, "====", "\x00", "a b", "../../etc"])
def test_nonsense_is_none(token):
    assert SIGNER.read(token, 0) is None


@given(st.integers(0, 400), st.sampled_from(string.ascii_letters + string.digits + "-_=. "))
@settings(max_examples=200, deadline=None)
def test_no_other_way_of_writing_it_is_taken(place, mark):
    token = SIGNER.token(LINK)
    at = place % (len(token) + 1)
    for changed in (token[:at] + mark + token[at + 1 :], token[:at] + mark + token[at:]):
        assert (SIGNER.read(changed, 0) is None) == (changed != token)


def test_nothing_of_a_person_can_be_read_in_it():
    payload = base64.urlsafe_b64decode(SIGNER.token(LINK) + "==")[:-32]
    assert msgspec.msgpack.decode(payload) == [LINK.owner, LINK.action, LINK.expires, LINK.subject]


@pytest.mark.anyio
async def test_a_home_has_one_secret_whoever_asks_first(world: World):
    signers = await asyncio.gather(*(home_signer(world.services) for _ in range(5)))
    assert len({signer.secret for signer in signers}) == 1
    await world.restart()
    assert await home_signer(world.services) == signers[0]
    assert len(signers[0].secret) >= 20
