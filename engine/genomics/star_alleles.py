"""From genotypes to pairs of named alleles: every pair that explains what was read, the best-supported first.

The score follows PharmCAT: an allele scores the positions that its definition states and that were read. Unlike
PharmCAT's default, every explanation is returned, and an allele that only an unread position could show is kept
as possible, so that a missing position is never taken for a normal one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from engine.genomics.definitions import GeneDefinition, NamedAllele
from engine.genomics.vcf import Genotype


@dataclass(frozen=True, slots=True)
class Diplotype:
    first: str
    second: str
    score: int

    @property
    def name(self) -> str:
        return f"{self.first}/{self.second}"


@dataclass(frozen=True, slots=True)
class GeneMatch:
    """`candidates` explain the read positions, best score first; `possible` need an unread position to be variant."""

    candidates: tuple[Diplotype, ...]
    possible: tuple[Diplotype, ...]
    missing: tuple[str, ...]
    undocumented: tuple[str, ...]
    called: int
    total: int

    @property
    def best(self) -> tuple[Diplotype, ...]:
        """All candidates tied at the best score."""
        return tuple(pair for pair in self.candidates if pair.score == self.candidates[0].score)


def match(definition: GeneDefinition, genotypes: dict[int, Genotype | None], *, pair_up: bool = True) -> GeneMatch:
    """Return the diplotypes that fit `genotypes` (position index to call; absent or None is missing).

    Without `pair_up` only what was read and what is undocumented is worked out.
    """
    read = {index: call for index, call in genotypes.items() if call is not None}
    undocumented = tuple(
        definition.positions[index].name
        for index, call in sorted(read.items())
        if _unknown_bases(definition, index, call)
    )
    missing_indexes = [index for index in range(len(definition.positions)) if index not in read]
    pairs = _explaining_pairs(definition, read) if read and pair_up and not undocumented else []
    callable_names = {allele.name for allele in definition.alleles if _is_callable(definition, allele, read)}
    candidates: list[Diplotype] = []
    possible: list[Diplotype] = []
    for first, second in pairs:
        pair = _diplotype(definition, first, second, read)
        callable_pair = {first.name, second.name} <= callable_names
        (candidates if callable_pair else possible).append(pair)
    return GeneMatch(
        tuple(sorted(candidates, key=lambda pair: (-pair.score, pair.name))),
        tuple(sorted(possible, key=lambda pair: (-pair.score, pair.name))),
        tuple(definition.positions[index].name for index in missing_indexes),
        undocumented,
        len(read),
        len(definition.positions),
    )


def _unknown_bases(definition: GeneDefinition, index: int, call: Genotype) -> bool:
    position = definition.positions[index]
    return any(allele != position.ref and allele not in position.alts for allele in call.alleles)


def _is_callable(definition: GeneDefinition, allele: NamedAllele, read: dict[int, Genotype]) -> bool:
    """Whether some position at which `allele` states a base was read; the reference needs any position at all."""
    return not definition.stated[allele.name].isdisjoint(read)


def _explaining_pairs(definition: GeneDefinition, read: dict[int, Genotype]) -> list[tuple[NamedAllele, NamedAllele]]:
    """Return the pairs of alleles that give every call. Where both copies are the reference, only deviations speak."""
    reference = definition.reference.pattern
    changed = [index for index, call in read.items() if not set(call.alleles) <= (reference[index] or frozenset())]
    fitting = [allele for allele in definition.alleles if _fits(definition, allele, read, changed)]
    one_copy = all(len(call.alleles) == 1 for call in read.values())
    return [
        (first, second)
        for place, first in enumerate(fitting)
        for second in fitting[place : place + 1 if one_copy else None]
        if _explains(definition, first, second, read, changed)
    ]


def _fits(definition: GeneDefinition, allele: NamedAllele, read: dict[int, Genotype], changed: list[int]) -> bool:
    deviations = definition.deviations[allele.name]
    return all(
        not definition.required(allele, index).isdisjoint(read[index].alleles)
        for index in (*changed, *deviations)
        if index in read
    )


def _explains(
    definition: GeneDefinition, first: NamedAllele, second: NamedAllele, read: dict[int, Genotype], changed: list[int]
) -> bool:
    """Whether the two alleles together give every call, on the strands of each phase set where it is phased."""
    orders = defaultdict[str, list[bool]](lambda: [True, True])
    deviating = {*changed, *definition.deviations[first.name], *definition.deviations[second.name]}
    for index in deviating & read.keys():
        call = read[index]
        one, two = call.alleles[0], call.alleles[-1]
        needs_first, needs_second = definition.required(first, index), definition.required(second, index)
        straight = one in needs_first and two in needs_second
        crossed = two in needs_first and one in needs_second
        if not (straight or crossed):
            return False
        if call.phased:
            order = orders[call.phase_set]
            order[:] = [order[0] and straight, order[1] and crossed]
    return all(map(any, orders.values()))


def _diplotype(
    definition: GeneDefinition, first: NamedAllele, second: NamedAllele, read: dict[int, Genotype]
) -> Diplotype:
    order = [allele.name for allele in definition.alleles]
    score = sum(len(definition.stated[allele.name] & read.keys()) for allele in (first, second))
    one, two = sorted((first.name, second.name), key=lambda name: _natural(name, order))
    return Diplotype(one, two, score)


def _natural(name: str, order: list[str]) -> tuple[int, int]:
    """Sort `*2` before `*10`; names without a number keep the definition's order."""
    digits = "".join(letter for letter in name[1:] if letter.isdigit()) if name.startswith("*") else ""
    return (int(digits) if digits else 10_000, order.index(name))
