"""Clients of the services beside DynamoDB, as boto3 finds region, credentials and endpoint."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config


def make_client(service: str, *, tries: int) -> Any:  # noqa: ANN401  boto3 makes its clients at run time
    """More than one try only for what may safely be done twice."""
    retries = {"total_max_attempts": tries, "mode": "standard"}
    return boto3.client(service, config=Config(connect_timeout=1, read_timeout=5, retries=retries))
