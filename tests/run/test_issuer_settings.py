"""Another issuer by the environment: what is taken, and what is said of what makes no sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_time.adapters.oidc import IssuerSettings
from aurora_time.run.settings import SettingsError, read_settings

ISSUER = {"AURORA_ISSUER": "https://issuer.example/pool", "AURORA_CLIENT_ID": "aurora"}


def test_without_one_the_embedded_provider_signs_in(tmp_path: Path) -> None:
    assert read_settings({"AURORA_CLIENT_ID": "aurora"}, data=tmp_path).issuer is None


def test_an_address_and_a_client_are_enough(tmp_path: Path) -> None:
    found = read_settings(ISSUER, data=tmp_path).issuer
    assert found == IssuerSettings("https://issuer.example/pool", "aurora")
    assert found.accepted == {"aurora"}


def test_all_of_it_can_be_set(tmp_path: Path) -> None:
    more = {
        "AURORA_CLIENT_SECRET": "s3cret",
        "AURORA_AUDIENCE": "https://time.example/v1, web",
        "AURORA_SCOPE_PREFIX": "https://time.example/",
    }
    found = read_settings(ISSUER | more, data=tmp_path).issuer
    assert found is not None
    assert found.accepted == {"https://time.example/v1", "web"}
    assert found.scope_prefix == "https://time.example/"
    assert found.client_secret == "s3cret"
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost/realms/aurora", "https://a.example/b/"])
def test_plain_http_is_for_this_machine(url: str, tmp_path: Path) -> None:
    assert read_settings(ISSUER | {"AURORA_ISSUER": url}, data=tmp_path).issuer is not None


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"AURORA_ISSUER": "http://issuer.example", "AURORA_CLIENT_ID": "x"}, "must be the https address"),
        ({"AURORA_ISSUER": "issuer.example", "AURORA_CLIENT_ID": "x"}, "must be the https address"),
        ({"AURORA_ISSUER": "https://a.example?x=1", "AURORA_CLIENT_ID": "x"}, "must be the https address"),
        ({"AURORA_ISSUER": "https://issuer.example"}, "set AURORA_CLIENT_ID"),
    ],
)
def test_what_makes_no_sense_is_said(environ: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=words):
        read_settings(environ, data=tmp_path)
