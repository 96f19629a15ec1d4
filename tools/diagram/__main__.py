"""Prints the picture of the home on AWS: docs/images/aws.svg."""

from __future__ import annotations

import sys
from typing import Final

from aurora_time.aws.functions import functions
from tools.diagram.drawing import Arrow, Box, Flow, Frame, Picture, drawing

ALL: Final = len(functions())
OF_API: Final = sum(each.module == "rest" for each in functions())
API: Final = f"API: {OF_API} functions"
_OUTSIDE, _FRONT, _MIDDLE, _LAMBDA, _QUEUES, _DATA = 98, 322, 546, 790, 1016, 1200
"""The columns, by their middles."""
_TOP, _REQUEST, _PAGES, _SIGN_IN, _SWEEP, _RING, _FEEDBACK, _LOST = 88, 192, 276, 360, 444, 528, 612, 678
"""The rows."""

BOXES: Final = (
    Box("Browser", "app, links of mails", _OUTSIDE, _REQUEST, "outside"),
    Box("Script, CLI", "an API token", _OUTSIDE, _PAGES, "outside"),
    Box("Mailbox", "of the person", _OUTSIDE, _RING, "outside"),
    Box("CloudFront", "the one address", _FRONT, _REQUEST),
    Box("Amplify Hosting", "in CloudFront's place", _FRONT, _PAGES, "instead"),
    Box("S3: web app", "its files", _MIDDLE, _TOP, "data"),
    Box("S3: answers", "too large, for a day", _LAMBDA, _TOP, "data"),
    Box("API Gateway", "HTTP API", _MIDDLE, _REQUEST),
    Box("Cognito", "accounts, tokens", _MIDDLE, _SIGN_IN),
    Box("Scheduler", "EventBridge", _MIDDLE, _SWEEP),
    Box("SES", "mails", _MIDDLE, _RING),
    Box("SNS", "what became of a mail", _MIDDLE, _FEEDBACK),
    Box(API, "one a file of api/", _LAMBDA, _REQUEST),
    Box("pages", "for strangers", _LAMBDA, _PAGES),
    Box("users", "triggers of the pool", _LAMBDA, _SIGN_IN),
    Box("sweep", "what is due soon", _LAMBDA, _SWEEP),
    Box("ring", "reminders and jobs", _LAMBDA, _RING),
    Box("feedback", "holds addresses", _LAMBDA, _FEEDBACK),
    Box("Errands", "SQS, until due", _QUEUES, (_SWEEP + _RING) // 2, width=140, height=48),
    Box("Dead letters", "SQS, after 5 tries", _QUEUES, (_RING + _FEEDBACK) // 2, width=140, height=48),
    Box("Unheard", "SQS, after 3 tries", _QUEUES, _LOST, width=140, height=48),
    Box("DynamoDB", "one table", _DATA, (_REQUEST + _FEEDBACK) // 2, "data", 120, _FEEDBACK - _REQUEST + 52),
    Box("CloudWatch", "logs, alarms", _DATA, _LOST, width=120, height=48),
)


def _to_table(start: str, flow: str, sign: str, row: int) -> Arrow:
    """Straight from its row."""
    return Arrow(start, "DynamoDB", flow, sign, into=row - (_REQUEST + _FEEDBACK) // 2, share=0.25)


ARROWS: Final = (
    Arrow("Browser", "CloudFront", "request", "A1"),
    Arrow("Script, CLI", "CloudFront", "request", "A1", out=-12, into=14, via=226, on=1),
    Arrow("Browser", "Amplify Hosting", out=10, into=12, via=208, instead=True),
    Arrow("Amplify Hosting", "API Gateway", into=14, instead=True),
    Arrow("CloudFront", "S3: web app", "request", "A2", out=-12),
    Arrow("CloudFront", "API Gateway", "request", "A3"),
    Arrow("API Gateway", API, "request", "A4", on=0),
    Arrow("API Gateway", "pages", "request", "A4", out=14, via=648, on=1),
    _to_table(API, "request", "A5", _REQUEST),
    _to_table("pages", "request", "A5", _PAGES),
    Arrow(API, "Errands", "request", "A6", "rt", out=16, on=1, share=0.46),
    Arrow("pages", "Errands", "request", "", "rt", out=16),
    Arrow(API, "S3: answers", "request", "A7", "tb", out=66, into=66, share=0.65),
    Arrow("CloudFront", "S3: answers", "request", "A7", "tt", via=46),
    Arrow("Browser", "Cognito", "sign-in", "B1", out=18, into=-8, via=190, on=2),
    Arrow("Cognito", "users", "sign-in", "B2", both=True),
    _to_table("users", "sign-in", "B3", _SIGN_IN),
    Arrow("Cognito", "SES", "sign-in", "B4", "ll", out=12, into=-12, via=446),
    Arrow(API, "Cognito", "sign-in", "B5", "lr", out=14, into=-14, via=684, on=1, share=0.3),
    Arrow("API Gateway", "Cognito", "sign-in", "B6", "bt"),
    Arrow("ring", "Cognito", "sign-in", "B7", "lr", out=-14, into=14, via=664, on=1, share=0.75),
    Arrow("Scheduler", "sweep", "reminder", "C1", share=0.22),
    _to_table("sweep", "reminder", "C2", _SWEEP),
    Arrow("sweep", "Errands", "reminder", "C3", out=14, into=-12, via=894, on=2),
    Arrow("Errands", "ring", "reminder", "C4", "lr", out=12, into=-14, via=894, on=0, both=True),
    _to_table("ring", "reminder", "C5", _RING),
    Arrow("ring", "SES", "reminder", "C6", "lr"),
    Arrow("SES", "Mailbox", "reminder", "C7", "lr"),
    Arrow("SES", "SNS", "reminder", "C8", "bt"),
    Arrow("SNS", "feedback", "reminder", "C9"),
    _to_table("feedback", "reminder", "C10", _FEEDBACK),
    Arrow("Errands", "Dead letters", sides="bt"),
    Arrow("feedback", "Unheard", out=14),
    Arrow("Dead letters", "CloudWatch", into=-10, via=1112),
    Arrow("Unheard", "CloudWatch", out=10, into=10),
)
FRAMES: Final = (
    Frame("AWS, one region (CloudFront: everywhere)", 236, 12, 1268, 714),
    Frame(f"Lambda: {ALL} functions", 702, 142, 878, 652),
)
FLOWS: Final = (
    Flow("request", "A: a request", {
        "A1": "browsers and scripts ask one address",
        "A2": "the web app's files",
        "A3": "everything else",
        "A4": "the function of the path, which verifies the token",
        "A5": "reads, and one transaction",
        "A6": "a hint, where something is due soon",
        "A7": "an answer too large is laid there; a 303 leads to it",
    }),
    Flow("sign-in", "B: signing in", {
        "B1": "code with PKCE; forms for password and address",
        "B2": "who may come, who moves in, the words of mails",
        "B3": "the person is made, or linked",
        "B4": "codes by mail",
        "B5": "keys of tokens, userinfo; signing out everywhere",
        "B6": "the gateway verifies the token of /v1/sessions",
        "B7": "who closed the account is deleted there",
    }),
    Flow("reminder", "C: a reminder", {
        "C1": "each minute",
        "C2": "what is due within 150 seconds",
        "C3": "an errand for each, held until its second",
        "C4": "is rung; of a job the next page comes back",
        "C5": "event and person read anew; sending, then sent",
        "C6": "the mail",
        "C7": "arrives, as do the codes",
        "C8": "or comes back, or brings a complaint",
        "C9": "which is told",
        "C10": "and noted: the address is held, the reminder failed",
    }),
)  # fmt: skip
PICTURE: Final = Picture("The home on AWS: what asks what", BOXES, ARROWS, FRAMES, FLOWS, 742)


def main() -> None:
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a stream of text
    sys.stdout.write(drawing(PICTURE))


if __name__ == "__main__":
    main()
