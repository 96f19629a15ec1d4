"""Boxes and arrows as SVG: legible on light and on dark paper, with nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

WIDTH: Final = 1280
BADGE: Final = (30, 18)
"""Of the sign that an arrow bears, in pixels."""
LINE: Final = 19
"""From one line of the legend to the next."""
LETTER: Final = (8.4, 7.0)
"""Pixels that a letter takes on average where letters are wide: of a box's name, and of smaller words."""
_STYLE: Final = """\
:root{--paper:#fff;--ink:#1d2433;--soft:#4c566a;--fill:#f5f7fb;--edge:#8a94a8;--data:#e8f0fe;--frame:#c3cad8;
--request:#1f5fbf;--sign-in:#14713f;--reminder:#b03f06;--other:#5a6478}
@media(prefers-color-scheme:dark){:root{--paper:#11151d;--ink:#e8ecf4;--soft:#b3bccb;--fill:#1c2330;--edge:#76829a;
--data:#1b2c4d;--frame:#465066;--request:#86b4ff;--sign-in:#6fd39b;--reminder:#ffa56b;--other:#a9b3c4}}
svg{font:15px system-ui,-apple-system,"Segoe UI",sans-serif}text{fill:var(--ink);text-anchor:middle}
rect{fill:var(--fill);stroke:var(--edge);rx:9px}.paper{fill:var(--paper);stroke:none;rx:0}
.outside,.instead{fill:none;stroke-dasharray:5 4}.data{fill:var(--data);stroke:var(--request)}
.frame{fill:none;stroke:var(--frame)}.small{font-size:12.5px;fill:var(--soft)}.left{text-anchor:start}
.head{font-weight:600;text-anchor:start}path{fill:none;stroke-width:1.6}.badge{stroke:none;rx:5px}
.sign{font-size:12px;font-weight:700;fill:var(--paper)}.instead-way{stroke-dasharray:5 4}"""
_FLOWS: Final = ("request", "sign-in", "reminder", "other")


class Point(NamedTuple):
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Box:
    """By its middle, in pixels; ``kind``: a class of the style, or none."""

    name: str
    below: str
    x: int
    y: int
    kind: str = ""
    width: int = 156
    height: int = 52

    @property
    def left(self) -> int:
        return self.x - self.width // 2

    @property
    def top(self) -> int:
        return self.y - self.height // 2

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Frame:
    name: str
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """From a side of one box to a side of another (l, r, t, b), ``out`` and ``into`` so many pixels beside its middle.

    ``via`` is where it turns, an x between sides and a y between tops; without it half way. ``sign`` stands on its
    stretch number ``on``, or on its longest, at that ``share`` of it. With ``both`` it has a point at either end.
    """

    start: str
    end: str
    flow: str = "other"
    sign: str = ""
    sides: str = "rl"
    out: int = 0
    into: int = 0
    via: int | None = None
    on: int | None = None
    share: float = 0.5
    both: bool = False
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """What the legend says of one: each step by its sign."""

    name: str
    title: str
    steps: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    title: str
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    frames: Sequence[Frame]
    flows: Sequence[Flow]
    legend: int
    """Where the legend begins, from the top."""

    @property
    def height(self) -> int:
        return self.legend + LINE * (1 + max(len(each.steps) for each in self.flows)) + 14

    @property
    def named(self) -> dict[str, Box]:
        return {box.name: box for box in self.boxes}


def _point(box: Box, side: str, beside: int) -> Point:
    return {
        "l": Point(box.left, box.y + beside),
        "r": Point(box.right, box.y + beside),
        "t": Point(box.x + beside, box.top),
        "b": Point(box.x + beside, box.bottom),
    }[side]


def way(arrow: Arrow, boxes: Mapping[str, Box]) -> list[Point]:
    """Its corners, ends included: it leaves and arrives at right angles."""
    first, last = arrow.sides[0], arrow.sides[1]
    start, end = _point(boxes[arrow.start], first, arrow.out), _point(boxes[arrow.end], last, arrow.into)
    if first in "lr" and last in "lr":
        x = (start.x + end.x) // 2 if arrow.via is None else arrow.via
        corners = [start, Point(x, start.y), Point(x, end.y), end]
    elif first in "tb" and last in "tb":
        y = (start.y + end.y) // 2 if arrow.via is None else arrow.via
        corners = [start, Point(start.x, y), Point(end.x, y), end]
    else:
        corners = [start, Point(end.x, start.y) if first in "lr" else Point(start.x, end.y), end]
    straight = start.x == end.x or start.y == end.y
    return [start, end] if straight and arrow.via is None else corners


def badge(arrow: Arrow, boxes: Mapping[str, Box]) -> Point:
    """The middle of its sign."""
    stretches = list(pairwise(way(arrow, boxes)))
    longest = max(stretches, key=lambda each: abs(each[0].x - each[1].x) + abs(each[0].y - each[1].y))
    one, two = longest if arrow.on is None else stretches[arrow.on]
    return Point(round(one.x + (two.x - one.x) * arrow.share), round(one.y + (two.y - one.y) * arrow.share))


def drawing(picture: Picture) -> str:
    boxes = picture.named
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {picture.height}" role="img">',
        f"<title>{escape(picture.title)}</title><style>{_STYLE}</style>",
        f"<defs>{''.join(map(_head, _FLOWS))}</defs>",
        f'<rect class="paper" width="{WIDTH}" height="{picture.height}"/>',
        *map(_frame, picture.frames),
        *(_arrow(each, boxes) for each in picture.arrows),
        *map(_box, picture.boxes),
        *(_badge(each.flow, each.sign, badge(each, boxes)) for each in picture.arrows if each.sign),
        *_legend(picture),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _head(flow: str) -> str:
    """Of an arrow."""
    return (
        f'<marker id="{flow}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6.5" markerHeight="6.5" '
        f'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" style="fill:var(--{flow})"/></marker>'
    )


def _frame(frame: Frame) -> str:
    size = f'width="{frame.right - frame.left}" height="{frame.bottom - frame.top}"'
    words = f'<text class="small left" x="{frame.left + 10}" y="{frame.top + 18}">{escape(frame.name)}</text>'
    return f'<rect class="frame" x="{frame.left}" y="{frame.top}" {size}/>{words}'


def _box(box: Box) -> str:
    size = f'x="{box.left}" y="{box.top}" width="{box.width}" height="{box.height}"'
    return (
        f'<rect class="{box.kind}" {size}/><text x="{box.x}" y="{box.y - 3}">{escape(box.name)}</text>'
        f'<text class="small" x="{box.x}" y="{box.y + 15}">{escape(box.below)}</text>'
    )


def _arrow(arrow: Arrow, boxes: Mapping[str, Box]) -> str:
    path = "L".join(f"{x} {y}" for x, y in way(arrow, boxes))
    ends = f'marker-end="url(#{arrow.flow})"' + (f' marker-start="url(#{arrow.flow})"' if arrow.both else "")
    kind = ' class="instead-way"' if arrow.instead else ""
    return f'<path{kind} d="M{path}" style="stroke:var(--{arrow.flow})" {ends}/>'


def _badge(flow: str, sign: str, at: Point) -> str:
    width, height = BADGE
    return (
        f'<rect class="badge" x="{at.x - width // 2}" y="{at.y - height // 2}" width="{width}" height="{height}" '
        f'style="fill:var(--{flow})"/><text class="sign" x="{at.x}" y="{at.y + 4}">{escape(sign)}</text>'
    )


def _legend(picture: Picture) -> Iterable[str]:
    """One column for each flow."""
    column = (WIDTH - 40) // len(picture.flows)
    for number, flow in enumerate(picture.flows):
        left, y = 20 + number * column, picture.legend
        yield f'<text class="head" x="{left}" y="{y}" style="fill:var(--{flow.name})">{escape(flow.title)}</text>'
        for sign, words in flow.steps.items():
            y += LINE
            yield _badge(flow.name, sign, Point(left + BADGE[0] // 2, y))
            yield f'<text class="small left" x="{left + BADGE[0] + 8}" y="{y + 4}">{escape(words)}</text>'
