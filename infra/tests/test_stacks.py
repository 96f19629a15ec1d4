"""The templates: every role's actions are what its function declares, and what must be kept is kept.

Run by `make test-aws` in the environment of requirements/infra.txt; nothing here asks the network.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_time.aws.functions import Arns, Function, functions, statements
from infra.settings import ENVS
from infra.stacks.functions import TRACE
from infra.tests.templates import functions_of, listed, of_type, policy_of, template

SHOWN = Arns("table", "queue", ("identity", "settings"))
FUNCTIONS = functions()


@pytest.mark.parametrize("env", ENVS)
def test_there_is_a_function_for_each_file_of_the_api_and_no_other(assembly: Path, env: str) -> None:
    assert set(functions_of(assembly, env)) == {each.name for each in FUNCTIONS}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
@pytest.mark.parametrize("env", ENVS)
def test_every_roles_actions_equal_what_its_function_declares(assembly: Path, env: str, function: Function) -> None:
    made = policy_of(*functions_of(assembly, env)[function.name])
    of_all = {"Log": ["logs:CreateLogStream", "logs:PutLogEvents"], "Trace": list(TRACE)}
    expected = {each["Sid"]: each for each in statements(function, SHOWN)}
    assert {each["Sid"] for each in made} == expected.keys() | of_all.keys()
    for each in made:
        actions = listed(each["Action"])
        if each["Sid"] in of_all:
            assert actions == of_all[each["Sid"]]
            continue
        declared = expected[each["Sid"]]
        assert sorted(actions) == sorted(declared["Action"])
        assert each.get("Condition") == declared.get("Condition")


@pytest.mark.parametrize("env", ENVS)
def test_no_statement_of_ours_has_a_wildcard_action_or_resource(assembly: Path, env: str) -> None:
    for function, stack in functions_of(assembly, env).values():
        for each in policy_of(function, stack):
            assert not [action for action in listed(each["Action"]) if "*" in action]
            assert "*" not in listed(each["Resource"]) or each["Sid"] == "Trace"


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
    (pool,) = of_type(template(assembly, "prod", "account"), "AWS::Cognito::UserPool").values()
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
