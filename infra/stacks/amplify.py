"""The alternative to web.py: Amplify Hosting builds the app from its repository by amplify.yml, and serves it.

Which repository is said in Amplify's console: with one, the app would have to be made with a token of its owner.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_amplify as amplify
from constructs import Construct

from aurora_time.aws.functions import functions
from aurora_time.http.web_app import MEDIA_TYPES
from infra.settings import Deployment, environment
from infra.stacks.app import AppStack, Below
from infra.stacks.told import headers, told

BUILD: Final = Path(__file__).resolve().parents[2] / "amplify.yml"
_HSTS: Final = {"Strict-Transport-Security": "max-age=31536000"}


class AmplifyStack(cdk.Stack):
    def __init__(self, scope: Construct, deployment: Deployment, below: Below, app: AppStack) -> None:
        super().__init__(scope, f"{deployment.prefix}-amplify", env=environment(deployment))
        self.add_stack_dependency(app)
        api = f"https://{app.api.api_id}.execute-api.{self.region}.{self.url_suffix}"
        self.app = amplify.CfnApp(
            self,
            "App",
            name=deployment.prefix,
            platform="WEB",
            build_spec=BUILD.read_text(encoding="utf-8"),
            custom_headers=_custom_headers(deployment),
            custom_rules=_rules(api),
            environment_variables=[
                amplify.CfnApp.EnvironmentVariableProperty(name="AURORA_CONFIG", value=self.to_json_string(told(below)))
            ],
        )
        amplify.CfnBranch(
            self,
            "Main",
            app_id=self.app.attr_app_id,
            branch_name="main",
            stage="PRODUCTION" if deployment.keeps_data else "DEVELOPMENT",
            enable_auto_build=False,
        )
        cdk.CfnOutput(self, "Name", value=f"main.{self.app.attr_default_domain}")
        cdk.CfnOutput(self, "Config", value=self.to_json_string(told(below)))


def _custom_headers(deployment: Deployment) -> str:
    """JSON is YAML, too. The files say nothing of their own here, so how long they may be kept stands here as well."""
    page = {**headers(deployment), **_HSTS, "Cache-Control": "no-cache"}
    assets = {"Cache-Control": "public, max-age=31536000, immutable"}
    return json.dumps({"customHeaders": [_pattern("**/*", page), _pattern("/app/assets/*", assets)]}, indent=1)


def _pattern(pattern: str, those: dict[str, str]) -> dict[str, object]:
    return {"pattern": pattern, "headers": [{"key": name, "value": value} for name, value in those.items()]}


def _of_api() -> list[str]:
    """The addresses that functions answer: those that are whole, and with which the others begin."""
    paths = [path for each in functions() for path in each.paths]
    return sorted({path if path.count("/") == 1 else f"/{path.split('/')[1]}/<*>" for path in paths})


def _rules(api: str) -> list[amplify.CfnApp.CustomRuleProperty]:
    """The first that fits counts: the app's own addresses lead to its page, what is no file to the API."""
    endings = "|".join(each[1:] for each in MEDIA_TYPES)
    rules = (
        ("/", "/app/", "302"),
        ("/app", "/app/", "302"),
        (f"</^/app/(?!.*\\.({endings})$).*$/>", "/app/index.html", "200"),
        *((path, f"{api}{path}", "200") for path in _of_api()),
    )
    return [amplify.CfnApp.CustomRuleProperty(source=source, target=to, status=how) for source, to, how in rules]
