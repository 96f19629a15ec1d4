"""Where the signed links of mails lead: a page that asks, and what is done when its form is posted.

Mail scanners follow links, so GET and HEAD change nothing. Nobody signs in here: who has the mail may do what its links
say, and no more. A link that is forged, past or another home's gets one and the same page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from aurora_time.domain.moment import DAY
from aurora_time.domain.reminder_rules import ReminderRule
from aurora_time.http.page import FormError, read_form
from aurora_time.mail.wording import Wall, locale_of, moment_text
from aurora_time.operations.errors import ClashError, InvalidError, NotFoundError
from aurora_time.operations.ledger import find_reminder
from aurora_time.operations.links import Link, home_signer
from aurora_time.operations.people import read_person, update_person
from aurora_time.operations.reminders import dismiss_reminder, snooze_reminder
from aurora_time.operations.rules import RuleInput, rule_resource, update_rule
from aurora_time.pages.link_words import LINK_WORDS, LinkWords
from aurora_time.pages.view import View
from aurora_time.store.people import Person

_NINE: Final = 9 * 3600
_MINUTES: Final = {"10m": 10, "1h": 60}
MAILS: Final = "/settings/notifications"
DISMISSED: Final = "dismissed"


@dataclass(frozen=True, slots=True)
class _Stop:
    """Mails that somebody can turn off and on."""

    is_on: Callable[[Person], bool]
    turned: Callable[[Person, bool], Person]


_STOPS: Final[dict[str, _Stop]] = {
    "stop": _Stop(lambda person: person.reminder_mail, lambda person, on: replace(person, reminder_mail=on)),
    "stop-agenda": _Stop(
        lambda person: person.agenda_mail.enabled,
        lambda person, on: replace(person, agenda_mail=replace(person.agenda_mail, enabled=on)),
    ),
}


@dataclass(frozen=True, slots=True)
class _Followed:
    """A good link, whose it is, and a view in that person's language."""

    view: View
    token: str
    link: Link
    person: Person

    @property
    def words(self) -> LinkWords:
        return LINK_WORDS[self.view.locale]

    @property
    def until(self) -> int:
        """When the reminder rings again, counted from now, on whole minutes as clocks show them."""
        now, home = self.view.services.now, self.person.home
        if self.link.action == "9am":
            wall = home.wall(now)
            return home.instant(wall - wall % DAY + DAY + _NINE)
        return -(-(now + _MINUTES[self.link.action] * 60) // 60) * 60

    def at(self, instant: int) -> str:
        home = self.person.home
        return moment_text(Wall(home.wall(instant), home.id), self.view.locale)

    def page(self, title: str, text: str, **more: object) -> Response:
        usual = {"about": "", "button": "", "other": "", "fields": {}, "quiet": False, "link": None}
        return self.view.page("link.html", {**usual, "title": title, "text": text, "token": self.token, **more})


async def show(view: View) -> Response:
    """Ask. Changes nothing."""
    followed = await _follow(view)
    if followed is None:
        return _sealed(_gone(view))
    try:
        answer = await _ask(followed)
    except NotFoundError:
        answer = _gone(view)
    return _sealed(answer)


async def act(view: View) -> Response:
    """Do what the link says, and tell it. To do it twice is to do it once."""
    followed = await _follow(view)
    if followed is None:
        return _sealed(_gone(view))
    form = await _form(view.request)
    try:
        answer = await _act(followed, form)
    except NotFoundError:
        answer = _gone(view)
    except (ClashError, InvalidError):
        answer = followed.page(followed.words.over_title, followed.words.over)
    return _sealed(answer)


async def _follow(view: View) -> _Followed | None:
    token = view.parameter("token")
    link = (await home_signer(view.services)).read(token, view.services.now)
    if link is None:
        return None
    try:
        person, _ = await read_person(view.services, link.owner)
    except NotFoundError:
        return None
    return _Followed(View(view.pages, view.request, locale_of(person.locale)), token, link, person)


def _gone(view: View) -> Response:
    """In the language of the browser: nothing of the link counts."""
    words = LINK_WORDS[view.pages.language(view.request)]
    plain = View(view.pages, view.request, view.pages.language(view.request))
    return plain.message(words.gone_title, words.gone, 404)


def _sealed(response: Response) -> Response:
    """The address is a secret: no other site, and no page of ours, gets to know it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


async def _form(request: Request) -> dict[str, str]:
    """Mail programs may post the one click as multipart (RFC 8058 section 3.2): what the form says is not needed."""
    try:
        return await read_form(request)
    except FormError:
        return {}


async def _ask(followed: _Followed) -> Response:
    words, link = followed.words, followed.link
    if link.action in _STOPS:
        return _ask_to_stop(followed)
    entry = (await find_reminder(followed.view.services, link.owner, link.subject)).entry
    if entry.status == DISMISSED:
        return followed.page(words.is_done_title, words.is_done, about=entry.text)
    if link.action == "done":
        return followed.page(words.done_title, words.done_text, about=entry.text, button=words.done_button)
    until = followed.until
    text, fields = words.snoozed.format(at=followed.at(until)), {"until": str(until)}
    return followed.page(words.snooze_title, text, about=entry.text, button=words.snooze_button, fields=fields)


def _ask_to_stop(followed: _Followed) -> Response:
    words, action = followed.words, followed.link.action
    if not _STOPS[action].is_on(followed.person):
        return _stopped(followed)
    if action == "stop":
        rule = next((rule for rule in followed.person.rules if rule.id == followed.link.subject and rule.enabled), None)
        other = words.stop_rule_button.format(rule=rule.name) if rule else ""
        return followed.page(words.stop_title, words.stop_text, button=words.stop_button, other=other)
    return followed.page(words.stop_agenda_title, words.stop_agenda_text, button=words.stop_agenda_button)


async def _act(followed: _Followed, form: dict[str, str]) -> Response:
    services, link, words = followed.view.services, followed.link, followed.words
    if link.action in _STOPS:
        if link.action == "stop" and form.get("only") == "rule":
            return await _pause(followed)
        return await _turn(followed, on=form.get("on") == "yes")
    if link.action == "done":
        entry, _ = await dismiss_reminder(services, link.owner, link.subject)
        return followed.page(words.is_done_title, words.is_done, about=entry.text)
    until = _promised(followed, form.get("until", ""))
    entry = (await find_reminder(services, link.owner, link.subject)).entry
    if until is None or entry.status == DISMISSED:
        return await _ask(followed)
    await snooze_reminder(services, link.owner, link.subject, until)
    return followed.page(words.snoozed_title, words.snoozed.format(at=followed.at(until)), about=entry.text)


def _promised(followed: _Followed, text: str) -> int | None:
    """When the page that was posted said that it rings again, so that what is posted twice is done once.

    None for a page that is too old, or for none: then it is asked again.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= 12):
        return None
    return int(text) if followed.view.services.now < int(text) <= followed.until else None


async def _turn(followed: _Followed, *, on: bool) -> Response:
    stop, words = _STOPS[followed.link.action], followed.words
    if stop.is_on(followed.person) != on:
        await update_person(followed.view.services, followed.link.owner, lambda person, _: stop.turned(person, on))
    if not on:
        return _stopped(followed)
    text = words.back_on if followed.link.action == "stop" else words.back_on_agenda
    return followed.page(words.back_on_title, text, link=(MAILS, words.settings))


async def _pause(followed: _Followed) -> Response:
    """Turn off the rule by which the mail came. Raises NotFoundError."""
    words, link = followed.words, followed.link

    def change(rule: ReminderRule) -> RuleInput:
        shown = rule_resource(rule)
        return RuleInput(shown.name, shown.triggers, shown.match, enabled=False)

    rule = await update_rule(followed.view.services, link.owner, link.subject, change)
    return followed.page(words.paused_title, words.paused.format(rule=rule.name))


def _stopped(followed: _Followed) -> Response:
    """That they are off, and the way back."""
    words = followed.words
    title, text = words.stopped_title, words.stopped
    if followed.link.action == "stop-agenda":
        title, text = words.stopped_agenda_title, words.stopped_agenda
    back = {"button": words.on_again, "fields": {"on": "yes"}, "quiet": True, "link": (MAILS, words.settings)}
    return followed.page(title, text, **back)
