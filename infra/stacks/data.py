"""What must outlive every deployment: the table, and the name that mails come from."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ses as ses
from constructs import Construct

from aurora_time.ports import COPIES_KEPT
from infra.settings import Deployment, environment


class DataStack(cdk.Stack):
    def __init__(self, scope: Construct, deployment: Deployment) -> None:
        super().__init__(scope, f"{deployment.prefix}-data", env=environment(deployment))
        policy = cdk.RemovalPolicy
        # What a creation made that failed is empty, and its name would be taken when it is tried again.
        kept = policy.RETAIN_ON_UPDATE_OR_DELETE if deployment.keeps_data else policy.DESTROY
        own = self._table(deployment, kept)
        self.table: dynamodb.ITableV2 = own
        """What the functions use; after a restore another one, while the stack's own stays as it is."""
        if deployment.table:
            # The stacks above still import the stack's own while this one is deployed: what they import must stay.
            self.export_value(own.table_arn)
            self.export_value(own.table_name)
            self.table = dynamodb.TableV2.from_table_name(self, "Restored", deployment.table)
        self.identity = ses.EmailIdentity(self, "Sender", identity=ses.Identity.domain(deployment.mail_domain))
        self.identity.apply_removal_policy(kept)
        self.mails = ses.ConfigurationSet(
            self,
            "Mails",
            configuration_set_name=deployment.prefix,
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
            # Our own holds end, and can be ended; the account's list would swallow mails from then on (0026).
            disable_suppression_list=True,
        )
        """Of all our mails, the user pool's, too: what becomes of them is told (app.py)."""
        # Last, since nothing takes it back: it is protected. What is above fails where the sender is there already.
        own.node.add_dependency(self.identity, self.mails)

    def _table(self, deployment: Deployment, kept: cdk.RemovalPolicy) -> dynamodb.TableV2:
        """As adapters/dynamodb_table.py makes it for a server."""
        text = dynamodb.AttributeType.STRING
        return dynamodb.TableV2(
            self,
            "Table",
            table_name=deployment.prefix,
            partition_key=dynamodb.Attribute(name="p", type=text),
            sort_key=dynamodb.Attribute(name="s", type=text),
            billing=dynamodb.Billing.on_demand(),
            time_to_live_attribute="e",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True, recovery_period_in_days=COPIES_KEPT
            ),
            deletion_protection=deployment.keeps_data,
            removal_policy=kept,
        )
