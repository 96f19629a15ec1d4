"""`make deploy`: it stops with a sentence that says the mend, and puts the web app's files where browsers find them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from tools.deploy import __main__ as deploying
from tools.deploy.publish import publish
from tools.deploy.ready import NO_CREDENTIALS, SANDBOX, Ready, check_table, dns_lines, has_room, look, wait_until_ours
from tools.deploy.wishes import EXAMPLE, DeployError, read_wishes

WISHES = {"account": "111122223333", "region": "eu-west-1", "domain": "time.example.org", "alarmsTo": "you@example.org"}
CONFIG = '{"issuer":"https://issuer.example"}'


def test_the_example_that_it_shows_is_enough_and_an_environment_may_say_its_own(tmp_path: Path) -> None:
    file = tmp_path / "deploy.toml"
    file.write_text(f"{EXAMPLE}monthlyBudget = 20\n[dev]\nmonthlyBudget = 5\n")
    assert read_wishes(file, "prod") == {**WISHES, "monthlyBudget": "20"}
    assert read_wishes(file, "dev")["monthlyBudget"] == "5"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "deploy.toml does not say `domain`: where people find it"),
        (f'{EXAMPLE}owner = "me"', "deploy.toml says 'owner', which means nothing here."),
        (
            EXAMPLE.replace("111122223333", "1111"),
            "`account` in deploy.toml is '1111', and should be the account of AWS",
        ),
        (f'{EXAMPLE}certificate = "arn:aws:acm:eu-west-1:111122223333:certificate/1"', "in ACM in us-east-1"),
        (f'{EXAMPLE}signup = "everybody"', "should be who may make an account: open, invite"),
        (f'{EXAMPLE}googleClientId = "1234"', "both googleClientId and googleSecret"),
        ("account", "deploy.toml is not TOML"),
    ],
)
def test_what_is_missing_or_wrong_is_said_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "deploy.toml").write_text(text)
    with pytest.raises(DeployError, match=r"deploy\.toml") as raised:
        read_wishes(tmp_path / "deploy.toml", "dev")
    assert said in str(raised.value)


def test_without_a_file_it_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(DeployError) as raised:
        read_wishes(tmp_path / "deploy.toml", "dev")
    assert EXAMPLE in str(raised.value)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine where nobody is signed in to AWS."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "nothing"))


def test_without_credentials_nothing_is_begun(alone: None, tmp_path: Path, monkeypatch, capsys) -> None:
    (tmp_path / "deploy.toml").write_text(EXAMPLE)
    monkeypatch.setattr(deploying, "ROOT", tmp_path)
    monkeypatch.setattr("sys.argv", ["deploy", "--env", "dev"])
    assert deploying.main() == 1
    assert capsys.readouterr().err == f"{NO_CREDENTIALS}\n"
    assert [each.name for each in tmp_path.iterdir()] == ["deploy.toml"]


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


def limit(functions: int) -> Callable[[Stubber], None]:
    answer = {"AccountLimit": {"ConcurrentExecutions": functions}}
    return lambda stub: stub.add_response("get_account_settings", answer)


@pytest.mark.parametrize(("functions", "room"), [(10, False), (109, False), (110, True), (1_000, True)])
def test_a_new_account_has_no_room_to_keep_for_the_sweep(functions: int, room: bool) -> None:
    assert has_room(stubbed({"lambda": limit(functions)})) is room


class Steps:
    """What `make deploy` does, in order, in the place of CDK, AWS and npm."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, outputs: dict[str, dict[str, str]]) -> None:
        self.done: list[str] = []
        self.wishes: dict[str, str] = {}
        self.ses = Ses(0)
        self.troubles: list[str] = []
        (tmp_path / "deploy.toml").write_text(EXAMPLE)
        for name, what in {
            "ROOT": tmp_path,
            "look": lambda *_: Ready([], 12),
            "check_table": lambda *_: self.done.append("table"),
            "has_room": lambda _: False,
            "lay_out": lambda *_: self.done.append("site"),
            "publish": lambda *_: 1,
            "settle": lambda *_: self.troubles,
            "troubles": lambda *_: self.troubles,
        }.items():
            monkeypatch.setattr(deploying, name, what)
        of_class = deploying.Deploying
        monkeypatch.setattr(of_class, "web_app", self)
        monkeypatch.setattr(of_class, "client", lambda _, service: self.ses)
        monkeypatch.setattr(of_class, "cdk", lambda _, *words: self.done.append(" ".join(words[:2])))
        monkeypatch.setattr(of_class, "synthesize", lambda of: self.wishes.update(of.wishes) or Path("templates"))
        monkeypatch.setattr(of_class, "deploy", lambda _, __, *which: self.done.append(which or "all") or outputs)

    def install(self, *, dev: bool) -> None:
        self.done.append("node")


def make(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["deploy", *arguments])
    return deploying.main()


WEB = {"aurora-dev-web": {"Name": "edge.example", "Bucket": "files", "Config": CONFIG}}
AMPLIFY = {"aurora-dev-amplify": {"Name": "main.app.example", "Config": CONFIG}}


def test_a_fresh_checkout_fetches_node_before_it_prepares_the_account(monkeypatch, tmp_path) -> None:
    steps = Steps(monkeypatch, tmp_path, outputs={})
    assert make(monkeypatch, "--bootstrap") == 0
    assert steps.done == ["node", "bootstrap aws://111122223333/eu-west-1"]


def test_the_first_deployment_stops_with_the_senders_stack_until_ses_knows_it(monkeypatch, tmp_path, capsys) -> None:
    steps = Steps(monkeypatch, tmp_path, outputs=WEB)
    steps.ses = Ses(99)
    monkeypatch.setattr("tools.deploy.ready._TRIES", 0)
    assert make(monkeypatch) == 1
    assert steps.done == ["table", "node", ("aurora-dev-data",)], "the pool would be refused"
    said = capsys.readouterr()
    assert LINES[0] in said.out
    assert "again" in said.err


@pytest.mark.parametrize(("outputs", "steps_after"), [(WEB, ["site"]), (AMPLIFY, [])])
@pytest.mark.parametrize("found", [[], ["/app/ answers 404, not 200."]])
def test_wherever_its_files_lie_the_home_is_asked_and_the_lines_for_mails_are_shown(
    monkeypatch, tmp_path, capsys, outputs: dict[str, dict[str, str]], steps_after: list[str], found: list[str]
) -> None:
    steps = Steps(monkeypatch, tmp_path, outputs=outputs)
    steps.troubles = found
    assert make(monkeypatch) == len(found)
    assert steps.done == ["table", "node", ("aurora-dev-data",), "all", *steps_after]
    said = capsys.readouterr().out
    assert LINES[0] in said
    assert all(each in said for each in found)
    assert steps.wishes["sweeps"] == "0", "this account has no room to keep"
    assert steps.wishes["mailsASecond"] == "12", "nine tenths of what SES grants"


def test_what_deploy_toml_says_of_mails_goes_before_what_ses_grants(monkeypatch, tmp_path) -> None:
    steps = Steps(monkeypatch, tmp_path, outputs=WEB)
    (tmp_path / "deploy.toml").write_text(f"{EXAMPLE}mailsASecond = 5\n")
    assert make(monkeypatch) == 0
    assert steps.wishes["mailsASecond"] == "5"


def test_who_says_that_the_table_changes_is_not_held_up(monkeypatch, tmp_path) -> None:
    steps = Steps(monkeypatch, tmp_path, outputs=WEB)
    assert make(monkeypatch, "--another-table") == 0
    assert "table" not in steps.done


@pytest.mark.parametrize(
    ("of_prod", "said"),
    [("", True), ('[prod]\naccount = "444422223333"\n', False), ('[prod]\naccount = "?"\n', False)],
    ids=["one account", "two", "prod is not described yet"],
)
def test_that_the_workflows_dev_can_reach_prod_is_said_where_it_can(
    monkeypatch, tmp_path, capsys, of_prod: str, said: bool
) -> None:
    Steps(monkeypatch, tmp_path, outputs=WEB)
    (tmp_path / "deploy.toml").write_text(f'{EXAMPLE}deliveredBy = "me/aurora-time"\n{of_prod}')
    assert make(monkeypatch) == 0
    assert (deploying.ONE_ACCOUNT in capsys.readouterr().out) is said


class Bucket:
    """What S3 is told, in order."""

    def __init__(self, *there: str) -> None:
        self.there = there
        self.put: dict[str, dict[str, Any]] = {}

    def get_paginator(self, _name: str) -> Bucket:
        return self

    def paginate(self, **_options: str) -> list[dict[str, Any]]:
        return [{"Contents": [{"Key": each, "LastModified": datetime.now(UTC)} for each in self.there]}, {}]

    def put_object(self, **what: Any) -> None:
        self.put[what["Key"]] = what


def test_pages_are_put_after_what_they_name_and_only_hashed_files_are_kept(tmp_path: Path) -> None:
    for name in ("app/index.html", "app/worker.js", "app/assets/new-1.js", "app/assets/old-1.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    bucket = Bucket("app/assets/old-1.css", "app/index.html")
    assert publish(bucket, "files", tmp_path, CONFIG) == 4
    assert list(bucket.put) == ["app/assets/new-1.js", "app/index.html", "app/worker.js", "config.json"]
    shown = {name: (each["ContentType"], each["CacheControl"]) for name, each in bucket.put.items()}
    assert shown["app/assets/new-1.js"] == ("text/javascript; charset=utf-8", "public, max-age=31536000, immutable")
    assert shown["app/index.html"] == ("text/html; charset=utf-8", "no-cache")
    assert shown["config.json"] == ("application/json", "no-cache")
    assert bucket.put["config.json"]["Body"] == CONFIG.encode()
