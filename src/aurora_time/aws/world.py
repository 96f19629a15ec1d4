"""The world as a function on AWS sees it: made at its first request, kept for all that follow in its process."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from typing import Any, Final

from aurora_time.adapters.aws_lean import is_enough
from aurora_time.adapters.aws_traces import Traces
from aurora_time.adapters.dynamodb import DynamoTable
from aurora_time.adapters.dynamodb_lean import LeanDynamo
from aurora_time.aws.settings import CloudSettings
from aurora_time.operations.meter import Meter
from aurora_time.operations.services import Services, Writers
from aurora_time.ports import Accounts, Clock, Ids, Mail, Mailer, MailUnavailableError, Message, Queue, Shelf, Table
from aurora_time.run.gate import Gate, GatedTable
from aurora_time.run.world import RandomIds, SystemClock

CLOCK: Final[Clock] = SystemClock()
IDS: Final[Ids] = RandomIds()
TRACES: Final = Traces(os.environ, CLOCK.now)


class NoMailer:
    """For functions that send none."""

    async def send(self, _mail: Mail) -> None:
        raise MailUnavailableError("this function sends no mail")


def make_table(settings: CloudSettings, clock: Clock = CLOCK) -> tuple[Table, Gate]:
    """The data, closed to writers while the home is being moved."""
    table = DynamoTable(_client(os.environ), settings.table, clock)
    gate = Gate(table)
    return GatedTable(table, gate), gate


def _client(environ: Mapping[str, str]) -> Any:  # noqa: ANN401  boto3 makes its clients at run time
    """Without boto3, which is a third of a cold start, where the environment says all; as in Lambda it does."""
    if is_enough(environ):
        return LeanDynamo(environ, TRACES)
    from aurora_time.adapters.aws_clients import traced
    from aurora_time.adapters.dynamodb_table import make_client

    return traced(make_client(environ), TRACES)


def _boto(service: str, tries: int) -> Any:  # noqa: ANN401
    """What is loaded when it is needed first."""
    from aurora_time.adapters.aws_clients import make_client

    return make_client(service, tries=tries, traces=TRACES)


class LateQueue:
    """SQS, whose client is made when there is something to send: most requests make nothing due soon. ``tries``: one is
    enough for a hint."""

    def __init__(self, url: str, tries: int = 3) -> None:
        self._url = url
        self._tries = tries
        self._made: Queue | None = None

    async def send(self, *messages: Message) -> list[Message]:
        if self._made is None:
            from aurora_time.adapters.sqs import SqsQueue

            self._made = SqsQueue(_boto("sqs", self._tries), self._url)
        return await self._made.send(*messages)


class LateShelf:
    """S3, whose client is made with the first answer that is too large."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket
        self._made: Shelf | None = None

    async def lay(self, name: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Raises UnavailableError."""
        if self._made is None:
            from aurora_time.adapters.s3 import S3Shelf

            self._made = S3Shelf(_boto("s3", 3), self._bucket)
        await self._made.lay(name, body, headers)


class LateMailer:
    """SES, whose client is made with the first mail. It hands a mail over once: who hears nothing tries later."""

    def __init__(self, settings: CloudSettings, clock: Clock = CLOCK) -> None:
        self._settings = settings
        self._clock = clock
        self._made: Mailer | None = None

    async def send(self, mail: Mail) -> None:
        """Raises MailRefusedError, MailUnavailableError."""
        if self._made is None:
            from aurora_time.adapters.ses import SesMailer

            client = _boto("sesv2", 1)
            self._made = SesMailer(client, self._settings.mail_from, self._settings.mail_set, self._clock)
        await self._made.send(mail)


class LateAccounts:
    """The user pool, whose client is made when somebody leaves, signs out everywhere, has another address, or says how
    to write to them.
    """

    def __init__(self, issuer: str) -> None:
        self._pool = issuer.rpartition("/")[2]
        self._made: Accounts | None = None

    @property
    def _accounts(self) -> Accounts:
        if self._made is None:
            from aurora_time.adapters.cognito import CognitoAccounts

            self._made = CognitoAccounts(_boto("cognito-idp", 2), self._pool)
        return self._made

    async def forget(self, subject: str) -> None:
        await self._accounts.forget(subject)

    async def describe(self, subject: str, locale: str, time_zone: str) -> None:
        await self._accounts.describe(subject, locale, time_zone)

    async def address(self, subject: str) -> str:
        return await self._accounts.address(subject)

    async def sign_out(self, subject: str) -> None:
        await self._accounts.sign_out(subject)


def make_services(
    settings: CloudSettings, table: Table, mailer: Mailer | None = None, clock: Clock = CLOCK
) -> Services:
    """With a ``mailer``, one that counts refusals and leaves alone who refused."""
    bare = Services(
        table,
        mailer or NoMailer(),
        clock,
        IDS,
        Writers(),
        settings.known_as,
        settings.public_url,
        canary_every=settings.canary_every,
        accounts=LateAccounts(settings.known_as),
        meter=Meter(""),  # each process counts by itself, so /metrics is for nobody: figures go to CloudWatch
    )
    if mailer is None:
        return bare
    from aurora_time.operations.suppression import CarefulMailer

    return dataclasses.replace(bare, mailer=CarefulMailer(bare))
