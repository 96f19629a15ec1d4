"""What differs between the two environments, and what is the same: read by every stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import aws_cdk as cdk

from tools.deploy.wishes import SWEEPS

Env = Literal["dev", "prod"]
ENVS: Final[tuple[Env, ...]] = ("dev", "prod")
REGION: Final = "eu-west-1"


@dataclass(frozen=True, slots=True)
class Google:
    """The client that was registered at Google; ``secret`` is the name of its secret in Secrets Manager."""

    client_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Web:
    """Where the web app's files lie. ``certificate``: of the domain, in us-east-1; without it CloudFront's own name is
    all there is. ``hosting``: cloudfront, or amplify, which builds the app itself.
    """

    certificate: str = ""
    hosting: str = "cloudfront"


@dataclass(frozen=True, slots=True)
class Deployment:
    """``domain`` is where people find the home, ``mail_domain`` what mails come from; ``alarms_to`` who is told.

    ``cognito_plan``: ESSENTIALS has managed login; LITE the older pages, and costs less above 10,000 people a month.
    ``keeps_data``: neither the table nor the user pool is deleted with its stack, nor by mistake.
    ``traces``: by X-Ray, whose sampling of functions nobody can set: one trace each second is $13 a month.
    ``table``: the one that functions use in the place of the stack's own, after a restore (docs/runbook.md).
    ``signup``: who may make an account: open, invite (whom the operator invited), closed.
    ``mails``: how many a second SES takes, which a sweep holds to; 0: it hands over all at once.
    ``requests``: how many a second the gateway lets through, and twice as many at once: it bounds what a flood costs.
    ``sweeps``: for how many the account keeps room, so that nothing else keeps the sweep from running; 0 for none.
    ``delivered_by``: the GitHub repository (owner/name) whose workflow may deploy; empty for none.
    """

    env: Env
    account: str
    region: str
    domain: str
    mail_domain: str
    alarms_to: str
    keeps_data: bool
    monthly_budget: int
    cognito_plan: str = "ESSENTIALS"
    google: Google | None = None
    web: Web = field(default_factory=Web)
    delivered_by: str = ""
    traces: bool = False
    table: str = ""
    signup: str = "invite"
    requests: int = 100
    mails: int = 0
    sweeps: int = SWEEPS

    @property
    def prefix(self) -> str:
        return f"aurora-{self.env}"

    @property
    def public_url(self) -> str:
        return f"https://{self.domain}"

    @property
    def sign_in(self) -> str:
        """The origin of the user pool's pages. Its first word must be nobody else's in the whole region."""
        return f"https://{self.sign_in_prefix}.auth.{self.region}.amazoncognito.com"

    @property
    def sign_in_prefix(self) -> str:
        return f"{self.prefix}-{self.account}"

    @property
    def metrics(self) -> str:
        """The namespace of our own figures."""
        return f"AuroraTime/{self.env}"

    @property
    def sender_address(self) -> str:
        return f"aurora@{self.mail_domain}"

    @property
    def answers(self) -> str:
        """The bucket for answers too large for a function, read by CloudFront: where there is none, nor is this."""
        return f"{self.prefix}-answers-{self.account}" if self.web.hosting == "cloudfront" else ""

    @property
    def sender(self) -> str:
        return f"Aurora Time <{self.sender_address}>"


def read_deployment(env: Env, said: Mapping[str, str]) -> Deployment:
    """From CDK's context (``-c domain=time.example.org``, or cdk.json), with names that are nobody's where none is."""
    domain = said.get("domain") or "time.example.org"
    before = "" if env == "prod" else f"{env}."
    return Deployment(
        env,
        said.get("account") or "111111111111",
        said.get("region") or REGION,
        before + domain,
        before + (said.get("mailDomain") or domain),
        said.get("alarmsTo") or f"operator@{domain}",
        keeps_data=env == "prod",
        monthly_budget=int(said.get("monthlyBudget") or (50 if env == "prod" else 10)),
        cognito_plan=said.get("cognitoPlan") or "ESSENTIALS",
        google=Google(said["googleClientId"], said["googleSecret"]) if said.get("googleClientId") else None,
        web=Web(said.get("certificate", ""), said.get("hosting") or "cloudfront"),
        delivered_by=said.get("deliveredBy", ""),
        traces=(said.get("traces") or ("off" if env == "prod" else "on")) == "on",
        table=said.get("table", ""),
        signup=said.get("signup") or "invite",
        requests=int(said.get("requestsASecond") or 100),
        mails=int(said.get("mailsASecond") or 0),
        sweeps=int(said.get("sweeps", SWEEPS)),
    )


def environment(deployment: Deployment) -> cdk.Environment:
    return cdk.Environment(account=deployment.account, region=deployment.region)
