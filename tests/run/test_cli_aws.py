"""``aurora aws``: what an operator is told of a home on AWS, with AWS answering as its own descriptions say."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from aurora_time.adapters import aws_home
from aurora_time.run import cli_aws
from aurora_time.run.tables import NEEDS_BOTO3
from tests.run.terminal import Terminal

THEN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp()) * 1000
Told = dict[str, Any]


class Aws:
    """Answers of AWS by service, each held against the service's own description."""

    def __init__(self) -> None:
        self._stubs: dict[str, Stubber] = {}

    def __call__(self, service: str) -> Stubber:
        if service not in self._stubs:
            made = boto3.client(service, region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
            self._stubs[service] = Stubber(made)
            self._stubs[service].activate()
        return self._stubs[service]

    def client(self, service: str) -> Any:
        return self(service).client


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    made = Aws()
    monkeypatch.setattr(aws_home, "clients", lambda region: made.client)
    monkeypatch.setattr(cli_aws, "now", lambda: NOW)
    return made


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(capsys, monkeypatch)


def stack(name: str, status: str) -> Told:
    return {"StackName": name, "StackStatus": status, "CreationTime": THEN}


def answer_status(aws: Aws, *, stack_is: str = "CREATE_COMPLETE", alarm_is: str = "OK", dead: int = 0) -> None:
    stacks = [stack("aurora-prod-app", stack_is), stack("aurora-dev-app", "DELETE_FAILED"), stack("other", "X")]
    aws("cloudformation").add_response("describe_stacks", {"Stacks": stacks})
    alarm = {"AlarmName": "aurora-prod-reminders-late", "StateValue": alarm_is, "StateUpdatedTimestamp": THEN}
    aws("cloudwatch").add_response(
        "describe_alarms", {"MetricAlarms": [alarm]}, {"AlarmNamePrefix": "aurora-prod-", "MaxRecords": ANY}
    )
    for queue, number in (("errands", 3), ("dead", dead)):
        url = f"https://queue.example/aurora-prod-{queue}"
        aws("sqs").add_response("get_queue_url", {"QueueUrl": url}, {"QueueName": f"aurora-prod-{queue}"})
        attributes = {"Attributes": {"ApproximateNumberOfMessages": str(number)}}
        aws("sqs").add_response("get_queue_attributes", attributes, {"QueueUrl": url, "AttributeNames": ANY})
    points = [{"Timestamp": NOW, "Maximum": 2.0}, {"Timestamp": THEN, "Maximum": 9.0}]
    aws("cloudwatch").add_response("get_metric_statistics", {"Datapoints": points})
    quota = {"Max24HourSend": 50_000.0, "SentLast24Hours": 1_234.0, "MaxSendRate": 14.0}
    aws("sesv2").add_response("get_account", {"ProductionAccessEnabled": False, "SendQuota": quota})


def test_status_tells_of_this_environment_alone_and_what_waits(aws: Aws, shell: Terminal) -> None:
    answer_status(aws)
    told = shell.run("aws", "status")
    assert "aurora-prod-app" in told
    assert "aurora-dev-app" not in told
    assert "Oldest overdue reminder: 2 s\nErrands waiting: 3; dead letters: 0" in told
    assert "Mails in 24 hours: 1,234 of 50,000; SES is in its sandbox" in told
    assert "All is well." in told


@pytest.mark.parametrize(
    "trouble",
    [{"stack_is": "UPDATE_ROLLBACK_COMPLETE"}, {"stack_is": "CREATE_FAILED"}, {"alarm_is": "ALARM"}, {"dead": 1}],
)
def test_status_ends_with_one_where_something_is_wrong(aws: Aws, shell: Terminal, trouble: Told) -> None:
    answer_status(aws, **trouble)
    status, out, _ = shell.attempt("aws", "status", "--json")
    assert status == 1
    assert '"ok": false' in out


def test_a_sweep_that_tells_nothing_is_told(aws: Aws, shell: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_status(aws)
    monkeypatch.setattr(aws_home.AwsHome, "overdue", lambda self, now: None)
    assert "no sweep has told anything for ten minutes" in shell.run("aws", "status")


def test_where_there_is_no_home_it_is_said(aws: Aws, shell: Terminal) -> None:
    aws("cloudformation").add_response("describe_stacks", {"Stacks": [stack("aurora-prod-app", "CREATE_COMPLETE")]})
    status, _, err = shell.attempt("aws", "status", "--env", "dev")
    assert (status, err) == (1, "aurora: There is no home here: no stack of aurora-dev in this account and region.\n")


def answer_log(aws: Aws, function: str, pattern: str, *lines: tuple[int, str]) -> None:
    asked = {"logGroupName": f"/aws/lambda/aurora-prod-{function}", "startTime": SECONDS - 30 * 60_000}
    events = [{"timestamp": SECONDS + at, "message": text} for at, text in lines]
    aws("logs").add_response("filter_log_events", {"events": events}, asked | {"filterPattern": pattern})


def test_logs_of_all_functions_are_one_in_order(aws: Aws, shell: Terminal) -> None:
    groups = [{"logGroupName": f"/aws/lambda/aurora-prod-{name}"} for name in ("ring", "events")]
    aws("logs").add_response("describe_log_groups", {"logGroups": groups})
    pattern = '?warning ?error ?ERROR ?errorMessage ?Traceback ?"Task timed out" ?timeout'
    answer_log(aws, "events", pattern, (1_000, "first\n"), (3_000, "third"))
    answer_log(aws, "ring", pattern, (2_000, "second"))
    told = shell.run("aws", "logs", "--minutes", "30").splitlines()
    assert [line.split()[-2:] for line in told] == [["events", "first"], ["ring", "second"], ["events", "third"]]
    assert told[0].startswith("2026-11-23 08:00:01Z")


def test_logs_of_one_function_may_be_asked_for_by_its_file(aws: Aws, shell: Terminal) -> None:
    answer_log(aws, "quick-add", '?error ?ERROR ?errorMessage ?Traceback ?"Task timed out" ?timeout', (0, "broken"))
    told = shell.json("aws", "logs", "quick_add", "--show", "errors", "--minutes", "30")
    assert [each["text"] for each in told] == ["broken"]


def test_costs_of_which_aws_knows_nothing_are_not_told_as_none(aws: Aws, shell: Terminal) -> None:
    aws("ce").add_response("get_cost_and_usage", {"ResultsByTime": [{"Groups": []}]})
    assert "AWS knows of no cost that carries the tag env=prod" in shell.run("aws", "costs")


def test_costs_are_those_of_the_month_the_dearest_first(aws: Aws, shell: Terminal) -> None:
    def group(service: str, dollars: str) -> Told:
        return {"Keys": [service], "Metrics": {"UnblendedCost": {"Amount": dollars, "Unit": "USD"}}}

    groups = [group("AWS Lambda", "0.001"), group("Amazon DynamoDB", "0.71"), group("Amazon SES", "1.5")]
    aws("ce").add_response(
        "get_cost_and_usage",
        {"ResultsByTime": [{"Groups": groups}]},
        {
            "TimePeriod": {"Start": "2026-11-01", "End": "2026-11-24"},
            "Granularity": "MONTHLY",
            "Metrics": ["UnblendedCost"],
            "GroupBy": ANY,
            "Filter": {"Tags": {"Key": "env", "Values": ["prod"]}},
        },
    )
    told = shell.run("aws", "costs")
    assert [line.split()[-1] for line in told.splitlines()[1:]] == ["$1.50", "$0.71", "$2.21"]


POOL = {"UserPoolId": "eu-west-1_Pool", "Username": "sam@example.org"}


def answer_user(aws: Aws, status: str) -> None:
    told = {"AURORA_ISSUER": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool"}
    aws("lambda").add_response("get_function_configuration", {"Environment": {"Variables": told}})
    if status:
        aws("cognito-idp").add_response("admin_get_user", {"Username": "c0ffee", "UserStatus": status}, POOL)
    else:
        aws("cognito-idp").add_client_error("admin_get_user", "UserNotFoundException", expected_params=POOL)


def test_an_address_whose_sign_up_was_never_confirmed_is_free_again(aws: Aws, shell: Terminal) -> None:
    answer_user(aws, "UNCONFIRMED")
    aws("cognito-idp").add_response("admin_delete_user", {}, {**POOL, "Username": "c0ffee"})
    assert "sam@example.org is free again" in shell.run("aws", "forget", "sam@example.org")
    aws("cognito-idp").assert_no_pending_responses()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("CONFIRMED", "sam@example.org has an account (CONFIRMED), which is left alone"),
        ("FORCE_CHANGE_PASSWORD", "which is left alone"),
        ("", "Nobody has signed up with sam@example.org."),
    ],
)
def test_who_has_an_account_is_never_forgotten(aws: Aws, shell: Terminal, status: str, said: str) -> None:
    """Were they, the pool would be asked for what nothing here answers."""
    answer_user(aws, status)
    ended, _, err = shell.attempt("aws", "forget", "sam@example.org")
    assert ended == 1
    assert said in err


def test_a_refusal_of_aws_is_one_sentence(aws: Aws, shell: Terminal) -> None:
    aws("ce").add_client_error("get_cost_and_usage", "AccessDeniedException", "no ce:GetCostAndUsage")
    status, _, err = shell.attempt("aws", "costs")
    assert (status, err) == (1, "aurora: AWS refuses it (AccessDeniedException: no ce:GetCostAndUsage).\n")


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"AWS_REGION": "eu-west-1"}, "There are no credentials of AWS here: `aws sso login`, or set AWS_PROFILE."),
        ({}, "AWS wants to know which region: --region, or AWS_REGION."),
        ({"AWS_PROFILE": "nope"}, "AWS cannot be asked: The config profile (nope) could not be found"),
    ],
)
def test_who_is_not_signed_in_is_told_how(shell: Terminal, tmp_path: Any, environ: dict[str, str], said: str) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        shell.monkeypatch.delenv(name, raising=False)
    files = dict.fromkeys(("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"), str(tmp_path / "nothing"))
    for name, value in {**files, "AWS_EC2_METADATA_DISABLED": "true", **environ}.items():
        shell.monkeypatch.setenv(name, value)
    status, _, err = shell.attempt("aws", "status")
    assert (status, err) == (1, f"aurora: {said}\n")


def test_without_boto3_it_says_what_to_install(shell: Terminal) -> None:
    real: Callable[..., Any] = builtins.__import__

    def without(name: str, *more: Any, **options: Any) -> Any:
        if name.startswith(("boto3", "botocore")):
            raise ModuleNotFoundError(name, name=name)
        return real(name, *more, **options)

    shell.monkeypatch.delitem(sys.modules, "aurora_time.adapters.aws_home")
    shell.monkeypatch.setattr(builtins, "__import__", without)
    status, _, err = shell.attempt("aws", "status")
    assert (status, err) == (1, f"aurora: {NEEDS_BOTO3}\n")
