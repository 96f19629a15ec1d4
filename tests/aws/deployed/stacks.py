"""The stacks of one environment in the emulator, deployed as the CDK does: assets first, then stack by stack."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.aws.deployed.fitting import LEFT_OUT, fit
from tests.emulated import EmulatedAws

ACCOUNT = "111111111111"
_BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
_TEMPLATES = "cdk-templates"
_WITHIN = 120
"""Seconds for a stack."""


class StackFailedError(Exception):
    """With what CloudFormation says of it."""


@dataclass
class Stacks:
    """``assembly`` is the folder that the CDK wrote, ``env`` whose stacks of it are meant; ``public_url`` see fit()."""

    aws: EmulatedAws
    assembly: Path
    env: str
    public_url: str = ""
    outputs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.formation, self.s3 = self.aws.service("cloudformation"), self.aws.service("s3")

    @property
    def names(self) -> list[str]:
        """In the order in which they need each other, as the manifest has them."""
        manifest = json.loads((self.assembly / "manifest.json").read_text())["artifacts"]
        stacks = {name: each for name, each in manifest.items() if each["type"] == "aws:cloudformation:stack"}
        found: list[str] = []

        def add(name: str) -> None:
            for needed in stacks[name].get("dependencies", ()):
                if needed in stacks:
                    add(needed)
            if name not in found:
                found.append(name)

        for name in stacks:
            if name.startswith(f"aurora-{self.env}-") and name.rpartition("-")[2] not in LEFT_OUT:
                add(name)
        return found

    def deploy(self, names: Iterable[str] | None = None) -> None:
        """Raises StackFailedError."""
        self.aws.service("ssm").put_parameter(Name=_BOOTSTRAP, Value="30", Type="String", Overwrite=True)
        for name in names or self.names:
            self._upload(name)
            self._create(name)

    def _upload(self, name: str) -> None:
        assets = json.loads((self.assembly / f"{name}.assets.json").read_text())
        for asset in assets["files"].values():
            source = self.assembly / asset["source"]["path"]
            if source.is_dir():
                body = _zipped(source)
            elif source.name.endswith(".template.json"):
                continue  # handed over as a text
            else:
                body = source.read_bytes()
            for to in asset["destinations"].values():
                bucket = to["bucketName"].replace("${AWS::AccountId}", ACCOUNT).replace("${AWS::Region}", "eu-west-1")
                self._bucket(bucket)
                self.s3.put_object(Bucket=bucket, Key=to["objectKey"], Body=body)

    def _bucket(self, name: str) -> None:
        if name not in {each["Name"] for each in self.s3.list_buckets()["Buckets"]}:
            self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def _create(self, name: str) -> None:
        template = fit(json.loads((self.assembly / f"{name}.template.json").read_text()), self.public_url)
        self._bucket(_TEMPLATES)
        self.s3.put_object(Bucket=_TEMPLATES, Key=name, Body=json.dumps(template).encode())
        self.formation.create_stack(
            StackName=name,
            TemplateURL=f"{self.aws.url}/{_TEMPLATES}/{name}",  # it is longer than what a request may hold
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        stack = self._await(name, "CREATE_COMPLETE")
        self.outputs |= {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}

    def delete(self, name: str) -> None:
        """Raises StackFailedError."""
        self.formation.delete_stack(StackName=name)
        until = time.monotonic() + _WITHIN
        while time.monotonic() < until:
            found = self.formation.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
            if name in {each["StackName"] for each in found}:
                return
            time.sleep(0.1)
        raise StackFailedError(f"{name} is still there: {self.why(name)}")

    def _await(self, name: str, status: str) -> dict[str, Any]:
        until = time.monotonic() + _WITHIN
        while time.monotonic() < until:
            stack: dict[str, Any] = self.formation.describe_stacks(StackName=name)["Stacks"][0]
            if stack["StackStatus"] == status:
                return stack
            if not stack["StackStatus"].endswith("_IN_PROGRESS") or "ROLLBACK" in stack["StackStatus"]:
                break
            time.sleep(0.1)
        raise StackFailedError(f"{name} was not made: {self.why(name)}")

    def why(self, name: str) -> str:
        events = self.formation.describe_stack_events(StackName=name)["StackEvents"]
        failed = [each for each in events if "FAILED" in each["ResourceStatus"]]
        return "; ".join(f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason', '')}" for each in failed)

    def of_type(self, kind: str) -> list[str]:
        """The physical ids of all that the stacks made of a kind."""
        found = [each for name in self.names for each in self._resources(name)]
        return [each["PhysicalResourceId"] for each in found if each["ResourceType"] == kind]

    def _resources(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.formation.describe_stack_resources(StackName=name)["StackResources"]
        return found


def _zipped(folder: Path) -> bytes:
    """Stored only: the emulator unpacks it once for each process."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            archive.write(path, path.relative_to(folder))
    return made.getvalue()
