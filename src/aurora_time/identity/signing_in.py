"""The end of every sign-in on a page: the sign-in begins, and its owner hears of a device that is new."""

from __future__ import annotations

from starlette.background import BackgroundTask
from starlette.responses import Response

from aurora_time.http.page import redirect
from aurora_time.identity import mails, sessions
from aurora_time.identity.accounts import StoredAccount
from aurora_time.identity.context import hashed
from aurora_time.identity.view import View
from aurora_time.store import keys
from aurora_time.store.sign_ins import device_name


async def signed_in(view: View, account: tuple[StoredAccount, str], next_: str) -> Response:
    """Raises ConflictError when the account changed since it was read."""
    provider, stored = view.provider, account[0]
    (known,) = await provider.table.get(keys.device(stored.account.subject, hashed(view.browser)))
    made = await sessions.start(provider, view.request, account, view.browser)
    response = view.signed_in(redirect(next_), made)
    if known is None:
        what = device_name(view.request.headers.get("user-agent", "")) or view.words.device_unknown
        response.headers["Connection"] = "close"  # the next page does not wait on this one for the mail to be sent
        response.background = BackgroundTask(mails.tell, provider, stored.account, "new_device", what)
    return response
