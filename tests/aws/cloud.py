"""A second home on an emulated AWS: a table, a queue with its dead letters, and a mail service; its functions called
with events as AWS makes them."""

from __future__ import annotations

import dataclasses
import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aurora_time.adapters.aws_traces import UNTRACED, Traces
from aurora_time.adapters.dynamodb import DynamoTable
from aurora_time.adapters.dynamodb_calls import Pace
from aurora_time.adapters.dynamodb_lean import LeanDynamo
from aurora_time.adapters.dynamodb_table import create_table
from aurora_time.adapters.ses import SesMailer
from aurora_time.adapters.sqs import SqsQueue
from aurora_time.api.authentication import authenticator
from aurora_time.aws.rest import RestFunction, Soon, endpoints_for
from aurora_time.aws.ring import Ringer
from aurora_time.aws.settings import CloudSettings
from aurora_time.aws.sweep import Sweeper
from aurora_time.aws.world import make_services
from aurora_time.operations.people import SCOPES, NewPerson, create_token, ensure_person
from aurora_time.ports import Claims, Clock
from aurora_time.run.endpoints import wire_some
from aurora_time.run.gate import Gate, GatedTable
from aurora_time.run.world import SystemClock

HOME = "https://time.example.org"
SENDER = "Aurora Time <aurora@example.org>"
Json = dict[str, Any]


def request(method: str, path: str, body: Any = None, token: str = "", **more: Any) -> Json:
    """An event of an HTTP API (payload format 2.0); ``route`` and ``parameters`` are what the gateway found."""
    headers = {"host": "time.example.org", "x-forwarded-for": "203.0.113.7", "user-agent": "test"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    if body is not None:
        headers["content-type"] = "application/json"
    raw, _, query = path.partition("?")
    event: Json = {
        "version": "2.0",
        "routeKey": f"ANY {more.pop('route', raw)}",
        "rawPath": raw,
        "rawQueryString": query,
        "headers": headers | more.pop("headers", {}),
        "requestContext": {"http": {"method": method, "path": raw, "sourceIp": "203.0.113.7"}, "stage": "$default"},
        "isBase64Encoded": False,
    }
    if body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    if "parameters" in more:
        event["pathParameters"] = more["parameters"]
    return event


def batch(*messages: Json) -> Json:
    """An event of a queue, from what ``receive_message`` answers."""
    records = [
        {
            "messageId": each["MessageId"],
            "receiptHandle": each["ReceiptHandle"],
            "body": each["Body"],
            "attributes": {"ApproximateReceiveCount": "1"},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-west-1:000000000000:errands",
            "awsRegion": "eu-west-1",
        }
        for each in messages
    ]
    return {"Records": records}


class Nobody:
    """A TokenVerifier of a pool that nobody is in."""

    async def verify(self, _token: str) -> Claims | None:
        return None


@dataclass
class Cloud:
    """Opened by the test runner around each async test."""

    aws: Any
    clock: Clock = field(default_factory=SystemClock)
    traces: Traces = UNTRACED

    async def __aenter__(self) -> Self:
        self.name = self.aws.table_name()
        create_table(self.aws.client(), self.name)
        self.sqs, self.ses = self.aws.service("sqs"), self.aws.service("sesv2")
        self.ses.create_email_identity(EmailIdentity="example.org")
        self.dead = self.sqs.create_queue(QueueName=f"{self.name}-dead")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
        attributes = {"RedrivePolicy": redrive, "VisibilityTimeout": "1"}
        self.queue_url = self.sqs.create_queue(QueueName=self.name, Attributes=attributes)["QueueUrl"]
        self.queue = SqsQueue(self.sqs, self.queue_url)
        said = {"AURORA_ISSUER": f"{HOME}/pool"}
        self.settings = CloudSettings(self.name, HOME, queue=self.queue_url, said=said)
        self.tables: list[DynamoTable] = []
        self.through(None)
        return self

    def through(self, url: str | None, pace: Pace | None = None) -> None:
        """From now on the functions ask for the table at this address."""
        client = LeanDynamo(self.aws.environ | ({"AWS_ENDPOINT_URL_DYNAMODB": url} if url else {}), self.traces)
        table = DynamoTable(client, self.name, self.clock, pace)
        self.tables.append(table)
        gate = Gate(table)
        mailer = SesMailer(self.ses, SENDER, "", self.clock)
        self.services = make_services(self.settings, GatedTable(table, gate), mailer, self.clock)
        self.sweep = Sweeper(self.services, gate, self.queue)
        self.ring = Ringer(self.services, gate, self.queue)

    async def __aexit__(self, *_: object) -> None:
        for table in self.tables:
            await table.close()

    def function(self, file: str) -> RestFunction:
        """The function of a file of the API; it has no rate limit, and hints are sent."""
        soon = Soon(self.clock, self.queue)
        services = dataclasses.replace(self.services, nudge=soon.nudge)
        authenticate = authenticator(services, Nobody())
        wired = wire_some(endpoints_for(file), services, authenticate)
        return RestFunction(wired, services, soon, traces=self.traces)

    async def somebody(self, name: str) -> tuple[str, str]:
        """A person's id and a token."""
        new = NewPerson(self.address(name), name.capitalize(), "Asia/Ho_Chi_Minh", "en")
        person_id = await ensure_person(self.services, self.settings.known_as, name, new)
        return person_id, (await create_token(self.services, person_id, "A token", SCOPES, None))[2]

    def waiting(self, seconds: int = 1, queue: str | None = None) -> list[Json]:
        """What the queue hands out within so long."""
        found = self.sqs.receive_message(
            QueueUrl=queue or self.queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=seconds
        )
        messages: list[Json] = found.get("Messages", [])
        return messages

    async def deliver(self, messages: list[Json]) -> list[str]:
        """As Lambda does: run a batch, and delete what did not fail; the ids of what did."""
        answer = await self.ring(batch(*messages))
        failed = [each["itemIdentifier"] for each in answer["batchItemFailures"]]
        for each in messages:
            if each["MessageId"] not in failed:
                self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=each["ReceiptHandle"])
        return failed

    async def run(self, done: Callable[[], bool], seconds: float = 20) -> None:
        """Deliver whatever the queue hands out, until it is done or so long has passed."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not done():
            messages = self.waiting()
            if messages:
                await self.deliver(messages)

    def address(self, name: str) -> str:
        """One that nobody in another test has."""
        return f"{name}.{self.name}@example.org"

    def mails(self, name: str) -> list[Json]:
        with urllib.request.urlopen(f"{self.aws.url}/_ministack/ses/messages") as answer:
            read = json.load(answer)
        found = read.get("messages", read)
        if isinstance(found, dict):
            found = [each for some in found.values() for each in some]
        return [each for each in found if self.address(name) in each["To"]]
