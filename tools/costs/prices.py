"""Unit prices of AWS, us-east-1, in US dollars, as stored copies of public pages gave them on 29 November 2026.

No price list was asked, for want of a network. ``seen`` says how sure a price is: "list" was transcribed from AWS's
price list, "AWS" stood on a page of AWS, "others" on pages of at least two others that agree, "one" on one site only:
confirm those before you rely on them. A new price changes one line here, and ``make generate`` all that follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Final, Literal

READ_ON: Final = "29 November 2026"
REGION: Final = "us-east-1"

Seen = Literal["list", "AWS", "others", "one"]


@dataclass(frozen=True, slots=True)
class Price:
    """``tiers`` are (up to this quantity, dollars a unit), counted from zero; the first ``free`` units cost nothing,
    and take up the beginning of the first tier. ``free`` is for ever, not for the first year of an account.
    """

    service: str
    unit: str
    tiers: tuple[tuple[float, float], ...]
    free: float
    source: str
    seen: Seen


def flat(dollars: float) -> tuple[tuple[float, float], ...]:
    """One price, however much."""
    return ((inf, dollars),)


MILLION: Final = 1e6
_LITE: Final = ((1e5, 0.0055), (MILLION, 0.0046), (inf, 0.00325))
_HTTP: Final = ((3e8, 1 / MILLION), (inf, 0.9 / MILLION))
_OUT: Final = ((10_240, 0.09), (51_200, 0.085), (153_600, 0.07), (inf, 0.05))
_EDGE: Final = ((10_240, 0.085), (51_200, 0.08), (153_600, 0.06), (512_000, 0.04), (inf, 0.03))
_DYNAMO: Final = "airbyte.com, 21 July 2025, and as it was before: halved in November 2024"
_COGNITO: Final = "api-evangelist/amazon-cognito, from aws.amazon.com/cognito/pricing on 20 September 2026"
_SES: Final = "api-evangelist/amazon-ses, AWS's price list of 22 July 2026"
_LAMBDA: Final = "api-evangelist/aws-lambda, 20 September 2026; artillery 2.0.28 prices.js; git.mcrn.ar, 11 May 2026"
_SNAP: Final = "awsnegotiations.com, two pages, May 2026"
_WATCH: Final = "aws.amazon.com/cloudwatch/pricing (free tier); factualminds.com, June 2026; signoz.io; c3x.dev"
_QUEUE: Final = "cloudburn.io, 14 March 2026; factualminds.com, 13 June 2026"
_GATE: Final = "AWS whitepaper on private APIs; apigatewaycost.com; awsforengineers.com, 19 May 2025"
_CLOCK: Final = "cloudburn.io, 13 March 2026; awsnegotiations.com, May 2026"
_NET: Final = "leanopstech.com, 27 April 2026; wring.co; egresscost.com"
_FRONT: Final = "aws.amazon.com/cloudfront/pricing; wring.co"
_EDGE_FUNCTION: Final = "awsnegotiations.com, two pages; cur.vantage.sh"

PRICES: Final[dict[str, Price]] = {
    "wru": Price("DynamoDB", "write unit", flat(0.625 / MILLION), 0, _DYNAMO, "one"),
    "rru": Price("DynamoDB", "read unit", flat(0.125 / MILLION), 0, _DYNAMO, "one"),
    "stored": Price("DynamoDB", "GB stored", flat(0.25), 25, "aws.amazon.com/dynamodb/pricing", "AWS"),
    "recovery": Price("DynamoDB", "GB under recovery", flat(0.20), 0, "finops.com.py; gist allenheltondev", "others"),
    "requests": Price("Lambda", "request", flat(0.20 / MILLION), MILLION, _LAMBDA, "AWS"),
    "compute": Price("Lambda", "GB-second (arm64)", flat(0.0000133334), 400_000, _LAMBDA, "others"),
    "snapshot": Price("Lambda", "GB-second of a kept snapshot", flat(0.0000015046), 0, _SNAP, "one"),
    "restored": Price("Lambda", "GB restored", flat(0.0001397998), 0, _SNAP, "one"),
    "http": Price("API Gateway", "HTTP API request (512 kB)", _HTTP, 0, _GATE, "AWS"),
    "queue": Price("SQS", "request (64 kB)", flat(0.40 / MILLION), MILLION, _QUEUE, "others"),
    "clock": Price("EventBridge Scheduler", "invocation", flat(1 / MILLION), 14 * MILLION, _CLOCK, "others"),
    "lite": Price("Cognito", "monthly user, Lite", _LITE, 10_000, _COGNITO + "; above 1,000,000: stacktape", "AWS"),
    "essentials": Price("Cognito", "monthly user, Essentials", flat(0.015), 10_000, _COGNITO, "AWS"),
    "plus": Price("Cognito", "monthly user, Plus", flat(0.02), 0, _COGNITO, "AWS"),
    "mail": Price("SES", "mail, à la carte", flat(0.10 / 1000), 0, _SES, "list"),
    "mail_essentials": Price(
        "SES", "mail, Essentials", ((1e7, 0.00016), (1e8, 0.00014), (inf, 0.00011)), 0, _SES, "list"
    ),
    "mail_pro": Price("SES", "mail, Pro", ((1e7, 0.00022), (1e8, 0.00017), (inf, 0.00012)), 0, _SES, "list"),
    "pro_plan": Price("SES", "month of Pro", flat(105), 0, _SES, "list"),
    "logs": Price("CloudWatch", "GB of logs taken in", flat(0.50), 5, _WATCH, "AWS"),
    "metrics": Price("CloudWatch", "metric of our own", flat(0.30), 10, _WATCH, "AWS"),
    "alarms": Price("CloudWatch", "alarm", flat(0.10), 10, _WATCH, "AWS"),
    "out": Price("Data transfer", "GB out", _OUT, 100, _NET, "others"),
    "edge": Price("CloudFront", "GB out", _EDGE, 1024, _FRONT, "AWS"),
    "edge_requests": Price("CloudFront", "HTTPS request", flat(1 / MILLION), 1e7, _FRONT, "AWS"),
    "edge_function": Price("CloudFront", "function call", flat(0.1 / MILLION), 2e6, _EDGE_FUNCTION, "others"),
    "files": Price("S3", "GB stored", flat(0.023), 0, "gist allenheltondev; cloudburn.io", "others"),
}
"""By the name by which the bill asks for it."""
