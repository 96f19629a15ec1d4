"""Who may sign in, how, and what the gateway itself holds back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from aurora_time.aws.functions import BROWSER_ONLY, functions
from aurora_time.operations.people import SCOPES
from aurora_time.run.sign_in_desk import CALLBACKS
from infra.settings import ENVS
from infra.tests.templates import Json, client, functions_of, of_type, only, template

OWN_USER = "aws.cognito.signin.user.admin"
"""With it a token lets its owner change password, second step and address, by the pool's own API."""


@pytest.mark.parametrize("env", ENVS)
def test_the_app_may_ask_the_pool_for_its_user_and_the_terminal_may_not(assembly: Path, env: str) -> None:
    web = client(template(assembly, env, "account"), "web")
    config = json.dumps(template(assembly, env, "web")["Outputs"]["Config"]["Value"])
    assert f" {OWN_USER}" in config
    assert OWN_USER in web["AllowedOAuthScopes"]
    assert OWN_USER not in client(template(assembly, env, "account"), "cli")["AllowedOAuthScopes"]


@pytest.mark.parametrize("env", ENVS)
def test_the_web_app_signs_in_by_code_alone_and_comes_back_to_itself(assembly: Path, env: str) -> None:
    web = client(template(assembly, env, "account"), "web")
    home = "https://time.example.org" if env == "prod" else "https://dev.time.example.org"
    assert web["AllowedOAuthFlows"] == ["code"]
    assert web["GenerateSecret"] is False
    assert web["CallbackURLs"] == [f"{home}/app/"]
    assert web["LogoutURLs"] == [f"{home}/"]
    assert web["SupportedIdentityProviders"] == ["COGNITO"]


@pytest.mark.parametrize("env", ENVS)
def test_the_terminal_signs_in_by_code_alone_and_is_answered_on_its_own_machine(assembly: Path, env: str) -> None:
    stack = template(assembly, env, "account")
    cli, web = client(stack, "cli"), client(stack, "web")
    assert (cli["AllowedOAuthFlows"], cli["GenerateSecret"]) == (["code"], False)
    assert cli["CallbackURLs"] == list(CALLBACKS)
    assert all(each.startswith("http://localhost:") for each in CALLBACKS), "Cognito takes no other http"
    assert "LogoutURLs" not in cli
    asked, of_terminal = web["AllowedOAuthScopes"], cli["AllowedOAuthScopes"]
    assert asked == [*of_terminal, OWN_USER]
    assert cli["RefreshTokenValidity"] == 60


@pytest.mark.parametrize("env", ENVS)
def test_both_clients_tokens_are_good_and_browsers_are_told_of_both(assembly: Path, env: str) -> None:
    """The functions take a token by its client_id; the app's configuration is where `aurora login` finds its own."""
    account = template(assembly, env, "account")
    exports = {each["Export"]["Name"]: each["Value"] for each in account["Outputs"].values() if "Export" in each}
    function, _ = functions_of(assembly, env)["account"]
    told = function["Properties"]["Environment"]["Variables"]
    ids = [told[name]["Fn::ImportValue"] for name in ("AURORA_CLIENT_ID", "AURORA_CLI_CLIENT_ID")]
    clients = [account["Resources"][exports[each]["Ref"]]["Properties"]["ClientName"] for each in ids]
    assert clients == ["web", "cli"]
    config = json.dumps(template(assembly, env, "web")["Outputs"]["Config"]["Value"])
    assert all(each in config for each in ids)


def test_the_scopes_of_the_pool_are_those_of_the_product(assembly: Path) -> None:
    stack = template(assembly, "prod", "account")
    server = only(stack, "AWS::Cognito::UserPoolResourceServer")
    assert server["Identifier"] == "aurora"
    assert [each["ScopeName"] for each in server["Scopes"]] == list(SCOPES)


def test_a_second_factor_is_an_app_and_for_who_wants_it(assembly: Path) -> None:
    pool = only(template(assembly, "prod", "account"), "AWS::Cognito::UserPool")
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("OPTIONAL", ["SOFTWARE_TOKEN_MFA"])
    assert pool["AutoVerifiedAttributes"] == ["email"]
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": False}


@pytest.mark.parametrize("env", ENVS)
def test_the_pool_asks_who_may_come_in_who_moves_in_and_for_its_mails(assembly: Path, env: str) -> None:
    asks = only(template(assembly, env, "account"), "AWS::Cognito::UserPool")["LambdaConfig"]
    whom = {"PreSignUp", "PostConfirmation", "PostAuthentication", "UserMigration"}
    assert set(asks) == {"CustomMessage", *whom}
    for name in ("web", "cli"):
        flows = client(template(assembly, env, "account"), name)["ExplicitAuthFlows"]
        assert "ALLOW_USER_PASSWORD_AUTH" in flows, "or nobody moves in by a password"


def test_only_who_is_invited_may_come_in_unless_the_operator_says_otherwise(assembly: Path, chosen: Path) -> None:
    for folder, env, policy in ((assembly, "dev", "invite"), (assembly, "prod", "invite"), (chosen, "prod", "open")):
        told = {
            name: each["Properties"]["Environment"]["Variables"].get("AURORA_SIGNUP")
            for name, (each, _) in functions_of(folder, env).items()
        }
        assert {told["users"], told["account"]} == {policy}


def fits(pattern: str, line: Json) -> bool:
    """As CloudWatch does, for patterns of its JSON kind that are an "or" of "and"s: what is not there fits nothing."""

    def holds(comparison: str) -> bool:
        found = re.search(r'\$\.([\w.]+) (!?=) "([^"]*)"', comparison)
        assert found, comparison
        value: Any = line
        for name in found[1].split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return isinstance(value, str) and (found[3] in ("*", value)) == (found[2] == "=")

    return any(all(map(holds, each.split("&&"))) for each in pattern.split("||"))


def raised(kind: str, message: str, level: str = "level") -> Json:
    """The line by which Lambda's Python tells of it where logs are JSON (awslambdaric/bootstrap.py: log_error; before
    4.0.4 of September 2026 with a ``log_level``, and which one a runtime has is AWS's to say).
    """
    where = ['  File "/var/task/aurora_time/aws/users.py", line 40, in handler\n    return run(users(event))\n']
    told = {"errorMessage": message, "errorType": kind, "requestId": "af3b", "stackTrace": where}
    return {"timestamp": "2026-11-20T08:00:00Z", level: "ERROR", **told}


def report(status: str) -> Json:
    record = {"requestId": "af3b", "metrics": {"durationMs": 5000.0}, "status": status}
    return {"time": "2026-11-20T08:00:00.000Z", "type": "platform.report", "record": record}


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        (raised("UnavailableError", "the table is throttled"), True),
        (raised("UnavailableError", "the table is throttled", "log_level"), True),
        (raised("Runtime.ImportModuleError", "Unable to import module 'aurora_time.aws.users'"), True),
        (report("timeout"), True),
        (raised("NotTakenError", "Ask whoever runs it for an invitation."), False),
        (raised("NotTakenError", "Ask whoever runs it for an invitation.", "log_level"), False),
        (report("error"), False),
        ({"level": "info", "event": "made"}, False),
        ({"level": "error", "event": "not done", "exception": "Traceback ..."}, True),
    ],
)
def test_a_trigger_that_fails_is_counted_and_a_refused_sign_up_is_not(assembly: Path, line: Json, counts: bool) -> None:
    """Anybody can bring a refusal about; the pool wants it as an error of the function."""
    pattern = only(template(assembly, "prod", "account"), "AWS::Logs::MetricFilter")["FilterPattern"]
    assert pattern.startswith("{ ")
    assert fits(pattern, line) is counts


def test_what_the_triggers_fail_at_is_what_the_alarm_of_sign_ups_watches(assembly: Path) -> None:
    counted = only(template(assembly, "prod", "account"), "AWS::Logs::MetricFilter")
    alarms = [
        each["Properties"] for each in of_type(template(assembly, "prod", "ops"), "AWS::CloudWatch::Alarm").values()
    ]
    (alarm,) = [each for each in alarms if each["AlarmName"].endswith("sign-up-errors")]
    told = counted["MetricTransformations"][0]
    assert (alarm["Namespace"], alarm["MetricName"]) == (told["MetricNamespace"], told["MetricName"])


def test_two_environments_and_two_accounts_take_no_name_from_each_other(assembly: Path) -> None:
    names = [only(template(assembly, env, "account"), "AWS::Cognito::UserPoolDomain")["Domain"] for env in ENVS]
    assert names == ["aurora-dev-111111111111", "aurora-prod-111111111111"]
    senders = [only(template(assembly, env, "data"), "AWS::SES::EmailIdentity")["EmailIdentity"] for env in ENVS]
    assert senders == ["dev.time.example.org", "time.example.org"]


def test_people_sign_in_by_managed_login_and_by_what_else_is_chosen(assembly: Path, chosen: Path) -> None:
    bare, full = template(assembly, "prod", "account"), template(chosen, "prod", "account")
    assert not of_type(bare, "AWS::Cognito::UserPoolIdentityProvider")
    assert only(bare, "AWS::Cognito::UserPoolDomain")["ManagedLoginVersion"] == 2
    assert only(bare, "AWS::Cognito::UserPool")["UserPoolTier"] == "ESSENTIALS"
    looks = of_type(bare, "AWS::Cognito::ManagedLoginBranding").values()
    assert [each["Properties"]["UseCognitoProvidedValues"] for each in looks] == [True, True], "one for each client"
    google = only(full, "AWS::Cognito::UserPoolIdentityProvider")
    assert google["ProviderType"] == "Google"
    assert google["AttributeMapping"] == {"email": "email", "email_verified": "email_verified", "name": "name"}
    assert "{{resolve:secretsmanager:" in json.dumps(google["ProviderDetails"]["client_secret"])
    assert only(full, "AWS::Cognito::UserPoolDomain")["ManagedLoginVersion"] == 1
    assert not of_type(full, "AWS::Cognito::ManagedLoginBranding")
    for name in ("web", "cli"):
        assert set(client(full, name)["SupportedIdentityProviders"]) == {"COGNITO", "Google"}


@pytest.mark.parametrize("env", ENVS)
def test_the_gateway_guards_what_only_browsers_ask_and_nothing_else(assembly: Path, env: str) -> None:
    stack = template(assembly, env, "app")
    authorizer = only(stack, "AWS::ApiGatewayV2::Authorizer")
    assert authorizer["AuthorizerType"] == "JWT"
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]
    routes = [each["Properties"] for each in of_type(stack, "AWS::ApiGatewayV2::Route").values()]
    guarded = {each["RouteKey"] for each in routes if each["AuthorizationType"] == "JWT"}
    assert guarded == {f"ANY {path}" for path in BROWSER_ONLY}
    assert {path for each in functions() for path in each.paths} >= BROWSER_ONLY
