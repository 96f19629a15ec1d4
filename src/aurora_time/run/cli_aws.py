"""``aurora aws``: how a home on AWS is, what its functions wrote, what it costs; asked from the operator's machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from aurora_time.run.cli_operator import Json
from aurora_time.run.cli_options import as_one

if TYPE_CHECKING:
    from aurora_time.adapters.aws_home import AwsHome


class Env(StrEnum):
    dev = "dev"
    prod = "prod"


class Shown(StrEnum):
    """Which lines of a log."""

    all = "all"
    warnings = "warnings"
    errors = "errors"


_FAILED: Final = '?error ?ERROR ?errorMessage ?Traceback ?"Task timed out" ?timeout'
"""We write ``error``, Lambda ERROR and an errorMessage of what was raised; of a call that took too long the status
``timeout`` where logs are JSON, and the words elsewhere.
"""
_PATTERNS: Final = {Shown.all: "", Shown.warnings: f"?warning {_FAILED}", Shown.errors: _FAILED}
"""In CloudWatch's words: any of these is in the line."""
_UNTAGGED: Final = (
    "AWS knows of no cost that carries the tag env={env}: that is no bill of nothing. Until the tag is activated, and "
    "for a day after that, it counts nothing (docs/runbook.md, under Deploy)."
)
Which = Annotated[Env, typer.Option("--env", help="The environment.")]
Region = Annotated[str | None, typer.Option(help="The region of AWS [AWS_REGION].")]


@dataclass(frozen=True)
class LogOptions:
    """What ``aurora aws logs`` is told."""

    function: Annotated[str | None, typer.Argument(help="Like events, ring, sweep; without it, all.")] = None
    minutes: Annotated[int, typer.Option(min=1, max=60 * 24 * 90, help="How far back.")] = 60
    show: Annotated[Shown, typer.Option(help="Which lines.")] = Shown.warnings
    env: Which = Env.prod
    region: Region = None
    json: Json = False


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def home(env: Env, region: str | None) -> Iterator[AwsHome]:
    """Raises SettingsError without boto3, OperatorError where AWS does not answer."""
    from aurora_time.run.control import OperatorError
    from aurora_time.run.tables import without_boto3

    try:
        from aurora_time.adapters.aws_home import AwsHome, AwsHomeError, clients
    except ModuleNotFoundError as error:
        raise without_boto3(error) from None
    try:
        yield AwsHome(env.value, clients(region))
    except AwsHomeError as error:
        raise OperatorError(str(error)) from None


def status(env: Which = Env.prod, region: Region = None, json: Json = False) -> None:
    """How a home on AWS is: stacks, alarms, what waits, mails.

    Ends with 1 if an alarm rings, a stack is broken or a letter is dead.
    """
    from aurora_time.run.cli_show import print_json
    from aurora_time.run.control import OperatorError

    with home(env, region) as asked:
        stacks = asked.stacks()
        if not stacks:
            raise OperatorError(f"There is no home here: no stack of aurora-{env} in this account and region.")
        told: dict[str, Any] = {
            "stacks": [each._asdict() for each in stacks],
            "alarms": [each._asdict() for each in asked.alarms()],
            "waiting": asked.waiting(),
            "overdue": asked.overdue(now()),
            "mails": asked.mailing()._asdict(),
        }
    told["ok"] = _is_well(told)
    if json:
        print_json(told)
    else:
        _tell(told)
    if not told["ok"]:
        raise typer.Exit(1)


def _is_well(told: dict[str, Any]) -> bool:
    is_sound = all(each["status"].endswith("_COMPLETE") and "ROLLBACK" not in each["status"] for each in told["stacks"])
    return is_sound and not told["waiting"]["dead"] and all(each["state"] != "ALARM" for each in told["alarms"])


def _tell(told: dict[str, Any]) -> None:
    from aurora_time.run.cli_show import good, table

    for title, lines in (
        ("Stack", [(each["name"], each["status"], _at(each["changed"])) for each in told["stacks"]]),
        ("Alarm", [(each["name"], each["state"], _at(each["since"])) for each in told["alarms"]]),
    ):
        table((title, "is", "since"), lines)
        print()
    overdue, mails = told["overdue"], told["mails"]
    late = "no sweep has told anything for ten minutes" if overdue is None else f"{overdue:.0f} s"
    print(f"Oldest overdue reminder: {late}")
    print(f"Errands waiting: {told['waiting']['errands']}; dead letters: {told['waiting']['dead']}")
    sandbox = "; SES is in its sandbox" if mails["in_sandbox"] else ""
    print(f"Mails in 24 hours: {mails['sent']:,.0f} of {mails['most']:,.0f}{sandbox}")
    if told["ok"]:
        good("All is well.")


@as_one(LogOptions)
def logs(options: LogOptions) -> None:
    """What the functions wrote, the oldest first."""
    from aurora_time.run.cli_show import plain, print_json

    with home(options.env, options.region) as asked:
        since, pattern = now() - timedelta(minutes=options.minutes), _PATTERNS[options.show]
        names = [options.function.replace("_", "-")] if options.function else asked.functions()
        lines = sorted(line for name in names for line in asked.log(name, since, pattern))
    if options.json:
        print_json([line._asdict() for line in lines])
        return
    for line in lines:
        print(f"{_at(line.at)}  {line.function:14}  {plain(line.text)}")


def costs(env: Which = Env.prod, region: Region = None, json: Json = False) -> None:
    """What this month has cost so far, by service.

    AWS asks a cent for the answer. Its tags must have been activated (docs/runbook.md).
    """
    from aurora_time.run.cli_show import print_json, table

    with home(env, region) as asked:
        today = now()
        start = today.replace(day=1)
        found = asked.costs(start, today + timedelta(days=1))
    total = sum(each.dollars for each in found)
    if json:
        print_json({"since": f"{start:%Y-%m-%d}", "total": total, "services": [each._asdict() for each in found]})
        return
    rows = [(each.service, f"${each.dollars:,.2f}") for each in found if each.dollars >= 0.005]
    table(("Service", "so far"), [*rows, (f"Since {start:%Y-%m-%d}", f"${total:,.2f}")])
    if not found:
        print(_UNTAGGED.format(env=env.value))


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
