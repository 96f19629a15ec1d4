"""A text that the command line imports goes packed: as it is, a gateway of AWS takes half as much, and only UTF-8."""

from __future__ import annotations

import gzip

from aurora_time.run.api_client import Answer, call


class Line:
    """An Api that takes everything."""

    where = "here"
    own_token = ""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes | None, str]] = []

    def send(self, _method: str, _target: str, body: bytes | None, media: str) -> Answer:
        self.sent.append((body, media))
        return Answer(200, {}, b"{}")

    def close(self) -> None: ...


def test_a_text_goes_packed_and_json_as_it_is() -> None:
    line, text = Line(), "SUMMARY:Café\r\n".encode("latin-1") * 700_000
    for _ in range(2):
        call(line, "POST", "/v1/import", body=text)
    call(line, "POST", "/v1/quick-add", body={"text": "Tea"})
    call(line, "GET", "/v1/me")
    (first, media), again, *others = line.sent
    assert first is not None
    assert (gzip.decompress(first), media) == (text, "application/gzip")
    assert len(first) < len(text) // 100
    assert again == (first, media), "the same text is the same request"
    assert others == [(b'{"text":"Tea"}', "application/json"), (None, "application/json")]
