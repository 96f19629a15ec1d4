"""Boxes and arrows as SVG: legible on white and on black paper, with nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 1180, 640
BOX_WIDTH, BOX_HEIGHT = 190, 62
_STYLE: Final = """\
svg{background:#fff;color:#1d2433;font:14px system-ui,-apple-system,"Segoe UI",sans-serif}
rect{fill:#f5f7fb;stroke:#8a94a8;rx:9px}.outside{fill:none;stroke-dasharray:5 4}.data{fill:#e8f0fe;stroke:#4a6fc4}
text{fill:#1d2433;text-anchor:middle}.small{font-size:12px;fill:#4c566a}.zone{font-size:12px;fill:#4c566a;text-anchor:start}
.frame{fill:none;stroke:#c9d0de}path{fill:none;stroke:#5a6478;stroke-width:1.4}marker path{fill:#5a6478;stroke:none}"""

_HEAD: Final = (
    '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L8 4L0 8z"/></marker></defs>'
)
"""Of an arrow."""


@dataclass(frozen=True, slots=True)
class Box:
    """``left`` and ``top`` in pixels; ``kind``: a class of the style, or none."""

    name: str
    below: str
    left: int
    top: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a side of one box to a side of another (l, r, t, b); ``words`` beside its middle."""

    start: str
    end: str
    sides: str = "rl"
    words: str = ""


def point(box: Box, side: str) -> tuple[int, int]:
    """The middle of a side."""
    across, down = box.left + BOX_WIDTH // 2, box.top + BOX_HEIGHT // 2
    return {
        "l": (box.left, down),
        "r": (box.left + BOX_WIDTH, down),
        "t": (across, box.top),
        "b": (across, box.top + BOX_HEIGHT),
    }[side]


def drawing(title: str, boxes: Iterable[Box], arrows: Iterable[Arrow], frames: Iterable[Box]) -> str:
    """Boxes are named by their ``name``; a frame spans from its own corner to that which ``below`` says, as "x,y"."""
    named = {box.name: box for box in boxes}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        _HEAD,
        *map(_frame, frames),
        *(_arrow(each, named) for each in arrows),
        *map(_box, named.values()),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _frame(frame: Box) -> str:
    right, bottom = map(int, frame.below.split(","))
    size = f'width="{right - frame.left}" height="{bottom - frame.top}"'
    words = f'<text class="zone" x="{frame.left + 10}" y="{frame.top + 18}">{escape(frame.name)}</text>'
    return f'<rect class="frame" x="{frame.left}" y="{frame.top}" {size}/>{words}'


def _box(box: Box) -> str:
    across = box.left + BOX_WIDTH // 2
    size = f'x="{box.left}" y="{box.top}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}"'
    return (
        f'<rect class="{box.kind}" {size}/><text x="{across}" y="{box.top + 26}">{escape(box.name)}</text>'
        f'<text class="small" x="{across}" y="{box.top + 46}">{escape(box.below)}</text>'
    )


def _arrow(arrow: Arrow, boxes: dict[str, Box]) -> str:
    """An elbow: it leaves and arrives at right angles."""
    (x1, y1), (x2, y2) = point(boxes[arrow.start], arrow.sides[0]), point(boxes[arrow.end], arrow.sides[1])
    if arrow.sides in ("rl", "lr"):
        middle = (x1 + x2) // 2
        way = f"M{x1} {y1}H{middle}V{y2}H{x2}"
    elif arrow.sides in ("bt", "tb"):
        middle = (y1 + y2) // 2
        way = f"M{x1} {y1}V{middle}H{x2}V{y2}"
    else:
        way = f"M{x1} {y1}H{x2}V{y2}" if arrow.sides[0] in "lr" else f"M{x1} {y1}V{y2}H{x2}"
    words = ""
    if arrow.words:
        words = f'<text class="small" x="{(x1 + x2) // 2}" y="{(y1 + y2) // 2 - 6}">{escape(arrow.words)}</text>'
    return f'<path d="{way}" marker-end="url(#a)"/>{words}'
