"""Disease risk by Bayes: prior odds times one likelihood ratio for each variant, with every step shown.

A genotype's log likelihood ratio is weight x (copies - 2 x frequency): against the average person, not against one
without the allele, because the prior already is the average person's. An unread variant adds nothing to the estimate
and its whole possible spread to the interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from engine.errors import BadRequest
from engine.genomics.scoring_file import ScoringFile, VariantEffect

Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Contribution:
    """One variant: `copies` of the effect allele (None: not read), and its natural-log likelihood ratio."""

    variant: str
    effect_allele: str
    copies: int | None
    weight: float
    frequency: float | None
    log_lr: float
    working: str


@dataclass(frozen=True, slots=True)
class RiskEstimate:
    """`interval` is 95 %, from the weights' standard errors and the variants that were not read."""

    prior: float
    posterior: float
    interval: tuple[float, float]
    contributions: list[Contribution]
    working: str
    missing: list[str]
    notes: list[str] = field(default_factory=list)


def estimate(prior: float, table: ScoringFile, genotypes: dict[str, tuple[str, ...]]) -> RiskEstimate:
    """Return the posterior probability for `genotypes` (variant name to its two alleles).

    Raises BadRequest for a prior outside (0, 1) or a genotype with a base that the table's variant does not have.
    """
    if not 0 < prior < 1:
        raise BadRequest("the prior must lie between 0 and 1")
    if not table.effects:
        raise BadRequest("the table has no variants")
    contributions = [_contribution(effect, genotypes.get(effect.name)) for effect in table.effects]
    total = math.fsum(each.log_lr for each in contributions)
    deviation = math.sqrt(
        math.fsum(_variance(effect, each.copies) for effect, each in zip(table.effects, contributions, strict=True))
    )
    prior_log_odds = math.log(prior / (1 - prior))
    middle = prior_log_odds + total
    low, high = (_probability(middle + sign * Z_95 * deviation) for sign in (-1, 1))
    return RiskEstimate(
        prior,
        _probability(middle),
        (low, high),
        contributions,
        f"log odds {prior_log_odds:.4f} + {total:.4f} = {middle:.4f}; probability {_probability(middle):.4f}",
        [each.variant for each in contributions if each.copies is None],
        _notes(table, contributions),
    )


def _contribution(effect: VariantEffect, alleles: tuple[str, ...] | None) -> Contribution:
    if alleles is None:
        working = "not read: the average person is assumed, the interval is wider"
        return Contribution(effect.name, effect.effect_allele, None, effect.weight, effect.frequency, 0.0, working)
    known = {effect.effect_allele, effect.other_allele} - {""}
    if effect.other_allele and not set(alleles) <= known:
        raise BadRequest(f"{effect.name}: genotype {'/'.join(alleles)} does not fit the table's alleles")
    copies = sum(allele == effect.effect_allele for allele in alleles)
    expected = 2 * effect.frequency if effect.frequency is not None else 0.0
    log_lr = effect.weight * (copies - expected)
    working = f"{effect.weight:g} x ({copies} - {expected:g}) = {log_lr:.4f}"
    return Contribution(effect.name, effect.effect_allele, copies, effect.weight, effect.frequency, log_lr, working)


def _variance(effect: VariantEffect, copies: int | None) -> float:
    """Variance of one contribution: the weight's own error, and for an unread variant the population's spread."""
    frequency = effect.frequency if effect.frequency is not None else 0.5
    if copies is None:
        return effect.weight**2 * 2 * frequency * (1 - frequency)
    expected = 2 * frequency if effect.frequency is not None else 0.0
    return ((effect.standard_error or 0.0) * (copies - expected)) ** 2


def _notes(table: ScoringFile, contributions: list[Contribution]) -> list[str]:
    notes = []
    if any(each.frequency is None for each in contributions):
        notes.append("some variants have no allele frequency: their ratio is against a person without the allele")
    if all(effect.standard_error is None for effect in table.effects):
        notes.append("the table gives no standard errors: the interval covers unread variants only")
    if (build := table.header.get("genome_build", "")) and "38" not in build:
        notes.append(f"the table names genome build {build}; variants were matched by rsID")
    return notes


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0
