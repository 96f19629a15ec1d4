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
from tools.deploy.ready import NO_CREDENTIALS, SANDBOX, look, mail_records
from tools.deploy.smoke import Answer, settle
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


def ses(*, production: bool) -> Callable[[Stubber], None]:
    return lambda stub: stub.add_response("get_account", {"ProductionAccessEnabled": production})


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"sts": refused("get_caller_identity", "ExpiredToken")}, "The credentials of AWS are over or wrong. Sign in"),
        ({"sts": account("999922223333")}, "the account 999922223333, and deploy.toml says 111122223333"),
        ({"sts": account(), "ssm": refused("get_parameter", "ParameterNotFound")}, "make deploy ARGS=--bootstrap"),
        ({"sts": account(), "ssm": refused("get_parameter", "AccessDenied")}, "does not say whether"),
        ({"sts": account(), "ssm": bootstrap("6")}, "too old (6)"),
    ],
)
def test_an_account_that_is_not_ready_stops_it(answers: Answers, said: str) -> None:
    with pytest.raises(DeployError) as raised:
        look(WISHES, stubbed(answers))
    assert said in str(raised.value)


@pytest.mark.parametrize(("production", "notes"), [(True, []), (False, [SANDBOX])])
def test_the_sandbox_of_ses_is_said_plainly_and_stops_nothing(production: bool, notes: list[str]) -> None:
    ready: Answers = {"sts": account(), "ssm": bootstrap("30"), "sesv2": ses(production=production)}
    assert look(WISHES, stubbed(ready)) == notes


def test_the_lines_that_the_dns_needs_for_mails_are_those_of_ses() -> None:
    answer = {"DkimAttributes": {"Tokens": ["abc", "def"]}}
    client = stubbed({"sesv2": lambda stub: stub.add_response("get_email_identity", answer)})
    assert mail_records(client("sesv2"), "dev.time.example.org") == [
        ("abc._domainkey.dev.time.example.org", "abc.dkim.amazonses.com"),
        ("def._domainkey.dev.time.example.org", "def.dkim.amazonses.com"),
    ]


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


def home(**other: Answer) -> Callable[[str], Answer]:
    well = {
        "/healthz": Answer(200, {}, ""),
        "/v1/openapi.json": Answer(200, {}, "{}"),
        "/v1/me": Answer(401, {}, ""),
        "/config.json": Answer(200, {}, CONFIG),
        "/app/": Answer(200, {"content-security-policy": "default-src 'none'"}, ""),
    }
    answers = well | {f"/{name}": each for name, each in other.items()}
    return lambda url: answers[url.removeprefix("https://edge.example")]


def test_a_home_that_answers_as_it_should_is_well() -> None:
    assert settle("https://edge.example", CONFIG, home(), pytest.fail) == []


def test_one_that_does_not_is_looked_at_for_some_minutes_and_then_told_of() -> None:
    waited: list[float] = []
    asking = home(healthz=Answer(503, {}, ""), **{"config.json": Answer(200, {}, "{}"), "app/": Answer(200, {}, "")})
    assert settle("https://edge.example", CONFIG, asking, waited.append) == [
        "/healthz answers 503, not 200.",
        "/config.json is not what was just put there.",
        "/app/ has no Content-Security-Policy.",
    ]
    assert 120 < sum(waited) < 600
