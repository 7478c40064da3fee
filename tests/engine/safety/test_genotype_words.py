"""What is said about a genotype names the facts in both languages and never leaves a number to guess."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.api import Severity
from engine.genomics.pgx import GeneCall, Recommendation
from engine.safety import genotype_words as words
from engine.safety.drugs import Drug

CODEINE = Drug("codeine", "可待因")
CALL = GeneCall("CYP2D6", ["*4/*4"], "Poor Metabolizer", 0, 0, [], best=["*4/*4"])
ROW = Recommendation("codeine", "CYP2D6", "Avoid codeine use.", "Strong", "CPIC", "2024-03-25")


@pytest.mark.parametrize(
    ("severity", "english", "chinese"),
    [
        (Severity.CONTRAINDICATED, "calls this contraindicated", "禁用"),
        (Severity.AVOID, "advises against", "避免"),
        (Severity.CAUTION, "another dose", "调整剂量"),
        (Severity.NOTE, "gives a remark", "有提示"),
    ],
)
def test_each_severity_has_its_words(severity: Severity, english: str, chinese: str) -> None:
    said = words.advice(CODEINE, [CALL], ROW, severity)
    assert english in said.en
    assert chinese in said.zh


def test_an_ungraded_guideline_is_said_to_be_ungraded() -> None:
    said = words.advice(CODEINE, [CALL], replace(ROW, strength="N/A", source="DPWG"), Severity.CAUTION)
    assert "DPWG (not graded)" in said.en
    assert "DPWG指南（未分级）" in said.zh


def test_several_diplotypes_are_counted_not_chosen() -> None:
    tied = replace(CALL, best=["*1/*4", "*1/*17"], phenotype="Indeterminate")
    said = words.advice(CODEINE, [tied], ROW, Severity.CAUTION)
    assert "CYP2D6 2 possible diplotypes (Indeterminate)" in said.en
    assert "CYP2D6 2种可能的双倍型（无法判定）" in said.zh
    why = words.unsettled(CODEINE, tied)
    assert "2 diplotypes explain the data" in why.en
    assert "2种双倍型均可解释数据" in why.zh


def test_nothing_read_has_no_row() -> None:
    assert "no table row for what was read" in words.unsettled(CODEINE, replace(CALL, best=[])).en


@pytest.mark.parametrize(
    ("count", "english", "chinese"), [(5, "rs0, rs1, rs2, rs3, rs4)", "rs4）"), (6, "rs4 and 1 more)", "rs4等6个）")]
)
def test_five_positions_are_named_and_the_rest_counted(count: int, english: str, chinese: str) -> None:
    call = replace(CALL, separating=[f"rs{number}" for number in range(count)])
    said = words.unsettled(CODEINE, call)
    assert english in said.en
    assert chinese in said.zh


def test_an_untranslated_phenotype_stays_as_the_table_has_it() -> None:
    assert words.phenotype("-1639 AA").zh == "-1639 AA"
    assert words.phenotype(None).en == ""


def test_an_unknown_refusal_is_still_said() -> None:
    assert "sunspots" in words.refused("sunspots").zh
