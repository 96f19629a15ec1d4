"""Random reads and writes against a dict that keeps the same promises."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from aurora_time.ports import ABSENT, Check, ConflictError, Delete, Item, Key, Put, Range

START = 1_800_000_000
SORTS = ["a", "a\x00", "b", "é", "\uffff", "\U0001f600"]
keys = st.builds(Key, st.sampled_from(["p", "q"]), st.sampled_from(SORTS))
versions = st.sampled_from(["v1", "v2", "v3"])
expects = st.none() | st.just(ABSENT) | versions
expiries = st.none() | st.integers(START - 1, START + 20)
changes = st.one_of(
    st.builds(Put, keys, st.binary(max_size=20), versions, expects, expiries),
    st.builds(Delete, keys, expects),
    st.builds(Check, keys, st.just(ABSENT) | versions),
)
bounds = st.sampled_from(["", *SORTS, "c", "\U0010ffff"])
ranges = st.builds(
    Range, st.sampled_from(["p", "q", "none"]), bounds, bounds, st.none() | st.integers(1, 4), st.booleans()
)


class Model(RuleBasedStateMachine):
    def __init__(self, engine, clock) -> None:
        super().__init__()
        self.items: dict[Key, Item] = {}
        self.clock = clock
        self.clock.time = float(START)
        self.runner = asyncio.Runner()
        self.open = contextlib.ExitStack()
        folder = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        self.engine = engine(folder, clock)
        self.table = self.runner.run(self.engine.__aenter__())

    def teardown(self) -> None:
        self.runner.run(self.engine.__aexit__(None, None, None))
        self.runner.close()
        self.open.close()

    def there(self) -> dict[Key, Item]:
        now = self.clock.now()
        return {key: item for key, item in self.items.items() if item.expires is None or item.expires > now}

    @rule(batch=st.lists(changes, min_size=1, max_size=6, unique_by=lambda change: change.key))
    def write(self, batch) -> None:
        there = self.there()
        found = {key: item.version for key, item in there.items()}
        unmet = {c.key for c in batch if c.expect is not None and c.expect != found.get(c.key, ABSENT)}
        if unmet:
            with pytest.raises(ConflictError) as caught:
                self.runner.run(self.table.write(*batch))
            assert caught.value.key in unmet
            return
        self.runner.run(self.table.write(*batch))
        for change in batch:
            if isinstance(change, Put):
                self.items[change.key] = Item(change.key, change.body, change.version, change.expires)
            elif isinstance(change, Delete):
                self.items.pop(change.key, None)

    @rule(wanted=st.lists(keys, max_size=4))
    def get(self, wanted) -> None:
        there = self.there()
        assert self.runner.run(self.table.get(*wanted)) == [there.get(key) for key in wanted]

    @rule(wanted=st.lists(ranges, max_size=3))
    def query(self, wanted) -> None:
        assert self.runner.run(self.table.query(*wanted)) == [self.in_range(range_) for range_ in wanted]

    def in_range(self, range_: Range) -> list[Item]:
        low, high = range_.low.encode(), range_.high.encode()
        items = [
            item for key, item in self.there().items() if key.part == range_.part and low <= key.sort.encode() < high
        ]
        items.sort(key=lambda item: item.key.sort.encode(), reverse=range_.reverse)
        return items[: range_.limit]

    @rule(seconds=st.floats(0.5, 5))
    def time_passes(self, seconds) -> None:
        self.clock.time += seconds

    @rule()
    def expired_items_are_removed(self) -> None:
        """An engine may remove what has expired at any time; nobody can tell."""
        if hasattr(self.table, "remove_expired"):
            self.runner.run(self.table.remove_expired())


@pytest.mark.timeout(120)
def test_the_table_does_what_a_dict_would(engine, clock, effort):
    run_state_machine_as_test(
        lambda: Model(engine, clock),
        settings=settings(
            max_examples=40 * effort,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
