"""Starts the emulator with the names of AWS around it, and deploys a home there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.aws.deployed.home import Home, domain_of
from tests.aws.deployed.names import API, names_of_aws
from tests.aws.deployed.stacks import ACCOUNT, Stacks
from tests.emulated import EmulatedAws, emulated_aws, free_port


@contextlib.contextmanager
def deployed_home(
    folder: Path, assembly: Path, env: str, told: Mapping[str, str] = {}, public_url: str = ""
) -> Iterator[Home]:
    """``told`` is what the functions find in their environment beside what the templates say; a ``public_url`` is what
    they call the home instead.
    """
    aws = EmulatedAws(free_port(), ACCOUNT)
    with (
        names_of_aws(folder, aws.port, domain_of(env)) as names,
        emulated_aws(folder, aws, {"MINISTACK_ACCOUNT_ID": ACCOUNT, **names.environ, **told}),
    ):
        stacks = Stacks(aws, assembly, env, public_url)
        stacks.deploy()
        home = Home(aws, stacks, names)
        names.network.front, names.network.api = home.front, f"{home.api}{API}"
        yield home
