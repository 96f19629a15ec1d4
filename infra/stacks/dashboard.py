"""What an operator looks at, on one page: reminders first, then the API, the queue, the functions, the table."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.settings import Deployment
from infra.stacks.app import AppStack

_FIVE = cdk.Duration.minutes(5)
_BEHIND = ("sweep", "ring", "feedback")
"""The functions that nobody asks over HTTP, whose errors no answer shows."""


class Dashboard(Construct):
    """At most 50 figures: so many cost nothing."""

    def __init__(self, scope: Construct, deployment: Deployment, app: AppStack) -> None:
        super().__init__(scope, "Dashboard")
        self._deployment = deployment
        page = cloudwatch.Dashboard(
            self, "Page", dashboard_name=deployment.prefix, default_interval=cdk.Duration.hours(12)
        )
        page.add_widgets(*self._reminders())
        page.add_widgets(*self._api(app))
        page.add_widgets(_graph("Errands", _queue(app.errands)), _graph("Dead letters", _queue(app.dead)))
        page.add_widgets(*self._functions(app))
        page.add_widgets(*self._table())

    def _reminders(self) -> list[cloudwatch.GraphWidget]:
        late = [self._own("OldestOverdue", "Maximum"), self._own("Lateness", "p99"), self._own("Lateness", "p50")]
        many = [
            self._own(each, "Sum") for each in ("HandedOver", "RemindersFailed", "ErrandsFailed", "RemindersCameBack")
        ]
        return [_graph("Reminders: how late, seconds", late), _graph("Reminders: how many", many)]

    def _api(self, app: AppStack) -> list[cloudwatch.GraphWidget]:
        many = [
            app.api.metric_count(period=_FIVE, statistic="Sum"),
            app.api.metric_client_error(period=_FIVE, statistic="Sum"),
            app.api.metric_server_error(period=_FIVE, statistic="Sum"),
        ]
        slow = [app.api.metric_latency(period=_FIVE, statistic=each) for each in ("p50", "p95", "p99")]
        return [_graph("API: requests and errors", many), _graph("API: milliseconds", slow)]

    def _functions(self, app: AppStack) -> list[cloudwatch.GraphWidget]:
        behind = [app.functions[name] for name in _BEHIND]
        errors = [each.metric_errors(period=_FIVE, statistic="Sum") for each in behind]
        errors += [each.metric_throttles(period=_FIVE, statistic="Sum") for each in behind]
        took = [each.metric_duration(period=_FIVE, statistic="p95") for each in behind]
        return [_graph("Functions: errors, throttles", errors), _graph("Functions: milliseconds", took)]

    def _table(self) -> list[cloudwatch.GraphWidget]:
        units = [self._of_table(f"Consumed{each}CapacityUnits") for each in ("Read", "Write")]
        refused = [self._of_table(f"{each}ThrottleEvents") for each in ("Read", "Write")]
        mails = [
            cloudwatch.Metric(namespace="AWS/SES", metric_name=each, statistic="Sum", period=_FIVE)
            for each in ("Send", "Bounce", "Complaint")
        ]
        return [_graph("Table: units", units), _graph("Table: refused", refused), _graph("Mails (account)", mails)]

    def _own(self, name: str, statistic: str) -> cloudwatch.Metric:
        space = self._deployment.metrics
        return cloudwatch.Metric(namespace=space, metric_name=name, statistic=statistic, period=_FIVE)

    def _of_table(self, name: str) -> cloudwatch.Metric:
        return of_table(self._deployment, name)


def of_table(deployment: Deployment, name: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/DynamoDB",
        metric_name=name,
        dimensions_map={"TableName": deployment.table or deployment.prefix},
        statistic="Sum",
        period=_FIVE,
    )


def _queue(queue: sqs.Queue) -> list[cloudwatch.Metric]:
    return [
        queue.metric_approximate_number_of_messages_visible(period=_FIVE, statistic="Maximum"),
        queue.metric_approximate_age_of_oldest_message(period=_FIVE, statistic="Maximum"),
    ]


def _graph(title: str, metrics: Sequence[cloudwatch.IMetric]) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=8)
