"""A clinic's own priors and confirmed cases through the public command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.__main__ import main
from tests.engine.commands.conftest import Ask

COLD = {"id": "c", "age_years": 30, "sex": "male", "findings": [{"code": "E_201"}, {"code": "E_91"}, {"code": "E_97"}]}


def written(path: Path, content: object) -> str:
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def probability(result: dict[str, object], code: str) -> float:
    rows = result["hypotheses"]
    assert isinstance(rows, list)
    return float(next(row["votes"]["bayes"] or 0.0 for row in rows if row["code"] == code))


def test_the_clinics_file_moves_the_ranking_and_is_named(ask: Ask, tmp_path: Path) -> None:
    ours = {
        "format": 1,
        "name": "Our clinic",
        "place": "Yunnan, China",
        "rows": [{"condition": "Tuberculosis", "per_100000_years": 50000}],
    }
    options = ("--top", "49", "--priors", written(tmp_path / "ours.json", ours))
    (moved,), (plain,) = ask("diagnose", COLD, options=options), ask("diagnose", COLD, options=("--top", "49"))
    assert probability(moved, "DDX:Tuberculosis") > probability(plain, "DDX:Tuberculosis")
    assert moved["prior"]["kind"] == "clinic"
    assert moved["prior"]["name"]["en"] == "Our clinic"
    assert moved["prior"]["place"] == "China"
    assert "DDX:Pneumonia" in moved["prior"]["thresholds"]
    assert plain["prior"]["kind"] == "table"


def test_the_season_of_the_region_counts(ask: Ask) -> None:
    winter, summer = ({**COLD, "region": "Hebei, China", "date": date} for date in ("2026-01-10", "2026-07-10"))
    in_winter, in_summer = ask("diagnose", winter, summer, options=("--top", "49"))
    assert probability(in_winter, "DDX:Influenza") > probability(in_summer, "DDX:Influenza")
    assert (in_winter["prior"]["place"], in_winter["prior"]["month"]) == ("China", 1)
    assert any(row["finding"] == "season" for row in in_winter["hypotheses"][0]["evidence"])


def test_own_confirmed_cases_move_the_ranking(ask: Ask, tmp_path: Path) -> None:
    options = ("--top", "49", "--confirmed", written(tmp_path / "own.json", {"DDX:Influenza": 400}))
    (moved,), (plain,) = ask("interview", COLD, options=options), ask("interview", COLD, options=("--top", "49"))
    assert probability(moved, "DDX:Influenza") > probability(plain, "DDX:Influenza")
    assert moved["prior"]["confirmed_cases"] == 400


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"name": "x", "rows": [{"condition": "Flue", "per_100000_years": 1}]}, "Flue"),
        ({"name": "x", "rows": [{"condition": "URTI"}]}, "row 1"),
        ({"name": "x", "rows": [{"condition": "URTI", "times": -1}]}, "rows"),
        ({"name": "x", "format": 2}, "format"),
        ([1, 2], "object"),
        ({"rows": []}, "name"),
    ],
)
def test_a_file_that_cannot_be_used_ends_the_run_with_its_reason(
    ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: object, told: str
) -> None:
    assert ask  # the tables are loaded
    path = written(tmp_path / "bad.json", content)
    assert main(["diagnose", "--in", "-", "--out", str(tmp_path / "out.jsonl"), "--priors", path]) == 1
    assert told in capsys.readouterr().err
