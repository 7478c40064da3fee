"""From pairs of named alleles to a phenotype, and which unread positions keep it open."""

from __future__ import annotations

from engine.genomics import low_function
from engine.genomics.definitions import GeneDefinition, PhenotypeTable, pair_key
from engine.genomics.star_alleles import GeneMatch
from engine.genomics.vcf import Genotype

INDETERMINATE = "Indeterminate"
DOMINANT = "Malignant Hyperthermia Associated"
REFERENCE = "Reference"


def phenotype_of(table: PhenotypeTable | None, pairs: list[tuple[str, str]]) -> tuple[str | None, str | None]:
    """Return (phenotype, lookup key) where all pairs agree; Indeterminate where they do not or the table is silent."""
    if table is None or not pairs:
        return None, None
    keys = [_key_in(table, *pair) for pair in pairs]
    found = {(table.phenotypes.get(key), table.lookups.get(key)) for key in keys}
    if len(found) == 1:
        phenotype, lookup = found.pop()
        return phenotype or INDETERMINATE, lookup
    return INDETERMINATE, None


def _key_in(table: PhenotypeTable, first: str, second: str) -> str:
    """Return the table's key of a pair; one variant that causes malignant hyperthermia decides beside any other."""
    causes = [name for name in (first, second) if table.functions.get(name) == DOMINANT]
    key = pair_key(first, second)
    return pair_key(causes[0], REFERENCE) if causes and key not in table.phenotypes else key


def separating(
    definition: GeneDefinition, table: PhenotypeTable | None, matched: GeneMatch, pairs: list[tuple[str, str]]
) -> list[str]:
    """Return the unread positions at which another explanation of what was read would mean another phenotype."""
    unread = {index for index, place in enumerate(definition.positions) if place.name in matched.missing}
    explaining = [(pair.first, pair.second) for pair in (*matched.candidates, *matched.possible)]
    found = {
        index
        for called in pairs
        for other in explaining
        if _outcome(table, other) != _outcome(table, called)
        for index in _differing(definition, called, other) & unread
    }
    return [definition.positions[index].name for index in sorted(found)]


def separating_by_function(
    definition: GeneDefinition, table: PhenotypeTable | None, calls: dict[int, Genotype], pair: tuple[str, str]
) -> list[str]:
    """Return the unread positions at which an allele that nothing speaks against would lower the function."""
    found: set[int] = set()
    for allele in definition.alleles:
        unread = definition.deviations[allele.name].keys() - calls.keys()
        if not unread or not low_function.is_possible(definition, allele, calls):
            continue
        lowered = low_function.lowered_by(pair, allele.name, table)
        if any(_outcome(table, other) != _outcome(table, pair) for other in lowered):
            found |= unread
    return [definition.positions[index].name for index in sorted(found)]


def _outcome(table: PhenotypeTable | None, pair: tuple[str, str]) -> tuple[str | None, ...]:
    """What a pair means; without a table every pair means itself."""
    if table is None:
        return tuple(sorted(pair))
    key = _key_in(table, *pair)
    return table.phenotypes.get(key), table.lookups.get(key)


def _differing(definition: GeneDefinition, one: tuple[str, str], other: tuple[str, str]) -> set[int]:
    """Return the positions at which the two pairs can have different bases."""
    deviating = {index for name in (*one, *other) for index in definition.deviations[name]}
    return {index for index in deviating if _bases(definition, one, index) != _bases(definition, other, index)}


def _bases(definition: GeneDefinition, pair: tuple[str, str], index: int) -> list[list[str]]:
    reference = definition.reference.pattern[index] or frozenset()
    return sorted(sorted(definition.deviations[name].get(index, reference)) for name in pair)
