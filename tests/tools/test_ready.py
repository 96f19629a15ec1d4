"""Whether an account of AWS is ready for a home: what is not stops `make deploy` before anything is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from tools.deploy.ready import SANDBOX, Ready, check_table, dns_lines, has_room, look, wait_until_ours
from tools.deploy.wishes import DeployError

WISHES = {"account": "111122223333", "region": "eu-west-1", "domain": "time.example.org", "alarmsTo": "you@example.org"}
Answers = dict[str, Callable[[Stubber], None]]


def stubbed(answers: Answers) -> Callable[[str], Any]:
    def client(service: str) -> Any:
        made = boto3.client(service, region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
        stubber = Stubber(made)
        answers[service](stubber)
        stubber.activate()
        return made

    return client


def account(of: str = "111122223333") -> Callable[[Stubber], None]:
    return lambda stub: stub.add_response("get_caller_identity", {"Account": of})


def refused(operation: str, code: str) -> Callable[[Stubber], None]:
    return lambda stub: stub.add_client_error(operation, code)


def bootstrap(version: str) -> Callable[[Stubber], None]:
    return lambda stub: stub.add_response("get_parameter", {"Parameter": {"Value": version}})


def ses(*, production: bool = True, rate: float = 0.0) -> Callable[[Stubber], None]:
    quota = {"SendQuota": {"MaxSendRate": rate}} if rate else {}
    return lambda stub: stub.add_response("get_account", {"ProductionAccessEnabled": production, **quota})


def stack(status: str) -> Callable[[Stubber], None]:
    made = {"StackName": "aurora-dev-data", "StackStatus": status, "CreationTime": datetime.now(UTC)}
    return lambda stub: stub.add_response("describe_stacks", {"Stacks": [made]}, {"StackName": "aurora-dev-data"})


def identity() -> Callable[[Stubber], None]:
    return lambda stub: stub.add_response("get_email_identity", {}, {"EmailIdentity": "dev.time.example.org"})


def in_order(*answers: Callable[[Stubber], None]) -> Callable[[Stubber], None]:
    """One each time a client is made."""
    left = iter(answers)

    def answer(stub: Stubber) -> None:
        next(left)(stub)

    return answer


def looked(answers: Answers) -> Ready:
    """With an account that is ready, but for these."""
    ready = {"sts": account(), "ssm": bootstrap("30"), "cloudformation": stack("CREATE_COMPLETE"), "sesv2": ses()}
    return look(WISHES, stubbed({**ready, **answers}), "aurora-dev", "dev.time.example.org")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"sts": refused("get_caller_identity", "ExpiredToken")}, "The credentials of AWS are over or wrong. Sign in"),
        ({"sts": account("999922223333")}, "the account 999922223333, and deploy.toml says 111122223333"),
        ({"ssm": refused("get_parameter", "ParameterNotFound")}, "make deploy ARGS=--bootstrap"),
        ({"ssm": refused("get_parameter", "AccessDenied")}, "does not say whether"),
        ({"ssm": bootstrap("6")}, "too old (6)"),
        ({"cloudformation": refused("describe_stacks", "AccessDenied")}, "does not say whether the stack"),
    ],
)
def test_an_account_that_is_not_ready_stops_it(answers: Answers, said: str) -> None:
    with pytest.raises(DeployError) as raised:
        looked(answers)
    assert said in str(raised.value)


NO_STACK = refused("describe_stacks", "ValidationError")
MADE_ELSEWHERE = "SES has an identity dev.time.example.org already"


@pytest.mark.parametrize("made", [NO_STACK, stack("ROLLBACK_COMPLETE"), stack("ROLLBACK_FAILED")])
def test_a_sender_that_ses_knows_from_elsewhere_stops_it_before_anything_is_made(made) -> None:
    """SES's console makes one, too; CloudFormation would refuse to, with a table made beside it."""
    with pytest.raises(DeployError, match=MADE_ELSEWHERE) as raised:
        looked({"cloudformation": made, "sesv2": identity()})
    assert "mailDomain" in str(raised.value)
    assert "delete-email-identity --email-identity dev.time.example.org" in str(raised.value)


def test_one_that_it_does_not_know_yet_stops_nothing() -> None:
    unknown = in_order(refused("get_email_identity", "NotFoundException"), ses())
    assert looked({"cloudformation": NO_STACK, "sesv2": unknown}).notes == []
    with pytest.raises(DeployError, match=r"does not say whether .* is an identity"):
        looked({"cloudformation": NO_STACK, "sesv2": refused("get_email_identity", "AccessDenied")})


@pytest.mark.parametrize(("production", "notes"), [(True, []), (False, [SANDBOX])])
def test_the_sandbox_of_ses_is_said_plainly_and_stops_nothing(production: bool, notes: list[str]) -> None:
    assert looked({"sesv2": ses(production=production)}).notes == notes


@pytest.mark.parametrize(("rate", "mails"), [(200.0, 180), (14.0, 12), (1.0, 1), (0.0, 0), (-1.0, 0)])
def test_sweeps_leave_a_tenth_of_what_ses_takes_to_mails_that_no_sweep_knows(rate: float, mails: int) -> None:
    assert looked({"sesv2": ses(rate=rate)}).mails == mails


def of_sweep(table: str) -> Callable[[Stubber], None]:
    told = {"Environment": {"Variables": {"AURORA_TABLE": f"dynamodb:{table}"}}}
    return lambda stub: stub.add_response("get_function_configuration", told, {"FunctionName": "aurora-dev-sweep"})


@pytest.mark.parametrize(
    ("answer", "more"),
    [
        (refused("get_function_configuration", "ResourceNotFoundException"), {}),
        (of_sweep("aurora-dev"), {}),
        (of_sweep("aurora-dev-restored"), {"table": "aurora-dev-restored"}),
    ],
)
def test_who_goes_on_with_the_table_that_functions_have_is_let_through(answer, more: dict[str, str]) -> None:
    check_table({**WISHES, **more}, stubbed({"lambda": answer}), "aurora-dev")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (of_sweep("aurora-dev-restored"), 'write `table = "aurora-dev-restored"`'),
        (refused("get_function_configuration", "AccessDenied"), "does not say which table"),
    ],
)
def test_a_deploy_toml_of_before_a_restore_leads_nobody_back_to_the_table_that_was_given_up(answer, said: str) -> None:
    """The workflow has its own, in a variable of the repository, and somebody else's desk another."""
    with pytest.raises(DeployError) as raised:
        check_table(WISHES, stubbed({"lambda": answer}), "aurora-dev")
    assert said in str(raised.value)


LINES = [
    "  abc._domainkey.dev.time.example.org  CNAME  abc.dkim.amazonses.com",
    "  def._domainkey.dev.time.example.org  CNAME  def.dkim.amazonses.com",
    '  _dmarc.dev.time.example.org  TXT  "v=DMARC1; p=none"',
]


class Ses:
    """Knows the domain as ours after so many questions whether it is."""

    def __init__(self, ours_after: int) -> None:
        self.left = ours_after

    def get_email_identity(self, EmailIdentity: str) -> dict[str, Any]:  # noqa: N803  boto3's
        self.left -= 1
        return {"DkimAttributes": {"Tokens": ["abc", "def"]}, "VerifiedForSendingStatus": self.left < 0}


def test_the_lines_that_the_dns_needs_for_mails_are_those_of_ses() -> None:
    assert dns_lines(Ses(0), "dev.time.example.org") == LINES


def test_a_sender_whose_domain_is_ours_is_not_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    wait_until_ours(Ses(0), "dev.time.example.org", pytest.fail)
    assert capsys.readouterr().out == ""


def test_until_ses_sees_the_lines_they_are_shown_and_it_waits(capsys: pytest.CaptureFixture[str]) -> None:
    waited: list[float] = []
    wait_until_ours(Ses(4), "dev.time.example.org", waited.append)
    assert len(waited) == 3
    assert "\n".join(LINES) in capsys.readouterr().out


def test_when_ses_does_not_see_them_it_stops_and_says_what_to_do() -> None:
    waited: list[float] = []
    with pytest.raises(DeployError, match="do the same `make deploy` again"):
        wait_until_ours(Ses(99), "dev.time.example.org", waited.append)
    assert 300 < sum(waited) < 1_200


def limit(functions: int, ours: int | None) -> Callable[[Stubber], None]:
    """Of an account of a thousand, so many are kept for no function, and ``ours`` for the sweep that is there."""
    answer = {"AccountLimit": {"ConcurrentExecutions": 1_000, "UnreservedConcurrentExecutions": functions}}
    asked = {"FunctionName": "aurora-dev-sweep"}

    def answers(stub: Stubber) -> None:
        stub.add_response("get_account_settings", answer)
        if ours is None:
            stub.add_client_error("get_function_concurrency", "ResourceNotFoundException", expected_params=asked)
        else:
            kept = {"ReservedConcurrentExecutions": ours} if ours else {}
            stub.add_response("get_function_concurrency", kept, asked)

    return answers


@pytest.mark.parametrize(
    ("free", "ours", "sweeps", "room"),
    [
        (10, None, 2, False),
        (101, None, 2, False),
        (102, None, 2, True),
        (100, 2, 2, True),
        (100, 2, 9, False),
        (100, 0, 2, False),
        (998, 2, 9, True),
    ],
)
def test_room_is_kept_for_the_sweep_only_where_a_hundred_stay_for_all_others(
    free: int, ours: int | None, sweeps: int, room: bool
) -> None:
    assert has_room(stubbed({"lambda": limit(free, ours)}), "aurora-dev", sweeps) is room


def not_told(code: str) -> Callable[[Stubber], None]:
    def answers(stub: Stubber) -> None:
        stub.add_response("get_account_settings", {"AccountLimit": {"UnreservedConcurrentExecutions": 100}})
        stub.add_client_error("get_function_concurrency", code)

    return answers


def test_where_aws_does_not_say_it_deploying_stops() -> None:
    with pytest.raises(DeployError, match="does not say for how many sweeps"):
        has_room(stubbed({"lambda": not_told("ServiceException")}), "aurora-dev", 2)


def test_a_role_that_was_made_before_it_was_asked_so_goes_on_delivering() -> None:
    assert has_room(stubbed({"lambda": not_told("AccessDeniedException")}), "aurora-dev", 2)
