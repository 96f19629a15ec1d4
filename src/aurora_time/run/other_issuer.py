"""A home where another OpenID issuer says who somebody is: who may come in, by an access token or by our pages."""

from __future__ import annotations

from typing import Final

from aurora_time.adapters.oidc import OidcIssuer, Profile
from aurora_time.api.authentication import not_taken
from aurora_time.identity.accounts import well_formed
from aurora_time.identity.provider import Provider
from aurora_time.identity.relying import Foreigner, Relying
from aurora_time.operations.admitting import CLOSED, REFUSED
from aurora_time.operations.people import ensure_person, link_person, newcomer
from aurora_time.operations.services import Services
from aurora_time.ports import Check, Claims, Delete
from aurora_time.store import keys
from aurora_time.store.codec import decode
from aurora_time.store.people import Subject

_TURNED_AWAY: Final = 60.0
"""Seconds for which somebody who was not let in is not asked about again."""
_REMEMBERED: Final = 1_000
_UNVERIFIED: Final = (
    "This home of Aurora Time knows people by their e-mail address, and whoever signs you in has not verified yours. "
    "Verify it there, and try again in a minute. / Máy chủ Aurora Time này nhận ra mọi người qua địa chỉ e-mail, mà "
    "nơi bạn đăng nhập chưa xác minh địa chỉ của bạn. Hãy xác minh ở đó rồi thử lại sau một phút."
)


class Door:
    """Links who comes by the verified address, or makes a person at first sight, if this home takes new ones."""

    def __init__(self, services: Services, issuer: OidcIssuer, *, takes_new: bool) -> None:
        self._services = services
        self._issuer = issuer
        self._takes_new = takes_new
        self._turned_away: dict[str, tuple[float, str]] = {}

    @property
    def issuer(self) -> OidcIssuer:
        return self._issuer

    async def by_token(self, token: str, claims: Claims) -> str | None:
        """The person behind a verified token; one read, but for somebody's very first. None where a later sign-out
        ended it. Raises UnavailableError, and Problem for whom this home does not take, in words for that person.
        """
        (item,) = await self._services.table.get(keys.subject(claims.issuer, claims.subject))
        if item is not None:
            subject = decode(item.body, Subject)
            if not subject.id:
                raise not_taken(CLOSED)
            return subject.id if self._issuer.issued(token) >= subject.not_before else None
        now = self._services.clock.now()
        until, why = self._turned_away.get(claims.subject, (0.0, ""))
        if until > now:
            raise not_taken(why)
        profile = Profile(claims.subject, claims.email) if claims.email else None
        profile = profile or await self._issuer.userinfo(token, claims.subject)
        person_id = await self.admit(profile)
        if person_id is None:
            why = REFUSED["closed"] if well_formed(profile.email) else _UNVERIFIED
            if len(self._turned_away) >= _REMEMBERED:
                self._turned_away.clear()
            self._turned_away[claims.subject] = now + _TURNED_AWAY, why
            raise not_taken(why)
        return person_id

    async def admit(self, profile: Profile) -> str | None:
        """The person whom the issuer means, None for whom we do not take."""
        if not well_formed(profile.email):
            return None
        new = newcomer(profile.email, profile.name, profile.time_zone, profile.locale)
        url = self._issuer.settings.url
        if self._takes_new:
            return await ensure_person(self._services, url, profile.subject, new)
        return await link_person(self._services, url, profile.subject, new)

    async def welcome(self, somebody: Foreigner) -> tuple[str, Check] | None:
        """Whom a page may sign in, as long as the person is the same when that is written."""
        assert isinstance(somebody, Profile), "what our issuer answered"
        key = keys.subject(self._issuer.settings.url, somebody.subject)
        (known,) = await self._services.table.get(key)
        if known is not None and not decode(known.body, Subject).id:  # an account was closed, and now they come anew
            await self._services.table.write(Delete(key, known.version))
        person_id = await self.admit(somebody)
        (item,) = await self._services.table.get(keys.person(person_id or ""))
        return (person_id, Check(item.key, item.version)) if person_id and item else None


def relying(door: Door, provider: Provider) -> Relying:
    """What our pages need to sign in there."""
    settings = door.issuer.settings
    return Relying(provider, door.issuer, settings.url, settings.client_id, door.welcome)
