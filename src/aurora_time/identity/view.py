"""One request of a browser: its language, its form, and the page it gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from aurora_time.http.page import page, read_form, remember_language, same_origin
from aurora_time.identity.account_words import ACCOUNT_WORDS, AccountWords
from aurora_time.identity.authorization import destination_of
from aurora_time.identity.browser import (
    BROWSER_AGE,
    BROWSER_COOKIE,
    SESSION_COOKIE,
    browser_secret,
    csrf_matches,
    csrf_token,
    drop_cookie,
    set_cookie,
)
from aurora_time.identity.context import Provider
from aurora_time.identity.guessing import SlowDownError
from aurora_time.identity.sessions import NewSession, Session, csrf_ok, current_session
from aurora_time.identity.visitor import asked_languages, network_of, wished_languages
from aurora_time.identity.words import WORDS, Language, Words, language_of
from aurora_time.store.sign_ins import ABSOLUTE

_MAX_NEXT = 4000
HOME = "/"


class StaleFormError(Exception):
    """A form that is not from a page of ours, or from one made for another browser or sign-in."""


@dataclass(frozen=True)
class View:
    provider: Provider
    request: Request
    tags: list[str]
    language: Language
    browser: str
    """The secret of the browser's cookie; a fresh one is set with the page."""

    @classmethod
    def of(cls, provider: Provider, request: Request) -> View:
        tags = wished_languages(request)
        browser = browser_secret(provider, request) or provider.ids.secret()
        return cls(provider, request, tags, language_of(tags), browser)

    @property
    def words(self) -> Words:
        return WORDS[self.language]

    @property
    def say(self) -> AccountWords:
        """The sentences of the account's pages."""
        return ACCOUNT_WORDS[self.language]

    @property
    def network(self) -> str:
        return network_of(self.request)

    def page(
        self,
        template: str,
        values: Mapping[str, object],
        status: int = 200,
        leads_to: tuple[str, ...] = (),
    ) -> Response:
        """A page; with ``next`` among the values its forms may lead where that request leads."""
        context: dict[str, object] = {
            "lang": self.language,
            "words": self.words,
            "say": self.say,
            "csrf": csrf_token(self.browser),
            "outbox_url": self.provider.outbox_url,
            "open": self.provider.signup == "open",
            "errors": {},
            "notice": "",
            "problem": "",
            "next": HOME,
            "settings": self.provider.settings,
            **values,
        }
        leads_to = leads_to or destination_of(self.provider, str(context["next"]))
        response: Response = page(self.provider.templates, template, context, status, leads_to)
        self.remember(response)
        return response

    def slow_down(self, error: SlowDownError, template: str, values: Mapping[str, object]) -> Response:
        """The page again, with how long to wait."""
        problem = self.words.slow_down.format(wait=self.words.wait(error.wait))
        response = self.page(template, {**values, "problem": problem}, 429)
        response.headers["Retry-After"] = str(error.wait)
        return response

    def wait(self, error: SlowDownError) -> Response:
        """A page of its own that says how long to wait."""
        problem = self.words.slow_down.format(wait=self.words.wait(error.wait))
        response = self.message(self.words.slow_down_title, problem, 429)
        response.headers["Retry-After"] = str(error.wait)
        return response

    def message(self, title: str, text: str, status: int = 200, link: tuple[str, str] | None = None) -> Response:
        """A page that says one thing, with one link: (address, text)."""
        where, label = link or (HOME, self.words.home)
        return self.page("message.html", {"title": title, "text": text, "where": where, "label": label}, status)

    async def form(self) -> dict[str, str]:
        """The fields of a form that needs no sign-in. Raises StaleFormError, FormError."""
        form = await self.foreign_checked()
        if not csrf_matches(browser_secret(self.provider, self.request), form.get("csrf", "")):
            raise StaleFormError
        return form

    async def foreign_checked(self) -> dict[str, str]:
        """The fields of a form that another site did not send; its token is still to be checked."""
        if not same_origin(self.request, self.provider.issuer):
            raise StaleFormError
        return await read_form(self.request)

    def remember(self, response: Response) -> None:
        """Keep in it the language that was asked for, and the browser's secret for as long as browsers keep cookies."""
        if asked_languages(self.request):
            remember_language(response, self.language, secure=self.provider.secure)
        if browser_secret(self.provider, self.request) != self.browser:
            set_cookie(self.provider, response, BROWSER_COOKIE, self.browser, BROWSER_AGE)

    def signed_in(self, response: Response, made: NewSession) -> Response:
        set_cookie(self.provider, response, SESSION_COOKIE, made.cookie, ABSOLUTE)
        set_cookie(self.provider, response, BROWSER_COOKIE, self.browser, BROWSER_AGE)
        return response

    def signed_out(self, response: Response) -> Response:
        drop_cookie(self.provider, response, SESSION_COOKIE)
        return response


async def own_form(provider: Provider, request: Request) -> tuple[View, dict[str, str], Session | None]:
    """The fields of a form made for this very sign-in, None when nobody is signed in (any more).

    Raises StaleFormError, FormError.
    """
    view = View.of(provider, request)
    form = await view.foreign_checked()
    session = await current_session(provider, request)
    if session is not None and not csrf_ok(provider, request, form.get("csrf", "")):
        raise StaleFormError
    return view, form, session


def safe_next(text: str) -> str:
    """Where to go on, if it is a path of this site; the start page otherwise."""
    bad = (
        not text.startswith("/")
        or text.startswith("//")
        or "\\" in text
        or len(text) > _MAX_NEXT
        or any(ord(character) <= 0x20 or ord(character) == 0x7F for character in text)
    )
    return HOME if bad else text
