"""The picture of the home on AWS: what is deployed stands in it, and nothing lies over anything else."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from aurora_time.aws.functions import Arns, Function, functions, statements
from tools.diagram.__main__ import ALL, API, ARROWS, BOXES, FLOWS, FRAMES, OF_API, PICTURE
from tools.diagram.drawing import BADGE, LETTER, WIDTH, Arrow, Box, Point, badge, drawing, way

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom."""
ARNS = Arns("DynamoDB", "Errands", ("SES",), "S3: answers", "Cognito", sender="aurora", unheard="Unheard")
BETWEEN = {
    "request": {
        ("Browser", "CloudFront"), ("Script, CLI", "CloudFront"), ("CloudFront", "S3: web app"),
        ("CloudFront", "S3: answers"), ("CloudFront", "API Gateway"), ("API Gateway", API), ("API Gateway", "pages"),
    },
    "sign-in": {
        ("Browser", "Cognito"), ("Cognito", "users"), ("Cognito", "SES"), ("API Gateway", "Cognito"),
    },
    "reminder": {
        ("Scheduler", "sweep"), ("Errands", "ring"), ("SES", "Mailbox"), ("SES", "SNS"), ("SNS", "feedback"),
    },
    "other": {
        ("Browser", "Amplify Hosting"), ("Amplify Hosting", "API Gateway"), ("Errands", "Dead letters"),
        ("Dead letters", "CloudWatch"), ("Unheard", "CloudWatch"),
    },
}  # fmt: skip
"""What no role says."""
NAMED = PICTURE.named


def box_of(function: Function) -> str:
    return API if function.module == "rest" else function.name


def rect(box: Box) -> Rect:
    return box.left, box.top, box.right, box.bottom


def sign_of(arrow: Arrow) -> Rect:
    (x, y), (width, height) = badge(arrow, NAMED), BADGE
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def overlap(one: Rect, two: Rect) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def stretches(arrow: Arrow) -> list[Rect]:
    return [_between(*each) for each in pairwise(way(arrow, NAMED))]


def _between(one: Point, two: Point) -> Rect:
    """A hair wide, so that it overlaps what it crosses or lies upon."""
    return min(one.x, two.x) - 0.1, min(one.y, two.y) - 0.1, max(one.x, two.x) + 0.1, max(one.y, two.y) + 0.1


def test_as_many_functions_are_said_to_be_there_as_are_deployed() -> None:
    assert len(functions()) == ALL
    shown = {box_of(each) for each in functions()}
    assert shown <= NAMED.keys()
    assert OF_API + len(shown) - 1 == ALL
    text = drawing(PICTURE)
    assert f"Lambda: {len(functions())} functions" in text
    assert f"API: {sum(each.module == 'rest' for each in functions())} functions" in text


def test_what_a_function_reaches_is_what_its_role_lets_it_reach() -> None:
    allowed = {
        (box_of(function), statement["Resource"][0])
        for function in functions()
        for statement in statements(function, ARNS)
        if statement["Sid"] != "Receive"
    }
    names = {box_of(each) for each in functions()}
    drawn = {(arrow.start, arrow.end) for arrow in ARROWS if arrow.start in names}
    drawn |= {(arrow.end, arrow.start) for arrow in ARROWS if arrow.both and arrow.end in names}
    assert drawn == allowed


@pytest.mark.parametrize("flow", BETWEEN)
def test_every_arrow_of_a_flow_is_there_and_no_other(flow: str) -> None:
    names = {box_of(each) for each in functions()}
    assert {(each.start, each.end) for each in ARROWS if each.flow == flow and each.start not in names} == BETWEEN[flow]


def test_the_one_address_comes_before_the_gateway() -> None:
    assert not [arrow for arrow in ARROWS if arrow.end == "API Gateway" and arrow.start in ("Browser", "Script, CLI")]


def test_each_step_is_explained_and_each_explanation_has_its_step() -> None:
    for flow in FLOWS:
        assert {arrow.sign for arrow in ARROWS if arrow.flow == flow.name and arrow.sign} == flow.steps.keys()
        assert [int(sign[1:]) for sign in flow.steps] == list(range(1, len(flow.steps) + 1))
    assert not [arrow for arrow in ARROWS if arrow.flow == "other" and arrow.sign]
    assert len({next(iter(flow.steps))[0] for flow in FLOWS}) == len(FLOWS), "whoever sees no colours reads letters"


def test_boxes_lie_apart_and_within_the_picture() -> None:
    assert not [(a.name, b.name) for a, b in combinations(BOXES, 2) if overlap(rect(a), rect(b))]
    for box in BOXES:
        assert 0 < box.left < box.right < WIDTH
        assert 0 < box.top < box.bottom < PICTURE.legend - 20


def test_words_fit_into_their_boxes_and_columns() -> None:
    for box in BOXES:
        assert len(box.name) * LETTER[0] < box.width
        assert len(box.below) * LETTER[1] < box.width
    column = (WIDTH - 40) / len(FLOWS)
    for flow in FLOWS:
        for words in flow.steps.values():
            assert BADGE[0] + 8 + len(words) * LETTER[1] < column, words


def test_no_arrow_goes_through_a_box() -> None:
    for arrow in ARROWS:
        for box in BOXES:
            inner = box.left + 1, box.top + 1, box.right - 1, box.bottom - 1
            assert not [each for each in stretches(arrow) if overlap(each, inner)], (arrow, box.name)


def test_no_arrow_lies_upon_another_but_where_both_lead_to_the_same() -> None:
    for one, two in combinations(ARROWS, 2):
        if (one.flow, one.end) == (two.flow, two.end):
            continue
        for a in stretches(one):
            for b in stretches(two):
                shared = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
                assert min(shared) < 0 or max(shared) < 1, (one, two)


def test_no_sign_lies_over_a_box_another_sign_or_an_arrow_elsewhere() -> None:
    signed = [arrow for arrow in ARROWS if arrow.sign]
    for arrow in signed:
        sign = sign_of(arrow)
        assert not [box.name for box in BOXES if overlap(sign, rect(box))], arrow
        for other in ARROWS:
            if (other.flow, other.end) != (arrow.flow, arrow.end):
                assert not [each for each in stretches(other) if overlap(sign, each)], (arrow, other)
            if other is not arrow and other.sign:
                assert not overlap(sign, sign_of(other)), (arrow, other)


def test_nothing_lies_over_the_name_of_a_frame() -> None:
    for frame in FRAMES:
        name = frame.left + 10, frame.top + 6, frame.left + 10 + len(frame.name) * LETTER[1], frame.top + 22
        assert not [box.name for box in BOXES if overlap(name, rect(box))]
        for arrow in ARROWS:
            assert not [each for each in stretches(arrow) if overlap(name, each)], arrow
            assert not (arrow.sign and overlap(name, sign_of(arrow))), arrow


def test_it_is_an_svg_that_fetches_nothing_and_knows_dark_paper() -> None:
    text = drawing(PICTURE)
    ET.fromstring(text)
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]
    assert "prefers-color-scheme:dark" in text
    committed = Path(__file__).parents[2] / "docs" / "images" / "aws.svg"
    assert committed.read_text(encoding="utf-8") == text, "run `make generate`"
