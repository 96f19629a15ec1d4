"""What wakes an operator, and only that: each alarm has its lines in docs/runbook.md. And what one looks at then."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.settings import Deployment, environment
from infra.stacks.account import SIGN_UPS_FAILED
from infra.stacks.app import AppStack
from infra.stacks.dashboard import BEHIND, Dashboard, of_table
from infra.stacks.delivery import Delivery

_MINUTE = cdk.Duration.minutes(1)
_FIVE = cdk.Duration.minutes(5)


class OpsStack(cdk.Stack):
    def __init__(self, scope: Construct, deployment: Deployment, app: AppStack) -> None:
        super().__init__(scope, f"{deployment.prefix}-ops", env=environment(deployment))
        self._prefix = deployment.prefix
        self._topic = sns.Topic(self, "Alarms", enforce_ssl=True)
        self._topic.add_subscription(subscriptions.EmailSubscription(deployment.alarms_to))
        overdue = cloudwatch.Metric(
            namespace=deployment.metrics, metric_name="OldestOverdue", statistic="Maximum", period=_MINUTE
        )
        # Where no sweep tells anything, none runs: that is the worst of all.
        self._alarm("reminders-late", overdue, 120, minutes=3, silence=cloudwatch.TreatMissingData.BREACHING)
        self._alarm("dead-letters", app.dead.metric_approximate_number_of_messages_visible(period=_MINUTE), 0)
        self._alarm("api-errors", app.api.metric_server_error(period=_FIVE, statistic="Sum"), 5)
        self._alarm("api-slow", app.api.metric_latency(period=_FIVE, statistic="p95"), 1_000, minutes=3)
        for name in BEHIND:
            self._alarm(f"{name}-errors", app.functions[name].metric_errors(period=_FIVE, statistic="Sum"), 2)
        self._alarm("ring-throttled", app.functions["ring"].metric_throttles(period=_FIVE, statistic="Sum"), 10)
        failed = cloudwatch.Metric(
            namespace=deployment.metrics, metric_name=SIGN_UPS_FAILED, statistic="Sum", period=_FIVE
        )
        self._alarm("sign-up-errors", failed, 2)
        self._alarm("table-throttled", of_table(deployment, "WriteThrottleEvents"), 100, minutes=3)
        Dashboard(self, deployment, app)
        if deployment.delivered_by:
            Delivery(self, deployment)

    def _alarm(
        self,
        name: str,
        metric: cloudwatch.IMetric,
        most: float,
        *,
        minutes: int = 1,
        silence: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> None:
        """``most`` is what is still well; it rings after so many periods above it, and again when all is well."""
        alarm = cloudwatch.Alarm(
            self,
            name,
            alarm_name=f"{self._prefix}-{name}",
            metric=metric,
            threshold=most,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=minutes,
            treat_missing_data=silence,
        )
        action = actions.SnsAction(self._topic)
        alarm.add_alarm_action(action)
        alarm.add_ok_action(action)
