"""A sample of a deployed home: the package that is shipped, its functions as processes with nothing else of ours.

All of it, by the templates, is `make test-aws` (tests/aws/deployed).
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from aurora_time.domain.moment import print_instant
from tests.aws.cloud import HOME, SENDER, Cloud, Json, batch, request
from tools.environment import Environment
from tools.lambda_package import build
from tools.lambda_process import ask

pytestmark = pytest.mark.aws
ROUTE = "/v1/events"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(Environment(), tmp_path_factory.mktemp("package") / "lambda", here=True)


def call(cloud: Cloud, package: Path, function: str, *events: Json) -> list[Any]:
    """What a new process of a function answers, told what the template tells it."""
    told = {
        "AURORA_TABLE": f"dynamodb:{cloud.name}",
        "AURORA_PUBLIC_URL": HOME,
        "AURORA_FUNCTION": function,
        "AURORA_ISSUER": cloud.settings.known_as,
        "AURORA_CLIENT_ID": "web",
        "AURORA_QUEUE": cloud.queue_url,
        "AURORA_MAIL_FROM": SENDER,
        **cloud.aws.environ,
        "AWS_ENDPOINT_URL": cloud.aws.url,
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    module = function if function in ("sweep", "ring", "feedback", "users") else "rest"
    return [each.said for each in ask(package, module, told, *events)]


async def test_an_event_that_one_process_makes_is_there_for_the_next_and_for_nobody_else(cloud, package) -> None:
    _, token = await cloud.somebody("an")
    body = {"summary": "Tea", "start": {"dateTime": "2027-03-03T10:00:00", "timeZone": "Asia/Ho_Chi_Minh"}}
    (made,) = call(cloud, package, "events", request("POST", ROUTE, body, token))
    assert made["statusCode"] == 201, made
    week = f"{ROUTE}?from=2027-03-01&to=2027-03-08"
    told, refused = call(
        cloud, package, "events", request("GET", week, token=token, route=ROUTE), request("GET", week, route=ROUTE)
    )
    assert [each["summary"] for each in json.loads(told["body"])["items"]] == ["Tea"]
    assert refused["statusCode"] == 401
    assert refused["headers"]["content-type"] == "application/problem+json"


async def test_a_reminder_goes_from_the_process_of_events_by_the_queue_to_that_which_mails(cloud, package) -> None:
    _, token = await cloud.somebody("ha")
    body = {"summary": "Weekly review", "start": {"dateTime": print_instant(int(time.time()) + 610)}}
    (made,) = call(cloud, package, "events", request("POST", ROUTE, body, token))
    assert made["statusCode"] == 201, made
    until = time.monotonic() + 60
    while not cloud.mails("ha") and time.monotonic() < until:
        if messages := cloud.waiting():
            (answer,) = call(cloud, package, "ring", batch(*messages))
            assert answer["batchItemFailures"] == []
    assert [each["Subject"].partition(" ")[0] for each in cloud.mails("ha")] == ["Weekly"]


@pytest.mark.parametrize("function", ["sweep", "feedback", "users"])
async def test_what_aws_itself_asks_starts_from_the_package_too(cloud, package, function: str) -> None:
    asked = {"userAttributes": {"email": "an@example.org", "locale": "vi"}, "codeParameter": "{####}"}
    events: dict[str, Json] = {
        "sweep": {},
        "feedback": {"Records": [{"Sns": {"Message": json.dumps({"eventType": "Delivery"})}}]},
        "users": {"triggerSource": "CustomMessage_SignUp", "request": asked, "response": {}},
    }
    call(cloud, package, function, events[function])
