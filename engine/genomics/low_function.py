"""DPYD and RYR1: many single-variant alleles, of which the two that function least decide.

On phased strands it is the lowest of each strand; unphased, the two lowest of all that were seen, because the worse
case must be assumed. HapB3 of DPYD needs its causal intronic variant where that was read; where it was not, the
exonic variant that travels with it stands for it (CPIC guideline for fluoropyrimidines, 2017 with later updates).
"""

from __future__ import annotations

import re
from itertools import chain

from engine.genomics.definitions import GeneDefinition, NamedAllele, PhenotypeTable
from engine.genomics.vcf import Genotype

GENES = frozenset({"DPYD", "RYR1"})
HAPB3_ALONE = "c.1129-5923C>G"
"""The causal variant of HapB3 by itself; HapB3 is it together with c.1236G>A."""
HAPB3_EXONIC = "rs56038477"

_WORST_FIRST = ("malignant hyperthermia", "no function", "decreased", "uncertain", "normal")


def two_lowest(definition: GeneDefinition, table: PhenotypeTable | None, calls: dict[int, Genotype]) -> tuple[str, str]:
    """Return the names of the two alleles that function least; `Reference` fills an empty place.

    Of equals the one that comes first along the gene is named.
    """
    reference = definition.reference.name

    def rank(name: str) -> tuple[float, int, int, str]:
        return _rank(name, table)

    if _strands_are_known(calls):
        strands = _variants_by_strand(definition, calls)
        first, second = (min(names, key=rank, default=reference) for names in strands)
    else:
        unphased = {index: Genotype(call.alleles, phased=False) for index, call in calls.items()}
        seen = sorted(chain(*_variants_by_strand(definition, unphased)), key=rank)
        first, second, *_ = [*seen, reference, reference]
    reference_first = sorted((first, second), key=lambda name: (name != reference, name))
    return reference_first[0], reference_first[1]


def is_possible(definition: GeneDefinition, allele: NamedAllele, calls: dict[int, Genotype]) -> bool:
    """Whether at every read position that `allele` changes its base was seen, so that a copy may be there."""
    return all(
        not bases.isdisjoint(calls[index].alleles)
        for index, bases in definition.deviations[allele.name].items()
        if index in calls
    )


def lowered_by(pair: tuple[str, str], name: str, table: PhenotypeTable | None) -> list[tuple[str, str]]:
    """Return what the pair becomes with the allele `name` on one strand, on the other, and on both."""
    first, second = (min(each, name, key=lambda allele: _rank(allele, table)) for each in pair)
    return [(first, pair[1]), (pair[0], second), (first, second)]


def _strands_are_known(calls: dict[int, Genotype]) -> bool:
    """Whether all is phased together, or at most one position differs between the strands, which comes to the same."""
    different = [call for call in calls.values() if len(set(call.alleles)) > 1]
    together = all(call.phased for call in different) and len({call.phase_set for call in different}) == 1
    return len(different) <= 1 or together


def _variants_by_strand(definition: GeneDefinition, calls: dict[int, Genotype]) -> tuple[list[str], list[str]]:
    """Return the variant alleles on each strand; where strands are unknown, variants are put on the first of them."""
    strands: tuple[list[str], list[str]] = ([], [])
    changed = {index for index, call in calls.items() if set(call.alleles) != {definition.positions[index].ref}}
    for allele in definition.alleles:
        if allele.reference or changed.isdisjoint(definition.stated[allele.name]):
            continue
        present = [_on_strand(definition, allele, calls, strand) for strand in (0, 1)]
        for names, here in zip(strands, present, strict=True):
            if here:
                names.append(allele.name)
    exonic_is_read = any(definition.positions[index].name == HAPB3_EXONIC for index in calls)
    for names in strands:
        whole = next((name for name in names if name.endswith("(HapB3)")), None)
        if whole and HAPB3_ALONE in names:
            names.remove(HAPB3_ALONE if exonic_is_read else whole)
    return strands


def _on_strand(definition: GeneDefinition, allele: NamedAllele, calls: dict[int, Genotype], strand: int) -> bool:
    """Whether every read position that `allele` states has its base on this strand, at least one being read.

    The exonic variant of HapB3 alone does not make it where the causal one was read as reference.
    """
    stated = [index for index in definition.stated[allele.name] if index in calls]
    return bool(stated) and all(
        _base(definition, index, calls[index], strand) in definition.required(allele, index) for index in stated
    )


def _base(definition: GeneDefinition, index: int, call: Genotype, strand: int) -> str:
    if call.phased:
        return call.alleles[0] if strand == 0 else call.alleles[-1]
    ref = definition.positions[index].ref
    variants_first = sorted(call.alleles, key=lambda base: base == ref)
    return variants_first[0] if strand == 0 else variants_first[-1]


def _rank(name: str, table: PhenotypeTable | None) -> tuple[float, int, int, str]:
    """Sort key, least function first: by activity value, else by the words of the function; then along the gene."""
    activity = table.activities.get(name) if table else None
    function = (table.functions.get(name) or "" if table else "").lower()
    unknown = _WORST_FIRST.index("uncertain")
    words = next((place for place, word in enumerate(_WORST_FIRST) if word in function), unknown)
    along = re.search(r"\d+", name)
    by_function = float(activity) if activity and activity[0].isdigit() else float(words)
    return by_function, words, int(along.group()) if along else 0, name
