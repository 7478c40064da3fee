"""Which rows of the CPIC and DPWG guidelines apply to what was called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.genomics import outside_calls
from engine.genomics.calls import GeneCall
from engine.genomics.load import GuidelineRow
from engine.genomics.phenotype import INDETERMINATE

NO_SCORE = "n/a"
"""The key of guideline rows for an activity score that cannot be told."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A guideline row that applies; `text` is the guideline's own wording, quoted."""

    drug: str
    gene: str
    text: str
    strength: str
    source: str
    date: str
    population: str = ""
    genotype: str = ""
    address: str = ""
    row: str = ""
    implications: list[str] = field(default_factory=list)


def applying(
    rows: Iterable[GuidelineRow], calls: list[GeneCall], drugs: list[str]
) -> tuple[list[Recommendation], dict[str, list[str]]]:
    """Return what applies to `drugs` (lower-case names; all drugs when empty), and the genes that nobody called.

    A drug stands in the second only where no row applies and none of its genes was called.
    """
    by_gene = {call.gene: call for call in calls}
    found: list[Recommendation] = []
    lacking: dict[str, set[str]] = {}
    for row in rows:
        for drug in row.drugs if not drugs else [name for name in row.drugs if name in drugs]:
            if not any(gene in by_gene for gene in row.keys):
                lacking.setdefault(drug, set()).update(row.keys)
            elif all(_applies(gene, key, by_gene.get(gene)) for gene, key in row.keys.items()):
                found.append(_recommendation(drug, row))
    answered = {recommendation.drug for recommendation in found}
    return found, {drug: sorted(genes) for drug, genes in sorted(lacking.items()) if drug not in answered and drugs}


def _applies(gene: str, key: str | float | dict[str, float], call: GeneCall | None) -> bool:
    """Whether a guideline's key is what was called. A gene without a call matches only `No Result`.

    A row for one diplotype needs that diplotype alone, with no unread position that could change it.
    """
    if call is None:
        return key == "No Result"
    if isinstance(key, dict):
        wanted = [allele for allele, count in key.items() for _ in range(int(count))]
        alone = len(call.best) == 1 and not call.separating
        return alone and sorted(call.best[0].split("/")) == sorted(wanted)
    text = str(key)
    if gene.startswith("HLA"):
        return text in outside_calls.hla_statuses(call.best[0], [text.split(" ")[0]])
    if text == NO_SCORE and call.phenotype == INDETERMINATE:
        return True
    said = {call.phenotype, call.activity_score, (call.phenotype or "").removeprefix(f"{gene} ")}
    score_with_words = call.activity_score is not None and text.startswith(f"{call.activity_score} (")
    return text in said or score_with_words


def _recommendation(drug: str, row: GuidelineRow) -> Recommendation:
    genotype = "; ".join(f"{gene} {key}" for gene, key in row.keys.items())
    return Recommendation(
        drug,
        ", ".join(row.keys),
        row.text,
        row.strength,
        row.source,
        row.date,
        row.population,
        genotype,
        row.address,
        row.id,
        row.implications,
    )
