"""The templates: every role's actions are what its function declares, and what must be kept is kept.

Run by `make test-aws` in the environment of requirements/infra.txt; nothing here asks the network.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aurora_time.aws.functions import Arns, Function, functions, statements
from infra.app import make_app
from infra.settings import ENVS

Json = dict[str, Any]
SHOWN = Arns("table", "queue", ("identity", "settings"))
FUNCTIONS = functions()


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates")
    (folder / "package").mkdir()
    (folder / "package" / "nothing.py").write_text("")
    make_app(folder / "package", str(folder / "out")).synth()
    return folder / "out"


def template(assembly: Path, env: str, name: str) -> Json:
    read: Json = json.loads((assembly / f"aurora-{env}-{name}.template.json").read_text())
    return read


def of_type(stack: Json, type_: str) -> dict[str, Json]:
    return {name: each for name, each in stack["Resources"].items() if each["Type"] == type_}


def functions_of(assembly: Path, env: str) -> dict[str, tuple[Json, Json]]:
    """By its name: the function, and the stack in which it is."""
    found = {}
    for name in ("data", "app"):
        stack = template(assembly, env, name)
        for each in of_type(stack, "AWS::Lambda::Function").values():
            told = each["Properties"].get("Environment", {}).get("Variables", {})
            if "AURORA_FUNCTION" in told:
                found[told["AURORA_FUNCTION"]] = each, stack
    return found


def policy_of(function: Json, stack: Json) -> list[Json]:
    """Every statement of every policy of the function's role; a role has no managed ones."""
    role = function["Properties"]["Role"]["Fn::GetAtt"][0]
    assert not stack["Resources"][role]["Properties"].get("ManagedPolicyArns")
    assert not stack["Resources"][role]["Properties"].get("Policies")
    found: list[Json] = []
    for each in of_type(stack, "AWS::IAM::Policy").values():
        if {"Ref": role} in each["Properties"]["Roles"]:
            found += each["Properties"]["PolicyDocument"]["Statement"]
    return found


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("env", ENVS)
def test_there_is_a_function_for_each_file_of_the_api_and_no_other(assembly: Path, env: str) -> None:
    assert set(functions_of(assembly, env)) == {each.name for each in FUNCTIONS}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
@pytest.mark.parametrize("env", ENVS)
def test_every_roles_actions_equal_what_its_function_declares(assembly: Path, env: str, function: Function) -> None:
    made = policy_of(*functions_of(assembly, env)[function.name])
    log = ["logs:CreateLogStream", "logs:PutLogEvents"]
    expected = {each["Sid"]: each for each in statements(function, SHOWN)}
    assert {each["Sid"] for each in made} == {*expected, "Log"}
    for each in made:
        actions = listed(each["Action"])
        if each["Sid"] == "Log":
            assert actions == log
            continue
        declared = expected[each["Sid"]]
        assert sorted(actions) == sorted(declared["Action"])
        assert each.get("Condition") == declared.get("Condition")


@pytest.mark.parametrize("env", ENVS)
def test_no_statement_of_ours_has_a_wildcard_action_or_resource(assembly: Path, env: str) -> None:
    for function, stack in functions_of(assembly, env).values():
        for each in policy_of(function, stack):
            assert not [action for action in listed(each["Action"]) if "*" in action]
            assert "*" not in listed(each["Resource"])


@pytest.mark.parametrize("env", ENVS)
def test_every_path_of_the_api_leads_to_its_function(assembly: Path, env: str) -> None:
    stack = template(assembly, env, "app")
    routes = {each["Properties"]["RouteKey"] for each in of_type(stack, "AWS::ApiGatewayV2::Route").values()}
    declared = {f"ANY {path}" for each in FUNCTIONS for path in each.paths}
    assert routes == declared | {"ANY /v1/{rest+}"}


def test_in_production_the_data_outlives_its_stack(assembly: Path) -> None:
    stack = template(assembly, "prod", "data")
    (table,) = of_type(stack, "AWS::DynamoDB::GlobalTable").values()
    (replica,) = table["Properties"]["Replicas"]
    assert replica["DeletionProtectionEnabled"] is True
    assert replica["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["DeletionPolicy"] == "Retain"
    assert table["Properties"]["TimeToLiveSpecification"] == {"AttributeName": "e", "Enabled": True}
    (pool,) = of_type(stack, "AWS::Cognito::UserPool").values()
    assert (pool["DeletionPolicy"], pool["Properties"]["DeletionProtection"]) == ("Retain", "ACTIVE")


def test_errands_that_fail_are_kept_apart_and_only_those(assembly: Path) -> None:
    stack = template(assembly, "prod", "app")
    (source,) = of_type(stack, "AWS::Lambda::EventSourceMapping").values()
    assert source["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    queues = of_type(stack, "AWS::SQS::Queue").values()
    redrive = [each["Properties"]["RedrivePolicy"] for each in queues if "RedrivePolicy" in each["Properties"]]
    assert [each["maxReceiveCount"] for each in redrive] == [5]


def test_silence_of_the_sweep_is_an_alarm_and_all_alarms_fit_what_costs_nothing(assembly: Path) -> None:
    alarms = of_type(template(assembly, "prod", "ops"), "AWS::CloudWatch::Alarm").values()
    by_name = {each["Properties"]["AlarmName"]: each["Properties"] for each in alarms}
    assert by_name["aurora-prod-reminders-late"]["TreatMissingData"] == "breaching"
    assert by_name["aurora-prod-dead-letters"]["Threshold"] == 0
    assert all(each["AlarmActions"] for each in by_name.values())
    assert len(by_name) <= 10
