"""The sentences that the pages say; ``catalogue.WORDS`` has them in each language. Braces are for ``str.format``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    # what several pages share
    skip: str
    to_start: str
    settings: str
    api_docs: str
    sign_in: str
    sign_out: str
    create_account: str
    save: str
    cancel: str
    error: str
    done: Mapping[str, str]
    """What was just done, by the name that a redirect carries."""
    # the outbox and the mail form, on other pages
    no_mail: str
    open_outbox: str
    open_app: str
    no_app: str
    set_up_mail: str
    # the week
    hello: str
    hello_name: str
    this_week: str
    today: str
    tomorrow: str
    empty_week: str
    empty_today: str
    more_this_week: str
    all_day: str
    until: str
    repeats: str
    delete: str
    example_add: str
    example_hint: str
    example_remove: str
    # adding an event
    add_event: str
    summary: str
    summary_example: str
    date: str
    starts: str
    ends: str
    is_all_day: str
    repeat: str
    repeat_choices: Mapping[str, str]
    remind: str
    remind_choices: Mapping[str, str]
    add: str
    summary_needed: str
    summary_long: str
    date_needed: str
    time_needed: str
    minutes_all_day: str
    # reminders
    next_reminders: str
    next_reminders_hint: str
    no_next: str
    no_next_action: str
    last_reminders: str
    no_last: str
    sent: str
    sent_late: str
    failed: str
    # one event
    when: str
    in_zone: str
    where: str
    link: str
    notes: str
    calendar: str
    reminders: str
    no_reminders: str
    repeat_every: Mapping[str, str]
    """By FREQ."""
    repeat_every_few: Mapping[str, str]
    repeat_on: str
    repeat_on_date: str
    repeat_nth: Mapping[int, str]
    repeat_times: str
    repeat_once: str
    repeat_until: str
    repeat_own: str
    weekdays: Mapping[int, str]
    """From 0 for Monday."""
    left_out: str
    left_out_one: str
    added_dates: str
    added_date_one: str
    untitled: str
    delete_series_title: str
    delete_series: str
    delete_series_button: str
    delete_event_title: str
    delete_event: str
    # settings
    you: str
    signed_in_as: str
    name: str
    language: str
    time_zone: str
    week_start: str
    week_starts: Mapping[str, str]
    default_minutes: str
    default_minutes_hint: str
    default_all_day: str
    default_all_day_hint: str
    zone_unknown: str
    name_long: str
    choice_unknown: str
    minutes_bad: str
    all_day_at_bad: str
    defaults_full: str
    security: str
    change_password: str
    # API tokens
    tokens: str
    tokens_intro: str
    no_tokens: str
    token_count: str
    token_count_one: str
    manage_tokens: str
    token_made: str
    token_name: str
    token_name_example: str
    token_scopes: str
    scope_choices: Mapping[str, str]
    token_create: str
    token_revoke: str
    token_secret_title: str
    token_secret: str
    token_name_needed: str
    token_name_long: str
    # the outbox
    outbox: str
    outbox_intro: str
    outbox_empty: str
    mail_to: str
    mail_at: str
    mail_text: str
    mail_look: str
    back_to_outbox: str
    # the mail form
    mail: str
    mail_intro: str
    mail_host: str
    mail_port: str
    mail_security: str
    mail_securities: Mapping[str, str]
    mail_sender: str
    mail_sender_hint: str
    mail_username: str
    mail_username_hint: str
    mail_password: str
    mail_password_kept: str
    mail_test: str
    mail_test_hint: str
    mail_test_good: str
    mail_test_bad: str
    mail_saved: str
    mail_not_saved: str
    mail_not_tried: str
    mail_anyway: str
    mail_anyway_hint: str
    mail_failed: str
    mail_host_needed: str
    mail_port_bad: str
    mail_sender_bad: str
    # the API's pages
    docs_link: str
    docs_intro: str
    docs_token: str
    docs_list: str
    docs_create: str
    docs_reminders: str
    docs_contract: str
    docs_contract_link: str
    docs_problems: str
    docs_problems_link: str
    problems_title: str
    problems_intro: str
    problems: Mapping[str, str]
    """How to mend each kind of problem, by its slug."""
    # the welcome
    welcome_title: str
    welcome: str
    # when something is in the way
    not_found_title: str
    not_found: str
    broken_title: str
    broken: str
    stale_title: str
    stale: str
    bad_form_title: str
    bad_form: str
    refused_title: str
    busy_title: str
    busy: str
    unsure: str
