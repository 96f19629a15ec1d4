"""Bodies: what is written is read again, large ones small, newer ones refused."""

import random

import msgspec
import pytest

from aurora_time.store.codec import SchemaError, decode, encode


class Note(msgspec.Struct, frozen=True):
    text: str
    more: int = 0


@pytest.mark.parametrize("length", [0, 10, 1_499, 1_500, 300_000])
def test_it_survives_whatever_its_size(length):
    note = Note("ế" * length)
    assert decode(encode(note), Note) == note


def test_a_large_body_is_compressed():
    words = random.Random(1).choices(["meeting", "review", "lunch", "train", "call"], k=5_000)
    note = Note(" ".join(words))
    assert len(encode(note)) < len(note.text) / 2


def test_what_a_newer_version_wrote_is_refused_in_a_sentence():
    with pytest.raises(SchemaError, match="update the program"):
        decode(encode(Note("x"), schema=2), Note)


def test_what_an_older_version_wrote_is_read_with_defaults():
    class Older(msgspec.Struct):
        text: str

    assert decode(encode(Older("x")), Note, schema=2) == Note("x")
