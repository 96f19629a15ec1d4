"""What wakes an operator, and only that: each alarm has its lines in docs/runbook.md. And what one looks at then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from aurora_time.aws.metrics import WELL
from infra.settings import Deployment, environment
from infra.stacks.account import SIGN_UPS_FAILED
from infra.stacks.app import REFUSED, AppStack
from infra.stacks.dashboard import Dashboard, of_table
from infra.stacks.delivery import Delivery

_MINUTE = cdk.Duration.minutes(1)
_FIVE = cdk.Duration.minutes(5)
_Silence = cloudwatch.TreatMissingData
_EVERYWHERE: Final = frozenset({"reminders-late", "reminders-failed", "dead-letters"})
"""The alarms of dev as well: beyond ten in an account each is ten cents a month."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """``most`` is what is still well, for fewer than so many ``periods``; ``silence`` says what no figure means."""

    name: str
    metric: cloudwatch.IMetric
    most: float
    periods: int = 1
    silence: cloudwatch.TreatMissingData = _Silence.NOT_BREACHING


class OpsStack(cdk.Stack):
    def __init__(self, scope: Construct, deployment: Deployment, app: AppStack) -> None:
        super().__init__(scope, f"{deployment.prefix}-ops", env=environment(deployment))
        self._prefix = deployment.prefix
        self._topic = self._told(deployment)
        for each in _alarms(deployment, app):
            if deployment.env == "prod" or each.name in _EVERYWHERE:
                self._alarm(each)
        Dashboard(self, deployment, app)
        if deployment.delivered_by:
            Delivery(self, deployment)

    def _told(self, deployment: Deployment) -> sns.Topic:
        """Any policy takes the place of SNS's own, by which alarms of the account might publish: it says that anew."""
        topic = sns.Topic(self, "Alarms", enforce_ssl=True)
        topic.add_subscription(subscriptions.EmailSubscription(deployment.alarms_to))
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Alarms",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        return topic

    def _alarm(self, wanted: Wanted) -> None:
        """It rings after so many periods above what is well, and again when all is well."""
        alarm = cloudwatch.Alarm(
            self,
            wanted.name,
            alarm_name=f"{self._prefix}-{wanted.name}",
            metric=wanted.metric,
            threshold=wanted.most,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=wanted.periods,
            treat_missing_data=wanted.silence,
        )
        action = actions.SnsAction(self._topic)
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)


def _alarms(deployment: Deployment, app: AppStack) -> list[Wanted]:
    """Ten, as many as an account has for nothing; what each means and asks for: docs/runbook.md."""

    def own(name: str, statistic: str, period: cdk.Duration) -> cloudwatch.Metric:
        return cloudwatch.Metric(namespace=deployment.metrics, metric_name=name, statistic=statistic, period=period)

    oldest = app.errands.metric_approximate_age_of_oldest_message(period=_MINUTE, statistic="Maximum")
    unheard = app.unheard.metric_approximate_number_of_messages_visible(period=_MINUTE)
    return [
        # Where no sweep tells anything, none runs: that is the worst of all.
        Wanted(
            "reminders-late", own("OldestOverdue", "Maximum", _MINUTE), WELL["OldestOverdue"], 3, _Silence.BREACHING
        ),
        Wanted("reminders-failed", own("ErrandsFailed", "Sum", cdk.Duration.hours(1)), WELL["ErrandsFailed"]),
        Wanted("errands-wait", oldest, 600, 3),
        Wanted("dead-letters", app.dead.metric_approximate_number_of_messages_visible(period=_MINUTE), 0),
        Wanted("feedback-lost", unheard, 0),
        Wanted("api-errors", app.api.metric_server_error(period=_FIVE, statistic="Sum"), 5),
        Wanted("api-slow", app.api.metric_latency(period=_FIVE, statistic="p95"), 1_000, 3),
        Wanted("api-refused", own(REFUSED, "Sum", _FIVE), 100),
        Wanted("sign-up-errors", own(SIGN_UPS_FAILED, "Sum", _FIVE), 2),
        Wanted("table-throttled", of_table(deployment, "WriteThrottleEvents"), 100, 3),
    ]
