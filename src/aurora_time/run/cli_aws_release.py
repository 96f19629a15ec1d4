"""``aurora aws release``: lets mails to an address through again that a home on AWS holds back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from aurora_time.run.cli_aws import Env, Region, Which, home

if TYPE_CHECKING:
    from aurora_time.adapters.aws_home import AwsHome


def release(
    email: Annotated[str, typer.Argument(help="Whose mails came back, or whose complaint was a mistake.")],
    env: Which = Env.prod,
    region: Region = None,
) -> None:
    """Let mails to an address through again in a home on AWS."""
    import asyncio

    from aurora_time.domain.mail_address import one_spelling
    from aurora_time.run.cli_show import good
    from aurora_time.run.mail_address import check_address

    check_address(one_spelling(email))
    with home(env, region) as asked:
        was_held = asyncio.run(let_go(asked, email))
    good(f"Mails go out to {email} again." if was_held else f"Mails to {email} were not held back.")


async def let_go(asked: AwsHome, email: str) -> bool:
    """Whether they were held; whatever was counted is forgotten."""
    from aurora_time.operations.suppression import find_held, let_through
    from aurora_time.run.cli_aws_invite import services_of

    async with services_of(asked, asked.told()) as services:
        held = await find_held(services, email)
        await let_through(services, email)
    return held is not None
