"""The client of boto3 as one that Calls can ask, and what its errors mean."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from botocore.exceptions import (
    BotoCoreError,
    ChecksumError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    MetadataRetrievalError,
    NoAuthTokenError,
    NoCredentialsError,
    PartialCredentialsError,
    ProxyConnectionError,
    SSLError,
    SSOError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError

from aurora_time.adapters.dynamodb_items import Request
from aurora_time.adapters.dynamodb_troubles import Trouble, TroubleError, answered

CAUGHT: Final = (BotoCoreError, ClientError, ResponseParserError)
"""All that a call of boto3 raises that is not a mistake of ours in Python."""
Caught: TypeAlias = BotoCoreError | ClientError | ResponseParserError

_METHODS: Final = {
    "BatchGetItem": "batch_get_item",
    "BatchWriteItem": "batch_write_item",
    "GetItem": "get_item",
    "PutItem": "put_item",
    "Query": "query",
    "Scan": "scan",
    "TransactWriteItems": "transact_write_items",
}
_NO_CREDENTIALS: Final = (
    CredentialRetrievalError,
    MetadataRetrievalError,
    NoAuthTokenError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)
_NEVER_SENT: Final = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError)
_CUT_OFF: Final = (ChecksumError, HTTPClientError, ResponseParserError)


class Boto:
    """An Asked (see dynamodb_calls.py)."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401  boto3 makes its clients at run time
        self._client = client

    def ask(self, operation: str, request: Request) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._client, _METHODS[operation])(**request)
        except CAUGHT as error:
            raise TroubleError(understood(error)) from error
        return answer

    def close(self) -> None:
        self._client.close()


def understood(error: Caught) -> Trouble:
    """What to make of an error of boto3. Raises UnmetError; and the error itself if it is our own mistake."""
    if isinstance(error, ClientError):
        return answered(error.response, error)
    if isinstance(error, _NO_CREDENTIALS):
        return Trouble("refused", f"there are no usable credentials ({error})")
    if isinstance(error, _NEVER_SENT):
        return Trouble("unreachable", f"it cannot be reached ({error})")
    if isinstance(error, SSLError):  # a wrong certificate, or an end where none should be: then it was sent
        return Trouble("lost", f"it cannot be reached safely ({error})")
    if isinstance(error, _CUT_OFF):
        return Trouble("lost", "its answer did not arrive")
    raise error
