"""QR codes (ISO/IEC 18004), as far as a page needs them: bytes, error correction M, versions 1 to 20, as an SVG.

A matrix is a list of rows of modules, True for dark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby, product
from typing import Final

Matrix = list[list[bool]]

_BLOCKS: Final = (
    *((10, 1), (16, 1), (26, 1), (18, 2), (24, 2), (16, 4), (18, 4), (22, 4), (22, 5), (26, 5)),
    *((30, 5), (22, 8), (22, 9), (24, 9), (24, 10), (28, 10), (28, 11), (26, 13), (26, 14), (26, 16)),
)
"""By version, from 1: error correction codewords of each block, and how many blocks (table 9, level M)."""
MAX_BYTES: Final = 666
_LEVEL_M: Final = 0b00
QUIET: Final = 4
"""Modules of white around a symbol."""

_MASKS: Final[tuple[Callable[[int, int], bool], ...]] = (
    lambda row, column: (row + column) % 2 == 0,
    lambda row, _: row % 2 == 0,
    lambda _, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
)


# --- what is to be drawn ------------------------------------------------------------------------------------
def _multiply(first: int, second: int) -> int:
    """In GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1."""
    product_ = 0
    while second:
        if second & 1:
            product_ ^= first
        first = (first << 1) ^ (0x11D if first & 0x80 else 0)
        second >>= 1
    return product_


def correction(data: list[int], length: int) -> list[int]:
    """The Reed-Solomon codewords of a block: what is left of dividing it by (x - 1)(x - 2)(x - 4)..."""
    divisor, root = [1], 1
    for _ in range(length):
        raised = [*divisor, 0]
        divisor = [raised[0], *(a ^ _multiply(b, root) for a, b in zip(raised[1:], divisor, strict=True))]
        root = _multiply(root, 2)
    rest = [*data, *[0] * length]
    for index in range(len(data)):
        factor = rest[index]
        for place, coefficient in enumerate(divisor):
            rest[index + place] ^= _multiply(coefficient, factor)
    return rest[len(data) :]


def _capacity(version: int) -> int:
    """Codewords of a symbol, data and correction together."""
    modules = (16 * version + 128) * version + 64
    if version >= 2:
        aligned = version // 7 + 2
        modules -= (25 * aligned - 10) * aligned - 55
    if version >= 7:
        modules -= 36
    return modules // 8


def _data_length(version: int) -> int:
    per_block, blocks = _BLOCKS[version - 1]
    return _capacity(version) - per_block * blocks


def _version_for(length: int) -> int:
    """The smallest that holds so many bytes. Raises ValueError if none does."""
    for version in range(1, len(_BLOCKS) + 1):
        header = 4 + (8 if version < 10 else 16)
        if header + 8 * length <= 8 * _data_length(version):
            return version
    raise ValueError(f"a QR code of ours holds at most {MAX_BYTES} bytes, not {length}")


def _data(content: bytes, version: int) -> list[int]:
    """Mode, length, bytes and padding (section 7.4)."""
    room = 8 * _data_length(version)
    bits = f"0100{len(content):0{8 if version < 10 else 16}b}" + "".join(f"{byte:08b}" for byte in content)
    bits += "0" * min(4, room - len(bits))
    bits += "0" * (-len(bits) % 8)
    codewords = [int(bits[start : start + 8], 2) for start in range(0, len(bits), 8)]
    padding = [0xEC, 0x11] * (room // 8)
    return codewords + padding[: room // 8 - len(codewords)]


def _codewords(content: bytes, version: int) -> list[int]:
    """The blocks with their corrections, interleaved (section 7.6)."""
    per_block, count = _BLOCKS[version - 1]
    data = _data(content, version)
    short = len(data) // count
    longer = len(data) % count
    blocks: list[list[int]] = []
    for index in range(count):
        size = short + (index >= count - longer)
        blocks.append(data[:size])
        data = data[size:]
    corrections = [correction(block, per_block) for block in blocks]
    return [*_interleaved(blocks), *_interleaved(corrections)]


def _interleaved(blocks: list[list[int]]) -> Iterator[int]:
    for place in range(max(map(len, blocks))):
        yield from (block[place] for block in blocks if place < len(block))


# --- drawing it ---------------------------------------------------------------------------------------------
class _Drawing:
    """A symbol in the making; ``fixed`` modules are not data, and are not masked."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.size = 17 + 4 * version
        self.dark: Matrix = [[False] * self.size for _ in range(self.size)]
        self.fixed: Matrix = [[False] * self.size for _ in range(self.size)]
        self._patterns()

    def put(self, row: int, column: int, dark: bool) -> None:
        """A fixed module; outside of the symbol there is none."""
        if 0 <= row < self.size and 0 <= column < self.size:
            self.dark[row][column] = dark
            self.fixed[row][column] = True

    def _patterns(self) -> None:
        last = self.size - 7
        for place in range(self.size):
            self.put(6, place, place % 2 == 0)
            self.put(place, 6, place % 2 == 0)
        for row, column in ((0, 0), (0, last), (last, 0)):
            self._rings(row + 3, column + 3, 4, light=(2, 4))
        places = self._alignment()
        corners = {(6, 6), (6, self.size - 7), (self.size - 7, 6)}
        for row, column in set(product(places, places)) - corners:
            self._rings(row, column, 2, light=(1,))
        self.put_format(0)
        self._put_version()

    def _rings(self, row: int, column: int, reach: int, light: tuple[int, ...]) -> None:
        """Squares around a middle, each as dark as its distance says."""
        for down, right in product(range(-reach, reach + 1), repeat=2):
            self.put(row + down, column + right, max(abs(down), abs(right)) not in light)

    def _alignment(self) -> list[int]:
        if self.version == 1:
            return []
        count = self.version // 7 + 2
        step = -(-(4 * self.version + 4) // (2 * count - 2)) * 2
        return [6, *sorted(self.size - 7 - step * each for each in range(count - 1))]

    def put_format(self, mask: int) -> None:
        """Level and mask, twice, with a BCH code (section 7.9)."""
        bits = format_bits(mask)
        for index in range(15):
            dark = bool(bits >> index & 1)
            self.put(index + (index > 5) if index < 8 else self.size - 15 + index, 8, dark)
            column = self.size - 1 - index if index < 8 else 15 - index - (index > 8)
            self.put(8, column, dark)
        self.put(self.size - 8, 8, True)

    def _put_version(self) -> None:
        if self.version < 7:
            return
        bits = version_bits(self.version)
        for index in range(18):
            dark = bool(bits >> index & 1)
            near, far = index // 3, self.size - 11 + index % 3
            self.put(near, far, dark)
            self.put(far, near, dark)

    def free(self) -> Iterator[tuple[int, int]]:
        """The modules for data, in the order of section 7.7.3: two columns at a time, up and down in turns."""
        upwards = True
        for right in (*range(self.size - 1, 6, -2), 5, 3, 1):  # column 6 is all timing pattern
            rows = range(self.size - 1, -1, -1) if upwards else range(self.size)
            upwards = not upwards
            yield from ((row, column) for row in rows for column in (right, right - 1) if not self.fixed[row][column])

    def masked(self, mask: int) -> Matrix:
        self.put_format(mask)
        return [
            [dark ^ (not self.fixed[row][column] and _MASKS[mask](row, column)) for column, dark in enumerate(line)]
            for row, line in enumerate(self.dark)
        ]


def _bch(value: int, generator: int, length: int) -> int:
    """``value`` followed by what is left of dividing it by the generator, ``length`` bits."""
    rest = value << length
    for shift in range(rest.bit_length() - generator.bit_length(), -1, -1):
        if rest >> (shift + length) & 1:
            rest ^= generator << shift
    return value << length | rest


def format_bits(mask: int) -> int:
    """The 15 bits that tell level M and the mask."""
    return _bch(_LEVEL_M << 3 | mask, 0b10100110111, 10) ^ 0b101010000010010


def version_bits(version: int) -> int:
    """The 18 bits that tell the version, from 7 on."""
    return _bch(version, 0b1111100100101, 12)


def penalty(matrix: Matrix) -> int:
    """How hard it is to read (section 7.8.3): runs, squares, what looks like a finder, and the share of dark."""
    lines = [*matrix, *(list(column) for column in zip(*matrix, strict=True))]
    total = 0
    for line in lines:
        runs = [len(list(run)) for _, run in groupby(line)]
        total += sum(run - 2 for run in runs if run >= 5)
        text = "".join("1" if dark else "0" for dark in line)
        total += 40 * sum(text.startswith(("10111010000", "00001011101"), start) for start in range(len(text) - 10))
    size = len(matrix)
    for row, column in product(range(size - 1), repeat=2):
        square = {matrix[row][column], matrix[row][column + 1], matrix[row + 1][column], matrix[row + 1][column + 1]}
        total += 3 * (len(square) == 1)
    dark = sum(map(sum, matrix))
    return total + 10 * (abs(dark * 20 - size * size * 10) // (size * size))


def symbol(content: bytes) -> Matrix:
    """The QR code of some bytes. Raises ValueError if they are too many."""
    version = _version_for(len(content))
    drawing = _Drawing(version)
    bits = (byte >> shift & 1 for byte in _codewords(content, version) for shift in range(7, -1, -1))
    for (row, column), bit in zip(drawing.free(), bits, strict=False):
        drawing.dark[row][column] = bool(bit)
    return min((drawing.masked(mask) for mask in range(8)), key=penalty)


def svg(content: bytes, label: str) -> str:
    """As an inline image; ``label``, which is escaped here, says what it is to who does not see it."""
    matrix = symbol(content)
    size = len(matrix) + 2 * QUIET
    path = "".join(
        f"M{column + QUIET} {row + QUIET}h1v1h-1z"
        for row, line in enumerate(matrix)
        for column, dark in enumerate(line)
        if dark
    )
    said = label.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" aria-label="{said}" '
        f'width="240" height="240" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )
