"""What works: the HTTP API with a function for each file of the API, and the way of a reminder from sweep to mail."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
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
from aurora_time.aws.large import AT as LAID_AT
from infra import sizes
from infra.settings import Deployment, environment
from infra.stacks.account import AccountStack
from infra.stacks.data import DataStack
from infra.stacks.functions import Told, make_function

_TRIES = 5
"""Of an errand, before it is laid with the dead letters."""
_VISIBLE = 360
"""Seconds after which an errand whose function died is handed out again: six times what one may take."""
REFUSED = "Refused"
"""The metric of requests that were answered 429, by the gateway or by a function; the gateway itself counts none."""


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

    @property
    def cli_client_id(self) -> str:
        return str(self.account.cli.user_pool_client_id)


class AppStack(cdk.Stack):
    def __init__(self, scope: Construct, deployment: Deployment, below: Below, package: Path) -> None:
        super().__init__(scope, f"{deployment.prefix}-app", env=environment(deployment))
        data = below.data
        self.add_stack_dependency(data)
        self.add_stack_dependency(below.account)
        self.dead, self.errands = self._queues(deployment)
        self.unheard = self._kept(deployment, "Unheard", "unheard")
        # By its name: the bucket's policy names the distribution, which stands above this.
        answers = f"arn:{self.partition}:s3:::{deployment.answers}/{LAID_AT}*" if deployment.answers else ""
        arns = Arns(
            data.table.table_arn,
            self.errands.queue_arn,
            self._mail(deployment),
            answers,
            below.account.pool.user_pool_arn,
            sender=deployment.sender_address,
            unheard=self.unheard.queue_arn,
        )
        told = Told(str(package), arns, self._environ(deployment, below))
        self.functions = {
            each.name: make_function(self, deployment, each, told) for each in functions() if each.name != "users"
        }
        self.api = self._api(deployment, below)
        self._ring()
        self._sweep(deployment)
        self._listen(data)
        cdk.CfnOutput(self, "Address", value=self.api.api_endpoint)

    def _mail(self, deployment: Deployment) -> tuple[str, str]:
        """In its sandbox SES asks whether we may send *to* an identity, too: that of whoever gets the mail."""
        ours = f"arn:{self.partition}:ses:{self.region}:{self.account}"
        return f"{ours}:identity/*", f"{ours}:configuration-set/{deployment.prefix}"

    def _environ(self, deployment: Deployment, below: Below) -> dict[str, str]:
        """The names of src/aurora_time/aws/settings.py."""
        return {
            "AURORA_TABLE": f"dynamodb:{below.data.table.table_name}",
            "AURORA_PUBLIC_URL": deployment.public_url,
            "AURORA_ISSUER": below.issuer,
            "AURORA_CLIENT_ID": below.client_id,
            "AURORA_CLI_CLIENT_ID": below.cli_client_id,
            "AURORA_QUEUE": self.errands.queue_url,
            "AURORA_MAIL_FROM": deployment.sender,
            "AURORA_MAIL_SET": deployment.prefix,
            "AURORA_METRICS": deployment.metrics,
            "AURORA_CANARY": str(sizes.CANARY_EVERY),
            "AURORA_SIGNUP": deployment.signup,
            **({"AURORA_MAILS": str(deployment.mails)} if deployment.mails else {}),
            **({"AURORA_ANSWERS": deployment.answers} if deployment.answers else {}),
        }

    def _queues(self, deployment: Deployment) -> tuple[sqs.Queue, sqs.Queue]:
        dead = self._kept(deployment, "DeadLetters", "dead")
        errands = sqs.Queue(
            self,
            "Errands",
            queue_name=f"{deployment.prefix}-errands",
            enforce_ssl=True,
            visibility_timeout=cdk.Duration.seconds(_VISIBLE),
            dead_letter_queue=sqs.DeadLetterQueue(queue=dead, max_receive_count=_TRIES),
        )
        return dead, errands

    def _kept(self, deployment: Deployment, title: str, name: str) -> sqs.Queue:
        """For what failed for good, until somebody looks."""
        return sqs.Queue(
            self,
            title,
            queue_name=f"{deployment.prefix}-{name}",
            enforce_ssl=True,
            retention_period=cdk.Duration.days(14),
        )

    def _api(self, deployment: Deployment, below: Below) -> apigateway.HttpApi:
        """A route for each path, with all of its methods; what fits none is answered by one of them: 404, a problem.

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
        apigateway.HttpRoute(
            api, "ANY--nowhere", http_api=api, route_key=apigateway.HttpRouteKey.DEFAULT, integration=nowhere
        )
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
        logs.MetricFilter(
            self,
            "Refused",
            log_group=log,
            metric_namespace=deployment.metrics,
            metric_name=REFUSED,
            filter_pattern=logs.FilterPattern.string_value("$.status", "=", "429"),
        )
        stage = apigateway.HttpStage(
            self,
            "Live",
            http_api=api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(rate_limit=deployment.requests, burst_limit=2 * deployment.requests),
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

    def _sweep(self, deployment: Deployment) -> None:
        """Not tried again, neither by the Scheduler nor by Lambda, which runs it from a queue of its own: the next one
        comes in a minute, and finds what this one left.
        """
        sweep = self.functions["sweep"]
        sweep.configure_async_invoke(retry_attempts=0, max_event_age=cdk.Duration.seconds(60))
        raw = sweep.node.default_child
        assert isinstance(raw, lambda_.CfnFunction)
        raw.reserved_concurrent_executions = deployment.sweeps or None
        role = iam.Role(self, "MinuteRole", assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com"))
        role.add_to_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[sweep.function_arn]))
        scheduler.Schedule(
            self,
            "EveryMinute",
            schedule_name=f"{deployment.prefix}-minute",
            schedule=scheduler.ScheduleExpression.rate(cdk.Duration.minutes(1)),
            target=targets.LambdaInvoke(sweep, role=role.without_policy_updates(), retry_attempts=0),
        )

    def _listen(self, data: DataStack) -> None:
        """What SES tells of bounces and complaints; what of it could not be noted lies in a queue, for an alarm."""
        feedback = self.functions["feedback"]
        feedback.configure_async_invoke(on_failure=destinations.SqsDestination(self.unheard))
        topic = sns.Topic(self, "FeedbackTopic", enforce_ssl=True)
        topic.add_subscription(subscriptions.LambdaSubscription(feedback))
        ses.ConfigurationSetEventDestination(
            self,
            "Told",
            configuration_set=data.mails,
            destination=ses.EventDestination.sns_topic(topic),
            events=[ses.EmailSendingEvent.BOUNCE, ses.EmailSendingEvent.COMPLAINT],
        )
