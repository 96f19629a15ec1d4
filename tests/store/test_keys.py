"""Keys: they sort as what they stand for, and no two kinds share a part."""

import inspect

from hypothesis import given
from hypothesis import strategies as st

from aurora_time.domain.moment import MAX_WALL, MIN_WALL
from aurora_time.operations.erasing import LEADS
from aurora_time.ports import MAX_PART, MAX_SORT, Key
from aurora_time.store import keys

SECONDS = st.integers(MIN_WALL - 40 * 86_400, MAX_WALL + 40 * 86_400)


@given(SECONDS, SECONDS)
def test_times_sort_as_text_as_they_do_as_numbers(first, second):
    assert (keys.sortable(first) < keys.sortable(second)) == (first < second)
    assert keys.unsortable(keys.sortable(first)) == first
    assert len(keys.sortable(first)) == 12


def test_the_log_sorts_by_its_sequence():
    sorts = [keys.log("ann", number).sort for number in (1, 2, 9, 10, 11, 99, 100, 10**6)]
    assert sorts == sorted(sorts)


def every_key() -> dict[str, Key]:
    """One key of each function of the page."""
    made = {}
    for name, function in inspect.getmembers(keys, inspect.isfunction):
        if name in ("sortable", "unsortable", "digest"):
            continue
        parameters = inspect.signature(function).parameters.values()
        arguments = [7 if each.annotation == "int" else f"<{each.name}>" for each in parameters]
        made[name] = function(*arguments)
    return made


def test_each_kind_has_parts_of_its_own_and_a_key_is_never_too_long():
    kinds: dict[str, set[str]] = {}
    for name, key in every_key().items():
        assert isinstance(key, Key), name
        assert 0 < len(key.part.encode()) <= MAX_PART
        assert len(key.sort.encode()) <= MAX_SORT
        kinds.setdefault(key.part.split("#")[0], set()).add(name)
    shared = [names for names in kinds.values() if len(names) > 1]
    assert shared == [{"time_single", "time_span", "time_yearly"}, {"trash", "trash_by_time", "trash_of_whole"}]


def test_what_signs_in_is_among_the_kinds_there_are():
    assert {key.part.split("#")[0] for key in every_key().values()} >= keys.SIGNING_IN


def test_secrets_and_addresses_do_not_stand_in_a_key():
    assert "ann@example.org" not in str(keys.email("ann@example.org"))
    assert keys.email("Ann@Example.org") == keys.email("ann@example.ORG")
    assert keys.login("ann@example.org") != keys.email("ann@example.org")
    assert keys.digest("a", "bc") != keys.digest("ab", "c")


def test_ends_of_ranges_lie_behind_every_sort_of_their_kind():
    assert keys.time_span("ann", MAX_WALL, "zzz").sort < f"s#{keys.LAST}"
    assert keys.time_yearly("ann", "1231", "zzz").sort < f"y#1231#{keys.LAST}" < f"y#{keys.LAST}"


def test_every_kind_is_somebodys_so_that_closing_an_account_forgets_none():
    kinds = {key.part.split("#")[0] for key in every_key().values()}
    groups = (keys.OF_PERSON, keys.OF_SUBJECT, keys.LED_TO, keys.PASSING, keys.OF_HOME)
    assert kinds == frozenset().union(*groups), "a new kind belongs in one of the sets at the end of keys.py"
    assert sum(map(len, groups)) == len(kinds), "and in one only"


def test_what_an_item_leads_to_is_deleted_with_it():
    assert frozenset().union(*(kinds for _, kinds in LEADS.values())) == keys.LED_TO
    assert LEADS.keys() <= keys.OF_PERSON
    for kind in keys.OF_PERSON | keys.OF_SUBJECT:
        owned = [key for key in every_key().values() if key.part.startswith(f"{kind}#")]
        assert all("#" not in key.part.removeprefix(f"{kind}#") for key in owned), kind
