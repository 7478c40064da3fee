"""Bayes by hand beside Bayes by program, and tables that must be refused."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadRequest
from engine.genomics.risk import estimate
from engine.genomics.scoring_file import ScoringFile, VariantEffect, read_scoring_file

TABLE = (
    "#pgs_id=TEST\n#genome_build=GRCh38\nrsID\teffect_allele\tother_allele\teffect_weight\tallelefrequency_effect\t"
    "standard_error\nrs1\tA\tG\t0.6931472\t0.25\t0.1\nrs2\tT\tC\t-0.2\t0.5\t0.05\n"
)


def table(tmp_path: Path, text: str = TABLE) -> ScoringFile:
    path = tmp_path / "scores.txt"
    path.write_text(text)
    return read_scoring_file(path)


def test_the_posterior_is_the_prior_odds_times_each_ratio(tmp_path: Path) -> None:
    result = estimate(0.1, table(tmp_path), {"rs1": ("A", "G"), "rs2": ("T", "T")})
    log_lr = math.log(2) * (1 - 0.5) - 0.2 * (2 - 1)
    odds = 0.1 / 0.9 * math.exp(log_lr)
    assert result.posterior == pytest.approx(odds / (1 + odds), abs=1e-6)
    assert result.interval[0] < result.posterior < result.interval[1]
    assert [each.copies for each in result.contributions] == [1, 2]
    assert "= 0.3466" in result.contributions[0].working


def test_an_unread_variant_changes_nothing_but_the_interval(tmp_path: Path) -> None:
    read = estimate(0.1, table(tmp_path), {"rs1": ("A", "G"), "rs2": ("T", "C")})
    unread = estimate(0.1, table(tmp_path), {"rs1": ("A", "G")})
    assert unread.missing == ["rs2"]
    assert unread.posterior == pytest.approx(read.posterior)
    assert unread.interval[1] - unread.interval[0] > read.interval[1] - read.interval[0]


def test_nothing_read_leaves_the_prior(tmp_path: Path) -> None:
    assert estimate(0.07, table(tmp_path), {}).posterior == pytest.approx(0.07)


def test_odds_ratios_are_taken_as_such(tmp_path: Path) -> None:
    text = "#weight_type=OR\nrsID\teffect_allele\teffect_weight\nrs1\tA\t2\n"
    result = estimate(0.5, table(tmp_path, text), {"rs1": ("A", "G")})
    assert result.posterior == pytest.approx(2 / 3)
    assert any("frequency" in note for note in result.notes)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("rsID\teffect_allele\nrs1\tA\n", "effect_weight"),
        ("rsID\teffect_allele\teffect_weight\nrs1\tA\tmany\n", "no number"),
        ("rsID\teffect_allele\teffect_weight\nrs1\tA\tinf\n", "not finite"),
        ("rsID\teffect_allele\teffect_weight\n\tA\t1\n", "neither"),
        ("rsID\teffect_allele\teffect_weight\tallelefrequency_effect\nrs1\tA\t1\t7\n", "frequency"),
    ],
)
def test_a_table_that_cannot_be_used_names_the_reason(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(BadRequest, match=reason):
        table(tmp_path, text)


def test_a_genotype_of_another_variant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="rs1"):
        estimate(0.1, table(tmp_path), {"rs1": ("A", "C")})


@pytest.mark.parametrize("prior", [0.0, 1.0, -0.1, 2.0])
def test_a_prior_outside_its_range_is_refused(tmp_path: Path, prior: float) -> None:
    with pytest.raises(BadRequest):
        estimate(prior, table(tmp_path), {})


@given(st.floats(0.001, 0.999), st.floats(-2, 2), st.floats(0.01, 0.99), st.sampled_from(["AA", "AG", "GG"]))
def test_more_risk_alleles_never_lower_the_risk(prior: float, weight: float, frequency: float, genotype: str) -> None:
    effect = VariantEffect("rs1", "A", "G", abs(weight), frequency, None, None)
    fewer = estimate(prior, ScoringFile({}, (effect,)), {"rs1": ("G", "G")})
    more = estimate(prior, ScoringFile({}, (effect,)), {"rs1": tuple(genotype)})
    assert more.posterior >= fewer.posterior - 1e-12
    assert 0 <= more.interval[0] <= more.interval[1] <= 1
