"""A stored result replays as the same, or the replay says what is different and why; a request that is gone is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.__main__ import main
from tests.engine.commands.conftest import Ask

CASES = [
    {"id": "a", "age_years": 30, "sex": "female", "text": "Fever and cough for three days."},
    {"id": "b", "medications": [{"name": "warfarin"}, {"name": "ibuprofen"}]},
]


@pytest.fixture
def stored(ask: Ask) -> list[dict[str, Any]]:
    """Two results of two commands, with their requests."""
    pairs = zip(("diagnose", "check"), CASES, strict=True)
    return [ask(command, case, options=("--replayable",))[0] for command, case in pairs]


def replay(folder: Path, results: list[dict[str, Any]], *more: str) -> int:
    (folder / "stored.jsonl").write_text("".join(json.dumps(each) + "\n" for each in results))
    return main(["replay", "--in", str(folder / "stored.jsonl"), *more])


def test_stored_results_come_out_the_same(
    stored: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stored[0]["made_by"]["command"] == "diagnose"
    assert stored[0]["made_by"]["options"]["top"] == 10
    assert replay(tmp_path, stored) == 0
    verdicts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["id"], each["status"]) for each in verdicts] == [("a", "same"), ("b", "same")]


def edited_result(result: dict[str, Any]) -> None:
    result["alerts"] = []


def edited_request(result: dict[str, Any]) -> None:
    result["request"]["medications"] = []


def other_knowledge(result: dict[str, Any]) -> None:
    result["alerts"] = []
    result["versions"]["knowledge"] = "of last year"


@pytest.mark.parametrize(
    ("change", "reason"),
    [(edited_result, "fault"), (edited_request, "not the one"), (other_knowledge, "knowledge: of last year then")],
)
def test_a_difference_is_named_with_its_reason(
    stored: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    change: Callable[[dict[str, Any]], None], reason: str,
) -> None:
    changed = json.loads(json.dumps(stored[1]))
    change(changed)
    assert replay(tmp_path, [changed]) == 1
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["status"] == "different"
    assert reason in verdict["reasons"][0]


def test_without_its_request_a_result_needs_the_file(
    stored: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = {name: value for name, value in stored[1].items() if name != "request"}
    assert replay(tmp_path, [bare]) == 1
    assert json.loads(capsys.readouterr().out)["status"] == "failed"
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in CASES))
    assert replay(tmp_path, [bare], "--requests", str(tmp_path / "cases.jsonl")) == 0


def test_a_result_that_does_not_say_how_it_was_made_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replay(tmp_path, [{"id": "x", "status": "ok"}]) == 1
    assert "which command" in capsys.readouterr().out
