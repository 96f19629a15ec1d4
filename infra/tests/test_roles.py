"""Roles: each may do what its function declares, on what is the home's own, and no more; nor may any other role.

Run by `make test-aws` in the environment of requirements/infra.txt, as test_stacks.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_time.aws.functions import Arns, Function, functions, statements
from infra.settings import ENVS
from infra.stacks.functions import TRACE
from infra.tests.templates import (
    STACKS,
    Json,
    functions_of,
    listed,
    of_type,
    policies,
    policy_of,
    resolved,
    resolved_policy,
    template,
)

SENDERS = {"dev": "aurora@dev.time.example.org", "prod": "aurora@time.example.org"}
FUNCTIONS = functions()


def of_ours(service: str) -> str:
    return f"arn:aws:{service}:eu-west-1:111111111111"


def arns_of(env: str) -> Arns:
    prefix = f"aurora-{env}"
    return Arns(
        f"{of_ours('dynamodb')}:table/{prefix}",
        f"{of_ours('sqs')}:{prefix}-errands",
        (f"{of_ours('ses')}:identity/*", f"{of_ours('ses')}:configuration-set/{prefix}"),
        f"arn:aws:s3:::{prefix}-answers-111111111111/answers/*",
        f"{of_ours('cognito-idp')}:userpool/eu-west-1_Pool",
        sender=SENDERS[env],
        unheard=f"{of_ours('sqs')}:{prefix}-unheard",
    )


def allow(sid: str, actions: list[str], *resources: str) -> Json:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": list(resources)}


def by_sid(statement: Json) -> str:
    return str(statement["Sid"])


def as_said(statement: Json) -> Json:
    """With lists where CloudFormation takes one alone, in one order."""
    return statement | {name: sorted(listed(statement[name])) for name in ("Action", "Resource")}


def who_may_take(stack: Json, role: str) -> list[Json]:
    trusted = stack["Resources"][role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    return [each["Principal"] for each in trusted]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
@pytest.mark.parametrize("env", ENVS)
def test_every_roles_actions_equal_what_its_function_declares(assembly: Path, env: str, function: Function) -> None:
    """And what they are allowed on, and upon which condition."""
    made = [as_said(each) for each in resolved_policy(assembly, env, function.name)]
    log = f"{of_ours('logs')}:log-group:/aws/lambda/aurora-{env}-{function.name.replace('_', '-')}:*"
    expected = [*statements(function, arns_of(env)), allow("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], log)]
    if env == "dev":
        expected.append(allow("Trace", list(TRACE), "*"))
    assert sorted(made, key=by_sid) == sorted(map(as_said, expected), key=by_sid)


@pytest.mark.parametrize("env", ENVS)
def test_no_statement_of_ours_has_a_wildcard_action_or_resource(assembly: Path, env: str) -> None:
    for function, stack in functions_of(assembly, env).values():
        for each in policy_of(function, stack):
            assert not [action for action in listed(each["Action"]) if "*" in action]
            assert "*" not in listed(each["Resource"]) or each["Sid"] == "Trace"


@pytest.mark.parametrize("env", ENVS)
def test_no_role_is_there_but_those_of_the_functions_and_of_the_schedule(assembly: Path, env: str) -> None:
    roles = {name for each in STACKS for name in of_type(template(assembly, env, each), "AWS::IAM::Role")}
    of_functions = {
        function["Properties"]["Role"]["Fn::GetAtt"][0] for function, _ in functions_of(assembly, env).values()
    }
    (schedule,) = roles - of_functions
    assert schedule.startswith("MinuteRole")


@pytest.mark.parametrize("env", ENVS)
def test_the_schedule_may_call_the_sweep_and_nothing_else(assembly: Path, env: str) -> None:
    app = template(assembly, env, "app")
    (schedule,) = of_type(app, "AWS::Scheduler::Schedule").values()
    role = schedule["Properties"]["Target"]["RoleArn"]["Fn::GetAtt"][0]
    assert who_may_take(app, role) == [{"Service": "scheduler.amazonaws.com"}]
    (statement,) = resolved(policies(app, role), f"aurora-{env}-app", {f"aurora-{env}-app": app})
    assert as_said({"Sid": "", **statement}) == allow(
        "", ["lambda:InvokeFunction"], f"{of_ours('lambda')}:function:aurora-{env}-sweep"
    )


def test_the_workflow_may_deploy_by_cdks_roles_and_look_and_put_the_web_apps_files_and_nothing_else(
    chosen: Path,
) -> None:
    ops = template(chosen, "prod", "ops")
    ((name, role),) = of_type(ops, "AWS::IAM::Role").items()
    assert role["Properties"]["RoleName"] == "aurora-prod-delivery"
    (principal,) = who_may_take(ops, name)
    provider = resolved(principal, "", {})["Federated"]
    assert provider == "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
    cdk = [f"arn:aws:iam::111111111111:role/cdk-hnb659fds-{each}-role-111111111111-eu-west-1"
           for each in ("deploy", "file-publishing", "lookup")]  # fmt: skip
    web = "arn:aws:s3:::aurora-prod-web-111111111111"
    expected = [
        allow("Deploy", ["sts:AssumeRole"], *cdk),
        allow("Bootstrap", ["ssm:GetParameter"], f"{of_ours('ssm')}:parameter/cdk-bootstrap/hnb659fds/version"),
        allow("Account", ["lambda:GetAccountSettings", "ses:GetAccount"], "*"),
        allow("Data", ["cloudformation:DescribeStacks"], f"{of_ours('cloudformation')}:stack/aurora-prod-data/*"),
        allow(
            "Sweep",
            ["lambda:GetFunctionConcurrency", "lambda:GetFunctionConfiguration"],
            f"{of_ours('lambda')}:function:aurora-prod-sweep",
        ),
        allow("Sender", ["ses:GetEmailIdentity"], f"{of_ours('ses')}:identity/time.example.net"),
        allow("List", ["s3:ListBucket"], web),
        allow("Put", ["s3:PutObject"], f"{web}/*"),
    ]
    assert [as_said(each) for each in resolved(policies(ops, name), "", {})] == expected
