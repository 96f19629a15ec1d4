"""The world as a function on AWS sees it: made at its first request, kept for all that follow in its process."""

from __future__ import annotations

import dataclasses
from typing import Final

from aurora_time.adapters.dynamodb import DynamoTable
from aurora_time.aws.settings import CloudSettings
from aurora_time.operations.services import Services, Writers
from aurora_time.ports import Clock, Ids, Mail, Mailer, MailUnavailableError, Queue, Table
from aurora_time.run.gate import Gate, GatedTable
from aurora_time.run.world import RandomIds, SystemClock

CLOCK: Final[Clock] = SystemClock()
IDS: Final[Ids] = RandomIds()


class NoMailer:
    """For functions that send none."""

    async def send(self, _mail: Mail) -> None:
        raise MailUnavailableError("this function sends no mail")


def make_table(settings: CloudSettings, clock: Clock = CLOCK) -> tuple[Table, Gate]:
    """The data, closed to writers while the home is being moved."""
    from aurora_time.adapters.dynamodb_table import make_client

    table = DynamoTable(make_client(), settings.table, clock)
    gate = Gate(table)
    return GatedTable(table, gate), gate


def make_queue(settings: CloudSettings) -> Queue:
    from aurora_time.adapters.aws_clients import make_client
    from aurora_time.adapters.sqs import SqsQueue

    return SqsQueue(make_client("sqs", tries=3), settings.queue)


def make_mailer(settings: CloudSettings, clock: Clock = CLOCK) -> Mailer:
    """A mail is handed to SES once: who does not hear of it counts it as not sent."""
    from aurora_time.adapters.aws_clients import make_client
    from aurora_time.adapters.ses import SesMailer

    return SesMailer(make_client("sesv2", tries=1), settings.mail_from, settings.mail_set, clock)


def make_services(
    settings: CloudSettings, table: Table, mailer: Mailer | None = None, clock: Clock = CLOCK
) -> Services:
    """With a ``mailer``, one that counts refusals and leaves alone who refused."""
    bare = Services(table, mailer or NoMailer(), clock, IDS, Writers(), settings.known_as, settings.public_url)
    if mailer is None:
        return bare
    from aurora_time.operations.suppression import CarefulMailer

    return dataclasses.replace(bare, mailer=CarefulMailer(bare))
