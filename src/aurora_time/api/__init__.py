"""The REST API. One file is one OpenAPI tag, and on AWS one Lambda function with one role."""

from __future__ import annotations

from typing import Final

from aurora_time.api import account, calendars, events, reminders, system
from aurora_time.http.endpoint import Endpoint, endpoints_of

ENDPOINTS: Final[tuple[Endpoint, ...]] = tuple(endpoints_of(events, calendars, reminders, account, system))
