"""`diagnose --reader`: the installed language model votes on the candidates in front; unasked it does not."""

from __future__ import annotations

import pytest

from tests.engine.commands.conftest import Ask

CASE = {
    "id": "r",
    "text": "Pain under the heel, worst with the first steps in the morning. It eases after walking. No swelling.",
    "candidates": ["Plantar fasciitis", "Migraine", "Gout"],
}


def test_the_reader_votes_when_asked_and_only_then(ask: Ask) -> None:
    (unasked,) = ask("diagnose", CASE)
    (asked,) = ask("diagnose", CASE, options=("--reader",))
    assert [row["votes"]["reader"] for row in unasked["hypotheses"]] == [None] * 3
    assert "reader" not in unasked["voted"]
    votes = [row["votes"]["reader"] for row in asked["hypotheses"]]
    assert all(0 < vote < 1 for vote in votes)
    assert sum(votes) == pytest.approx(1, abs=1e-6)
    assert len(set(votes)) == 3
    assert "reader" in asked["voted"]
    assert {row["name"] for row in asked["hypotheses"]} == set(CASE["candidates"])
    assert sum(row["probability"] for row in asked["hypotheses"]) == pytest.approx(1, abs=1e-6)
