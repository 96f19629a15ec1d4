"""A home that is deployed in the emulator, and what people and AWS itself do with it from outside."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import ssl
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from aurora_time.adapters.dynamodb_items import attributes_of
from aurora_time.operations.admitting import Invited
from aurora_time.operations.people import SCOPES
from aurora_time.ports import Key, Put
from aurora_time.store import keys
from aurora_time.store.codec import encode
from tests.aws.deployed.fitting import PATIENCE
from tests.aws.deployed.names import API, PAGES, POOL, Names
from tests.aws.deployed.stacks import ACCOUNT, Stacks
from tests.emulated import EmulatedAws
from tools.deploy.publish import publish

Json = dict[str, Any]
PASSWORD = "violet tram kettle"
OWN_USER = "aws.cognito.signin.user.admin"
SCOPE = " ".join(("openid", "email", "profile", *(f"aurora/{each}" for each in SCOPES), OWN_USER))
_MARKUP = re.compile(r"<(style|head)\b.*?</\1>|<[^>]*>", re.DOTALL)
_CODE = re.compile(r"\b\d{6}\b")
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def domain_of(env: str) -> str:
    """As infra/settings.py has it where nobody said another."""
    return "time.example.org" if env == "prod" else f"{env}.time.example.org"


@dataclass(frozen=True)
class Tokens:
    access: str
    id: str
    refresh: str


@dataclass
class Home:
    aws: EmulatedAws
    stacks: Stacks
    names: Names

    def __post_init__(self) -> None:
        self.env = self.stacks.env
        self.prefix = f"aurora-{self.env}"
        self.api = self._one("AWS::ApiGatewayV2::Api")
        self.url = f"https://{self.api}{API}"
        self.pool, self.client_id = self._one("AWS::Cognito::UserPool"), self.stacks.outputs["Client"]
        made = self.aws.service("cloudfront").list_distributions()["DistributionList"]["Items"]
        (self.front,) = [each["DomainName"] for each in made]
        self.pages = f"https://{self._one('AWS::Cognito::UserPoolDomain')}{PAGES}"
        self.cognito, self.functions = self.aws.service("cognito-idp"), self.aws.service("lambda")
        self.sqs, self.sns, self.logs = (self.aws.service(each) for each in ("sqs", "sns", "logs"))
        made = self.cognito.describe_user_pool_client(UserPoolId=self.pool, ClientId=self.client_id)
        self.back: str = made["UserPoolClient"]["CallbackURLs"][0]
        self.tls = ssl.create_default_context(cafile=str(self.names.authority))

    def _one(self, kind: str) -> str:
        (found,) = self.stacks.of_type(kind)
        return found

    # --- asking it ----------------------------------------------------------------------------------------------
    def http(self, token: str = "", url: str = "") -> httpx.Client:
        """Somebody with this token, at the API or at another of its addresses."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(
            base_url=url or self.url,
            headers=headers,
            proxy=self.names.url,
            verify=self.tls,
            trust_env=False,
            timeout=PATIENCE,
        )

    def call(self, function: str, event: Json) -> Json:
        """As a service of AWS does that the emulator leaves out."""
        answer = self.functions.invoke(FunctionName=f"{self.prefix}-{function}", Payload=json.dumps(event).encode())
        read: Json = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, read
        return read

    # --- signing up and in --------------------------------------------------------------------------------------
    def begin_sign_up(self, email: str, locale: str = "en", client_id: str = "") -> None:
        """As the pool's page does, by its API; the person has said more than it asks for."""
        attributes = {"email": email, "name": email.partition("@")[0].capitalize(), "locale": locale}
        attributes["zoneinfo"] = "Asia/Ho_Chi_Minh"
        listed = [{"Name": name, "Value": value} for name, value in attributes.items()]
        client_id = client_id or self.client_id
        self.invite(email)
        self.cognito.sign_up(ClientId=client_id, Username=email, Password=PASSWORD, UserAttributes=listed)

    def invite(self, email: str) -> None:
        """What `aurora aws invite` leaves in the table (tests/aws/test_invite.py)."""
        now = int(time.time())
        self.put(keys.invited(email), Invited(email, now), now + 86_400)

    def put(self, key: Key, value: object, expires: int | None = None) -> None:
        """An item, as the functions find it in their table."""
        item = attributes_of(Put(key, encode(value), secrets.token_hex(8), None, expires), secrets.token_hex(8))
        self.aws.client().put_item(TableName=self.prefix, Item=item)

    def trigger(self, source: str, email: str, **request: object) -> Json:
        """What the pool asks, where the emulator does not; the answer, or the error that it would show."""
        event = {"region": "eu-west-1", "userPoolId": self.pool, "userName": email, "response": {}}
        event |= {"triggerSource": source, "request": request}
        answer = self.functions.invoke(FunctionName=f"{self.prefix}-users", Payload=json.dumps(event).encode())
        read: Json = json.loads(answer["Payload"].read())
        return read

    def confirm_sign_up(self, email: str, code: str, client_id: str = "") -> None:
        self.cognito.confirm_sign_up(ClientId=client_id or self.client_id, Username=email, ConfirmationCode=code)

    def sign_up(self, email: str, locale: str = "en", client_id: str = "") -> None:
        self.begin_sign_up(email, locale, client_id)
        self.confirm_sign_up(email, self.mailed_code(email), client_id)

    def bring(self, email: str) -> None:
        """Somebody whom the pool knows without having asked a trigger of ours: an operator may do so."""
        attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        said = {"UserPoolId": self.pool, "Username": email}
        self.cognito.admin_create_user(**said, UserAttributes=attributes, MessageAction="SUPPRESS")
        self.cognito.admin_set_user_password(**said, Password=PASSWORD, Permanent=True)

    def mailed_code(self, email: str) -> str:
        """The code in the last mail to somebody, as a person reads it there."""
        mail = self.mails(email)[-1]
        return _CODE.findall(_MARKUP.sub(" ", mail["BodyHtml"] or mail["BodyText"]))[0]

    def sign_in(self, email: str, **wrong: str) -> Tokens:
        """By the hosted pages, with a code and PKCE. ``wrong`` replaces fields of what is sent for the tokens."""
        verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.back,
            "scope": SCOPE,
            "state": secrets.token_urlsafe(8),
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        with self.http(url=self.pages) as pages:
            page = pages.get("/oauth2/authorize", params=asked)
            fields = dict(_HIDDEN.findall(page.text))
            sent = pages.post("/login", data={**fields, "username": email, "password": PASSWORD})
            assert sent.status_code == 302, sent.text
            query = parse_qs(urlsplit(sent.headers["location"]).query)
            assert query["state"] == [asked["state"]]
            form = {"grant_type": "authorization_code", "client_id": self.client_id, "redirect_uri": self.back}
            form |= {"code": query["code"][0], "code_verifier": verifier} | wrong
            answer = pages.post("/oauth2/token", data=form)
        answer.raise_for_status()
        read = answer.json()
        return Tokens(read["access_token"], read["id_token"], read["refresh_token"])

    def somebody(self, name: str) -> Tokens:
        """Who has signed up and in, and is here."""
        email = f"{name}@example.org"
        self.sign_up(email)
        return self.sign_in(email)

    @property
    def domain(self) -> str:
        return domain_of(self.env)

    @property
    def issuer(self) -> str:
        return f"https://{POOL}/{self.pool}"

    def publish(self, site: Path) -> None:
        """The web app's files and configuration into the bucket, as `make deploy` does."""
        publish(self.aws.service("s3"), self.stacks.outputs["Bucket"], site, self.stacks.outputs["Config"])

    # --- looking ------------------------------------------------------------------------------------------------
    def queue(self, name: str) -> str:
        url: str = self.sqs.get_queue_url(QueueName=f"{self.prefix}-{name}")["QueueUrl"]
        return url

    def mails(self, email: str) -> list[Json]:
        where = f"{self.aws.url}/_ministack/ses/messages?account={ACCOUNT}"
        with urllib.request.urlopen(where) as answer:
            found = json.load(answer)["messages"].get(ACCOUNT, [])
        return [each for each in found if email in each["To"]]

    def logged(self, function: str) -> list[str]:
        """Lines of a function's log."""
        group = f"/aws/lambda/{self.prefix}-{function}"
        return [each["message"] for each in self.logs.filter_log_events(logGroupName=group)["events"]]


def wait_for(what: Callable[[], bool], seconds: float, why: str) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, why
        time.sleep(0.2)
