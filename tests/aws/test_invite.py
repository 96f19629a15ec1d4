"""``aurora aws invite``: from the operator's machine into the table of a home on AWS, and a mail to its owner."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from aurora_time.adapters.aws_home import AwsHome
from aurora_time.operations.admitting import NotTakenError, check
from aurora_time.run.cli_aws_invite import let_in
from aurora_time.run.control import OperatorError
from tests.aws.cloud import HOME, SENDER, Cloud

pytestmark = pytest.mark.aws


def deployed(cloud: Cloud, policy: str = "invite") -> AwsHome:
    """What is asked of Lambda is answered as the stack would have told its functions."""
    told = {
        "AURORA_TABLE": f"dynamodb:{cloud.name}",
        "AURORA_PUBLIC_URL": HOME,
        "AURORA_SIGNUP": policy,
        "AURORA_MAIL_FROM": SENDER,
        "AURORA_MAIL_SET": "",
    }
    functions = boto3.client("lambda", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    stub = Stubber(functions)
    asked = {"FunctionName": "aurora-prod-account"}
    stub.add_response("get_function_configuration", {"Environment": {"Variables": told}}, asked)
    stub.activate()

    def client(service: str) -> Any:
        return functions if service == "lambda" else cloud.aws.service(service)

    return AwsHome("prod", client)


async def test_whom_the_operator_invites_is_told_where_and_may_come_in(cloud: Cloud) -> None:
    with pytest.raises(NotTakenError):
        await check(cloud.services, "invite", cloud.address("sam"))
    assert await let_in(deployed(cloud), cloud.address("sam"), "en") == (f"{HOME}/app/", "")
    await check(cloud.services, "invite", cloud.address("sam"))
    (mail,) = cloud.mails("sam")
    assert mail["Subject"] == "You are invited to Aurora Time"


async def test_who_is_here_already_and_where_sign_up_is_closed_the_operator_is_told(cloud: Cloud) -> None:
    await cloud.somebody("an")
    with pytest.raises(OperatorError, match="has an account already"):
        await let_in(deployed(cloud), cloud.address("an"), "en")
    with pytest.raises(OperatorError, match=r"deploy\.toml"):
        await let_in(deployed(cloud, "closed"), cloud.address("sam"), "en")
