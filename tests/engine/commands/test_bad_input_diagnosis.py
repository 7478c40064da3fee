"""Bad input to diagnose and interview: a clear status each time, no crash, no guess dressed as a probability."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.commands.conftest import Ask

COMMANDS = pytest.mark.parametrize("command", ["diagnose", "interview"])
COUGH, FEVER, NODES = {"code": "E_201"}, {"code": "E_91"}, {"code": "HP:0002716"}


def assert_silent(result: dict[str, Any]) -> None:
    """No probability of any kind, the reasons in words, the candidates still there."""
    assert result["status"] == "abstained"
    assert result["reasons"]
    assert result["hypotheses"]
    for row in result["hypotheses"]:
        assert row["probability"] is None
        assert row["prior"] is None
        assert set(row["votes"].values()) == {None}


@COMMANDS
def test_unknown_codes_are_named_and_alone_give_silence(ask: Ask, command: str) -> None:
    codes = ["E_9999", "HP:9999999", "E_55_@_V_1", "nonsense", ""]
    (result,) = ask(command, {"id": "u", "findings": [{"code": code} for code in codes], "age_years": 40})
    assert_silent(result)
    assert set(result["unrecognised"]) >= {"E_9999", "HP:9999999", "E_55_@_V_1", "nonsense"}


@COMMANDS
def test_obsolete_and_merged_hpo_ids_count_as_what_replaced_them(ask: Ask, command: str) -> None:
    """HP:0004715 was merged into HP:0000003, HP:0000057 replaced by HP:0008665 (hp.obo: alt_id, replaced_by)."""
    old, new = ask(
        command,
        *({"id": code, "findings": [{"code": code}, {"code": "HP:0001250"}, {"code": "HP:0001263"}]}
          for code in ("HP:0004715", "HP:0000003")),
    )  # fmt: skip
    assert old["unrecognised"] == []
    assert [row["code"] for row in old["hypotheses"]] == [row["code"] for row in new["hypotheses"]]


@COMMANDS
def test_a_contradiction_counts_as_unknown_and_is_said(ask: Ask, command: str) -> None:
    said = [FEVER, {"code": "E_91", "present": False}, COUGH, {"code": "E_97"}]
    contradicted, without = ask(command, {"id": "c", "findings": said}, {"id": "w", "findings": said[2:]})
    assert [row["code"] for row in contradicted["hypotheses"]] == [row["code"] for row in without["hypotheses"]]
    assert any("both present and absent" in reason["en"] for reason in contradicted["display_reasons"])


@COMMANDS
@pytest.mark.parametrize("case", [{}, {"text": "  "}, {"findings": []}, {"answers": {}}, {"age_years": 5}])
def test_an_empty_case_is_silent(ask: Ask, command: str, case: dict[str, Any]) -> None:
    (result,) = ask(command, {"id": "e", **case})
    assert_silent(result)


@COMMANDS
def test_three_hundred_findings_are_all_read(ask: Ask, command: str) -> None:
    findings = [{"code": f"HP:{number:07d}", "present": number % 2 == 0} for number in range(1250, 1550)]
    (result,) = ask(command, {"id": "m", "findings": findings, "scope": "rare"})
    assert result["status"] in ("ranked", "abstained")
    assert len(result["hypotheses"]) == 10


@COMMANDS
@pytest.mark.parametrize(
    "answer", [99, -1, 3.5, "V_1", "perhaps", [], [[]], ["V_29", "V_1"], {"a": 1}, 1e300, "", [None], ["V_29", 7]]
)
def test_an_answer_outside_its_values_is_named_or_its_line_fails(ask: Ask, command: str, answer: object) -> None:
    case = {"id": "a", "findings": [COUGH, FEVER, {"code": "E_97"}], "age_years": 30}
    plain, odd = ask(command, case, {**case, "answers": {"E_55": answer}})
    if odd["status"] == "failed":
        assert odd["error"]["code"] == "bad_request"
    elif answer == []:
        assert odd["unrecognised"] == []  # nothing of the list: its default
    else:
        assert odd["unrecognised"], answer
        assert [row["code"] for row in odd["hypotheses"]] == [row["code"] for row in plain["hypotheses"]]


@COMMANDS
def test_candidates_that_do_not_exist_share_nothing_but_their_names(ask: Ask, command: str) -> None:
    known, unknown = ask(
        command,
        {"id": "k", "findings": [COUGH, FEVER], "candidates": ["Bronchitis", "The vapours"]},
        {"id": "n", "findings": [COUGH, FEVER], "candidates": ["The vapours", "Dropsy"]},
    )
    assert known["unrecognised"] == ["The vapours"]
    assert_silent(unknown)
    assert {row["name"] for row in unknown["hypotheses"]} == {"The vapours", "Dropsy"}


@COMMANDS
@pytest.mark.parametrize("age", [0.01, 119])
def test_the_ends_of_life_have_a_status(ask: Ask, command: str, age: float) -> None:
    case = {"id": "a", "age_years": age, "findings": [COUGH, FEVER, {"code": "E_97"}, {"code": "E_181"}]}
    (result,) = ask(command, case)
    if age < 1:
        assert_silent(result)
        assert "28 days" in result["out_of_scope"]
        assert result["next_questions"] == []
    else:
        assert result["status"] in ("ranked", "abstained")


@COMMANDS
@pytest.mark.parametrize("age", [-1, 126, "old", True])
def test_an_impossible_age_fails_its_own_line_only(ask: Ask, command: str, age: object) -> None:
    sound = {"id": "g", "findings": [COUGH, FEVER]}
    bad, good = ask(command, {**sound, "id": "b", "age_years": age}, sound)
    assert bad["status"] == "failed"
    assert bad["error"]["code"] in ("bad_request", "out_of_range")
    assert good["status"] in ("ranked", "abstained")
