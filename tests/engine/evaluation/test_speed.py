"""The speed set: real work is timed, each figure beside its limit, and memory is the process's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.assembly import Engine
from engine.evaluation import speed


def test_every_limit_of_the_issue_has_a_figure(
    knowledge_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "STRUCTURED_CASES", 6)
    monkeypatch.setattr(speed, "RARE_CASES", 2)
    table = speed.evaluate(Engine(knowledge_path, models), None)
    limits = {metric.name: metric.aim for metric in table.metrics if metric.aim is not None}
    assert sorted(limit for limit in limits.values() if limit) == [5, 20, 50, 50, 250, 250]
    assert all(metric.value > 0 for metric in table.metrics)
    assert {metric.n for metric in table.metrics} == {6, 2, 1, 40}
