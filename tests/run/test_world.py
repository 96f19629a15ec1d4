"""The real source of ids."""

from __future__ import annotations

from aurora_time.run.world import RandomIds


def test_an_id_can_be_typed_after_any_command() -> None:
    """One that began with a hyphen would be taken for an option (``aurora job wait -cAid...``)."""
    ids = {RandomIds().new() for _ in range(2_000)}
    assert len(ids) == 2_000
    assert all(len(each) == 22 and not each.startswith("-") for each in ids)
