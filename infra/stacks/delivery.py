"""What the workflow of the repository may do: deploy, with no key that is kept.

It deploys this environment. What it could do is what CDK's roles of the account can, which know no environments: a home
whose dev must not reach prod has an account for each (docs/threat-model.md).
"""

from __future__ import annotations

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.settings import Deployment

_GITHUB: Final = "token.actions.githubusercontent.com"
_BOOTSTRAP: Final = ("deploy", "file-publishing", "lookup")
"""The roles that `cdk bootstrap` made for whoever deploys; what they may do was said there."""


class Delivery(Construct):
    """The provider of GitHub's tokens is the account's, one for all (docs/runbook.md)."""

    def __init__(self, scope: Construct, deployment: Deployment) -> None:
        super().__init__(scope, "Delivery")
        stack = cdk.Stack.of(self)
        provider = f"arn:{stack.partition}:iam::{stack.account}:oidc-provider/{_GITHUB}"
        said = {
            f"{_GITHUB}:aud": "sts.amazonaws.com",
            f"{_GITHUB}:sub": f"repo:{deployment.delivered_by}:environment:{deployment.env}",
        }
        role = iam.Role(
            self,
            "Role",
            role_name=f"{deployment.prefix}-delivery",
            assumed_by=iam.WebIdentityPrincipal(provider, {"StringEquals": said}),
            max_session_duration=cdk.Duration.hours(1),
        )
        names = [
            f"arn:{stack.partition}:iam::{stack.account}:role/cdk-hnb659fds-{each}-role-{stack.account}-{stack.region}"
            for each in _BOOTSTRAP
        ]
        role.add_to_policy(iam.PolicyStatement(sid="Deploy", actions=["sts:AssumeRole"], resources=names))
        for sid, actions, resources in _after(deployment, stack):
            role.add_to_policy(iam.PolicyStatement(sid=sid, actions=actions, resources=resources))
        cdk.CfnOutput(stack, "DeliveryRole", value=role.role_arn)


def _after(deployment: Deployment, stack: cdk.Stack) -> list[tuple[str, list[str], list[str]]]:
    """What `make deploy` does beside CloudFormation: look before it begins, and put the files of the web app."""
    of_account = f"{stack.region}:{stack.account}"
    bootstrap = f"arn:{stack.partition}:ssm:{of_account}:parameter/cdk-bootstrap/hnb659fds/version"
    bucket = f"arn:{stack.partition}:s3:::{deployment.prefix}-web-{stack.account}"
    sender = f"arn:{stack.partition}:ses:{of_account}:identity/{deployment.mail_domain}"
    sweep = f"arn:{stack.partition}:lambda:{of_account}:function:{deployment.prefix}-sweep"
    data = f"arn:{stack.partition}:cloudformation:{of_account}:stack/{deployment.prefix}-data/*"
    return [
        ("Bootstrap", ["ssm:GetParameter"], [bootstrap]),
        ("Account", ["ses:GetAccount", "lambda:GetAccountSettings"], ["*"]),
        ("Data", ["cloudformation:DescribeStacks"], [data]),
        ("Sweep", ["lambda:GetFunctionConfiguration", "lambda:GetFunctionConcurrency"], [sweep]),
        ("Sender", ["ses:GetEmailIdentity"], [sender]),
        ("List", ["s3:ListBucket"], [bucket]),
        ("Put", ["s3:PutObject"], [f"{bucket}/*"]),
    ]
