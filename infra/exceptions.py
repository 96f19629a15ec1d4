"""Where a check of the templates says no and we do so all the same: each with its reason, all of them here.

An exception that no check speaks of any more fails, as what is not excepted does (infra/tests/test_checks.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from infra.settings import ENVS


@dataclass(frozen=True, slots=True)
class Excepted:
    """``where`` is a pattern (fnmatch) of what the check names, without the environment: a construct's path for
    cdk-nag, a stack for cfn-lint.
    """

    rule: str
    where: str
    because: str


NAG: Final = (
    Excepted(
        "AwsSolutions-APIG4",
        "app/Api/ANY--*/Resource",
        "The functions verify every token themselves: the gateway's authorizer cannot take API tokens, and some paths "
        "answer anybody. What is for browsers alone has the authorizer.",
    ),
    Excepted(
        "AwsSolutions-IAM5[Resource::*]",
        "*Policy/Resource",
        "X-Ray's two actions, which have no resource of their own. Tests hold every other statement to its resources.",
    ),
    *(
        Excepted(
            f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::aurora-{env}-answers-111111111111/answers/*]",
            "app/*Policy/Resource",
            "Each answer lies under a name of its own that nobody can guess; putting is all that the role may do.",
        )
        for env in ENVS
    ),
    Excepted(
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:eu-west-1:111111111111:identity/*]",
        "app/RingPolicy/Resource",
        "In its sandbox SES asks about the identity of who gets a mail, too. The condition names our one address.",
    ),
    Excepted(
        "AwsSolutions-SQS3",
        "app/Unheard/Resource",
        "It is a dead-letter queue itself, of a function and not of a queue.",
    ),
    Excepted(
        "AwsSolutions-L1",
        "*/Resource",
        "Lambda's Python is the one that made the package, or 3.12: its compiled files are shipped (0021).",
    ),
    Excepted(
        "AwsSolutions-COG1",
        "account/People/Resource",
        "Twelve characters of any kind, as NIST SP 800-63B advises: rules on kinds make worse passwords.",
    ),
    Excepted(
        "AwsSolutions-COG2", "account/People/Resource", "A second factor is for who wants one, as in the other home."
    ),
    Excepted(
        "AwsSolutions-COG8",
        "account/People/Resource",
        "The plan Plus has no free tier and is 2 cents a person: more than all the rest (0022). -c cognitoPlan=PLUS.",
    ),
    Excepted(
        "AwsSolutions-S1",
        "web/Files/Resource",
        "It holds files that everybody may read, and only CloudFront reads them.",
    ),
    Excepted(
        "AwsSolutions-S1",
        "web/Answers/Resource",
        "A log of it would hold the addresses of answers, which are secrets for some minutes.",
    ),
    Excepted("AwsSolutions-CFR1", "web/Front/Resource", "People have their calendars wherever they travel."),
    Excepted(
        "AwsSolutions-CFR2",
        "web/Front/Resource",
        "WAF is $5 a month and more, for a home that idles at ten cents; the stage throttles. An operator may add it.",
    ),
    Excepted(
        "AwsSolutions-CFR3",
        "web/Front/Resource",
        "Its log would hold everybody's address. Requests are counted by the gateway's log, without addresses.",
    ),
    Excepted(
        "AwsSolutions-CFR4",
        "web/Front/Resource",
        "Only while there is no certificate: CloudFront's own name decides that by itself. With one it is TLS 1.2.",
    ),
)
LINT: Final = (
    Excepted(
        "W3005", "account", "CDK writes out a dependency that the reference to the role implies: one for each function."
    ),
    Excepted("W3005", "app", "As in account."),
    Excepted(
        "W6001", "web", "The app's configuration is an output made of other stacks' names, and is to be one text."
    ),
)
