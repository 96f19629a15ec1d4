"""Free/busy: when you are busy, without what with."""

from __future__ import annotations

from aurora_time.api.parameters import read_window
from aurora_time.domain.moment import Window
from aurora_time.http.endpoint import Reply, Request, Shape, endpoint, json_reply
from aurora_time.http.problem import INVALID, TOO_LARGE
from aurora_time.operations.drafts import read_zone
from aurora_time.operations.errors import InvalidError
from aurora_time.operations.free_busy import Times
from aurora_time.operations.free_busy import query_free_busy as busy_of
from aurora_time.operations.people import read_person
from aurora_time.operations.schedule_resources import FreeBusyInput, FreeBusyResource, busy_value
from aurora_time.operations.services import Services


@endpoint(
    "POST",
    "/v1/free-busy",
    needs=("person: get", "calendar: query", "time: query", "object: get"),
    scope="schedules:read",
    shape=Shape(body=FreeBusyInput, answer=FreeBusyResource, problems=(INVALID, TOO_LARGE)),
)
async def query_free_busy(services: Services, request: Request) -> Reply:
    """Ask when you are busy. Tentative events are `BUSY-TENTATIVE`; transparent and cancelled ones take no time."""
    body: FreeBusyInput = request.body
    person, _ = await read_person(services, request.caller.person_id)
    home = read_zone(body.time_zone, "/timeZone") if body.time_zone else person.home
    try:
        window = read_window(body.from_, body.to, home) or Window(0, 0)
    except InvalidError as error:
        raise InvalidError(f"/{error.pointer.lstrip('?')}", str(error)) from None
    busy = await busy_of(services, Times(person.id, window, home), body.calendar_ids)
    return json_reply(FreeBusyResource([busy_value(each) for each in busy]))
