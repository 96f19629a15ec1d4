"""How a mail program ends mails with one click (RFC 8058)."""

from __future__ import annotations


def unsubscribe_headers(url: str) -> tuple[tuple[str, str], ...]:
    """The headers for a link of ours; one click is only for https, as RFC 8058 section 3.1 has it."""
    if not url:
        return ()
    listed = ("List-Unsubscribe", f"<{url}>")
    return (listed, ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")) if url.startswith("https:") else (listed,)
