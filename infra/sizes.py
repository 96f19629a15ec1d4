"""How large the home is made, and what it writes down of a request: what a bill depends on.

Without CDK, so that the cost model (tools/costs/) counts what is deployed.
"""

from __future__ import annotations

import json
from typing import Final

MEMORY_MB: Final = 1024
"""Of each function: more memory is more CPU, and a cold start is CPU."""
BATCH: Final = 10
"""Errands that one call of the reader gets at most."""
AT_ONCE: Final = 50
"""Batches of errands in hand at once; what SES takes a second is the tighter limit on most accounts."""
CANARY_EVERY: Final = 900
"""Seconds: each is paid for."""
ACCESS: Final = json.dumps(
    {
        "requestId": "$context.requestId",
        "route": "$context.routeKey",
        "method": "$context.httpMethod",
        "status": "$context.status",
        "milliseconds": "$context.responseLatency",
        "functionMilliseconds": "$context.integrationLatency",
    },
    separators=(",", ":"),
)
"""A line of the log for each request: no address, no token, no id of a thing. Its bytes are paid for."""
