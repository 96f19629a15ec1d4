"""What an operator says of their home on AWS, in deploy.toml: the same for both environments, or in a table of one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

FILE: Final = "deploy.toml"
SWEEPS: Final = 2
"""For how many sweeps the account keeps room where nobody says it."""
SAID: Final[dict[str, str]] = {
    "account": "the account of AWS, twelve digits",
    "region": "where all of it is, like eu-west-1",
    "domain": "where people find it, like time.example.org; dev is below it: dev.time.example.org",
    "certificate": "of the domain, its ARN in ACM in us-east-1; without it CloudFront's own name is all there is",
    "mailDomain": "what mails come from, where it is another domain",
    "signup": "who may make an account: open, invite (whom `aurora aws invite` names; so without it) or closed",
    "alarmsTo": "the address that alarms and the budget are told to",
    "monthlyBudget": "dollars a month, of which one is warned",
    "cognitoPlan": "ESSENTIALS (so without it: managed login), LITE (cheaper above 10,000 people a month) or PLUS",
    "googleClientId": "for sign-in with Google, with googleSecret",
    "googleSecret": "the name of its secret in Secrets Manager",
    "traces": "on or off; without it, on in dev alone: X-Ray traces a request a second and a twentieth of the others",
    "mailsASecond": "a whole number: mails a second that sweeps hand over; without it, nine tenths of what SES grants",
    "requestsASecond": "a whole number: how many the gateway lets through (100), and twice as many at once",
    "sweeps": f"0 to 9: for how many sweeps the account keeps room ({SWEEPS}; `make deploy` takes 0 where it has none)",
    "hosting": "cloudfront or amplify",
    "table": "after a restore, the table that is used from then on",
    "deliveredBy": "the GitHub repository, owner/name, whose workflow may deploy",
}
"""The names in deploy.toml, which are those of CDK's context, and what each means."""
NEEDED: Final = ("account", "region", "domain", "alarmsTo")
_SHAPES: Final = {
    "account": r"\d{12}",
    "region": r"[a-z]{2}(-[a-z]+)+-\d",
    "domain": r"[a-z0-9-]+(\.[a-z0-9-]+)+",
    "certificate": r"arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/\S+",
    "signup": "open|invite|closed",
    "alarmsTo": r"\S+@\S+",
    "cognitoPlan": "LITE|ESSENTIALS|PLUS",
    "hosting": "cloudfront|amplify",
    "traces": "on|off",
    "mailsASecond": r"[1-9]\d{0,4}",
    "requestsASecond": r"[1-9]\d{0,4}",
    "sweeps": r"\d",
    "deliveredBy": r"[\w.-]+/[\w.-]+",
}
EXAMPLE: Final = """\
account = "111122223333"
region = "eu-west-1"
domain = "time.example.org"
alarmsTo = "you@example.org"
"""


class DeployError(Exception):
    """Why it stops, in sentences that say how to mend it."""


def read_wishes(file: Path, env: str) -> dict[str, str]:
    """For one environment. Raises DeployError."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DeployError(
            f"There is no {FILE}. Write it beside the Makefile; this is enough:\n\n{EXAMPLE}\n"
            f"What else it may say: {', '.join(name for name in SAID if name not in NEEDED)} (docs/runbook.md)."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise DeployError(f"{FILE} is not TOML: {error}.") from None
    of_env = told.get(env, {})
    of_all = {name: value for name, value in told.items() if not isinstance(value, dict)}
    return _checked({name: str(value) for name, value in {**of_all, **of_env}.items()})


def _checked(wishes: Mapping[str, str]) -> dict[str, str]:
    wrong = [f"{FILE} says {name!r}, which means nothing here." for name in wishes if name not in SAID]
    wrong += [f"{FILE} does not say `{name}`: {SAID[name]}." for name in NEEDED if not wishes.get(name)]
    wrong += [
        f"`{name}` in {FILE} is {value!r}, and should be {SAID[name]}."
        for name, value in wishes.items()
        if name in _SHAPES and not re.fullmatch(_SHAPES[name], value)
    ]
    if bool(wishes.get("googleClientId")) != bool(wishes.get("googleSecret")):
        wrong.append(f"{FILE} needs both googleClientId and googleSecret, or neither.")
    if wrong:
        raise DeployError("\n".join(wrong))
    return dict(wishes)
