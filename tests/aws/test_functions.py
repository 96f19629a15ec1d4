"""The functions' roles: what they may do is what is declared, no more and no less."""

from __future__ import annotations

import dataclasses

import pytest

from aurora_time.api import ENDPOINTS, FILES
from aurora_time.aws.functions import ACTIONS, Arns, Function, functions, statements
from aurora_time.aws.needs import ADMIT, AUTHENTICATE, WRITE
from aurora_time.aws.pages import paths
from aurora_time.http.endpoint import Need
from aurora_time.store import keys

ARNS = Arns(
    "arn:table",
    "arn:queue",
    ("arn:identity/*", "arn:settings"),
    "arn:answers/*",
    "arn:pool",
    sender="aurora@example.org",
    unheard="arn:unheard",
)
ALL = {each.name: each for each in functions()}
SECRETS = {"signing", "linksecret", "login", "account"}


def allowed(function: Function) -> set[tuple[str, str]]:
    """(action, kind) of all that a role may do with the table."""
    return {
        (action, pattern.removesuffix("#*"))
        for statement in statements(function, ARNS)
        if "dynamodb:LeadingKeys" in str(statement.get("Condition"))
        for action in statement["Action"]
        for pattern in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    }


def test_every_path_is_answered_by_exactly_one_function() -> None:
    answered = [path for each in ALL.values() for path in each.paths]
    assert sorted(answered) == sorted({each.path for each in ENDPOINTS} | {"/v1/openapi.json", *paths()})


@pytest.mark.parametrize("name", FILES)
def test_a_role_may_do_what_its_endpoints_declare_and_nothing_else(name: str) -> None:
    function = ALL[name]
    declared = {need for each in ENDPOINTS if each.tag == name for need in each.needs}
    around = AUTHENTICATE | WRITE | (ADMIT if name == "account" else frozenset())
    expected = {(action, need.kind) for need in declared for action in ACTIONS[need.verb]}
    assert expected <= allowed(function)
    beyond = {(action, need.kind) for need in around for action in ACTIONS[need.verb]}
    assert allowed(function) <= expected | beyond


def test_no_role_has_an_action_with_a_star_or_a_table_without_kinds() -> None:
    for function in ALL.values():
        for statement in statements(function, ARNS):
            assert not [action for action in statement["Action"] if "*" in action]
            if any(action.startswith("dynamodb:") for action in statement["Action"]):
                assert statement["Resource"] == ["arn:table"]
                patterns = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
                assert patterns
                assert all(pattern.endswith("#*") and "*" not in pattern[:-1] for pattern in patterns)


def test_the_functions_of_events_reach_no_secret_but_the_token_that_is_shown() -> None:
    for name in ("events", "occurrences", "tasks", "free_busy", "changes"):
        assert not SECRETS & {kind for _, kind in allowed(ALL[name])}
        assert ("dynamodb:Query", "token") not in allowed(ALL[name])
        assert ("dynamodb:Query", "tokens") not in allowed(ALL[name])


def test_the_pages_for_strangers_reach_nothing_of_who_signs_in() -> None:
    reached = {kind for _, kind in allowed(ALL["pages"])}
    assert not reached & {"token", "tokens", "subject", "subjects", "account", "login", "signing", "session", "email"}
    assert ("dynamodb:Query", "object") not in allowed(ALL["pages"]), "who has a link sees one thing"


def test_no_function_can_read_the_whole_table_or_change_it() -> None:
    actions = {action for each in ALL.values() for one in statements(each, ARNS) for action in one["Action"]}
    assert not {action for action in actions if "Scan" in action or "Table" in action or "PartiQL" in action}


def test_who_makes_something_due_may_send_somebody_to_look() -> None:
    for function in ALL.values():
        if function.module in ("rest", "pages"):
            assert function.sends == (Need("due", "put") in function.needs)


def test_only_who_may_answer_much_may_lay_an_answer_into_the_bucket_and_nobody_reads_it() -> None:
    may = {name for name, each in ALL.items() if any("s3:PutObject" in one["Action"] for one in statements(each, ARNS))}
    assert may == {"transfer", "links"} == {each.tag for each in ENDPOINTS if each.shape.large}
    actions = {action for each in ALL.values() for one in statements(each, ARNS) for action in one["Action"]}
    assert {action for action in actions if action.startswith("s3:")} == {"s3:PutObject"}
    bare = dataclasses.replace(ARNS, answers="")
    assert not [one for each in ALL.values() for one in statements(each, bare) if one["Sid"] == "Lay"]


def test_every_kind_that_is_needed_is_a_kind_of_the_data_model() -> None:
    kinds = keys.OF_PERSON | keys.OF_SUBJECT | keys.LED_TO | keys.PASSING | keys.OF_HOME
    assert {need.kind for each in ALL.values() for need in each.needs} <= kinds


def test_who_signs_in_is_changed_by_four_functions_alone_and_only_in_the_homes_own_pool() -> None:
    asked = {
        (each.name, action.removeprefix("cognito-idp:Admin"))
        for each in ALL.values()
        for one in statements(each, ARNS)
        for action in one["Action"]
        if action.startswith("cognito-idp:Admin") and one["Resource"] == ["arn:pool"]
    }
    changed = {("account", "UpdateUserAttributes"), ("ring", "DeleteUser")}
    changed |= {(name, "UserGlobalSignOut") for name in ("sessions", "users")}
    assert asked == changed | {("account", "GetUser"), ("users", "GetUser")}


def test_the_pools_triggers_are_told_no_pool_before_there_is_one() -> None:
    early = dataclasses.replace(ARNS, pool="")
    assert "Pool" not in {each["Sid"] for each in statements(ALL["users"], early)}


def test_mails_go_to_whomever_but_only_from_our_one_address() -> None:
    """In its sandbox SES asks about the identity of who gets the mail as well."""
    (mail,) = [each for each in statements(ALL["ring"], ARNS) if each["Sid"] == "Mail"]
    assert mail["Resource"] == ["arn:identity/*", "arn:settings"]
    assert mail["Condition"] == {"StringEquals": {"ses:FromAddress": "aurora@example.org"}}


def test_what_feedback_could_not_note_it_may_lay_down_for_an_alarm() -> None:
    drops = {name: each["Resource"] for name in ALL for each in statements(ALL[name], ARNS) if each["Sid"] == "Drop"}
    assert drops == {"feedback": ["arn:unheard"]}
