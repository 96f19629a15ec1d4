"""All stacks of all environments: ``python -m infra.app`` writes their templates, offline.

``-c`` of the CDK command line says what is one's own (see settings.py); ``AURORA_PACKAGE`` is a folder that holds the
package of the functions, made by tools/lambda_package.py.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import aws_cdk as cdk

from infra.settings import ENVS, Deployment, Env, read_deployment
from infra.stacks.app import AppStack
from infra.stacks.data import DataStack
from infra.stacks.ops import OpsStack

_CONTEXT = ("account", "region", "domain", "mailDomain", "alarmsTo", "monthlyBudget", "cognitoPlan")


def make_app(package: Path, outdir: str | None = None, envs: Sequence[Env] = ENVS) -> cdk.App:
    """The two environments share nothing but the code."""
    app = cdk.App(outdir=outdir, analytics_reporting=False)
    said = {name: str(value) for name in _CONTEXT if (value := app.node.try_get_context(name)) is not None}
    for env in envs:
        add_stacks(app, read_deployment(env, said), package)
    return app


def add_stacks(app: cdk.App, deployment: Deployment, package: Path) -> None:
    data = DataStack(app, deployment, package)
    app_stack = AppStack(app, deployment, data, package)
    ops = OpsStack(app, deployment, app_stack)
    for stack in (data, app_stack, ops):
        cdk.Tags.of(stack).add("project", "aurora-time")
        cdk.Tags.of(stack).add("env", deployment.env)


if __name__ == "__main__":
    make_app(Path(os.environ.get("AURORA_PACKAGE", "build/lambda"))).synth()
