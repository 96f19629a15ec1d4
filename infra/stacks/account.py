"""Who signs in: the user pool with its pages, its triggers and the clients, the web app and `aurora login`.

The pool's triggers stand here with it, since neither can be made before the other's stack.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from aurora_time.aws.functions import Arns, functions, of_pool
from aurora_time.http.web_app import AT
from aurora_time.operations.admitting import NotTakenError
from aurora_time.operations.people import SCOPES
from aurora_time.run.sign_in_desk import CALLBACKS
from infra.settings import Deployment, Google, environment
from infra.stacks.data import DataStack
from infra.stacks.functions import Told, make_function

RESOURCE_SERVER: Final = "aurora"
_ASKS: Final = (
    cognito.UserPoolOperation.PRE_SIGN_UP,
    cognito.UserPoolOperation.POST_CONFIRMATION,
    cognito.UserPoolOperation.POST_AUTHENTICATION,
    cognito.UserPoolOperation.USER_MIGRATION,
    cognito.UserPoolOperation.CUSTOM_MESSAGE,
)
SIGN_UPS_FAILED: Final = "SignUpsFailed"
"""Errors of the triggers, but for what is told a person by one, as the pool wants it: anybody can bring that about."""
_OF_GOOGLE: Final = cognito.AttributeMapping(
    email=cognito.ProviderAttribute.GOOGLE_EMAIL,
    email_verified=cognito.ProviderAttribute.GOOGLE_EMAIL_VERIFIED,
    fullname=cognito.ProviderAttribute.GOOGLE_NAME,
)
"""With whether the address is verified: one that is not never leads to anybody's data."""


@dataclass(frozen=True, slots=True)
class _Comes:
    """Where a client is led ``back`` to when somebody signed in and ``out``; how long its sign-in ``stays``. With
    ``more`` it may do what is not ours to allow.
    """

    name: str
    back: list[str]
    out: list[str] | None
    stays: cdk.Duration
    more: tuple[cognito.OAuthScope, ...] = ()


class AccountStack(cdk.Stack):
    def __init__(self, scope: Construct, deployment: Deployment, data: DataStack, package: Path) -> None:
        super().__init__(scope, f"{deployment.prefix}-account", env=environment(deployment))
        self.add_stack_dependency(data)
        # Also after a creation that failed: taking it back would fail, too, by its protection. The next makes its own.
        kept = cdk.RemovalPolicy.RETAIN if deployment.keeps_data else cdk.RemovalPolicy.DESTROY
        self.pool = self._pool(deployment, kept)
        scopes = [cognito.ResourceServerScope(scope_name=each, scope_description=each) for each in SCOPES]
        server = self.pool.add_resource_server("Api", identifier=RESOURCE_SERVER, scopes=scopes)
        self.scopes = [cognito.OAuthScope.resource_server(server, each) for each in scopes]
        self.client, self.cli = self._clients(deployment)
        self._pages(deployment)
        self._triggers(deployment, data, package)
        cdk.CfnOutput(self, "Pool", value=self.pool.user_pool_id)
        cdk.CfnOutput(self, "Client", value=self.client.user_pool_client_id)

    def _pool(self, deployment: Deployment, kept: cdk.RemovalPolicy) -> cognito.UserPool:
        """Sign-up with an address that is confirmed; a second factor by an app, for who wants one."""
        changes = cognito.StandardAttribute(required=False, mutable=True)
        return cognito.UserPool(
            self,
            "People",
            user_pool_name=deployment.prefix,
            feature_plan=cognito.FeaturePlan[deployment.cognito_plan],
            self_sign_up_enabled=True,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            keep_original=cognito.KeepOriginalAttrs(email=True),
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True),
                fullname=changes,
                locale=changes,
                timezone=changes,
            ),
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_digits=False,
                require_lowercase=False,
                require_symbols=False,
                require_uppercase=False,
            ),
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(sms=False, otp=True),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            email=cognito.UserPoolEmail.with_ses(
                from_email=f"aurora@{deployment.mail_domain}",
                from_name="Aurora Time",
                ses_region=deployment.region,
                ses_verified_domain=deployment.mail_domain,
                configuration_set_name=deployment.prefix,
            ),
            deletion_protection=deployment.keeps_data,
            removal_policy=kept,
        )

    def _clients(self, deployment: Deployment) -> tuple[cognito.UserPoolClient, cognito.UserPoolClient]:
        """Public ones, by code and PKCE alone. The web app comes back to where src/auth.ts of web/ says; `aurora login`
        to this machine, and changes its sign-in at once for a token of ours. The app alone has forms for password,
        second step and address, since the pool's pages have none.
        """
        providers = [cognito.UserPoolClientIdentityProvider.COGNITO]
        google = self._google(deployment.google) if deployment.google else None
        if google:
            providers.append(cognito.UserPoolClientIdentityProvider.GOOGLE)
        back, out = [f"{deployment.public_url}{AT}"], [f"{deployment.public_url}/"]
        app = _Comes("web", back, out, cdk.Duration.days(180), (cognito.OAuthScope.COGNITO_ADMIN,))
        made = (
            self._client("Web", app, providers),
            self._client("Cli", _Comes("cli", list(CALLBACKS), None, cdk.Duration.hours(1)), providers),
        )
        for client in made if google else ():
            client.node.add_dependency(google)
        return made

    def _client(
        self, name: str, comes: _Comes, providers: list[cognito.UserPoolClientIdentityProvider]
    ) -> cognito.UserPoolClient:
        return self.pool.add_client(
            name,
            user_pool_client_name=comes.name,
            generate_secret=False,
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=cdk.Duration.minutes(10),
            refresh_token_validity=comes.stays,
            # The pool asks by which password somebody moves in only where it is sent to it as it is.
            auth_flows=cognito.AuthFlow(user_srp=True, user_password=True),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                callback_urls=comes.back,
                logout_urls=comes.out,
                scopes=[
                    cognito.OAuthScope.OPENID,
                    cognito.OAuthScope.EMAIL,
                    cognito.OAuthScope.PROFILE,
                    *self.scopes,
                    *comes.more,
                ],
            ),
            supported_identity_providers=providers,
        )

    def _google(self, google: Google) -> cognito.UserPoolIdentityProviderGoogle:
        return cognito.UserPoolIdentityProviderGoogle(
            self,
            "Google",
            user_pool=self.pool,
            client_id=google.client_id,
            client_secret_value=cdk.SecretValue.secrets_manager(google.secret),
            scopes=["openid", "email", "profile"],
            attribute_mapping=_OF_GOOGLE,
        )

    def _pages(self, deployment: Deployment) -> None:
        """The pool's own: managed login where the plan has it, else the older pages."""
        managed = deployment.cognito_plan != "LITE"
        version = cognito.ManagedLoginVersion
        self.pool.add_domain(
            "SignIn",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=deployment.sign_in_prefix),
            managed_login_version=version.NEWER_MANAGED_LOGIN if managed else version.CLASSIC_HOSTED_UI,
        )
        if managed:
            for name, client in (("Look", self.client), ("CliLook", self.cli)):
                cognito.CfnManagedLoginBranding(
                    self,
                    name,
                    user_pool_id=self.pool.user_pool_id,
                    client_id=client.user_pool_client_id,
                    use_cognito_provided_values=True,
                )

    def _triggers(self, deployment: Deployment, data: DataStack, package: Path) -> None:
        """They are told no pool: the pool that asks them is not made yet when they are, and names itself."""
        environ = {
            "AURORA_TABLE": f"dynamodb:{data.table.table_name}",
            "AURORA_PUBLIC_URL": deployment.public_url,
            "AURORA_SIGNUP": deployment.signup,
        }
        told = Told(str(package), Arns(data.table.table_arn, "", ()), environ)
        users = next(each for each in functions() if each.name == "users")
        made = make_function(self, deployment, users, told)
        for each in _ASKS:
            self.pool.add_trigger(each, made)
        asks = iam.PolicyStatement.from_json(of_pool(users, self.pool.user_pool_arn))
        assert made.role is not None
        iam.Policy(self, "UsersOfPool", statements=[asks], roles=[made.role])
        logs.MetricFilter(
            self,
            "Failed",
            log_group=made.log_group,
            filter_pattern=_of_failed(),
            metric_namespace=deployment.metrics,
            metric_name=SIGN_UPS_FAILED,
        )


def _of_failed() -> logs.IFilterPattern:
    """Lines as Lambda writes them in JSON: of what was raised, always with its type, and its ``level`` by another name
    before September 2026; of a call that took too long. And our own, of what failed without the person being told.
    """
    text, every = logs.FilterPattern.string_value, logs.FilterPattern.all
    return logs.FilterPattern.any(
        every(text("$.errorType", "=", "*"), text("$.errorType", "!=", NotTakenError.__name__)),
        every(text("$.type", "=", "platform.report"), text("$.record.status", "=", "timeout")),
        text("$.level", "=", "error"),
    )
