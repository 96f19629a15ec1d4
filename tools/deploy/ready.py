"""Whether the account is ready for a home, looked at before anything is changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError, TokenRetrievalError

from tools.deploy.wishes import DeployError
from tools.environment import say

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

NO_ROOM: Final = (
    "This account runs so few functions at once (new ones: ten), or keeps so many for others, that none can be kept "
    "for the sweep: while many ask, reminders may be late. Ask for more: console, Service Quotas, AWS Lambda, "
    "Concurrent executions (docs/runbook.md)."
)
_NOT_MADE: Final = frozenset({"REVIEW_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"})
_FOR_OTHERS: Final = 100
_TRIES: Final = 20
_PAUSE: Final = 30.0
"""Seconds between two looks at whether SES has seen the DNS."""


class Ready(NamedTuple):
    """What is to be known before, and how many mails a second sweeps hand over; 0 where SES does not say."""

    notes: list[str]
    mails: int


def look(wishes: Mapping[str, str], client: Client, prefix: str, sender: str) -> Ready:
    """``prefix`` is that of the stacks, ``sender`` the domain of mails. Raises DeployError for what stops it."""
    account = _account(client)
    if account != wishes["account"]:
        raise DeployError(f"These credentials are of the account {account}, and deploy.toml says {wishes['account']}.")
    _bootstrap(wishes, client)
    _sender_is_free(client, f"{prefix}-data", sender)
    said = client("sesv2").get_account()
    return Ready([] if said["ProductionAccessEnabled"] else [SANDBOX], _for_sweeps(said.get("SendQuota", {})))


def _for_sweeps(quota: Mapping[str, float]) -> int:
    """Nine tenths of what SES takes in a second: codes of the pool and mails of bookings ask no sweep for a place."""
    rate = int(quota.get("MaxSendRate", 0))
    return max(1, rate * 9 // 10) if rate > 0 else 0


def check_table(wishes: Mapping[str, str], client: Client, prefix: str) -> None:
    """That functions go on with the table that they have. After a restore that is another than the stack's own, and
    whoever deploys with a deploy.toml of before would lead people back to what was given up. Raises DeployError.
    """
    try:
        deployed = client("lambda").get_function_configuration(FunctionName=f"{prefix}-sweep")
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return  # the first deployment
        raise DeployError(f"AWS does not say which table {prefix} has: {error}.") from None
    there = str(deployed["Environment"]["Variables"]["AURORA_TABLE"]).removeprefix("dynamodb:")
    wished = wishes.get("table", prefix)
    if there != wished:
        raise DeployError(
            f"The functions of {prefix} use the table {there}, and by this deploy.toml they would use {wished} from now"
            f' on. If {there} is right, as after a restore, write `table = "{there}"` for this environment into '
            "deploy.toml, and into the repository's variable DEPLOY_TOML. If they are to change: make deploy "
            'ARGS=--another-table (docs/runbook.md, "Restore").'
        )


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


def _sender_is_free(client: Client, stack: str, sender: str) -> None:
    """The first deployment makes the identity, and is refused where somebody else did (SES's own wizard does)."""
    if _is_there(client, stack):
        return
    try:
        client("sesv2").get_email_identity(EmailIdentity=sender)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NotFoundException":
            return
        raise DeployError(f"AWS does not say whether {sender} is an identity of SES: {error}.") from None
    raise DeployError(
        f"SES has an identity {sender} already, and {stack}, which is to make it, is not there. If nothing else sends "
        f"as {sender}, `aws sesv2 delete-email-identity --email-identity {sender}` and do this again; its lines in the "
        "DNS will be new ones. Else let mails come from another domain: `mailDomain` in deploy.toml (docs/runbook.md)."
    )


def _is_there(client: Client, stack: str) -> bool:
    """Whether a stack stands; one whose creation failed does not."""
    try:
        (found,) = client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return False
        raise DeployError(f"AWS does not say whether the stack {stack} is there: {error}.") from None
    return found["StackStatus"] not in _NOT_MADE


def has_room(client: Client, prefix: str, sweeps: int) -> bool:
    """Whether so many runs may be kept for the sweep: AWS insists on a hundred that are kept for nobody."""
    asked = client("lambda")
    limit = asked.get_account_settings()["AccountLimit"]
    try:
        ours = asked.get_function_concurrency(FunctionName=f"{prefix}-sweep").get("ReservedConcurrentExecutions", 0)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in ("ResourceNotFoundException", "AccessDeniedException"):
            raise DeployError(f"AWS does not say for how many sweeps {prefix} has room: {error}.") from None
        # The first deployment; or the workflow's role is of before and may not ask, and what stands has its room.
        ours = sweeps if code == "AccessDeniedException" else 0
    return int(limit["UnreservedConcurrentExecutions"]) + int(ours) >= _FOR_OTHERS + sweeps


def dns_lines(ses: Any, domain: str) -> list[str]:  # noqa: ANN401  boto3 makes its clients at run time
    """CNAMEs by which SES knows that a domain is ours, and others that a mail is (DKIM); and that we have a policy on
    those that are not (DMARC), as large mailbox providers want.
    """
    tokens = ses.get_email_identity(EmailIdentity=domain)["DkimAttributes"].get("Tokens", ())
    names = [f"  {each}._domainkey.{domain}  CNAME  {each}.dkim.amazonses.com" for each in tokens]
    return [*names, f'  _dmarc.{domain}  TXT  "v=DMARC1; p=none"']


def wait_until_ours(ses: Any, domain: str, pause: Callable[[float], None] = time.sleep) -> None:  # noqa: ANN401
    """Until SES has seen those lines; they are shown where it has not. Raises DeployError after some minutes."""
    if _is_ours(ses, domain):
        return
    lines = "\n".join(dns_lines(ses, domain))
    say(f"SES does not know yet that {domain} is yours. Put these into its DNS now, and leave them there:\n{lines}")
    say(f"Waiting for SES to see them, for {_TRIES * _PAUSE // 60:.0f} minutes at most ...")
    for _ in range(_TRIES):
        pause(_PAUSE)
        if _is_ours(ses, domain):
            return
    raise DeployError(
        f"SES has not seen the lines for {domain} yet, and nobody could sign up before it does. Table and sender are "
        "there. Once they are in the DNS (SES may take hours, and writes a mail), do the same `make deploy` again."
    )


def _is_ours(ses: Any, domain: str) -> bool:  # noqa: ANN401  see above
    return bool(ses.get_email_identity(EmailIdentity=domain)["VerifiedForSendingStatus"])
