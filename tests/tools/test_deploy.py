"""`make deploy`: it stops with a sentence that says the mend, and puts the web app's files where browsers find them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.tools.test_ready import LINES, Ses
from tools.deploy import __main__ as deploying
from tools.deploy.publish import publish
from tools.deploy.ready import NO_CREDENTIALS, Ready
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
            "has_room": lambda *_: False,
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
    assert steps.wishes["mailsASecond"] == "2", "of the twelve that SES grants to dev and prod together"


@pytest.mark.parametrize(
    ("env", "prod", "mails"),
    [
        ("dev", "", "2"),
        ("prod", "", "9"),
        ("dev", 'account = "444422223333"', "12"),
        ("prod", 'account = "444422223333"', "12"),
        ("prod", 'region = "us-east-1"', "12"),
    ],
)
def test_dev_takes_few_of_the_mails_that_ses_grants_to_both(monkeypatch, tmp_path, env, prod, mails) -> None:
    steps = Steps(monkeypatch, tmp_path, outputs={name.replace("dev", env): said for name, said in WEB.items()})
    (tmp_path / "deploy.toml").write_text(f"{EXAMPLE}\n[prod]\n{prod}\n")
    assert make(monkeypatch, "--env", env) == 0
    assert steps.wishes["mailsASecond"] == mails


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
