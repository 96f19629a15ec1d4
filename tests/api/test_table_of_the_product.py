"""The table of the API as it was promised: every resource, its methods, and the parameters that belong to them."""

from __future__ import annotations

import pytest

from aurora_time.api import ENDPOINTS
from aurora_time.run.openapi import document, get_openapi

TABLE = """
/v1/me                                              GET PATCH DELETE
/v1/calendars                                       GET POST
/v1/calendars/{calendarId}                          GET PATCH DELETE
/v1/events                                          GET POST
/v1/events/{eventId}                                GET PUT PATCH DELETE
/v1/events/{eventId}/restore                        POST
/v1/trash                                           GET
/v1/events/{eventId}/occurrences                    GET
/v1/events/{eventId}/occurrences/{recurrenceId}     GET PATCH DELETE
/v1/quick-add                                       POST
/v1/reminder-rules                                  GET POST
/v1/reminder-rules/{ruleId}                         GET PATCH DELETE
/v1/reminder-rules/{ruleId}/preview                 GET
/v1/reminders                                       GET POST
/v1/reminders/{reminderId}                          GET PATCH DELETE
/v1/reminders/{reminderId}/snooze                   POST
/v1/reminders/{reminderId}/dismiss                  POST
/v1/schedules                                       GET POST
/v1/schedules/{scheduleId}                          GET PATCH DELETE
/v1/schedules/{scheduleId}/slots                    GET
/v1/schedules/{scheduleId}/bookings                 GET POST
/v1/schedules/{scheduleId}/bookings/{bookingId}     GET DELETE
/v1/tasks                                           GET POST
/v1/tasks/{taskId}                                  GET PATCH DELETE
/v1/free-busy                                       POST
/v1/changes                                         GET
/v1/import                                          POST
/v1/export                                          GET
/v1/tokens                                          GET POST
/v1/tokens/{tokenId}                                GET DELETE
/v1/sessions                                        GET
/v1/sessions/{sessionId}                            GET DELETE
/v1/openapi.json                                    GET
/healthz                                            GET
/readyz                                             GET
/metrics                                            GET
"""
PARAMETERS = {
    "listEvents": {"from", "to", "calendarId", "q", "expand", "limit", "cursor"},
    "listOccurrences": {"from", "to"},
    "updateOccurrence": {"scope"},
    "deleteOccurrence": {"scope"},
    "listReminders": {"from", "to", "status"},
    "listSlots": {"from", "to", "minutes"},
    "listChanges": {"since"},
}
FIELDS = {
    "quickAdd": {"text", "timeZone", "dryRun"},
    "queryFreeBusy": {"from", "to", "calendarIds", "timeZone"},
    "snoozeReminder": {"minutes", "until"},
    "createReminder": {"eventId", "at", "text"},
}
DECLARED = {each.operation_id: each for each in (*ENDPOINTS, get_openapi)}


@pytest.mark.parametrize("line", TABLE.strip().splitlines(), ids=lambda line: line.split()[0])
def test_a_resource_has_its_methods(line: str) -> None:
    path, *methods = line.split()
    assert {each.method for each in DECLARED.values() if each.path == path} >= set(methods)


@pytest.mark.parametrize("name", PARAMETERS)
def test_an_operation_takes_its_parameters(name: str) -> None:
    told = document()["paths"][DECLARED[name].path][DECLARED[name].method.lower()]["parameters"]
    assert {each["name"] for each in told if each["in"] == "query"} >= PARAMETERS[name]


@pytest.mark.parametrize("name", FIELDS)
def test_a_body_takes_its_fields(name: str) -> None:
    assert set(DECLARED[name].shape.body.__struct_encode_fields__) >= FIELDS[name]
