"""Pharmacogenomics of one patient: genotypes -> diplotypes -> phenotypes -> CPIC and DPWG recommendations.

A gene whose unread positions could change the phenotype is `Indeterminate`, with the positions named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError, VcfRefused
from engine.genomics import low_function, outside_calls, vcf
from engine.genomics.calls import GeneCall, combined
from engine.genomics.definitions import GeneDefinition, PhenotypeTable
from engine.genomics.guidelines import Recommendation, applying
from engine.genomics.load import GenomicsTables
from engine.genomics.observed import observe, place_of
from engine.genomics.phenotype import INDETERMINATE, phenotype_of, separating, separating_by_function
from engine.genomics.star_alleles import match

__all__ = ["INDETERMINATE", "GeneCall", "GenotypeEntry", "Pharmacogenomics", "Recommendation"]
NO_PHENOTYPE = "no phenotype table"
NAMED_EXPLANATIONS = 5


@dataclass(frozen=True, slots=True)
class GenotypeEntry:
    """One genotyped position of a request; positions not listed are reference unless named missing."""

    gene: str
    rsid: str
    alleles: list[str]
    phased: bool = False


Records = Mapping[vcf.Place, tuple[vcf.Record, ...]]


@dataclass(frozen=True, slots=True)
class _Read:
    """The positions of one gene that were read, by index, and what is to be said about the others."""

    calls: dict[int, vcf.Genotype]
    notes: tuple[str, ...] = ()


class Pharmacogenomics:
    """Calls genes and finds recommendations over one set of tables."""

    def __init__(self, tables: GenomicsTables) -> None:
        self._tables = tables

    def from_vcf(self, path: Path) -> list[GeneCall]:
        """Return a call for every defined gene. Raises VcfRefused, also when no position of the tables is in it."""
        definitions = [self._tables.definition(gene) for gene in self._tables.genes]
        positions = [position for definition in definitions for position in definition.positions]
        names = {each.name: (each.chromosome, each.position) for each in positions if each.name.startswith("rs")}
        records = vcf.read(path, map(place_of, positions), names)
        if not records:
            raise VcfRefused("none of the positions of the tables is in it")
        wrong = sum(_reference_differs(gene, records) for gene in definitions)
        if wrong > len(records) / 4:
            raise VcfRefused("reference bases differ from GRCh38 at many positions: another genome build?")
        return [self._call(gene, _read(gene, records)) for gene in definitions]

    def from_genotypes(self, entries: list[GenotypeEntry], missing: list[str], genes: list[str]) -> list[GeneCall]:
        """Return a call for each of `genes`. Raises InputError for a gene or position that no definition has."""
        return [self._call(definition, _listed(definition, entries, missing)) for definition in self._defined(genes)]

    def _defined(self, genes: list[str]) -> list[GeneDefinition]:
        for gene in genes:
            if gene not in self._tables.genes:
                raise InputError(f"no allele definitions for {gene}; give it under outside_calls")
        return [self._tables.definition(gene) for gene in genes]

    def combined(self, read: list[GeneCall], outside: Mapping[str, str]) -> dict[str, GeneCall]:
        """Return one call for each gene: what was read, and before it what a laboratory called."""
        return combined(read, [self.from_outside(gene, called) for gene, called in outside.items()])

    def from_outside(self, gene: str, diplotype: str) -> GeneCall:
        """Return the call another laboratory made, with its phenotype where a table covers it."""
        table = self._tables.phenotypes(gene)
        phenotype, lookup = outside_calls.phenotype_of(diplotype, table) if table else (None, None)
        known = phenotype or (INDETERMINATE if table else None)
        return GeneCall(
            gene,
            [diplotype],
            known,
            0,
            0,
            [],
            best=[diplotype],
            activity_score=lookup,
            origin="outside call",
            notes=[] if phenotype or not table else [f"no table covers {diplotype}"],
        )

    def recommendations(
        self, calls: list[GeneCall], drugs: list[str]
    ) -> tuple[list[Recommendation], dict[str, list[str]]]:
        """Return what applies to `drugs` (lower-case names; all drugs when empty), and what lacks a genotype."""
        return applying(self._tables.guidelines_for(drugs), calls, drugs)

    def _call(self, definition: GeneDefinition, read: _Read) -> GeneCall:
        table = self._tables.phenotypes(definition.gene)
        by_function = definition.gene in low_function.GENES
        matched = match(definition, dict(read.calls), pair_up=not by_function)
        if by_function:
            pairs = [low_function.two_lowest(definition, table, read.calls)] if read.calls else []
            others: list[tuple[str, str]] = []
        else:
            pairs = [(pair.first, pair.second) for pair in matched.best]
            others = [(pair.first, pair.second) for pair in matched.candidates[len(pairs) :]]
        phenotype, score = phenotype_of(table, pairs)
        if by_function:
            open_positions = [
                name for pair in pairs for name in separating_by_function(definition, table, read.calls, pair)
            ]
        else:
            open_positions = separating(definition, table, matched, pairs)
        is_open = bool(open_positions or (by_function and matched.undocumented)) and phenotype is not None
        notes = [*read.notes, *(f"undocumented variation at {name}: not matched" for name in matched.undocumented)]
        if matched.called and not pairs and not matched.undocumented:
            notes.append("no pair of named alleles explains what was read")
        notes += _other_phenotypes(table, phenotype, others)
        if table is None:
            notes.append(f"{definition.gene}: {NO_PHENOTYPE}")
        haploid = _is_haploid(read.calls)
        return GeneCall(
            definition.gene,
            [_named(pair, haploid=haploid) for pair in (*pairs, *others)],
            INDETERMINATE if is_open else phenotype,
            matched.called,
            matched.total,
            list(matched.missing),
            [_named(pair, haploid=haploid) for pair in pairs],
            None if is_open else score,
            phenotype_as_read=phenotype,
            separating=open_positions,
            undocumented=list(matched.undocumented),
            notes=notes,
            definition_version=definition.version,
        )


def _named(pair: tuple[str, str], *, haploid: bool) -> str:
    return pair[0] if haploid and pair[0] == pair[1] else f"{pair[0]}/{pair[1]}"


def _is_haploid(calls: dict[int, vcf.Genotype]) -> bool:
    """Whether one copy was read everywhere, as of a man's X chromosome."""
    return bool(calls) and all(len(call.alleles) == 1 for call in calls.values())


def _other_phenotypes(table: PhenotypeTable | None, phenotype: str | None, others: list[tuple[str, str]]) -> list[str]:
    """Return a note on less well supported explanations that would mean another phenotype."""
    told = [(pair, phenotype_of(table, [pair])[0]) for pair in others]
    differing = [f"{first}/{second} ({other})" for (first, second), other in told if other != phenotype]
    more = f" and {len(differing) - NAMED_EXPLANATIONS} more" if len(differing) > NAMED_EXPLANATIONS else ""
    if not differing:
        return []
    return [f"also explains what was read, less likely: {', '.join(differing[:NAMED_EXPLANATIONS])}{more}"]


def _listed(definition: GeneDefinition, entries: list[GenotypeEntry], missing: list[str]) -> _Read:
    """Return the genotypes of a request; positions not listed are reference. Raises InputError for an unknown one."""
    given = {entry.rsid: entry for entry in entries if entry.gene == definition.gene}
    unknown = set(given) - {place.name for place in definition.positions}
    if unknown:
        raise InputError(f"{definition.gene} has no position {', '.join(sorted(unknown))}")
    copies = 1 if any(len(entry.alleles) == 1 for entry in given.values()) else 2
    calls = {}
    for index, place in enumerate(definition.positions):
        entry = given.get(place.name)
        alleles = tuple(place.in_bases(allele) for allele in entry.alleles) if entry else (place.ref,) * copies
        if entry and not 1 <= len(alleles) <= 2:
            raise InputError(f"{place.name} of {definition.gene} needs one or two alleles")
        if place.name not in missing:
            calls[index] = vcf.Genotype(alleles, bool(entry and entry.phased))
    return _Read(calls)


def _read(definition: GeneDefinition, records: Records) -> _Read:
    """Return the genotypes that a variant file gives, with the reason where a record could not be used."""
    calls, notes = {}, []
    for index, position in enumerate(definition.positions):
        seen = observe(position, records.get(place_of(position), ()))
        if seen.genotype is not None:
            calls[index] = seen.genotype
        elif seen.why:
            notes.append(f"{position.name} not read: {seen.why}")
    return _Read(calls, tuple(notes))


def _reference_differs(definition: GeneDefinition, records: Records) -> int:
    """Return how many records at a position of the gene begin with another base than GRCh38 has there."""
    return sum(
        record.ref[:1] != position.ref[:1]
        for position in definition.positions
        for record in records.get(place_of(position), ())
        if record.position == position.position
    )
