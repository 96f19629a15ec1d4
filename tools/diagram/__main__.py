"""Prints the picture of the home on AWS: docs/images/aws.svg."""

from __future__ import annotations

import sys
from typing import Final

from tools.diagram.drawing import Arrow, Box, drawing

_COLUMNS: Final = (20, 270, 510, 750, 970)

BOXES: Final = (
    Box("Browser", "the web app", _COLUMNS[0], 50, "outside"),
    Box("Script, CLI", "an API token", _COLUMNS[0], 150, "outside"),
    Box("Person's mailbox", "reminder, agenda", _COLUMNS[0], 440, "outside"),
    Box("CloudFront + S3", "or Amplify Hosting", _COLUMNS[1], 50),
    Box("API Gateway", "HTTP API", _COLUMNS[1], 150),
    Box("Cognito", "sign-in, tokens", _COLUMNS[1], 250),
    Box("SES", "mail, with its events", _COLUMNS[1], 440),
    Box("Lambda, 17 functions", "one a file of api/", _COLUMNS[2], 150),
    Box("Lambda: users", "words, move, deletion", _COLUMNS[2], 250),
    Box("Lambda: ring", "reminders and jobs", _COLUMNS[2], 440),
    Box("Lambda: feedback", "bounce, complaint", _COLUMNS[2], 550),
    Box("EventBridge Scheduler", "every minute", _COLUMNS[3], 345),
    Box("SQS", "held until due", _COLUMNS[3], 440),
    Box("Dead letters", "SQS, with an alarm", _COLUMNS[3], 550),
    Box("DynamoDB", "one table", _COLUMNS[4], 150, "data"),
    Box("Lambda: sweep", "what is due soon", _COLUMNS[4], 345),
    Box("CloudWatch", "logs, alarms, dashboard", _COLUMNS[4], 550),
)
ARROWS: Final = (
    Arrow("Browser", "CloudFront + S3"),
    Arrow("Browser", "API Gateway"),
    Arrow("Browser", "Cognito"),
    Arrow("Script, CLI", "API Gateway"),
    Arrow("API Gateway", "Lambda, 17 functions"),
    Arrow("Lambda, 17 functions", "DynamoDB"),
    Arrow("Cognito", "Lambda: users"),
    Arrow("Lambda: users", "DynamoDB"),
    Arrow("EventBridge Scheduler", "Lambda: sweep"),
    Arrow("Lambda: sweep", "DynamoDB", "tb"),
    Arrow("Lambda: sweep", "SQS", "br"),
    Arrow("SQS", "Lambda: ring", "lr"),
    Arrow("SQS", "Dead letters", "bt"),
    Arrow("Lambda: ring", "SES", "lr"),
    Arrow("SES", "Person's mailbox", "lr"),
    Arrow("SES", "Lambda: feedback", "bl"),
    Arrow("Lambda: ring", "DynamoDB", "tb"),
    Arrow("Dead letters", "CloudWatch"),
)
FRAMES: Final = (Box("AWS, one region (CloudFront: everywhere)", "1172,630", 250, 12),)


def main() -> None:
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # a stream of text
    sys.stdout.write(drawing("The home on AWS: what asks what", BOXES, ARROWS, FRAMES))


if __name__ == "__main__":
    main()
