"""What differs between the two environments, and what is the same: read by every stack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import aws_cdk as cdk

Env = Literal["dev", "prod"]
ENVS: Final[tuple[Env, ...]] = ("dev", "prod")
REGION: Final = "eu-west-1"


@dataclass(frozen=True, slots=True)
class Deployment:
    """``domain`` is where people find the home, ``mail_domain`` what mails come from; ``alarms_to`` who is told.

    ``cognito_plan``: LITE costs least and has the older sign-in pages; ESSENTIALS has managed login.
    ``keeps_data``: neither the table nor the user pool is deleted with its stack, nor by mistake.
    """

    env: Env
    account: str
    region: str
    domain: str
    mail_domain: str
    alarms_to: str
    keeps_data: bool
    monthly_budget: int
    cognito_plan: str = "LITE"

    @property
    def prefix(self) -> str:
        return f"aurora-{self.env}"

    @property
    def public_url(self) -> str:
        return f"https://{self.domain}"

    @property
    def metrics(self) -> str:
        """The namespace of our own figures."""
        return f"AuroraTime/{self.env}"

    @property
    def sender(self) -> str:
        return f"Aurora Time <aurora@{self.mail_domain}>"


def read_deployment(env: Env, said: Mapping[str, str]) -> Deployment:
    """From CDK's context (``-c domain=time.example.org``, or cdk.json), with names that are nobody's where none is."""
    domain = said.get("domain") or "time.example.org"
    return Deployment(
        env,
        said.get("account") or "111111111111",
        said.get("region") or REGION,
        domain if env == "prod" else f"{env}.{domain}",
        said.get("mailDomain") or domain,
        said.get("alarmsTo") or f"operator@{domain}",
        keeps_data=env == "prod",
        monthly_budget=int(said.get("monthlyBudget") or (50 if env == "prod" else 10)),
        cognito_plan=said.get("cognitoPlan") or "LITE",
    )


def environment(deployment: Deployment) -> cdk.Environment:
    return cdk.Environment(account=deployment.account, region=deployment.region)
