"""Starts the emulator with the names of AWS around it, and deploys a home there."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.aws.deployed.home import Home, domain_of
from tests.aws.deployed.names import API, names_of_aws
from tests.aws.deployed.stacks import ACCOUNT, Stacks
from tests.emulated import EmulatedAws, emulated_aws, free_port

EMULATOR = Path(__file__).with_name("emulator")
ALWAYS = tuple(EMULATOR / f"{name}.py" for name in ("unpacked", "sign_up", "sign_up_pages", "change_address"))
ASSEMBLY = "AURORA_ASSEMBLY"
"""What the environment calls the folder with the templates: make test-aws makes it, the functions' package in it."""


@contextlib.contextmanager
def deployed_home(
    folder: Path, env: str, public_url: str = "", told: Mapping[str, str] = {}, first: Sequence[Path] = ()
) -> Iterator[Home]:
    """``told`` is what the functions find in their environment beside what the templates say; a ``public_url`` is what
    they call the home instead. ``first`` is run in the emulator before it starts, after what every home has.
    """
    aws = EmulatedAws(free_port(), ACCOUNT)
    with (
        names_of_aws(folder, aws.port, domain_of(env)) as names,
        emulated_aws(folder, aws, {"MINISTACK_ACCOUNT_ID": ACCOUNT, **names.environ, **told}, [*ALWAYS, *first]),
    ):
        stacks = Stacks(aws, Path(os.environ[ASSEMBLY]), env, public_url)
        stacks.deploy()
        home = Home(aws, stacks, names)
        names.network.front, names.network.api = home.front, f"{home.api}{API}"
        yield home
