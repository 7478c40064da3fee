"""Pharmacogenomics of one patient: genotypes -> diplotypes -> phenotypes -> CPIC and DPWG recommendations.

A gene whose unread positions could change the phenotype is `Indeterminate`, with the positions named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import InputError, VcfRefused
from engine.genomics import low_function, outside_calls, vcf
from engine.genomics.definitions import GeneDefinition, PhenotypeTable, pair_key
from engine.genomics.load import GenomicsTables, GuidelineRow
from engine.genomics.star_alleles import GeneMatch, match

INDETERMINATE = "Indeterminate"
NO_PHENOTYPE = "no phenotype table"


@dataclass(frozen=True, slots=True)
class GenotypeEntry:
    """One genotyped position of a request; positions not listed are reference unless named missing."""

    gene: str
    rsid: str
    alleles: list[str]
    phased: bool = False


@dataclass(frozen=True, slots=True)
class GeneCall:
    """`diplotypes` are all that explain the data, best first, `best` those tied at the top; `missing` positions were
    not read, `separating` are those of them that keep the phenotype open. `phenotype_as_read` is what it would be if
    every unread position were reference: to be shown as such, never used."""

    gene: str
    diplotypes: list[str]
    phenotype: str | None
    positions_called: int
    positions_total: int
    missing: list[str]
    best: list[str] = field(default_factory=list)
    activity_score: str | None = None
    phenotype_as_read: str | None = None
    origin: str = "genotype"
    separating: list[str] = field(default_factory=list)
    undocumented: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    definition_version: str = ""


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


@dataclass(frozen=True, slots=True)
class PgxResult:
    """`without_genotype`: drugs with a guideline for genes that nobody has called; their dose is not checked for it."""

    genes: list[GeneCall]
    recommendations: list[Recommendation]
    without_genotype: dict[str, list[str]] = field(default_factory=dict)


class Pharmacogenomics:
    """Calls genes and finds recommendations over one set of tables."""

    def __init__(self, tables: GenomicsTables) -> None:
        self._tables = tables

    def from_vcf(self, path: Path) -> list[GeneCall]:
        """Return a call for every defined gene. Raises VcfRefused."""
        definitions = [self._tables.definition(gene) for gene in self._tables.genes]
        places = frozenset((place.chromosome, place.position) for gene in definitions for place in gene.positions)
        records = vcf.read(path, places)
        wrong = sum(_reference_differs(gene, records) for gene in definitions)
        if records and wrong > len(records) / 4:
            raise VcfRefused("reference bases differ from GRCh38 at many positions: another genome build?")
        return [self._call(gene, _calls_of(gene, records)) for gene in definitions]

    def from_genotypes(self, entries: list[GenotypeEntry], missing: list[str], genes: list[str]) -> list[GeneCall]:
        """Return a call for each of `genes`. Raises InputError for a gene or position that no definition has."""
        calls = []
        for gene in genes:
            if gene not in self._tables.genes:
                raise InputError(f"no allele definitions for {gene}; give it under outside_calls")
            definition = self._tables.definition(gene)
            given = {entry.rsid: entry for entry in entries if entry.gene == gene}
            unknown = set(given) - {place.name for place in definition.positions}
            if unknown:
                raise InputError(f"{gene} has no position {', '.join(sorted(unknown))}")
            read = {}
            for index, place in enumerate(definition.positions):
                if place.name in missing:
                    continue
                entry = given.get(place.name)
                alleles = tuple(entry.alleles) if entry else (place.ref, place.ref)
                read[index] = vcf.Genotype(alleles, bool(entry and entry.phased))
            calls.append(self._call(definition, read))
        return calls

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
        by_gene = {call.gene: call for call in calls}
        found: list[Recommendation] = []
        lacking: dict[str, set[str]] = {}
        for row in self._tables.guidelines():
            for drug in row.drugs if not drugs else [name for name in row.drugs if name in drugs]:
                known = [gene for gene in row.keys if gene in by_gene]
                if not known:
                    lacking.setdefault(drug, set()).update(row.keys)
                elif all(_applies(gene, key, by_gene.get(gene)) for gene, key in row.keys.items()):
                    found.append(_recommendation(drug, row))
        answered = {recommendation.drug for recommendation in found}
        return found, {drug: sorted(genes) for drug, genes in sorted(lacking.items()) if drug not in answered and drugs}

    def _call(self, definition: GeneDefinition, calls: dict[int, vcf.Genotype]) -> GeneCall:
        table = self._tables.phenotypes(definition.gene)
        by_function = definition.gene in low_function.GENES
        matched = match(definition, dict(calls), pair_up=not by_function)
        if by_function and calls:
            pairs = [low_function.two_lowest(definition, table, calls)]
            names = best = [f"{first}/{second}" for first, second in pairs]
        else:
            names = [pair.name for pair in matched.candidates]
            best = [pair.name for pair in matched.best] if matched.candidates else []
            pairs = [(pair.first, pair.second) for pair in matched.candidates if pair.name in best]
        phenotype, score = _phenotype(table, pairs)
        as_read = phenotype
        separating = _separating(definition, table, matched, pairs)
        if separating and phenotype is not None:
            phenotype, score = INDETERMINATE, None
        notes = [f"undocumented variation at {name}: not matched" for name in matched.undocumented]
        if table is None:
            notes.append(f"{definition.gene}: {NO_PHENOTYPE}")
        return GeneCall(
            definition.gene,
            names,
            phenotype,
            matched.called,
            matched.total,
            list(matched.missing),
            best,
            score,
            phenotype_as_read=as_read,
            separating=separating,
            undocumented=list(matched.undocumented),
            notes=notes,
            definition_version=definition.version,
        )


def _phenotype(table: PhenotypeTable | None, pairs: list[tuple[str, str]]) -> tuple[str | None, str | None]:
    """Return (phenotype, lookup key) where all pairs agree; Indeterminate where they do not or the table is silent."""
    if table is None or not pairs:
        return None, None
    found = {(table.phenotypes.get(pair_key(*pair)), table.lookups.get(pair_key(*pair))) for pair in pairs}
    if len(found) == 1:
        phenotype, lookup = found.pop()
        return phenotype or INDETERMINATE, lookup
    return INDETERMINATE, None


def _separating(
    definition: GeneDefinition, table: PhenotypeTable | None, matched: GeneMatch, pairs: list[tuple[str, str]]
) -> list[str]:
    """Return the unread positions at which some allele differs that would change the function of what was called.

    An allele counts when nothing that was read speaks against one copy of it beside a called allele.
    """
    if not matched.missing or not pairs:
        return []
    called_functions = {_function(table, name) for pair in pairs for name in pair}
    unread = {index for index, place in enumerate(definition.positions) if place.name in matched.missing}
    open_names = {name for pair in (*matched.possible, *matched.candidates) for name in (pair.first, pair.second)}
    if definition.gene in low_function.GENES:
        open_names |= {allele.name for allele in definition.alleles}
    separating = {
        index
        for allele in definition.alleles
        if allele.name in open_names and _function(table, allele.name) not in called_functions
        for index in unread
        if definition.varies_at(allele, index)
    }
    return [definition.positions[index].name for index in sorted(separating)]


def _function(table: PhenotypeTable | None, name: str) -> str:
    """What an allele does, as the table says; without a table every allele is its own function."""
    if table is None:
        return name
    return table.activities.get(name) or table.functions.get(name) or name


def _calls_of(definition: GeneDefinition, records: dict[tuple[str, int], vcf.Record]) -> dict[int, vcf.Genotype]:
    calls = {}
    for index, place in enumerate(definition.positions):
        record = records.get((place.chromosome, place.position))
        genotype = record.genotype if record else None
        if record and genotype and (record.ref == place.ref or _is_reference_block(record, place.ref)):
            same = tuple(place.ref if allele == record.ref else allele for allele in genotype.alleles)
            calls[index] = vcf.Genotype(same, genotype.phased)
    return calls


def _is_reference_block(record: vcf.Record, ref: str) -> bool:
    """Whether the record says `reference` with only the first base of a longer reference allele."""
    call = record.genotype
    return bool(call and set(call.alleles) == {record.ref} and ref.startswith(record.ref))


def _reference_differs(definition: GeneDefinition, records: dict[tuple[str, int], vcf.Record]) -> int:
    return sum(
        1
        for place in definition.positions
        if (record := records.get((place.chromosome, place.position))) and record.ref[:1] != place.ref[:1]
    )


def _applies(gene: str, key: str | float | dict[str, float], call: GeneCall | None) -> bool:
    """Whether a guideline's key is what was called. A gene without a call matches only `No Result`."""
    if call is None:
        return key == "No Result"
    if isinstance(key, dict):
        wanted = [allele for allele, count in key.items() for _ in range(int(count))]
        return len(call.best) == 1 and sorted(call.best[0].split("/")) == sorted(wanted)
    text = str(key)
    if gene.startswith("HLA"):
        return text in outside_calls.hla_statuses(call.best[0], [text.split(" ")[0]])
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
