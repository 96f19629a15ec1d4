"""The templates: what is deployed is what is declared, and what must be kept is kept.

Run by `make test-aws` in the environment of requirements/infra.txt; nothing here asks the network.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from aurora_time.adapters.dynamodb_calls import Pace
from aurora_time.api.account import BACKUPS_KEPT
from aurora_time.aws.functions import functions
from aurora_time.aws.metrics import WELL, Metric
from aurora_time.aws.rest import PATIENCE
from infra import sizes
from infra.app import make_app
from infra.settings import ENVS
from infra.tests.templates import STACKS, Json, functions_of, of_type, only, policy_of, template

FUNCTIONS = functions()


@pytest.mark.parametrize("env", ENVS)
def test_there_is_a_function_for_each_file_of_the_api_and_no_other(assembly: Path, env: str) -> None:
    assert set(functions_of(assembly, env)) == {each.name for each in FUNCTIONS}


def test_what_takes_too_long_is_told_by_us_and_not_by_the_gateway(assembly: Path) -> None:
    """Neither the patience of an export nor that of asking the table, four times one after the other, is cut off."""
    patience = max(PATIENCE, 4 * Pace().budget)
    for each in FUNCTIONS:
        function, _ = functions_of(assembly, "prod")[each.name]
        assert function["Properties"]["Timeout"] <= 60
        if each.paths:
            assert patience < function["Properties"]["Timeout"] < 30


@pytest.mark.parametrize(("env", "mode"), [("dev", "Active"), ("prod", None)])
def test_requests_are_traced_where_that_costs_nothing(assembly: Path, env: str, mode: str | None) -> None:
    for function, _ in functions_of(assembly, env).values():
        assert function["Properties"].get("TracingConfig", {}).get("Mode") == mode


@pytest.mark.parametrize("env", ENVS)
def test_what_the_bill_counts_is_what_is_deployed(assembly: Path, env: str) -> None:
    """The memory, and that Lambda writes no lines of its own where all is well."""
    for function, _ in functions_of(assembly, env).values():
        assert function["Properties"]["MemorySize"] == sizes.MEMORY_MB
        logged = function["Properties"]["LoggingConfig"]
        assert (logged["LogFormat"], logged["SystemLogLevel"]) == ("JSON", "WARN")
    stage = only(template(assembly, env, "app"), "AWS::ApiGatewayV2::Stage")
    assert stage["AccessLogSettings"]["Format"] == sizes.ACCESS


@pytest.mark.parametrize("env", ENVS)
def test_every_path_of_the_api_leads_to_its_function(assembly: Path, env: str) -> None:
    stack = template(assembly, env, "app")
    routes = {each["Properties"]["RouteKey"] for each in of_type(stack, "AWS::ApiGatewayV2::Route").values()}
    declared = {f"ANY {path}" for each in FUNCTIONS for path in each.paths}
    assert routes == declared | {"$default"}, "what is no path of ours is answered by a problem, too"


def test_in_production_the_data_outlives_its_stack(assembly: Path) -> None:
    stack = template(assembly, "prod", "data")
    (table,) = of_type(stack, "AWS::DynamoDB::GlobalTable").values()
    (replica,) = table["Properties"]["Replicas"]
    assert replica["DeletionProtectionEnabled"] is True
    assert replica["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert table["Properties"]["TimeToLiveSpecification"] == {"AttributeName": "e", "Enabled": True}
    (pool,) = of_type(template(assembly, "prod", "account"), "AWS::Cognito::UserPool").values()
    assert (pool["DeletionPolicy"], pool["Properties"]["DeletionProtection"]) == ("Retain", "ACTIVE")


@pytest.mark.parametrize("env", ENVS)
def test_no_copy_holds_what_was_deleted_for_longer_than_people_are_told(assembly: Path, env: str) -> None:
    (replica,) = only(template(assembly, env, "data"), "AWS::DynamoDB::GlobalTable")["Replicas"]
    days = replica["PointInTimeRecoverySpecification"]["RecoveryPeriodInDays"]
    assert (days + 1) * 86_400 <= BACKUPS_KEPT, "and the day on which the account was closed"


def test_a_first_deployment_that_fails_leaves_no_name_taken_for_the_next(assembly: Path) -> None:
    """It may: SES refuses a domain that is its identity already. The table is protected, and so is made last."""
    stack = template(assembly, "prod", "data")
    (sender,) = of_type(stack, "AWS::SES::EmailIdentity").values()
    assert (sender["DeletionPolicy"], sender["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    ((name, table),) = of_type(stack, "AWS::DynamoDB::GlobalTable").items()
    assert set(table["DependsOn"]) == stack["Resources"].keys() - {name, "CDKMetadata"}


def test_errands_that_fail_are_kept_apart_and_only_those(assembly: Path) -> None:
    stack = template(assembly, "prod", "app")
    (source,) = of_type(stack, "AWS::Lambda::EventSourceMapping").values()
    assert source["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    queues = of_type(stack, "AWS::SQS::Queue").values()
    redrive = [each["Properties"]["RedrivePolicy"] for each in queues if "RedrivePolicy" in each["Properties"]]
    assert [each["maxReceiveCount"] for each in redrive] == [5]


def test_silence_of_the_sweep_is_an_alarm_and_all_alarms_fit_what_costs_nothing(assembly: Path) -> None:
    by_name = alarms(assembly, "prod")
    assert by_name["aurora-prod-reminders-late"]["TreatMissingData"] == "breaching"
    watched: dict[str, Metric] = {"reminders-late": "OldestOverdue", "reminders-failed": "ErrandsFailed"}
    for name, metric in watched.items():
        alarm = by_name[f"aurora-prod-{name}"]
        assert (alarm["MetricName"], alarm["Threshold"]) == (metric, WELL[metric])
    assert by_name["aurora-prod-dead-letters"]["Threshold"] == 0
    assert {f"aurora-prod-{name}" for name in ("api-slow", "api-refused", "table-throttled")} <= by_name.keys()
    assert len(by_name) == 10
    few = {f"aurora-dev-{name}" for name in ("reminders-late", "reminders-failed", "dead-letters")}
    assert alarms(assembly, "dev").keys() == few, "beyond ten in an account each is paid for"


def alarms(assembly: Path, env: str) -> dict[str, Json]:
    found = of_type(template(assembly, env, "ops"), "AWS::CloudWatch::Alarm").values()
    return {each["Properties"]["AlarmName"]: each["Properties"] for each in found}


@pytest.mark.parametrize("env", ENVS)
def test_each_alarms_topic_lets_cloudwatch_publish(assembly: Path, env: str) -> None:
    """A topic's own policy takes the place of the one by which alarms of its account might."""
    stack = template(assembly, env, "ops")
    allowed = [
        (each["Properties"]["Topics"], statement)
        for each in of_type(stack, "AWS::SNS::TopicPolicy").values()
        for statement in each["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]
    for alarm in alarms(assembly, env).values():
        assert alarm["AlarmActions"] == alarm["OKActions"] != []
        ((topics, statement),) = allowed
        assert topics == alarm["AlarmActions"]
        assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        assert statement["Action"] == "sns:Publish"
        assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "111111111111"}}


def test_the_sweep_is_not_tried_again_and_nothing_takes_its_place(assembly: Path) -> None:
    """Lambda runs it from a queue of its own, where it would wait for up to six hours and be tried three times."""
    stack = template(assembly, "prod", "app")
    sweep, _ = functions_of(assembly, "prod")["sweep"]
    assert sweep["Properties"]["ReservedConcurrentExecutions"] == 2
    (schedule,) = of_type(stack, "AWS::Scheduler::Schedule").values()
    assert schedule["Properties"]["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 0
    configs = [each["Properties"] for each in of_type(stack, "AWS::Lambda::EventInvokeConfig").values()]
    (config,) = [each for each in configs if "Sweep" in str(each["FunctionName"])]
    assert (config["MaximumRetryAttempts"], config["MaximumEventAgeInSeconds"]) == (0, 60)


def test_where_the_account_has_no_room_none_is_kept_for_the_sweep(tmp_path: Path, package: Path) -> None:
    make_app(package, str(tmp_path), ("dev",), {"sweeps": "0", "requestsASecond": "7", "mailsASecond": "50"}).synth()
    sweep, stack = functions_of(tmp_path, "dev")["sweep"]
    assert sweep["Properties"]["Environment"]["Variables"]["AURORA_MAILS"] == "50"
    assert "ReservedConcurrentExecutions" not in sweep["Properties"]
    throttle = only(stack, "AWS::ApiGatewayV2::Stage")["DefaultRouteSettings"]
    assert (throttle["ThrottlingRateLimit"], throttle["ThrottlingBurstLimit"]) == (7, 14)


def test_feedback_that_could_not_be_noted_lies_in_a_queue_whose_alarm_rings(assembly: Path) -> None:
    stack = template(assembly, "prod", "app")
    configs = [each["Properties"] for each in of_type(stack, "AWS::Lambda::EventInvokeConfig").values()]
    (config,) = [each for each in configs if "Feedback" in str(each["FunctionName"])]
    ((queue, _),) = [config["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"]]
    assert stack["Resources"][queue]["Properties"]["QueueName"] == "aurora-prod-unheard"
    assert alarms(assembly, "prod")["aurora-prod-feedback-lost"]["Threshold"] == 0


def test_mails_of_the_user_pool_come_back_to_us_as_ours_do(assembly: Path) -> None:
    pool = only(template(assembly, "prod", "account"), "AWS::Cognito::UserPool")
    settings = only(template(assembly, "prod", "data"), "AWS::SES::ConfigurationSet")
    assert pool["EmailConfiguration"]["ConfigurationSet"] == settings["Name"] == "aurora-prod"


def test_ses_keeps_no_list_of_its_own_of_whom_to_send_nothing(assembly: Path) -> None:
    settings = only(template(assembly, "prod", "data"), "AWS::SES::ConfigurationSet")
    assert settings["SuppressionOptions"] == {"SuppressedReasons": []}


def test_what_the_gateway_refuses_is_counted_from_its_log(assembly: Path) -> None:
    made = only(template(assembly, "prod", "app"), "AWS::Logs::MetricFilter")
    assert made["FilterPattern"] == '{ $.status = "429" }'
    (metric,) = made["MetricTransformations"]
    alarm = alarms(assembly, "prod")["aurora-prod-api-refused"]
    assert (metric["MetricNamespace"], metric["MetricName"]) == (alarm["Namespace"], alarm["MetricName"])


@pytest.mark.parametrize("env", ENVS)
def test_the_dashboard_shows_reminders_first_and_no_more_than_is_free(assembly: Path, env: str) -> None:
    body = json.dumps(only(template(assembly, env, "ops"), "AWS::CloudWatch::Dashboard")["DashboardBody"])
    assert body.index("OldestOverdue") < body.index("Latency")
    assert body.count("AWS/") + body.count(f"AuroraTime/{env}") <= 50


def test_a_budget_warns_before_it_is_spent(assembly: Path) -> None:
    budget = only(template(assembly, "prod", "budget"), "AWS::Budgets::Budget")
    assert budget["Budget"]["BudgetLimit"] == {"Amount": 50, "Unit": "USD"}
    assert budget["Budget"]["CostFilters"] == {"TagKeyValue": ["user:env$prod"]}
    told = [each["Notification"] for each in budget["NotificationsWithSubscribers"]]
    assert {(each["NotificationType"], each["Threshold"]) for each in told} >= {("ACTUAL", 80), ("FORECASTED", 100)}


def test_the_workflow_of_one_repository_may_deploy_and_of_no_other(assembly: Path, chosen: Path) -> None:
    assert "aurora-prod-delivery" not in json.dumps(template(assembly, "prod", "ops"))
    roles = of_type(template(chosen, "prod", "ops"), "AWS::IAM::Role").values()
    (role,) = [each["Properties"] for each in roles if each["Properties"].get("RoleName") == "aurora-prod-delivery"]
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:example/aurora-time:environment:prod",
    }


@pytest.mark.parametrize("said", [{"table": "aurora-prod-restored"}, {"hosting": "amplify"}, {"sweeps": "0"}])
def test_no_export_that_is_imported_is_ever_removed(
    assembly: Path, tmp_path: Path, package: Path, said: dict[str, str]
) -> None:
    """CloudFormation refuses to: a stack is deployed before those that stand on it have stopped to import."""
    make_app(package, str(tmp_path), ("prod",), said).synth()
    before = {name: json.dumps(template(assembly, "prod", name)) for name in STACKS}
    imported = {each for text in before.values() for each in re.findall(r'"Fn::ImportValue": "([^"]+)"', text)}
    assert imported
    exported = {
        output["Export"]["Name"]
        for each in tmp_path.glob("*.template.json")
        for output in json.loads(each.read_text()).get("Outputs", {}).values()
        if "Export" in output
    }
    assert imported - exported == set()


def test_after_a_restore_the_functions_use_the_other_table_and_the_old_one_is_kept(
    tmp_path: Path, package: Path
) -> None:
    make_app(package, str(tmp_path), ("prod",), {"table": "aurora-prod-restored"}).synth()
    for function, stack in functions_of(tmp_path, "prod").values():
        assert function["Properties"]["Environment"]["Variables"]["AURORA_TABLE"] == "dynamodb:aurora-prod-restored"
        of_table = [each for each in policy_of(function, stack) if "dynamodb:" in str(each["Action"])]
        assert all("table/aurora-prod-restored" in json.dumps(each["Resource"]) for each in of_table)
    assert only(template(tmp_path, "prod", "data"), "AWS::DynamoDB::GlobalTable")["TableName"] == "aurora-prod"
