"""What a browser is told, wherever the files lie: the app's configuration, and the headers of its pages."""

from __future__ import annotations

from aws_cdk.aws_cognito import OAuthScope

from aurora_time.http.page import HEADERS
from aurora_time.http.web_app import Config, policy
from aurora_time.operations.people import SCOPES
from infra.settings import Deployment
from infra.stacks.account import RESOURCE_SERVER
from infra.stacks.app import Below


def told(below: Below) -> Config:
    """The content of /config.json. Without ``home`` the app asks now and then what is new: there is no stream. With the
    last scope it may ask the pool itself to change a password, the second step or the address.
    """
    scopes = (f"{RESOURCE_SERVER}/{scope}" for scope in SCOPES)
    return {
        "issuer": below.issuer,
        "clientId": below.client_id,
        "cliClientId": below.cli_client_id,
        "scope": " ".join(("openid", "email", "profile", *scopes, OAuthScope.COGNITO_ADMIN.scope_name)),
        "api": "",
        "home": False,
        "outbox": False,
        "mailForm": False,
        "ownAccounts": False,
    }


def headers(deployment: Deployment) -> dict[str, str]:
    """Those of the server of one machine, but for what each file says of its own: how long it may be kept.

    The app also speaks with the pool itself, which publishes where it is, and with the pool's pages, for tokens.
    """
    pool = f"https://cognito-idp.{deployment.region}.amazonaws.com"
    kept = {name: value for name, value in HEADERS.items() if name != "Cache-Control"}
    return {**kept, "Content-Security-Policy": policy(pool, deployment.sign_in)}
