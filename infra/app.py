"""All stacks of all environments: ``python -m infra.app`` writes their templates, offline.

``-c`` of the CDK command line says what is one's own (see settings.py); ``AURORA_PACKAGE`` is a folder that holds the
package of the functions, made by tools/lambda_package.py. ``AURORA_ENV``: that environment alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import aws_cdk as cdk

from infra.settings import ENVS, Deployment, Env, read_deployment
from infra.stacks.account import AccountStack
from infra.stacks.amplify import AmplifyStack
from infra.stacks.app import AppStack, Below
from infra.stacks.budget import BudgetStack
from infra.stacks.data import DataStack
from infra.stacks.ops import OpsStack
from infra.stacks.web import WebStack
from tools.deploy.wishes import SAID


def make_app(
    package: Path, outdir: str | None = None, envs: Sequence[Env] = ENVS, said: Mapping[str, str] | None = None
) -> cdk.App:
    """The two environments share nothing but the code. ``said`` takes the place of CDK's context."""
    app = cdk.App(outdir=outdir, analytics_reporting=False)
    context = {name: str(value) for name in SAID if (value := app.node.try_get_context(name)) is not None}
    for env in envs:
        add_stacks(app, read_deployment(env, context if said is None else said), package)
    return app


def add_stacks(app: cdk.App, deployment: Deployment, package: Path) -> None:
    """In the order in which they are deployed; what an emulator may lack (Amplify, Budgets) stands by itself."""
    data = DataStack(app, deployment)
    account = AccountStack(app, deployment, data, package)
    below = Below(data, account)
    app_stack = AppStack(app, deployment, below, package)
    front = AmplifyStack if deployment.web.hosting == "amplify" else WebStack
    stacks = (
        data,
        account,
        app_stack,
        front(app, deployment, below, app_stack),
        OpsStack(app, deployment, app_stack),
        BudgetStack(app, deployment),
    )
    for stack in stacks:
        cdk.Tags.of(stack).add("project", "aurora-time")
        cdk.Tags.of(stack).add("env", deployment.env)


if __name__ == "__main__":
    _wanted = [each for each in ENVS if each == os.environ.get("AURORA_ENV", each)]
    make_app(Path(os.environ.get("AURORA_PACKAGE", "build/lambda")), envs=_wanted).synth()
