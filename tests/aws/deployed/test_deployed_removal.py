"""Deleting the stacks: of dev nothing stays; of prod what people have put there does, and only that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.aws.deployed.home import Home
from tests.aws.deployed.running import deployed_home
from tests.emulated import EmulatedAws

pytestmark = [pytest.mark.deployed, pytest.mark.slow]
_LISTS = {
    "lambda": ("list_functions", "Functions", "FunctionName"),
    "dynamodb": ("list_tables", "TableNames", ""),
    "sns": ("list_topics", "Topics", "TopicArn"),
    "iam": ("list_roles", "Roles", "RoleName"),
    "scheduler": ("list_schedules", "Schedules", "Name"),
    "apigatewayv2": ("get_apis", "Items", "Name"),
    "sesv2": ("list_email_identities", "EmailIdentities", "IdentityName"),
    "cloudwatch": ("describe_alarms", "MetricAlarms", "AlarmName"),
    "logs": ("describe_log_groups", "logGroups", "logGroupName"),
}


def left(aws: EmulatedAws) -> dict[str, list[str]]:
    """Whatever is in the account, by service, but for what the bootstrap of the CDK has there."""
    found: dict[str, list[str]] = {}
    for name, (ask, listed, called) in _LISTS.items():
        answer: list[Any] = getattr(aws.service(name), ask)().get(listed, [])
        found[name] = [each[called] if called else each for each in answer]
    pools = aws.service("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    found["cognito"] = [each["Name"] for each in pools]
    found["sqs"] = aws.service("sqs").list_queues().get("QueueUrls", [])
    found["mappings"] = [
        each["UUID"] for each in aws.service("lambda").list_event_source_mappings()["EventSourceMappings"]
    ]
    found["sets"] = aws.service("sesv2").list_configuration_sets().get("ConfigurationSets", [])
    buckets = [each["Name"] for each in aws.service("s3").list_buckets()["Buckets"]]
    found["distributions"] = distributions(aws)
    found["buckets"] = [each for each in buckets if not each.startswith("cdk-")]
    return {name: sorted(each) for name, each in found.items() if each}


def distributions(aws: EmulatedAws) -> list[str]:
    listed = aws.service("cloudfront").list_distributions()["DistributionList"]
    return [each["Id"] for each in listed.get("Items", ())]


def empty(home: Home) -> None:
    """The web app's bucket, as the runbook says: CloudFormation deletes none that holds something."""
    s3, bucket = home.aws.service("s3"), home.stacks.outputs["Bucket"]
    for each in s3.list_objects_v2(Bucket=bucket)["Contents"]:
        s3.delete_object(Bucket=bucket, Key=each["Key"])


@pytest.mark.parametrize(
    ("env", "kept"),
    [
        ("dev", {}),
        ("prod", {"dynamodb": ["aurora-prod"], "cognito": ["aurora-prod"], "sesv2": ["time.example.org"]}),
    ],
)
def test_of_a_deleted_home_only_what_is_meant_to_outlive_it_stays(
    env: str, kept: dict[str, list[str]], tmp_path: Path, site: Path
) -> None:
    with deployed_home(tmp_path, env) as home:
        made = left(home.aws)
        assert len(made["lambda"]) >= 21
        home.somebody("an")
        home.publish(site)
        empty(home)
        for name in reversed(home.stacks.names):
            home.stacks.delete(name)
        assert left(home.aws) == kept
