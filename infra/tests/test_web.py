"""What browsers get on AWS is what they get from the server of one machine: files, headers, and one address."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from aurora_time.http.page import HEADERS
from aurora_time.http.web_app import MEDIA_TYPES, Config, policy
from infra.app import make_app
from infra.settings import ENVS
from infra.stacks import web
from infra.tests.templates import STACKS, Json, client, functions_of, of_type, only, policy_of, template

PATHS = (Path(web.__file__).with_name("paths.js")).read_text()
_SECURITY = {"ContentTypeOptions", "FrameOptions", "ReferrerPolicy", "ContentSecurityPolicy", "StrictTransportSecurity"}


def sent(properties: Json) -> dict[str, str]:
    """The headers of a response headers policy, by their names."""
    config = properties["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    assert set(security) == _SECURITY
    assert all(each["Override"] for each in security.values())
    made = {each["Header"]: each["Value"] for each in config["CustomHeadersConfig"]["Items"]}
    return made | {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        "Content-Security-Policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
    }


@pytest.mark.parametrize("env", ENVS)
def test_the_pages_have_the_headers_of_the_server_of_one_machine(assembly: Path, env: str) -> None:
    found = sent(only(template(assembly, env, "web"), "AWS::CloudFront::ResponseHeadersPolicy"))
    pool = "https://cognito-idp.eu-west-1.amazonaws.com"
    pages = f"https://aurora-{env}-111111111111.auth.eu-west-1.amazoncognito.com"
    kept = {name: value for name, value in HEADERS.items() if name != "Cache-Control"}
    assert found == {**kept, "Content-Security-Policy": policy(pool, pages)}


def test_the_buckets_are_read_by_the_distribution_alone(assembly: Path) -> None:
    stack = template(assembly, "prod", "web")
    buckets, policies = (of_type(stack, f"AWS::S3::{kind}").values() for kind in ("Bucket", "BucketPolicy"))
    assert (len(buckets), len(policies)) == (2, 2)
    for bucket in buckets:
        assert [*bucket["Properties"]["PublicAccessBlockConfiguration"].values()] == [True] * 4
    for each in policies:
        statements = each["Properties"]["PolicyDocument"]["Statement"]
        allowed = [statement for statement in statements if statement["Effect"] == "Allow"]
        assert [statement["Principal"] for statement in allowed] == [{"Service": "cloudfront.amazonaws.com"}]
        assert [statement["Action"] for statement in allowed] == ["s3:GetObject"]
        assert "AWS:SourceArn" in json.dumps(allowed[0]["Condition"])


@pytest.mark.parametrize("env", ENVS)
def test_answers_too_large_for_a_function_are_laid_where_the_distribution_looks_and_gone_after_a_day(
    assembly: Path, env: str
) -> None:
    buckets = of_type(template(assembly, env, "web"), "AWS::S3::Bucket").values()
    (answers,) = [each["Properties"] for each in buckets if "answers" in each["Properties"]["BucketName"]]
    (rule,) = answers["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", 1)
    for name in ("transfer", "links"):
        function, stack = functions_of(assembly, env)[name]
        assert function["Properties"]["Environment"]["Variables"]["AURORA_ANSWERS"] == answers["BucketName"]
        (lay,) = [each for each in policy_of(function, stack) if each["Sid"] == "Lay"]
        assert f"s3:::{answers['BucketName']}/answers/*" in json.dumps(lay["Resource"])


def test_without_cloudfront_there_is_no_place_for_them(chosen: Path) -> None:
    app = json.dumps(template(chosen, "prod", "app"))
    assert "AURORA_ANSWERS" not in app
    assert "s3:PutObject" not in app


def test_only_hashed_files_are_kept_by_the_edge_and_the_api_never_is(assembly: Path) -> None:
    config = only(template(assembly, "prod", "web"), "AWS::CloudFront::Distribution")["DistributionConfig"]
    by_path = {each["PathPattern"]: each for each in config["CacheBehaviors"]}
    kept = ["/v1/*", "/app/assets/*", "/app/*", "/config.json", "/static/*", "/answers/*"]
    assert list(by_path) == kept, "the first that fits counts"
    assert by_path["/v1/*"]["CachePolicyId"] == config["DefaultCacheBehavior"]["CachePolicyId"]
    assert "FunctionAssociations" not in by_path["/v1/*"], "each call of one is paid for"
    disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert config["DefaultCacheBehavior"]["CachePolicyId"] == disabled
    assert set(config["DefaultCacheBehavior"]["AllowedMethods"]) >= {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert by_path["/answers/*"]["CachePolicyId"] == disabled
    assert by_path["/static/*"]["TargetOriginId"] == config["DefaultCacheBehavior"]["TargetOriginId"]
    assert by_path["/static/*"]["CachePolicyId"] == by_path["/app/assets/*"]["CachePolicyId"]
    assert by_path["/app/*"]["CachePolicyId"] == by_path["/config.json"]["CachePolicyId"]
    asked = only(template(assembly, "prod", "web"), "AWS::CloudFront::CachePolicy")["CachePolicyConfig"]
    assert (asked["MinTTL"], asked["DefaultTTL"]) == (0, 0)
    methods = [each["ViewerProtocolPolicy"] for each in (config["DefaultCacheBehavior"], *by_path.values())]
    assert set(methods) == {"redirect-to-https"}


def test_an_error_is_told_to_who_asked_and_not_to_whoever_asks_in_the_next_ten_seconds(assembly: Path) -> None:
    """For these CloudFront heeds no Cache-Control of the answer, and no CachingDisabled of the behaviour."""
    config = only(template(assembly, "prod", "web"), "AWS::CloudFront::Distribution")["DistributionConfig"]
    kept = {each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in config["CustomErrorResponses"]}
    assert kept == dict.fromkeys((403, 404, 405, 414, 500, 501, 502, 503, 504), 0)
    assert not any("ResponsePagePath" in each for each in config["CustomErrorResponses"])


def test_the_app_is_told_of_a_home_that_has_no_stream(assembly: Path) -> None:
    config = template(assembly, "dev", "web")["Outputs"]["Config"]["Value"]
    text = "".join(each if isinstance(each, str) else "token" for each in config["Fn::Join"][1])
    told = json.loads(text)
    assert set(told) == set(Config.__annotations__)
    assert (told["home"], told["ownAccounts"], told["api"]) == (False, False, "")
    assert {"openid", "aurora/events:read", "aurora/account:write"} <= set(told["scope"].split())
    web_client = client(template(assembly, "dev", "account"), "web")
    assert len(web_client["AllowedOAuthScopes"]) == len(told["scope"].split()), "the pool refuses a scope that it lacks"


@pytest.mark.parametrize(
    ("uri", "leads"),
    [
        ("/", "302"),
        ("/app", "302"),
        ("/app/", "/app/index.html"),
        ("/app/week/2026-11-23", "/app/index.html"),
        ("/app/event/ab.c", "/app/index.html"),
        ("/app/worker.js", "/app/worker.js"),
        ("/app/app.webmanifest", "/app/app.webmanifest"),
        ("/v1/me", "/v1/me"),
        ("/config.json", "/config.json"),
        ("/answers/9999999999-a_secret-of_27_letters", "/answers/9999999999-a_secret-of_27_letters"),
        ("/answers/1700000000-a_secret-of_27_letters", "404"),
        ("/answers/", "404"),
        ("/answers/x", "404"),
    ],
)
def test_an_address_of_the_app_is_answered_by_its_page(uri: str, leads: str) -> None:
    ask = f"{PATHS};const r=handler({{request:{{uri:{json.dumps(uri)}}}}});console.log(r.uri||r.statusCode)"
    done = subprocess.run(["node", "-e", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == leads


def test_the_edge_knows_the_files_that_the_server_knows(assembly: Path) -> None:
    (ends,) = re.findall(r"\\\.\(([a-z0-9|]+)\)\$", PATHS)
    assert {f".{each}" for each in ends.split("|")} == set(MEDIA_TYPES)
    assert only(template(assembly, "dev", "web"), "AWS::CloudFront::Function")["FunctionCode"] == PATHS


def test_without_a_certificate_there_is_no_name_and_with_one_it_is_the_domain(
    assembly: Path, tmp_path: Path, package: Path
) -> None:
    config = only(template(assembly, "prod", "web"), "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert "Aliases" not in config
    certificate = "arn:aws:acm:us-east-1:111111111111:certificate/1"
    make_app(package, str(tmp_path), ("dev",), {"domain": "time.example.net", "certificate": certificate}).synth()
    config = only(template(tmp_path, "dev", "web"), "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert config["Aliases"] == ["dev.time.example.net"]
    assert config["ViewerCertificate"]["AcmCertificateArn"] == certificate
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"


def test_amplify_is_made_without_a_repository_since_that_would_take_somebodys_token(chosen: Path) -> None:
    app = only(template(chosen, "prod", "amplify"), "AWS::Amplify::App")
    assert not {"Repository", "AccessToken", "OauthToken"} & app.keys()


def test_the_runbook_deletes_whatever_stack_there_may_be_and_none_before_what_stands_on_it() -> None:
    runbook = (Path(web.__file__).parents[2] / "docs" / "runbook.md").read_text()
    (loop,) = re.findall(r"for s in ([a-z ]+); do aws cloudformation delete-stack", runbook)
    assert loop.split() == ["budget", "ops", "web", "amplify", "app", "account", "data"]
    assert set(loop.split()) == {*STACKS, "amplify"}


def test_amplify_sends_the_same_headers_and_leads_to_the_same_places(chosen: Path) -> None:
    app = only(template(chosen, "prod", "amplify"), "AWS::Amplify::App")
    page, assets = json.loads(app["CustomHeaders"])["customHeaders"]
    found = {each["key"]: each["value"] for each in page["headers"]}
    kept = {name: value for name, value in HEADERS.items() if name != "Cache-Control"}
    assert kept.items() <= found.items()
    assert "connect-src 'self' https://cognito-idp." in found["Content-Security-Policy"]
    assert found["Cache-Control"] == "no-cache"
    assert assets["pattern"] == "/app/assets/*"
    assert app["BuildSpec"] == (Path(web.__file__).parents[2] / "amplify.yml").read_text()
    assert not of_type(template(chosen, "prod", "amplify"), "AWS::S3::Bucket")
    led = [each["Source"] for each in app["CustomRules"]]
    assert {"/healthz", "/readyz", "/settings"} <= set(led), "a rule with a star fits no address that ends before it"
    assert {"/v1/<*>", "/ical/<*>", "/r/<*>", "/book/<*>", "/booking/<*>", "/docs", "/static/<*>"} <= set(led)
