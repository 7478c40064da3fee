"""Genotypes against drugs: the CPIC and DPWG rows that apply to this patient, and what of the genotype stays open.

Nothing is loaded for a case without genotype data. A gene that cannot be called is named, never taken as normal.
Sources: CPIC and DPWG guideline annotations (ClinPGx, 2024-03-25), allele tables of PharmCAT 3.1.1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from engine.api import Alert, Case, GeneResult, GenotypeReport, GuidelineAdvice, IncompleteCheck, Severity
from engine.errors import VcfRefused
from engine.genomics.load import GenomicsTables
from engine.genomics.pgx import INDETERMINATE, GeneCall, Pharmacogenomics, Recommendation
from engine.knowledge.index import KnowledgeIndex
from engine.safety import genotype_words as words
from engine.safety.alerts import INTERRUPTING, ORDER
from engine.safety.drugs import Drug, DrugDictionary
from engine.safety.genotype_advice import severity_of

SOURCE = "src:clinpgx-guidelines-2024"
NOT_GENOTYPED = "genotype"
"""What a quiet entry needs: a guideline exists, but nobody has called its genes."""


@dataclass(frozen=True, slots=True)
class Genotyped:
    """What is known of one patient's genes. `refusal` says why a variant file could not be used."""

    calls: dict[str, GeneCall] = field(default_factory=dict)
    refusal: str = ""
    unknown_genes: tuple[str, ...] = ()


class GenotypeChecks:
    """Guideline rows by drug. The tables are opened by the first case that has genotype data."""

    def __init__(self, index: KnowledgeIndex, dictionary: DrugDictionary) -> None:
        self._index = index
        self._dictionary = dictionary
        self._last: tuple[object, Genotyped] = (None, Genotyped())

    @cached_property
    def _tables(self) -> GenomicsTables:
        return GenomicsTables(self._index)

    @cached_property
    def _pharmacogenomics(self) -> Pharmacogenomics:
        return Pharmacogenomics(self._tables)

    @cached_property
    def _names_by_inn(self) -> dict[str, list[str]]:
        """Ingredient to the names under which the guidelines have it (thioguanine is our tioguanine)."""
        names: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted({drug for row in self._tables.guidelines() for drug in row.drugs}):
            for drug in self._dictionary.find(name):
                names[drug.inn].append(name)
        return names

    @cached_property
    def _genes_of(self) -> dict[str, frozenset[str]]:
        """Guideline name to the genes that any of its rows asks for."""
        genes: defaultdict[str, set[str]] = defaultdict(set)
        for row in self._tables.guidelines():
            for name in row.drugs:
                genes[name].update(row.keys)
        return {name: frozenset(asked) for name, asked in genes.items()}

    def alerts(self, drugs: Iterable[Drug], case: Case) -> list[Alert]:
        """Return one alert for each drug and the same genes: the hardest row, with the milder ones in `see_also`."""
        if not has_genotype(case):
            return []
        known = self.genotyped(case)
        found: defaultdict[tuple[Drug, frozenset[str]], list[tuple[Severity, Recommendation]]] = defaultdict(list)
        for drug in dict.fromkeys(drugs):
            for row in self._rows(drug, known):
                severity = severity_of(row)
                if severity is not None:
                    found[drug, _called_genes(row, known)].append((severity, row))
        return [_alert(drug, known, sorted(rows, key=_hardest)) for (drug, _), rows in found.items()]

    def incomplete(self, drugs: Iterable[Drug], case: Case) -> list[IncompleteCheck]:
        """Return what could not be read or settled, and the drugs whose guideline asks for a gene nobody called."""
        if not has_genotype(case):
            return []
        known = self.genotyped(case)
        entries = [_refused(known.refusal)] if known.refusal else []
        entries += [_unknown_gene(gene) for gene in known.unknown_genes]
        entries += [_disagreement(call) for call in known.calls.values() if call.disagrees]
        for drug in dict.fromkeys(drugs):
            entries += self._open(drug, known)
        return entries

    def guideline_names(self, inn: str) -> list[str]:
        """Return the names under which the guidelines have the ingredient `inn`; empty where none is about it."""
        return self._names_by_inn.get(inn, [])

    def concerns(self, inn: str) -> bool:
        """Whether any guideline row is about the ingredient `inn`."""
        return bool(self.guideline_names(inn))

    def report(self, drugs: Iterable[Drug], case: Case) -> GenotypeReport | None:
        """Return every call and every row for these drugs, or None where the case has no genotype data."""
        if not has_genotype(case):
            return None
        known = self.genotyped(case)
        rows = [row for drug in dict.fromkeys(drugs) for row in self._rows(drug, known)]
        return GenotypeReport(
            genes=[_result(call) for call in known.calls.values()],
            recommendations=[_guideline_advice(row) for row in rows],
            refusal=words.refused(known.refusal) if known.refusal else None,
        )

    def genotyped(self, case: Case) -> Genotyped:
        """Return the calls of a case; the last case's are kept, because a plan asks for every option."""
        key = (case.vcf, _state_of(case.vcf), tuple(sorted(case.outside_calls.items())))
        if self._last[0] != key:
            self._last = (key, self._read(case))
        return self._last[1]

    def _read(self, case: Case) -> Genotyped:
        read: list[GeneCall] = []
        refusal = ""
        if case.vcf:
            try:
                read = [call for call in self._pharmacogenomics.from_vcf(Path(case.vcf)) if call.positions_called]
            except VcfRefused as refused:
                refusal = refused.detail
        named = {written: written.strip().upper() for written in sorted(case.outside_calls)}
        outside = {gene: case.outside_calls[written] for written, gene in named.items() if gene in self._known_genes}
        calls = self._pharmacogenomics.combined(read, outside)
        unknown = tuple(written for written, gene in named.items() if gene not in self._known_genes)
        return Genotyped(dict(sorted(calls.items())), refusal, unknown)

    @cached_property
    def _known_genes(self) -> frozenset[str]:
        asked = (gene for genes in self._genes_of.values() for gene in genes)
        return frozenset([*asked, *self._tables.genes])

    def _rows(self, drug: Drug, known: Genotyped) -> list[Recommendation]:
        names = self.guideline_names(drug.inn)
        if not names:
            return []
        return self._pharmacogenomics.recommendations(list(known.calls.values()), names)[0]

    def _open(self, drug: Drug, known: Genotyped) -> list[IncompleteCheck]:
        """Return an entry for each gene of the drug's guidelines that is called but not settled, or none was called."""
        genes = sorted({gene for name in self.guideline_names(drug.inn) for gene in self._genes_of[name]})
        called = [known.calls[gene] for gene in genes if gene in known.calls]
        if genes and not called:
            display = words.without_genotype(drug, genes)
            return [IncompleteCheck("genotype", drug.inn, NOT_GENOTYPED, display)]
        answered = {gene for row in self._rows(drug, known) for gene in row.gene.split(", ")}
        return [
            IncompleteCheck("genotype", drug.inn, f"settled {call.gene}", words.unsettled(drug, call))
            for call in called
            if not _is_settled(call, answered)
        ]


def has_genotype(case: Case) -> bool:
    """Whether the case holds any genotype data at all."""
    return bool(case.vcf or case.outside_calls)


def _is_settled(call: GeneCall, answered: set[str]) -> bool:
    """Whether the call has a phenotype; HLA has none, so there a row that applies must tell."""
    if call.phenotype is None:
        return call.gene in answered and bool(call.best)
    return call.phenotype != INDETERMINATE


def _state_of(path: str | None) -> tuple[int, int] | None:
    """Return size and time of a file, so that a replaced file is read again; None when it is not there."""
    try:
        found = Path(path or "").stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _called_genes(row: Recommendation, known: Genotyped) -> frozenset[str]:
    return frozenset(gene for gene in row.gene.split(", ") if gene in known.calls)


def _hardest(entry: tuple[Severity, Recommendation]) -> tuple[int, bool, str]:
    """Sort key: by harm, then graded guidelines first, then by row."""
    severity, row = entry
    return ORDER[severity], row.source != "CPIC", row.row


def _alert(drug: Drug, known: Genotyped, rows: list[tuple[Severity, Recommendation]]) -> Alert:
    severity, row = rows[0]
    calls = [known.calls[gene] for gene in sorted(_called_genes(row, known))]
    text = words.advice(drug, calls, row, severity)
    return Alert(
        kind="genotype",
        severity=severity,
        interrupts=severity in INTERRUPTING,
        drugs=[drug.inn],
        rule_id=f"genotype:{row.row}",
        text=text.en,
        source=SOURCE,
        edition=row.date,
        display=text,
        quote=f"{row.source}: {row.text}",
        see_also=[f"genotype:{other.row}" for _, other in rows[1:]],
    )


def _result(call: GeneCall) -> GeneResult:
    return GeneResult(
        gene=call.gene,
        diplotypes=call.diplotypes,
        phenotype=words.phenotype(call.phenotype) if call.phenotype else None,
        positions_called=call.positions_called,
        positions_total=call.positions_total,
        missing=call.missing,
        separating=call.separating,
        outside=call.origin != "genotype",
    )


def _guideline_advice(row: Recommendation) -> GuidelineAdvice:
    return GuidelineAdvice(row.drug, row.gene, row.genotype, row.text, row.strength, row.source, row.date, row.address)


def _refused(reason: str) -> IncompleteCheck:
    return IncompleteCheck("genotype", "", "readable variant file", words.refused(reason))


def _disagreement(call: GeneCall) -> IncompleteCheck:
    return IncompleteCheck("genotype", "", f"agreement on {call.gene}", words.disagreement(call))


def _unknown_gene(gene: str) -> IncompleteCheck:
    return IncompleteCheck("genotype", "", "known gene", words.unknown_gene(gene))
