"""The functions with their logs and roles: what src/aurora_time/aws/functions.py says, as constructs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from aurora_time.aws.functions import Arns, Function, statements
from infra.settings import Deployment
from infra.sizes import MEMORY_MB
from tools.lambda_package import runtime

TRACE: Final = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")
"""What has no resource of its own in IAM."""
_SECONDS = {"rest": 29, "pages": 29, "sweep": 55, "ring": 60, "feedback": 15, "users": 5}
"""How long each may take. The gateway waits for thirty; an export's code for less, and so does each asking of the
table: people are told by us what is in the way. Cognito waits for five, and a sweep is over before the next.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What every function is told: the folder of the package, what it reaches, and its environment."""

    package: str
    arns: Arns
    environ: dict[str, str]


def make_function(scope: Construct, deployment: Deployment, function: Function, told: Told) -> lambda_.Function:
    """With a role of its own, whose one policy is made of what the function declares."""
    name = f"{deployment.prefix}-{function.name.replace('_', '-')}"
    kept = logs.RetentionDays.THREE_MONTHS if deployment.keeps_data else logs.RetentionDays.ONE_WEEK
    title = function.name.title().replace("_", "")
    log = logs.LogGroup(
        scope,
        f"{title}Log",
        log_group_name=f"/aws/lambda/{name}",
        retention=kept,
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )
    role = iam.Role(scope, f"{title}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    allowed = [iam.PolicyStatement.from_json(each) for each in statements(function, told.arns)]
    written = iam.PolicyStatement(
        sid="Log", actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[log.log_group_arn]
    )
    if deployment.traces:
        allowed.append(iam.PolicyStatement(sid="Trace", actions=list(TRACE), resources=["*"]))
    policy = iam.Policy(scope, f"{title}Policy", statements=[*allowed, written], roles=[role])
    made = lambda_.Function(
        scope,
        title,
        function_name=name,
        runtime=lambda_.Runtime(runtime(), lambda_.RuntimeFamily.PYTHON),
        architecture=lambda_.Architecture.ARM_64,
        handler=function.handler,
        code=lambda_.Code.from_asset(told.package),
        role=role.without_policy_updates(),
        memory_size=MEMORY_MB,
        timeout=cdk.Duration.seconds(_SECONDS[function.module]),
        log_group=log,
        logging_format=lambda_.LoggingFormat.JSON,
        # Not a start, an end and a report of each call: they were two thirds of all that is logged, and metrics say it.
        system_log_level_v2=lambda_.SystemLogLevel.WARN,
        tracing=lambda_.Tracing.ACTIVE if deployment.traces else lambda_.Tracing.DISABLED,
        environment={**told.environ, "AURORA_FUNCTION": function.name},
    )
    first, then = policy.node.default_child, made.node.default_child
    assert isinstance(first, cdk.CfnResource)
    assert isinstance(then, cdk.CfnResource)
    then.add_resource_dependency(first)  # else it might run before it may
    return made
