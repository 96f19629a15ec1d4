"""``aurora aws forget``: frees an address in a home on AWS whose owner signed up and never confirmed it."""

from __future__ import annotations

from typing import Annotated

import typer

from aurora_time.run.cli_aws import Env, Region, Which, home


def forget(
    email: Annotated[str, typer.Argument(help="Whose sign-up was never confirmed.")],
    env: Which = Env.prod,
    region: Region = None,
) -> None:
    """Free an address in a home on AWS with which somebody signed up and never confirmed it.

    Nobody who has an account is ever deleted by this: that is for its owner, in the app.
    """
    from aurora_time.run.cli_show import good
    from aurora_time.run.control import OperatorError

    with home(env, region) as asked:
        from aurora_time.adapters.aws_home import UNCONFIRMED

        found = asked.forget_unconfirmed(email)
    if not found:
        raise OperatorError(f"Nobody has signed up with {email}.")
    if found != UNCONFIRMED:
        raise OperatorError(
            f"{email} has an account ({found}), which is left alone: its owner closes it in the app, and replaces "
            "a lost password where one signs in."
        )
    good(f"{email} is free again: somebody signed up with it and never confirmed it.")
