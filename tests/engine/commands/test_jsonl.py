"""Lines in, lines out: order, identity, and one bad line that does not end the run."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from engine import api, errors
from engine.commands import jsonl

VERSIONS = api.Versions("1", "2")


def process(tmp_path: Path, lines: list[bytes], work: jsonl.Work) -> list[dict[str, Any]]:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(b"\n".join(lines) + b"\n")
    arguments = argparse.Namespace(source=str(source), target=str(target))
    assert jsonl.process(arguments, work, VERSIONS) == 0
    return [json.loads(line) for line in target.read_bytes().splitlines()]


def echo(line: bytes) -> dict[str, Any]:
    return {"status": "ok", "age": api.strict(jsonl.normalised(line), api.Case).age_years}


def test_results_come_in_order_with_the_id_as_it_was_given(tmp_path: Path) -> None:
    results = process(tmp_path, [b'{"id": 7, "age_years": 1}', b'{"id": "b", "age_years": 2}'], echo)
    assert [(result["id"], result["age"]) for result in results] == [(7, 1.0), ("b", 2.0)]
    assert all(result["versions"]["lantern"] == "1" and result["elapsed_ms"] >= 0 for result in results)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"not json", "bad_request"),
        (b"[1]", "bad_request"),
        (b'{"id": "x", "age_years": 400}', "out_of_range"),
        (b'{"id": "x", "weight_kg": -3}', "out_of_range"),
        (b"\xff\xff", "bad_request"),
        (b"[" * 50_000, "bad_request"),
    ],
)
def test_a_bad_line_fails_alone(tmp_path: Path, line: bytes, code: str) -> None:
    before, bad, after = process(tmp_path, [b'{"id": "1"}', line, b'{"id": "3"}'], echo)
    assert (before["status"], after["status"]) == ("ok", "ok")
    assert bad["status"] == "failed"
    assert bad["error"]["code"] == code


def test_a_bug_in_one_line_is_reported_and_the_run_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(line: bytes) -> dict[str, Any]:
        raise KeyError("patient name")

    (result,) = process(tmp_path, [b'{"id": "1"}'], broken)
    assert (result["error"]["code"], result["error"]["message"]) == ("internal", "KeyError")
    assert "internal error" in capsys.readouterr().err


def test_small_liberties_are_taken_as_they_are_meant() -> None:
    line = b'{"id": 3, "sex": null, "medications": ["warfarin"], "allergies": [{"name": "penicillin"}]}'
    case = api.strict(jsonl.normalised(line), api.Case)
    assert case.id == "3"
    assert case.sex == "unknown"
    assert case.medications == [api.Medication("warfarin")]
    assert case.allergies == [api.Allergy("penicillin")]


def test_a_misspelt_field_is_named() -> None:
    assert jsonl.ignored_fields(b'{"id": "1", "medication": []}', api.Case) == ["medication"]


def test_an_oversize_line_is_refused(tmp_path: Path) -> None:
    (result,) = process(tmp_path, [b'{"text": "' + b"x" * jsonl.LONGEST_LINE_BYTES + b'"}'], echo)
    assert result["error"]["code"] == errors.TooLarge.code
