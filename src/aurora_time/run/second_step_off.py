"""``aurora user second-step-off``: for who has lost the phone and the recovery codes, by the operator's word."""

from __future__ import annotations

import msgspec

from aurora_time.identity import accounts, second_factor
from aurora_time.ports import ConflictError
from aurora_time.run.control import OperatorError
from aurora_time.run.wiring import Home


class SecondStep(msgspec.Struct, frozen=True):
    """Whose it is."""

    email: str


class TurnedOff(msgspec.Struct, frozen=True, rename="camel"):
    was_on: bool


async def turn_off_second_step(home: Home, wanted: SecondStep) -> TurnedOff:
    """The password is enough from then on, and the owner is told by mail. Raises OperatorError, UnavailableError."""
    found = await accounts.find(home.provider, wanted.email)
    if found is None:
        raise OperatorError(f"{wanted.email} has no account here.")
    if found[0].factor is None:
        return TurnedOff(was_on=False)
    try:
        await second_factor.turn_off(home.provider, found)
    except ConflictError:
        raise OperatorError(f"The account of {wanted.email} is being changed just now; try again.") from None
    return TurnedOff(was_on=True)
