"""An emulated AWS for the tests: a process of its own on a free loopback port, ended by its id."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

STARTS_WITHIN = 120.0
"""Seconds."""
# It counts the JSON of a transaction, in which bytes are longer by a third, where AWS counts 4 MB of items.
PROGRAM = """
import runpy, sys
import ministack.services.dynamodb as dynamodb
dynamodb._DDB_TXN_MAX_BYTES = 8_000_000
while sys.argv[1:]:
    runpy.run_path(sys.argv.pop())
from ministack.app import main
main()
"""


class EmulatedAws:
    """A running emulator; ``client()`` speaks to its DynamoDB, ``service()`` to any other of its services.

    A ``key`` of twelve digits is the number of the account that is meant.
    """

    def __init__(self, port: int, key: str = "test") -> None:
        self.port = port
        self.key = key
        self.url = f"http://127.0.0.1:{port}"
        self.made = 0
        self._session = boto3.session.Session()  # reads what it knows of DynamoDB once

    @property
    def environ(self) -> dict[str, str]:
        """What points boto3 to it, in this process or a child."""
        return {
            "AWS_ENDPOINT_URL_DYNAMODB": self.url,
            "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, url: str | None = None, **config: Any) -> Any:
        return self._session.client(
            "dynamodb",
            endpoint_url=url or self.url,
            region_name="eu-west-1",
            aws_access_key_id=self.key,
            aws_secret_access_key="test",
            config=Config(**{"retries": {"total_max_attempts": 1}, "max_pool_connections": 32} | config),
        )

    def service(self, name: str) -> Any:
        """A client of any other service."""
        return self._session.client(
            name,
            endpoint_url=self.url,
            region_name="eu-west-1",
            aws_access_key_id=self.key,
            aws_secret_access_key="test",
        )

    def table_name(self) -> str:
        """One that no other test of this emulator has."""
        self.made += 1
        return f"aurora-{self.made}"


def free_port() -> int:
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        return int(trying.getsockname()[1])


@contextlib.contextmanager
def emulated_aws(
    folder: Path, aws: EmulatedAws | None = None, told: Mapping[str, str] = {}, first: Sequence[Path] = ()
) -> Iterator[EmulatedAws]:
    """``folder`` is where it may leave its files; its functions find what it is ``told`` in their environment. It
    runs the files of ``first`` before it starts.
    """
    aws = aws or EmulatedAws(free_port())
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("COVERAGE_", "AWS_"))}
    environ |= {
        "GATEWAY_PORT": str(aws.port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "ERROR",
        "TMPDIR": str(folder),
        "DOCKER_HOST": f"unix://{folder}/no-docker",
        "MINISTACK_REGION": "eu-west-1",
        "STATE_DIR": str(folder / "state"),
        **told,
    }
    with (folder / "emulator.log").open("wb") as log:
        command = [sys.executable, "-W", "ignore", "-c", PROGRAM, *map(str, first)]
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=log, stderr=log)
    try:
        _wait_until_ready(aws, process, folder / "emulator.log")
        yield aws
    finally:
        process.kill()
        process.wait()


def _wait_until_ready(aws: EmulatedAws, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", aws.port, timeout=STARTS_WITHIN)
        try:
            connection.request("GET", "/_ministack/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError(f"the emulated AWS did not start: {log.read_text(errors='replace')[-2000:]}")
