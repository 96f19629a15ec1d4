"""What others know of good templates: cdk-nag, cfn-lint and parliament, over all stacks of both environments."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks

from infra.app import make_app
from infra.exceptions import LINT, NAG, Excepted
from infra.settings import ENVS
from infra.tests.templates import STACKS, Json, of_type, resolved, template

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks for its own files in an old way
    import parliament

Finding = tuple[str, str]
"""A rule, and where it says no, without the environment."""


def hold(found: Iterable[Finding], excepted: Sequence[Excepted]) -> None:
    """Everything found is excepted, and every exception is found."""
    findings = set(found)

    def covers(each: Excepted, finding: Finding) -> bool:
        return each.rule == finding[0] and fnmatchcase(finding[1], each.where)

    assert [finding for finding in sorted(findings) if not any(covers(each, finding) for each in excepted)] == []
    assert [each for each in excepted if not any(covers(each, finding) for finding in findings)] == []


def without_environment(name: str) -> str:
    for env in ENVS:
        name = name.removeprefix(f"aurora-{env}-")
    return name


def test_cdk_nag_says_nothing_that_is_not_excepted_with_its_reason(tmp_path: Path, package: Path) -> None:
    app = make_app(package, str(tmp_path))
    Validations.of(app).add_plugins(AwsSolutionsChecks())
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    report = json.loads((tmp_path / "validation-report.json").read_text())
    found = [
        (rule["ruleName"], without_environment(construct["constructPath"]))
        for plugin in report["pluginReports"]
        for rule in plugin["violations"]
        for construct in rule["violatingConstructs"]
    ]
    hold(found, NAG)


def test_cfn_lint_says_nothing_that_is_not_excepted_with_its_reason(assembly: Path) -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--format", "json"]
    files = sorted(str(each) for each in assembly.glob("*.template.json"))
    assert len(files) == len(ENVS) * len(STACKS)
    done = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    found = [
        (each["Rule"]["Id"], without_environment(Path(each["Filename"]).name.split(".")[0]))
        for each in json.loads(done.stdout)
    ]
    hold(found, LINT)


def documents(assembly: Path, env: str) -> dict[str, Json]:
    """Every policy of a role, with the names that CloudFormation would put into it."""
    stacks = {f"aurora-{env}-{name}": template(assembly, env, name) for name in STACKS}
    return {
        f"{name}/{logical}": resolved(each["Properties"]["PolicyDocument"], name, stacks)
        for name, stack in stacks.items()
        for logical, each in of_type(stack, "AWS::IAM::Policy").items()
    }


@pytest.mark.parametrize("env", ENVS)
def test_parliament_finds_nothing_in_the_policy_of_any_role(assembly: Path, env: str) -> None:
    found = {}
    for name, document in documents(assembly, env).items():
        analyzed = parliament.analyze_policy_string(json.dumps(document))
        if analyzed.findings:
            found[name] = [str(each) for each in analyzed.findings]
    assert found == {}
