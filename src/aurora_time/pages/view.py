"""One request of a browser: who it is, its language, and the page it gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from aurora_time.domain.moment import Moment, Zone
from aurora_time.http.page import page, redirect
from aurora_time.http.web_app import AT as APP
from aurora_time.mail.wording import Locale, Span, Wall, span_text
from aurora_time.operations.services import Services
from aurora_time.pages.account_words import ACCOUNT_WORDS, AccountWords
from aurora_time.pages.at_home import is_at_home
from aurora_time.pages.catalogue import WORDS
from aurora_time.pages.context import Pages
from aurora_time.pages.words import Words
from aurora_time.store.people import Person

HOME = "/"
PLAIN = "/plain"
"""The start page without the web app, always there."""


@dataclass(frozen=True)
class View:
    """A request, whoever makes it."""

    pages: Pages
    request: Request
    locale: Locale

    @property
    def words(self) -> Words:
        return WORDS[self.locale]

    @property
    def say(self) -> AccountWords:
        """The sentences of the account's pages."""
        return ACCOUNT_WORDS[self.locale]

    @property
    def services(self) -> Services:
        return self.pages.services

    @property
    def at_home(self) -> bool:
        """Whether this request may see what only the owner of this machine may."""
        return self.pages.is_local and is_at_home(self.request, self.pages.public_url)

    def parameter(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def context(self) -> dict[str, object]:
        """What every template may use."""
        return {
            "lang": self.locale,
            "words": self.words,
            "say": self.say,
            "own_accounts": self.pages.password_check is not None,
            "csrf": "",
            "signed_in": False,
            "outbox": self.at_home and self.pages.outbox is not None,
            "mail_form": self.at_home and self.pages.mail_setup is not None,
            "at_home": self.at_home,
            "errors": {},
            "notice": "",
            "problem": "",
            "reason": "",
            "settings": self.settings,
        }

    def page(self, template: str, values: Mapping[str, object], status: int = 200) -> Response:
        return page(self.pages.templates, template, {**self.context(), **values}, status)

    def settings(self, part: str) -> str:
        """Where a part of the settings is: in the app, or on the plain page."""
        return f"{APP}settings/{part}" if self.pages.has_app else "/settings"

    def message(self, title: str, text: str, status: int = 200, link: tuple[str, str] | None = None) -> Response:
        """A page that says one thing, with one link: (address, text)."""
        where, label = link or (HOME, self.words.to_start)
        return self.page("message.html", {"title": title, "text": text, "where": where, "label": label}, status)

    def not_found(self) -> Response:
        return self.message(self.words.not_found_title, self.words.not_found, 404)

    def broken(self, request_id: str) -> Response:
        return self.message(self.words.broken_title, self.words.broken.format(request=request_id), 500)

    def done(self, path: str, what: str) -> Response:
        """Redirect after a post; the page there says what was done."""
        return redirect(f"{path}?{urlencode({'done': what})}")

    @property
    def notice(self) -> str:
        """What was just done, as the redirect says."""
        return self.words.done.get(self.request.query_params.get("done", ""), "")


@dataclass(frozen=True)
class Mine(View):
    """A request of somebody signed in; of a post with its checked form."""

    person: Person
    csrf: str
    form: Mapping[str, str] = field(default_factory=dict)
    session_id: str = ""

    @property
    def home(self) -> Zone:
        return self.person.home

    @property
    def today(self) -> int:
        """The wall seconds of the midnight with which today began."""
        wall = self.home.wall(self.services.now)
        return wall - wall % 86_400

    def context(self) -> dict[str, object]:
        return {**super().context(), "csrf": self.csrf, "signed_in": True}

    def wall(self, instant: int) -> Wall:
        return Wall(self.home.wall(instant), self.home.id)

    def span_text(self, start: Moment, end: Moment) -> str:
        """From start to end, in the person's own time and language."""
        return span_text(Span(self._on_wall(start), self._on_wall(end)), self.locale)

    def _on_wall(self, moment: Moment) -> Wall:
        return Wall(moment.wall, "", True) if moment.is_date else self.wall(moment.instant(self.home))
