"""Access tokens of the user pool: whose they are. What verifies them is loaded with the first one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from aurora_time.adapters.aws_traces import UNTRACED, Traces
from aurora_time.api.authentication import not_taken
from aurora_time.aws.settings import CloudSettings
from aurora_time.operations.admitting import CLOSED, NotTakenError, admit
from aurora_time.operations.people import newcomer
from aurora_time.operations.services import Services
from aurora_time.ports import Claims, Clock
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import Subject

if TYPE_CHECKING:
    from aurora_time.adapters.oidc import OidcIssuer


class Pool:
    """A TokenVerifier; ``find`` answers the person behind a verified token, None for one who is not here (any more).

    With ``admits``, somebody whom the pool knows and we do not is made a person, if the home's policy takes them: its
    triggers do so at sign-up, and where that failed, the first look at one's own account mends it.
    """

    def __init__(
        self, settings: CloudSettings, services: Services, clock: Clock, *, admits: bool, traces: Traces = UNTRACED
    ) -> None:
        self._settings = settings
        self._services = services
        self._clock = clock
        self._admits = admits
        self._traces = traces
        self._issuer: OidcIssuer | None = None

    @property
    def issuer(self) -> OidcIssuer:
        if self._issuer is None:
            from aurora_time.adapters.oidc import OidcIssuer

            self._issuer = OidcIssuer(self._settings.issuer, self._clock, self._ask)
        return self._issuer

    def _ask(self, url: str, *, token: str = "", form: Mapping[str, str] | None = None) -> dict[str, Any]:
        """As ``ask_issuer``. The first token of each process waits for the pool's keys: traces show how long."""
        from aurora_time.adapters.oidc_http import IssuerError, ask_issuer

        with self._traces.remote("Cognito") as asking:
            try:
                answer = ask_issuer(url, token=token, form=form)
            except IssuerError as error:
                asking.status = error.status or 0
                raise
            asking.status = 200
            return answer

    async def verify(self, token: str) -> Claims | None:
        return await self.issuer.verify(token)

    async def find(self, token: str, claims: Claims) -> str | None:
        """One read, but for somebody's very first. Raises UnavailableError, and Problem for who may not come in."""
        (item,) = await self._services.table.get(keys.subject(claims.issuer, claims.subject))
        if item is not None:
            subject = decode(item.body, Subject)
            if not subject.id:
                raise not_taken(CLOSED)
            # The pool goes on renewing what stood signed in, and by its cookie for an hour it does so unseen.
            return subject.id if self.issuer.signed_in(token) >= subject.not_before else None
        return await self._admit(token, claims) if self._admits else None

    async def _admit(self, token: str, claims: Claims) -> str | None:
        profile = await self.issuer.userinfo(token, claims.subject)
        if not profile.email:
            return None
        new = newcomer(profile.email, profile.name, profile.time_zone, profile.locale)
        try:
            return await admit(self._services, self._settings.signup, (claims.issuer, claims.subject), new)
        except NotTakenError as error:
            raise not_taken(str(error)) from None
