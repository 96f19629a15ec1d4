"""A home on AWS as its operator sees it from outside: stacks, alarms, queues, mails, logs, costs. It only reads, save
where somebody is invited or forgotten, or mails are let through again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from aurora_time.adapters.dynamodb import DynamoTable
from aurora_time.adapters.ses import SesMailer
from aurora_time.ports import Clock

Client = Callable[[str], Any]
UNCONFIRMED: Final = "UNCONFIRMED"
"""The pool's word for who signed up and never gave the mailed code: it keeps them, and the address, for ever."""
_OVERDUE_WITHIN: Final = timedelta(minutes=10)
_STACKS: Final = 100


class AwsHomeError(Exception):
    """AWS cannot be asked, or does not answer; the message says why and how to mend it."""


class Stack(NamedTuple):
    name: str
    status: str
    changed: datetime


class Alarm(NamedTuple):
    """``state``: OK, ALARM, INSUFFICIENT_DATA."""

    name: str
    state: str
    since: datetime


class Mailing(NamedTuple):
    """``in_sandbox``: mails go only to addresses that were verified. The others are of 24 hours."""

    in_sandbox: bool
    sent: float
    most: float


class LogLine(NamedTuple):
    at: datetime
    function: str
    text: str


class Cost(NamedTuple):
    service: str
    dollars: float


def clients(region: str | None = None) -> Client:
    """As boto3 finds credentials, endpoint and region; AWS_REGION it does not look at itself. Raises AwsHomeError."""
    with _asking():
        made: Client = boto3.session.Session(region_name=region or os.environ.get("AWS_REGION")).client
    return made


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except NoCredentialsError:
        raise AwsHomeError("There are no credentials of AWS here: `aws sso login`, or set AWS_PROFILE.") from None
    except NoRegionError:
        raise AwsHomeError("AWS wants to know which region: --region, or AWS_REGION.") from None
    except ClientError as error:
        said = error.response["Error"]
        raise AwsHomeError(f"AWS refuses it ({said['Code']}: {said['Message']}).") from None
    except BotoCoreError as error:
        raise AwsHomeError(f"AWS cannot be asked: {error}") from None


class AwsHome:
    """The home of one environment, whose things are named after it (infra/). All raise AwsHomeError."""

    def __init__(self, env: str, client: Client) -> None:
        self._prefix = f"aurora-{env}"
        self._namespace = f"AuroraTime/{env}"
        self._client = client

    def stacks(self) -> list[Stack]:
        with _asking():
            pages = self._client("cloudformation").get_paginator("describe_stacks").paginate()
            found = [each for page in pages for each in page["Stacks"]]
        return [
            Stack(each["StackName"], each["StackStatus"], each.get("LastUpdatedTime") or each["CreationTime"])
            for each in sorted(found, key=lambda each: str(each["StackName"]))
            if each["StackName"].startswith(f"{self._prefix}-")
        ]

    def alarms(self) -> list[Alarm]:
        with _asking():
            answer = self._client("cloudwatch").describe_alarms(AlarmNamePrefix=f"{self._prefix}-", MaxRecords=_STACKS)
        return [
            Alarm(each["AlarmName"], each["StateValue"], each["StateUpdatedTimestamp"])
            for each in answer["MetricAlarms"]
        ]

    def waiting(self) -> dict[str, int]:
        """How many errands wait, and how many lie with the dead letters."""
        name = "ApproximateNumberOfMessages"
        found = {}
        with _asking():
            sqs = self._client("sqs")
            for queue in ("errands", "dead"):
                url = sqs.get_queue_url(QueueName=f"{self._prefix}-{queue}")["QueueUrl"]
                answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
                found[queue] = int(answer["Attributes"][name])
        return found

    def overdue(self, now: datetime) -> float | None:
        """Seconds for which the oldest reminder waits, as the last sweep told; None where none has told for minutes."""
        with _asking():
            answer = self._client("cloudwatch").get_metric_statistics(
                Namespace=self._namespace,
                MetricName="OldestOverdue",
                StartTime=now - _OVERDUE_WITHIN,
                EndTime=now,
                Period=60,
                Statistics=["Maximum"],
            )
        points = sorted(answer["Datapoints"], key=lambda each: each["Timestamp"])
        return float(points[-1]["Maximum"]) if points else None

    def mailing(self) -> Mailing:
        with _asking():
            answer = self._client("sesv2").get_account()
        quota: Mapping[str, float] = answer.get("SendQuota", {})
        sent, most = quota.get("SentLast24Hours", 0.0), quota.get("Max24HourSend", 0.0)
        return Mailing(not answer.get("ProductionAccessEnabled", False), sent, most)

    def log(self, function: str, since: datetime, pattern: str = "") -> Iterator[LogLine]:
        """What a function wrote, oldest first; ``pattern`` is one of CloudWatch's."""
        options = {"filterPattern": pattern} if pattern else {}
        with _asking():
            pages = (
                self._client("logs")
                .get_paginator("filter_log_events")
                .paginate(
                    logGroupName=f"/aws/lambda/{self._prefix}-{function}",
                    startTime=int(since.timestamp() * 1000),
                    **options,
                )
            )
            for page in pages:
                for each in page["events"]:
                    at = datetime.fromtimestamp(each["timestamp"] / 1000, UTC)
                    yield LogLine(at, function, each["message"].rstrip())

    def functions(self) -> list[str]:
        """The names of the functions that have a log, without the environment."""
        before = f"/aws/lambda/{self._prefix}-"
        with _asking():
            pages = self._client("logs").get_paginator("describe_log_groups").paginate(logGroupNamePrefix=before)
            return sorted(each["logGroupName"].removeprefix(before) for page in pages for each in page["logGroups"])

    def told(self) -> dict[str, str]:
        """What the functions of the API are told: the names of the other parts, and the operator's wishes."""
        with _asking():
            answer = self._client("lambda").get_function_configuration(FunctionName=f"{self._prefix}-account")
        found: dict[str, str] = answer["Environment"]["Variables"]
        return found

    def forget_unconfirmed(self, email: str) -> str:
        """Take out of the pool who signed up with an address, if they never confirmed it; the pool's word for what they
        were, empty for nobody.
        """
        pool = self.told()["AURORA_ISSUER"].rpartition("/")[2]
        with _asking():
            cognito = self._client("cognito-idp")
            try:
                found = cognito.admin_get_user(UserPoolId=pool, Username=email)
            except cognito.exceptions.UserNotFoundException:
                return ""
            if found["UserStatus"] == UNCONFIRMED:
                cognito.admin_delete_user(UserPoolId=pool, Username=found["Username"])
        return str(found["UserStatus"])

    def table(self, name: str, clock: Clock) -> DynamoTable:
        return DynamoTable(self._client("dynamodb"), name, clock)

    def mailer(self, told: Mapping[str, str], clock: Clock) -> SesMailer:
        return SesMailer(self._client("sesv2"), told["AURORA_MAIL_FROM"], told["AURORA_MAIL_SET"], clock)

    def costs(self, start: datetime, end: datetime) -> list[Cost]:
        """By service, the dearest first, of what carries this environment's tag. AWS asks a cent for this."""
        env = self._prefix.removeprefix("aurora-")
        with _asking():
            answer = self._client("ce").get_cost_and_usage(
                TimePeriod={"Start": f"{start:%Y-%m-%d}", "End": f"{end:%Y-%m-%d}"},
                Granularity="MONTHLY",
                Metrics=["UnblendedCost"],
                GroupBy=[{"Type": "DIMENSION", "Key": "SERVICE"}],
                Filter={"Tags": {"Key": "env", "Values": [env]}},
            )
        groups = [group for period in answer["ResultsByTime"] for group in period["Groups"]]
        found = [Cost(each["Keys"][0], float(each["Metrics"]["UnblendedCost"]["Amount"])) for each in groups]
        return sorted(found, key=lambda each: -each.dollars)
