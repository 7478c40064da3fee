"""Disease risk by Bayes: prior odds times one likelihood ratio for each variant, with every step shown.

A genotype's log likelihood ratio is weight x (copies - 2 x frequency): against the average person, not against one
without the allele, because the prior already is the average person's. An unread variant adds nothing to the estimate
and its whole possible spread to the interval. A genotype on the other strand is turned over where only one strand
fits; where both fit (A/T, C/G) it is taken as written and named.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.errors import BadRequest
from engine.genomics.scoring_file import ScoringFile, VariantEffect

Z_95 = 1.959964
_OTHER_STRAND = str.maketrans("ACGT", "TGCA")
_STRAND_NOTES = {
    "turned": "read on the other strand and turned over",
    "ambiguous": "the strand cannot be told from the bases; taken as on the table's strand",
}


@dataclass(frozen=True, slots=True)
class Contribution:
    """One variant: `copies` of the effect allele (None: not read), and its natural-log likelihood ratio."""

    variant: str
    effect_allele: str
    copies: float | None
    weight: float
    frequency: float | None
    log_lr: float
    working: str
    strand: str = ""
    """`turned` where the other strand was read, `ambiguous` where the strand cannot be told."""


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


Genotypes = Mapping[str, tuple[str, ...] | float]
"""Variant name to the alleles that were read, or to the number of copies of the effect allele (an imputed dosage)."""


def estimate(prior: float, table: ScoringFile, genotypes: Genotypes) -> RiskEstimate:
    """Return the posterior probability for `genotypes`.

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
        _notes(table, contributions, genotypes),
    )


def _contribution(effect: VariantEffect, read: tuple[str, ...] | float | None) -> Contribution:
    if read is None:
        working = "not read: the average person is assumed, the interval is wider"
        return Contribution(effect.name, effect.effect_allele, None, effect.weight, effect.frequency, 0.0, working)
    copies, strand = _copies(effect, read)
    counted, expected = _scaled(effect, copies), _expected(effect)
    log_lr = effect.weight * (counted - expected)
    working = f"{effect.weight:g} x ({counted:g} - {expected:g}) = {log_lr:.4f}"
    return Contribution(
        effect.name, effect.effect_allele, copies, effect.weight, effect.frequency, log_lr, working, strand
    )


def _copies(effect: VariantEffect, read: tuple[str, ...] | float) -> tuple[float, str]:
    """Return the copies of the effect allele and what is to be said about the strand. Raises BadRequest."""
    if not isinstance(read, tuple):
        if not 0 <= read <= 2:
            raise BadRequest(f"{effect.name}: a dosage lies between 0 and 2")
        return read, ""
    known = {effect.effect_allele, effect.other_allele}
    turned = {_turned(allele) for allele in known}
    if not 1 <= len(read) <= 2:
        raise BadRequest(f"{effect.name}: one or two alleles are needed, {len(read)} were given")
    if not effect.other_allele or set(read) <= known:
        ambiguous = bool(effect.other_allele) and known == turned
        return sum(allele == effect.effect_allele for allele in read), "ambiguous" if ambiguous else ""
    if set(read) <= turned:
        return sum(_turned(allele) == effect.effect_allele for allele in read), "turned"
    raise BadRequest(f"{effect.name}: genotype {'/'.join(read)} does not fit the table's alleles")


def _turned(allele: str) -> str:
    """Return the allele as the other strand has it."""
    return allele.translate(_OTHER_STRAND)[::-1]


def _scaled(effect: VariantEffect, copies: float) -> float:
    """Return how many weights `copies` count for; a dosage between two numbers of copies lies between their weights."""
    below = min(int(copies), 1)
    low, high = effect.scale[below], effect.scale[below + 1]
    return low + (high - low) * (copies - below)


def _expected(effect: VariantEffect) -> float:
    """Return the average person's weights at the table's frequency, 0 where it gives none."""
    if effect.frequency is None:
        return 0.0
    return math.fsum(share * weights for share, weights in zip(_shares(effect.frequency), effect.scale, strict=True))


def _shares(frequency: float) -> tuple[float, float, float]:
    """Return the shares of people with 0, 1 and 2 copies (Hardy and Weinberg)."""
    return (1 - frequency) ** 2, 2 * frequency * (1 - frequency), frequency**2


def _variance(effect: VariantEffect, copies: float | None) -> float:
    """Variance of one contribution: the weight's own error, and for an unread variant the population's spread."""
    if copies is None:
        shares = _shares(effect.frequency if effect.frequency is not None else 0.5)
        mean = math.fsum(share * weights for share, weights in zip(shares, effect.scale, strict=True))
        spread = math.fsum(share * (weights - mean) ** 2 for share, weights in zip(shares, effect.scale, strict=True))
        return effect.weight**2 * spread
    return ((effect.standard_error or 0.0) * (_scaled(effect, copies) - _expected(effect))) ** 2


def _notes(table: ScoringFile, contributions: list[Contribution], genotypes: Genotypes) -> list[str]:
    notes = []
    for strand, words in _STRAND_NOTES.items():
        if named := [each.variant for each in contributions if each.strand == strand]:
            notes.append(f"{words}: {', '.join(named)}")
    if unused := sorted(set(genotypes) - {each.variant for each in contributions}):
        notes.append(f"not in the table, not used: {', '.join(unused)}")
    if any(each.frequency is None for each in contributions):
        notes.append("some variants have no allele frequency: their ratio is against a person without the allele")
    if all(effect.standard_error is None for effect in table.effects):
        notes.append("the table gives no standard errors: the interval covers unread variants only")
    if (build := table.header.get("genome_build", "")) and "38" not in build:
        notes.append(f"the table names genome build {build}; variants were matched by rsID")
    return notes


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0
