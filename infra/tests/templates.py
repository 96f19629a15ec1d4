"""Reading what was synthesized."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

Json = dict[str, Any]
STACKS: Final = ("data", "account", "app", "web", "ops", "budget")


def template(assembly: Path, env: str, name: str) -> Json:
    read: Json = json.loads((assembly / f"aurora-{env}-{name}.template.json").read_text())
    return read


def of_type(stack: Json, type_: str) -> dict[str, Json]:
    return {name: each for name, each in stack["Resources"].items() if each["Type"] == type_}


def only(stack: Json, type_: str) -> Json:
    """The properties of the one resource of a type."""
    (found,) = of_type(stack, type_).values()
    properties: Json = found["Properties"]
    return properties


def client(account: Json, name: str) -> Json:
    """The properties of a client of the user pool."""
    clients = of_type(account, "AWS::Cognito::UserPoolClient").values()
    (found,) = [each["Properties"] for each in clients if each["Properties"]["ClientName"] == name]
    properties: Json = found
    return properties


def functions_of(assembly: Path, env: str) -> dict[str, tuple[Json, Json]]:
    """By its name: the function, and the stack in which it is."""
    found = {}
    for name in ("account", "app"):
        stack = template(assembly, env, name)
        for each in of_type(stack, "AWS::Lambda::Function").values():
            told = each["Properties"].get("Environment", {}).get("Variables", {})
            if "AURORA_FUNCTION" in told:
                found[told["AURORA_FUNCTION"]] = each, stack
    return found


def policy_of(function: Json, stack: Json) -> list[Json]:
    """Every statement of every policy of the function's role."""
    return policies(stack, function["Properties"]["Role"]["Fn::GetAtt"][0])


def policies(stack: Json, role: str) -> list[Json]:
    """Every statement of every policy of a role; it has no managed ones."""
    assert not stack["Resources"][role]["Properties"].get("ManagedPolicyArns")
    assert not stack["Resources"][role]["Properties"].get("Policies")
    found: list[Json] = []
    for each in of_type(stack, "AWS::IAM::Policy").values():
        if {"Ref": role} in each["Properties"]["Roles"]:
            found += each["Properties"]["PolicyDocument"]["Statement"]
    return found


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def resolved(value: Any, name: str, stacks: dict[str, Json]) -> Any:
    """A value of the stack ``name`` as CloudFormation would fill it, with ARNs that look like those of each type."""
    if isinstance(value, list):
        return [resolved(each, name, stacks) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) != 1:
        return {key: resolved(each, name, stacks) for key, each in value.items()}
    ((how, of),) = value.items()
    if how == "Fn::Join":
        return of[0].join(resolved(each, name, stacks) for each in of[1])
    if how == "Fn::ImportValue":
        stack, _, _ = of.partition(":")
        (output,) = [
            each["Value"] for each in stacks[stack]["Outputs"].values() if each.get("Export", {}).get("Name") == of
        ]
        return resolved(output, stack, stacks)
    if how == "Ref":
        return {"AWS::Partition": "aws"}.get(of, of)
    if how == "Fn::GetAtt":
        return _arn(stacks[name]["Resources"][of[0]])
    return {how: resolved(of, name, stacks)}


def resolved_policy(assembly: Path, env: str, function: str) -> list[Json]:
    """What a function's role may do, with the names that CloudFormation would put into it."""
    stacks = {f"aurora-{env}-{name}": template(assembly, env, name) for name in STACKS}
    made, stack = functions_of(assembly, env)[function]
    (name,) = [each for each, found in stacks.items() if found == stack]
    found: list[Json] = resolved(policy_of(made, stack), name, stacks)
    return found


_ARNS: Final = {
    "AWS::Cognito::UserPool": ("", "cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_Pool"),
    "AWS::DynamoDB::GlobalTable": ("TableName", "dynamodb:eu-west-1:111111111111:table/{}"),
    "AWS::Lambda::Function": ("FunctionName", "lambda:eu-west-1:111111111111:function:{}"),
    "AWS::Logs::LogGroup": ("LogGroupName", "logs:eu-west-1:111111111111:log-group:{}:*"),
    "AWS::SES::EmailIdentity": ("EmailIdentity", "ses:eu-west-1:111111111111:identity/{}"),
    "AWS::SQS::Queue": ("QueueName", "sqs:eu-west-1:111111111111:{}"),
}
"""By type: which property says the name, and the ARN."""


def _arn(resource: Json) -> str:
    name, pattern = _ARNS[resource["Type"]]
    return f"arn:aws:{pattern.format(resource['Properties'].get(name, ''))}"
