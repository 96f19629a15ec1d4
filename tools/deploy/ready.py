"""Whether the account is ready for a home, looked at before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError, TokenRetrievalError

from tools.deploy.wishes import DeployError

Client = Callable[[str], Any]
"""A client of boto3 by the name of its service, in the region of the home."""
BOOTSTRAP: Final = "/cdk-bootstrap/hnb659fds/version"
OLDEST_BOOTSTRAP: Final = 21
_EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "RequestExpired"})
NO_CREDENTIALS: Final = (
    "There are no credentials of AWS here. Sign in (`aws sso login`, or `aws configure`), name the profile in "
    "AWS_PROFILE if it is not the default one, and try again."
)
SANDBOX: Final = (
    "SES is in its sandbox: mails go only to addresses that you verified there. Ask to leave it, which takes a day: "
    "console, SES, Account dashboard, Request production access; or `aws sesv2 put-account-details` (docs/runbook.md)."
)


def look(wishes: Mapping[str, str], client: Client) -> list[str]:
    """What is to be known before; raises DeployError for what stops it."""
    account = _account(client)
    if account != wishes["account"]:
        raise DeployError(f"These credentials are of the account {account}, and deploy.toml says {wishes['account']}.")
    _bootstrap(wishes, client)
    return [] if client("sesv2").get_account()["ProductionAccessEnabled"] else [SANDBOX]


def _account(client: Client) -> str:
    try:
        return str(client("sts").get_caller_identity()["Account"])
    except (NoCredentialsError, NoRegionError, TokenRetrievalError):
        raise DeployError(NO_CREDENTIALS) from None
    except ClientError as error:
        if error.response["Error"]["Code"] in _EXPIRED:
            raise DeployError(
                f"The credentials of AWS are over or wrong. {NO_CREDENTIALS.partition('. ')[2]}"
            ) from None
        raise DeployError(f"AWS does not say whose credentials these are: {error}.") from None
    except BotoCoreError as error:
        raise DeployError(f"AWS cannot be asked: {error}.") from None


def _bootstrap(wishes: Mapping[str, str], client: Client) -> None:
    where = f"{wishes['account']} in {wishes['region']}"
    mend = "Once for each account and region: make deploy ARGS=--bootstrap"
    try:
        version = int(client("ssm").get_parameter(Name=BOOTSTRAP)["Parameter"]["Value"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise DeployError(f"AWS does not say whether {where} is prepared for CDK: {error}.") from None
        raise DeployError(f"The account {where} is not prepared for CDK. {mend}") from None
    if version < OLDEST_BOOTSTRAP:
        raise DeployError(f"What prepares {where} for CDK is too old ({version}). {mend}")


def mail_records(ses: Any, domain: str) -> list[tuple[str, str]]:  # noqa: ANN401  boto3 makes its clients at run time
    """The names and values of CNAMEs by which SES knows that a domain is ours, and others that a mail is (DKIM)."""
    tokens = ses.get_email_identity(EmailIdentity=domain)["DkimAttributes"].get("Tokens", ())
    return [(f"{each}._domainkey.{domain}", f"{each}.dkim.amazonses.com") for each in tokens]
