"""What works: the HTTP API with a function for each file of the API, and the way of a reminder from sweep to mail."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from aurora_time.aws.functions import BROWSER_ONLY, Arns, functions
from infra import sizes
from infra.settings import Deployment, environment
from infra.stacks.account import AccountStack
from infra.stacks.data import DataStack
from infra.stacks.functions import Told, make_function

_TRIES = 5
"""Of an errand, before it is laid with the dead letters."""
_VISIBLE = 360
"""Seconds after which an errand whose function died is handed out again: six times what one may take."""


@dataclass(frozen=True, slots=True)
class Below:
    """What the functions stand on."""

    data: DataStack
    account: AccountStack

    @property
    def issuer(self) -> str:
        """As the pool's tokens name it."""
        return f"https://cognito-idp.{self.account.region}.amazonaws.com/{self.account.pool.user_pool_id}"

    @property
    def client_id(self) -> str:
        return str(self.account.client.user_pool_client_id)


class AppStack(cdk.Stack):
    def __init__(self, scope: Construct, deployment: Deployment, below: Below, package: Path) -> None:
        super().__init__(scope, f"{deployment.prefix}-app", env=environment(deployment))
        data = below.data
        self.add_stack_dependency(data)
        self.add_stack_dependency(below.account)
        self.dead, self.errands = self._queues(deployment)
        self.mails = ses.ConfigurationSet(
            self,
            "Mails",
            configuration_set_name=deployment.prefix,
            tls_policy=ses.ConfigurationSetTlsPolicy.REQUIRE,
            suppression_reasons=ses.SuppressionReasons.BOUNCES_AND_COMPLAINTS,
        )
        settings = f"arn:{self.partition}:ses:{self.region}:{self.account}:configuration-set/{deployment.prefix}"
        arns = Arns(data.table.table_arn, self.errands.queue_arn, (data.identity.email_identity_arn, settings))
        told = Told(str(package), arns, self._environ(deployment, below))
        self.functions = {
            each.name: make_function(self, deployment, each, told) for each in functions() if each.name != "users"
        }
        self.users = below.account.users
        self.api = self._api(deployment, below)
        self._ring()
        self._sweep()
        self._listen()
        cdk.CfnOutput(self, "Address", value=self.api.api_endpoint)

    def _environ(self, deployment: Deployment, below: Below) -> dict[str, str]:
        """The names of src/aurora_time/aws/settings.py."""
        return {
            "AURORA_TABLE": f"dynamodb:{below.data.table.table_name}",
            "AURORA_PUBLIC_URL": deployment.public_url,
            "AURORA_ISSUER": below.issuer,
            "AURORA_CLIENT_ID": below.client_id,
            "AURORA_QUEUE": self.errands.queue_url,
            "AURORA_MAIL_FROM": deployment.sender,
            "AURORA_MAIL_SET": deployment.prefix,
            "AURORA_METRICS": deployment.metrics,
            "AURORA_CANARY": str(sizes.CANARY_EVERY),
        }

    def _queues(self, deployment: Deployment) -> tuple[sqs.Queue, sqs.Queue]:
        dead = sqs.Queue(
            self,
            "DeadLetters",
            queue_name=f"{deployment.prefix}-dead",
            enforce_ssl=True,
            retention_period=cdk.Duration.days(14),
        )
        errands = sqs.Queue(
            self,
            "Errands",
            queue_name=f"{deployment.prefix}-errands",
            enforce_ssl=True,
            visibility_timeout=cdk.Duration.seconds(_VISIBLE),
            dead_letter_queue=sqs.DeadLetterQueue(queue=dead, max_receive_count=_TRIES),
        )
        return dead, errands

    def _api(self, deployment: Deployment, below: Below) -> apigateway.HttpApi:
        """A route for each path, with all of its methods; what else begins with /v1 is answered by one of them.

        Where only a browser has business, the gateway holds back who does not bring a token of the pool; it knows
        nothing of API tokens.
        """
        api = apigateway.HttpApi(self, "Api", api_name=deployment.prefix, create_default_stage=False)
        pool = authorizers.HttpJwtAuthorizer("Pool", below.issuer, jwt_audience=[below.client_id])
        for each in functions():
            if each.paths:
                integration = HttpLambdaIntegration(f"{each.name}-answers", self.functions[each.name])
                for path in each.paths:
                    guard = pool if path in BROWSER_ONLY else None
                    api.add_routes(path=path, integration=integration, authorizer=guard)
        nowhere = HttpLambdaIntegration("nowhere", self.functions["system"])
        api.add_routes(path="/v1/{rest+}", integration=nowhere)
        self._stage(deployment, api)
        return api

    def _stage(self, deployment: Deployment, api: apigateway.HttpApi) -> None:
        log = logs.LogGroup(
            self,
            "ApiLog",
            log_group_name=f"/aws/apigateway/{deployment.prefix}",
            retention=logs.RetentionDays.ONE_WEEK,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        stage = apigateway.HttpStage(
            self,
            "Live",
            http_api=api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(rate_limit=1_000, burst_limit=2_000),
        )
        raw = stage.node.default_child
        assert isinstance(raw, apigateway.CfnStage)
        raw.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=log.log_group_arn, format=sizes.ACCESS
        )

    def _ring(self) -> None:
        source = sources.SqsEventSource(
            self.errands, batch_size=sizes.BATCH, report_batch_item_failures=True, max_concurrency=sizes.AT_ONCE
        )
        self.functions["ring"].add_event_source(source)

    def _sweep(self) -> None:
        """Not tried again: the next one comes in a minute, and finds what this one left."""
        role = iam.Role(self, "MinuteRole", assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com"))
        role.add_to_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[self.functions["sweep"].function_arn])
        )
        scheduler.Schedule(
            self,
            "EveryMinute",
            schedule=scheduler.ScheduleExpression.rate(cdk.Duration.minutes(1)),
            target=targets.LambdaInvoke(self.functions["sweep"], role=role.without_policy_updates(), retry_attempts=0),
        )

    def _listen(self) -> None:
        """What SES tells of bounces and complaints."""
        topic = sns.Topic(self, "FeedbackTopic", enforce_ssl=True)
        topic.add_subscription(subscriptions.LambdaSubscription(self.functions["feedback"]))
        self.mails.add_event_destination(
            "Told",
            destination=ses.EventDestination.sns_topic(topic),
            events=[ses.EmailSendingEvent.BOUNCE, ses.EmailSendingEvent.COMPLAINT],
        )
