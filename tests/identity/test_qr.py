"""QR codes: known values of the standard, and a reader that goes the other way."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_time.identity import qr

FORMATS_M = {
    0: "101010000010010",
    1: "101000100100101",
    2: "101111001111100",
    3: "101101101001011",
    4: "100010111111001",
    5: "100000011001110",
    6: "100111110010111",
    7: "100101010100000",
}
"""Annex C of the standard."""
EXPONENT = [1]
for _ in range(254):
    EXPONENT.append((EXPONENT[-1] << 1) ^ (0x11D if EXPONENT[-1] & 0x80 else 0))
LOGARITHM = {value: power for power, value in enumerate(EXPONENT)}
MASKS = (
    "(i + j) % 2",
    "i % 2",
    "j % 3",
    "(i + j) % 3",
    "(i // 2 + j // 3) % 2",
    "i * j % 2 + i * j % 3",
    "(i * j % 2 + i * j % 3) % 2",
    "((i + j) % 2 + i * j % 3) % 2",
)


def test_the_corrections_of_a_known_block():
    data = [32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17]
    assert qr.correction(data, 10) == [196, 35, 39, 119, 235, 215, 231, 226, 93, 23]


def test_format_and_version_bits_are_those_of_the_tables():
    assert {mask: f"{qr.format_bits(mask):015b}" for mask in range(8)} == FORMATS_M
    assert f"{qr.version_bits(7):018b}" == "000111110010010100"
    assert f"{qr.version_bits(20):018b}" == "010100100110100110"


def syndromes(block: list[int], length: int) -> set[int]:
    """A block with its corrections is divisible by each root, if nothing in it is wrong."""
    found = set()
    for power in range(length):
        total = 0
        for codeword in block:
            total = (EXPONENT[(LOGARITHM[total] + power) % 255] if total else 0) ^ codeword
        found.add(total)
    return found


def reserved(size: int) -> set[tuple[int, int]]:
    """Where no data is (figure 20 and annex E), worked out without the code that draws."""
    version = (size - 17) // 4
    taken = {(6, at) for at in range(size)} | {(at, 6) for at in range(size)}
    taken |= {(row, column) for row in range(9) for column in range(9)}
    taken |= {(row, column) for row in range(9) for column in range(size - 8, size)}
    taken |= {(row, column) for row in range(size - 8, size) for column in range(9)}
    middles = ALIGNMENT[version]
    for row in middles:
        for column in middles:
            if (row, column) not in {(6, 6), (6, size - 7), (size - 7, 6)}:
                taken |= {(row + down, column + right) for down in range(-2, 3) for right in range(-2, 3)}
    if version >= 7:
        taken |= {(row, column) for row in range(6) for column in range(size - 11, size - 8)}
        taken |= {(row, column) for row in range(size - 11, size - 8) for column in range(6)}
    return taken


ALIGNMENT = {
    1: [], 2: [6, 18], 3: [6, 22], 4: [6, 26], 5: [6, 30], 6: [6, 34], 7: [6, 22, 38], 8: [6, 24, 42], 9: [6, 26, 46],
    10: [6, 28, 50], 11: [6, 30, 54], 12: [6, 32, 58], 13: [6, 34, 62], 14: [6, 26, 46, 66], 15: [6, 26, 48, 70],
    16: [6, 26, 50, 74], 17: [6, 30, 54, 78], 18: [6, 30, 56, 82], 19: [6, 30, 58, 86], 20: [6, 34, 62, 90],
}  # fmt: skip
"""Table E.1."""
DATA_CODEWORDS = (16, 28, 44, 64, 86, 108, 124, 154, 182, 216, 254, 290, 334, 365, 415, 453, 507, 563, 627, 669)
"""Table 7, level M."""


def read(matrix: qr.Matrix) -> bytes:
    """As a scanner does: the mask from the format, the codewords in zigzag, each block checked."""
    size = len(matrix)
    version = (size - 17) // 4
    near = [(8, column) for column in (0, 1, 2, 3, 4, 5, 7, 8)] + [(row, 8) for row in (7, 5, 4, 3, 2, 1, 0)]
    far = [(row, 8) for row in range(size - 1, size - 8, -1)] + [(8, column) for column in range(size - 8, size)]
    texts = {"".join(str(int(matrix[row][column])) for row, column in places) for places in (near, far)}
    (text,) = texts
    mask = next(mask for mask, bits in FORMATS_M.items() if bits == text)
    taken, bits, up = reserved(size), "", True
    column = size - 1
    while column > 0:
        column -= column == 6
        for row in range(size - 1, -1, -1) if up else range(size):
            for at in (column, column - 1):
                if (row, at) not in taken:
                    bits += str(int(matrix[row][at] ^ (eval(MASKS[mask], {"i": row, "j": at}) == 0)))
        up, column = not up, column - 2
    codewords = [int(bits[start : start + 8], 2) for start in range(0, len(bits) // 8 * 8, 8)]
    per_block, count = qr._BLOCKS[version - 1]
    data = DATA_CODEWORDS[version - 1]
    assert len(codewords) == data + per_block * count
    sizes = [data // count + (index >= count - data % count) for index in range(count)]
    blocks: list[list[int]] = [[] for _ in sizes]
    stream = iter(codewords)
    for place in range(max(sizes)):
        for block, length in zip(blocks, sizes, strict=True):
            if place < length:
                block.append(next(stream))
    corrections: list[list[int]] = [[] for _ in sizes]
    for _ in range(per_block):
        for each in corrections:
            each.append(next(stream))
    for block, each in zip(blocks, corrections, strict=True):
        assert syndromes(block + each, per_block) == {0}
    text = "".join(f"{codeword:08b}" for block in blocks for codeword in block)
    assert text[:4] == "0100", "bytes"
    header = 12 if version < 10 else 20
    length = int(text[4:header], 2)
    return bytes(int(text[at : at + 8], 2) for at in range(header, header + 8 * length, 8))


@given(st.binary(max_size=qr.MAX_BYTES))
@settings(max_examples=25, deadline=None)
def test_what_was_written_is_read(content):
    assert read(qr.symbol(content)) == content


@pytest.mark.parametrize("version", range(1, 21))
def test_each_version_holds_what_the_standard_says(version):
    header = 2 if version < 10 else 3
    content = bytes(range(256)) * 3
    full = content[: DATA_CODEWORDS[version - 1] - header]
    matrix = qr.symbol(full)
    assert len(matrix) == 17 + 4 * version
    assert read(matrix) == full
    assert sum(map(sum, matrix)) in range(len(matrix) ** 2 * 2 // 5, len(matrix) ** 2 * 3 // 5), "about half is dark"


def test_finders_stand_in_three_corners():
    matrix = qr.symbol(b"x")
    finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
    for row, column in ((0, 0), (0, 14), (14, 0)):
        square = [matrix[row + each][column : column + 7] for each in range(7)]
        assert ["".join(str(int(dark)) for dark in line) for line in square] == finder


def test_too_much_is_refused():
    assert len(qr.symbol(bytes(qr.MAX_BYTES))) == 97
    with pytest.raises(ValueError, match="at most 666 bytes"):
        qr.symbol(bytes(qr.MAX_BYTES + 1))


def test_the_picture_shows_the_symbol_with_its_quiet_zone_and_says_what_it_is():
    picture = qr.svg(b"otpauth://totp/x", 'Key "for" <apps> & people')
    matrix = qr.symbol(b"otpauth://totp/x")
    assert 'aria-label="Key &quot;for&quot; &lt;apps> &amp; people"' in picture
    assert f'viewBox="0 0 {len(matrix) + 8} {len(matrix) + 8}"' in picture
    drawn = {(int(row) - 4, int(column) - 4) for column, row in re.findall(r"M(\d+) (\d+)h1v1h-1z", picture)}
    assert drawn == {(row, column) for row, line in enumerate(matrix) for column, dark in enumerate(line) if dark}
    assert "style" not in picture, "the policy forbids it"


def test_a_checkerboard_is_easier_to_read_than_stripes_or_a_blot():
    size = 21
    board = [[(row + column) % 2 == 0 for column in range(size)] for row in range(size)]
    stripes = [[row % 2 == 0 for _ in range(size)] for row in range(size)]
    blot = [[True] * size for _ in range(size)]
    assert qr.penalty(board) < qr.penalty(stripes) < qr.penalty(blot)
