"""`make deploy ENV=dev`: looks whether all is ready, makes package, site and templates, deploys, and looks again.

Run by tools/aurora.py, which has made the environments ready.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import boto3

from tools import lambda_package
from tools.commands import INFRA
from tools.deploy.publish import publish
from tools.deploy.ready import NO_ROOM, check_table, dns_lines, has_room, look, wait_until_ours
from tools.deploy.smoke import settle, troubles
from tools.deploy.wishes import FILE, SAID, SWEEPS, DeployError, read_wishes
from tools.environment import ROOT, Environment, SetupError, say
from tools.site import lay_out
from tools.web_app import WebApp, WebAppError

BUILD: Final = ROOT / "build"
ENVS: Final = ("dev", "prod")
ONE_ACCOUNT: Final = (
    "dev and prod are in one account, and the workflow of `deliveredBy` deploys both: by CDK's roles, which know no "
    "environments, whoever may run it for dev can change prod without prod's reviewer. Give prod an account of its own "
    "(`account` under [prod]), or let GitHub's environments be used from main alone (docs/runbook.md)."
)
_TENTHS: Final = {"dev": 2, "prod": 8}
"""Of the mails a second that both may hand over, where they share them: what is tried out keeps nobody's reminders."""
_HASTE: Final = ("--ignore-scripts", "--no-audit", "--no-fund")


@dataclass(frozen=True)
class Deploying:
    """One environment of what is said in deploy.toml."""

    env: str
    wishes: Mapping[str, str]

    @cached_property
    def web_app(self) -> WebApp:
        return WebApp(ROOT)

    def client(self, service: str) -> Any:  # noqa: ANN401  boto3 makes its clients at run time
        return boto3.client(service, region_name=self.wishes["region"])

    def cdk(self, *words: str) -> None:
        """CDK's command line by our Node, with what its lock names. Raises DeployError."""
        infra = ROOT / "infra"
        command = infra / "node_modules" / "aws-cdk" / "bin" / "cdk"
        if not command.exists():
            self._call(self.web_app.npm("ci", *_HASTE), infra, "CDK's command line could not be fetched")
        node = self.web_app.npm()[0]
        self._call([node, str(command), *words], ROOT, "CDK did not do it")

    def synthesize(self) -> Path:
        """The templates of this environment."""
        out = BUILD / f"cdk-{self.env}"
        package = lambda_package.build(Environment(), BUILD / "lambda", here=False)
        told = {name: self.wishes[name] for name in SAID if name in self.wishes}
        more = {
            "AURORA_ENV": self.env,
            "AURORA_PACKAGE": str(package),
            "CDK_CONTEXT_JSON": json.dumps(told),
            "CDK_OUTDIR": str(out),
        }
        python = Environment(ROOT, INFRA).python
        self._call([str(python), "-m", "infra.app"], ROOT, "The templates could not be made", more)
        return out

    @property
    def shares_account(self) -> bool:
        """Whether dev and prod are in one account of AWS."""
        return self._is_in_both("account")

    @property
    def shares_mails(self) -> bool:
        """Whether what SES takes in a second is for dev and prod together: it is for all of an account and region."""
        return self._is_in_both("account", "region")

    def _is_in_both(self, *names: str) -> bool:
        """Not where the other one is not described yet."""
        try:
            wishes = [read_wishes(ROOT / FILE, env) for env in ENVS]
        except DeployError:
            return False
        return len({tuple(each[name] for name in names) for each in wishes}) == 1

    @property
    def domain(self) -> str:
        return self._below(self.wishes["domain"])

    @property
    def sender(self) -> str:
        """The domain that mails come from."""
        return self._below(self.wishes.get("mailDomain", self.wishes["domain"]))

    def _below(self, domain: str) -> str:
        return domain if self.env == "prod" else f"{self.env}.{domain}"

    def deploy(self, templates: Path, *which: str) -> dict[str, dict[str, str]]:
        """The outputs of each stack; ``which`` are names of stacks, without it all."""
        outputs = BUILD / f"outputs-{self.env}.json"
        always = ("--app", str(templates), "--require-approval", "never", "--outputs-file", str(outputs))
        self.cdk("deploy", *(which or ("--all",)), *always)
        read: dict[str, dict[str, str]] = json.loads(outputs.read_text(encoding="utf-8"))
        return read

    def _call(self, command: list[str], folder: Path, failed: str, more: Mapping[str, str] | None = None) -> None:
        environ = {**self.web_app.environ, "AWS_REGION": self.wishes["region"], **(more or {})}
        if subprocess.run(command, cwd=folder, env=environ, check=False).returncode:
            raise DeployError(f"{failed}; its words stand above.")


def main() -> int:
    words = argparse.ArgumentParser(prog="make deploy", description="A home on AWS (docs/runbook.md).")
    words.add_argument("--env", choices=ENVS, default="dev")
    words.add_argument("--bootstrap", action="store_true", help="prepare the account and region for CDK, once")
    words.add_argument("--another-table", action="store_true", help="let the functions change tables, after a restore")
    words.add_argument("--plan", action="store_true", help="only show what would change")
    asked = words.parse_args()
    try:
        deploying = Deploying(asked.env, read_wishes(ROOT / FILE, asked.env))
        if asked.bootstrap:
            deploying.web_app.install(dev=False)  # it brings Node, which CDK's command line needs
            deploying.cdk("bootstrap", f"aws://{deploying.wishes['account']}/{deploying.wishes['region']}")
            return 0
        return run(deploying, plan=asked.plan, another_table=asked.another_table)
    except (DeployError, SetupError, WebAppError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def run(deploying: Deploying, *, plan: bool, another_table: bool = False) -> int:
    notes, mails = look(deploying.wishes, deploying.client, f"aurora-{deploying.env}", deploying.sender)
    if not another_table:
        check_table(deploying.wishes, deploying.client, f"aurora-{deploying.env}")
    if "deliveredBy" in deploying.wishes and deploying.shares_account:
        notes.append(ONE_ACCOUNT)
    if mails:
        if deploying.shares_mails:
            mails = max(1, mails * _TENTHS[deploying.env] // 10)
        deploying = replace(deploying, wishes={"mailsASecond": str(mails), **deploying.wishes})
    if not has_room(deploying.client, f"aurora-{deploying.env}", int(deploying.wishes.get("sweeps", SWEEPS))):
        notes.append(NO_ROOM)
        deploying = replace(deploying, wishes={"sweeps": "0", **deploying.wishes})
    print(*notes, sep="\n", end="\n" if notes else "", flush=True)
    deploying.web_app.install(dev=False)
    templates = deploying.synthesize()
    if plan:
        deploying.cdk("diff", "--all", "--app", str(templates))
        return 0
    # The user pool is refused while SES does not know that its sender's domain is ours.
    deploying.deploy(templates, f"aurora-{deploying.env}-data")
    wait_until_ours(deploying.client("sesv2"), deploying.sender)
    outputs = deploying.deploy(templates)
    web = outputs.get(f"aurora-{deploying.env}-web")
    if web is None:
        return after_amplify(deploying, outputs[f"aurora-{deploying.env}-amplify"])
    return after_cloudfront(deploying, web)


def after_cloudfront(deploying: Deploying, web: Mapping[str, str]) -> int:
    """Put the web app's files where CloudFront finds them, and look."""
    site = BUILD / "site"
    lay_out(deploying.web_app, site)
    sent = publish(deploying.client("s3"), web["Bucket"], site, web["Config"])
    say(f"{sent} files of the web app were put into {web['Bucket']}.")
    found = settle(f"https://{web['Name']}", web["Config"])
    print(*found, sep="\n", end="\n" if found else "")
    say(f"\nIt answers at https://{web['Name']}/. Once, in the DNS of {deploying.wishes['domain']}:")
    say(f"  {deploying.domain}  CNAME (or ALIAS)  {web['Name']}")
    tell_of_mails(deploying)
    if not deploying.wishes.get("certificate"):
        say(
            f"{FILE} names no `certificate` yet: until then nobody can sign in at https://{deploying.domain}/ "
            "(docs/runbook.md)."
        )
    return 1 if found else 0


def after_amplify(deploying: Deploying, web: Mapping[str, str]) -> int:
    """Amplify builds and serves the web app by itself, once it is told to."""
    found = troubles(f"https://{web['Name']}", web["Config"])
    print(*found, sep="\n", end="\n" if found else "")
    say(f"\nAmplify serves the web app at https://{web['Name']}/. Its domain is added in Amplify's console.")
    tell_of_mails(deploying)
    if found:
        say(
            "It does not answer yet as it should. Amplify builds the web app from its repository: start that in its "
            "console (docs/runbook.md), then look again by `make deploy`."
        )
    return 1 if found else 0


def tell_of_mails(deploying: Deploying) -> None:
    """What the DNS must go on saying, which only the owner of the domain can."""
    for line in dns_lines(deploying.client("sesv2"), deploying.sender):
        say(line)


if __name__ == "__main__":
    sys.exit(main())
