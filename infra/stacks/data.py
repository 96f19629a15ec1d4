"""What must outlive every deployment: the table and the people who sign in."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ses as ses
from constructs import Construct

from aurora_time.aws.functions import Arns, functions
from aurora_time.operations.people import SCOPES
from infra.settings import Deployment, environment
from infra.stacks.functions import Told, make_function

RESOURCE_SERVER = "aurora"


class DataStack(cdk.Stack):
    """The pool's triggers stand here with it, since neither can be made before the other's stack."""

    def __init__(self, scope: Construct, deployment: Deployment, package: Path) -> None:
        super().__init__(scope, f"{deployment.prefix}-data", env=environment(deployment))
        kept = cdk.RemovalPolicy.RETAIN if deployment.keeps_data else cdk.RemovalPolicy.DESTROY
        self.table = self._table(deployment, kept)
        self.identity = ses.EmailIdentity(self, "Sender", identity=ses.Identity.domain(deployment.mail_domain))
        self.identity.apply_removal_policy(kept)
        self.pool = self._pool(deployment, kept)
        self.client = self._client(deployment)
        self._triggers(deployment, package)

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
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=deployment.keeps_data,
            removal_policy=kept,
        )

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
            ),
            deletion_protection=deployment.keeps_data,
            removal_policy=kept,
        )

    def _client(self, deployment: Deployment) -> cognito.UserPoolClient:
        """The web app and the command line: public clients, by code and PKCE alone."""
        scopes = [cognito.ResourceServerScope(scope_name=each, scope_description=each) for each in SCOPES]
        server = self.pool.add_resource_server("Api", identifier=RESOURCE_SERVER, scopes=scopes)
        self.pool.add_domain("SignIn", cognito_domain=cognito.CognitoDomainOptions(domain_prefix=deployment.prefix))
        back = f"{deployment.public_url}/app/signed-in"
        return self.pool.add_client(
            "Web",
            user_pool_client_name="web",
            generate_secret=False,
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=cdk.Duration.minutes(10),
            refresh_token_validity=cdk.Duration.days(30),
            auth_flows=cognito.AuthFlow(user_srp=True),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                callback_urls=[back, "http://127.0.0.1/callback"],
                logout_urls=[f"{deployment.public_url}/app/"],
                scopes=[
                    cognito.OAuthScope.OPENID,
                    cognito.OAuthScope.EMAIL,
                    cognito.OAuthScope.PROFILE,
                    *(cognito.OAuthScope.resource_server(server, each) for each in scopes),
                ],
            ),
        )

    def _triggers(self, deployment: Deployment, package: Path) -> None:
        """They are told no pool: the pool that asks them is not made yet when they are, and names itself."""
        environ = {"AURORA_TABLE": f"dynamodb:{self.table.table_name}", "AURORA_PUBLIC_URL": deployment.public_url}
        told = Told(str(package), Arns(self.table.table_arn, "", ()), environ)
        users = next(each for each in functions() if each.name == "users")
        made = make_function(self, deployment, users, told)
        self.pool.add_trigger(cognito.UserPoolOperation.CUSTOM_MESSAGE, made)
        self.pool.add_trigger(cognito.UserPoolOperation.POST_CONFIRMATION, made)

    @property
    def issuer(self) -> str:
        """As the pool's tokens name it."""
        return f"https://cognito-idp.{self.region}.amazonaws.com/{self.pool.user_pool_id}"
