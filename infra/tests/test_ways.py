"""The ways between the parts: what one tells or hands over reaches the other, and no more at once than it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra import sizes
from infra.settings import ENVS
from infra.tests.templates import functions_of, of_type, only, template


@pytest.mark.parametrize("env", ENVS)
def test_bounces_and_complaints_reach_the_function_that_notes_them(assembly: Path, env: str) -> None:
    stack = template(assembly, env, "app")
    told = only(stack, "AWS::SES::ConfigurationSetEventDestination")["EventDestination"]
    assert set(told["MatchingEventTypes"]) == {"bounce", "complaint"}
    assert told["Enabled"] is not False
    heard = only(stack, "AWS::SNS::Subscription")
    assert (heard["Protocol"], heard["TopicArn"]) == ("lambda", told["SnsDestination"]["TopicARN"])
    ((name, _),) = [heard["Endpoint"]["Fn::GetAtt"]]
    assert stack["Resources"][name]["Properties"]["FunctionName"] == f"aurora-{env}-feedback"


@pytest.mark.parametrize("env", ENVS)
def test_every_alarm_is_mailed_to_whoever_operates_the_home(assembly: Path, env: str) -> None:
    stack = template(assembly, env, "ops")
    heard = only(stack, "AWS::SNS::Subscription")
    assert (heard["Protocol"], heard["Endpoint"]) == ("email", "operator@time.example.org")
    for alarm in of_type(stack, "AWS::CloudWatch::Alarm").values():
        assert alarm["Properties"]["AlarmActions"] == alarm["Properties"]["OKActions"] == [heard["TopicArn"]]


@pytest.mark.parametrize("env", ENVS)
def test_so_many_errands_run_at_once_and_no_more(assembly: Path, env: str) -> None:
    """However many are due, and whatever makes them: it is what a mistake can cost in a night."""
    source = only(template(assembly, env, "app"), "AWS::Lambda::EventSourceMapping")
    assert source["ScalingConfig"] == {"MaximumConcurrency": sizes.AT_ONCE}
    assert source["BatchSize"] == sizes.BATCH


@pytest.mark.parametrize("env", ENVS)
def test_no_errand_is_handed_out_again_while_its_function_may_still_run(assembly: Path, env: str) -> None:
    """Lambda's own advice is six times what the function may take."""
    ring, stack = functions_of(assembly, env)["ring"]
    source = only(stack, "AWS::Lambda::EventSourceMapping")
    queue = stack["Resources"][source["EventSourceArn"]["Fn::GetAtt"][0]]["Properties"]
    assert queue["QueueName"] == f"aurora-{env}-errands"
    assert queue["VisibilityTimeout"] >= 6 * ring["Properties"]["Timeout"]


@pytest.mark.parametrize("env", ENVS)
def test_no_mail_goes_over_a_line_that_others_may_read(assembly: Path, env: str) -> None:
    assert only(template(assembly, env, "data"), "AWS::SES::ConfigurationSet")["DeliveryOptions"] == {
        "TlsPolicy": "REQUIRE"
    }
