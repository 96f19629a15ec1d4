"""What a mailer tells of the last mail, for who set up the mail server and asks why nothing arrives."""

from __future__ import annotations

import asyncio

import pytest

from aurora_time.ports import Mail, MailRefusedError, MailUnavailableError
from tests.adapters.smtp_servers import Sink, mailing, plain

MAIL = Mail("lan@example.org", "Team", "Hello\n", "<p>Hello</p>\n", "<1@aurora.example>")


@pytest.mark.parametrize("then", ["250 ok", "550 5.1.1 no such person"])
def test_it_tells_of_a_failure_until_the_server_answers_again(then: str) -> None:
    """Also by what it refuses: that is the fault of one address, and of no server."""

    async def scenario() -> None:
        sink = Sink(RCPT=["450 4.2.1 busy", then] if then.startswith("5") else ["450 4.2.1 busy"])
        async with mailing(plain(sink)) as mailer:
            assert mailer.failed is None
            with pytest.raises(MailUnavailableError):
                await mailer.send(MAIL)
            assert mailer.failed is not None
            assert "busy" in mailer.failed[1]
            if then.startswith("5"):
                with pytest.raises(MailRefusedError):
                    await mailer.send(MAIL)
            else:
                await mailer.send(MAIL)
            assert mailer.failed is None

    asyncio.run(scenario())
