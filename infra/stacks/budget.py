"""What it may cost a month, and who is told before it does."""

from __future__ import annotations

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_budgets as budgets
from constructs import Construct

from infra.settings import Deployment, environment

_TOLD: Final = (("ACTUAL", 50), ("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))
"""Of what is spent, or will be at this pace: at how many percent a mail goes out."""


class BudgetStack(cdk.Stack):
    """Of what carries the tag of this environment; it counts once the tag was activated for costs (docs/runbook.md)."""

    def __init__(self, scope: Construct, deployment: Deployment) -> None:
        super().__init__(scope, f"{deployment.prefix}-budget", env=environment(deployment))
        to = budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=deployment.alarms_to)
        budgets.CfnBudget(
            self,
            "Month",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_name=deployment.prefix,
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=deployment.monthly_budget, unit="USD"),
                cost_filters={"TagKeyValue": [f"user:env${deployment.env}"]},
            ),
            notifications_with_subscribers=[
                budgets.CfnBudget.NotificationWithSubscribersProperty(
                    notification=budgets.CfnBudget.NotificationProperty(
                        comparison_operator="GREATER_THAN",
                        notification_type=kind,
                        threshold=percent,
                        threshold_type="PERCENTAGE",
                    ),
                    subscribers=[to],
                )
                for kind, percent in _TOLD
            ],
        )
