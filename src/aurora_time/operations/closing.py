"""Closing an account for good."""

from __future__ import annotations

from aurora_time.operations import erasing, jobs
from aurora_time.operations.errors import ChangedError, NotFoundError
from aurora_time.operations.services import Services
from aurora_time.operations.sign_ins import subjects_of
from aurora_time.ports import ConflictError
from aurora_time.store import keys


async def close_account(services: Services, person_id: str) -> None:
    """From now on nothing rings and no token, password or device is good; a job deletes all that is left.

    Raises NotFoundError when it is closed already.
    """
    for _ in range(5):
        (item,) = await services.table.get(keys.person(person_id))
        if item is None:
            raise NotFoundError
        names = await subjects_of(services, person_id)
        ends = erasing.tombstone(services, item, names)
        subjects = erasing.subjects_text(names, services.issuer)
        try:
            await jobs.start_with(services, person_id, erasing.DELETE_ACCOUNT, *ends, argument=subjects)
        except ConflictError:  # the settings or the address are being changed just now
            continue
        await erasing.sweep_tokens(services, person_id)
        services.writers.tell(person_id)
        return
    raise ChangedError("The account is being changed by somebody else all the time. Try again.")
