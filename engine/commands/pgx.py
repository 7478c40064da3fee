"""`pgx`: star alleles, phenotypes and dosing recommendations of each patient."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from engine import api, errors
from engine.assembly import Engine
from engine.commands import jsonl
from engine.genomics.load import GenomicsTables
from engine.genomics.pgx import GeneCall, GenotypeEntry, Pharmacogenomics
from engine.safety.genotype_advice import severity_of


@dataclass(frozen=True, slots=True)
class PgxInput:
    """A variant file, listed genotypes, another laboratory's calls, or all three.

    `all_candidates` false returns only the diplotypes tied at the best score. Without medications, every drug's
    recommendation that asks for a change is returned.
    """

    id: api.Short = ""
    vcf: str | None = None
    outside_calls: dict[str, str] = field(default_factory=dict)
    genotypes: list[GenotypeEntry] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    medications: list[api.Medication] = field(default_factory=list)
    all_candidates: bool = True


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("pgx", help="call pharmacogenes and find dosing recommendations")
    jsonl.add_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, engine: Engine) -> int:
    genomics = Pharmacogenomics(GenomicsTables(engine.index))

    def work(line: bytes) -> dict[str, Any]:
        request = api.strict(jsonl.normalised(line), PgxInput)
        calls = gene_calls(genomics, request)
        inns = {inn for medication in request.medications for inn in _ingredients(engine, medication.name)}
        drugs = sorted({name for inn in inns for name in engine.safety.genotype.guideline_names(inn)})
        nothing_known = bool(request.medications) and not drugs
        recommendations, lacking = ([], {}) if nothing_known else genomics.recommendations(calls, drugs)
        if not request.medications:
            recommendations = [row for row in recommendations if severity_of(row) is not None]
        if not request.all_candidates:
            calls = [_best_only(call) for call in calls]
        unknown = [each.name for each in request.medications if not _ingredients(engine, each.name)]
        return {
            "status": "ok",
            "genes": calls,
            "recommendations": recommendations,
            "without_genotype": lacking,
            "not_checked": unknown,
        }

    return jsonl.process(arguments, work, engine.versions())


def gene_calls(genomics: Pharmacogenomics, request: PgxInput) -> list[GeneCall]:
    """Return every call of the request; a laboratory's own call replaces ours for its gene. Raises InputError."""
    if not (request.vcf or request.genotypes or request.outside_calls):
        raise errors.BadRequest("give a vcf, genotypes or outside_calls")
    read = genomics.from_vcf(Path(request.vcf)) if request.vcf else []
    genes = sorted({entry.gene for entry in request.genotypes})
    listed = {call.gene: call for call in genomics.from_genotypes(request.genotypes, request.missing, genes)}
    read = [call for call in read if call.gene not in listed] + list(listed.values())
    calls = genomics.combined(read, request.outside_calls)
    return [calls[gene] for gene in sorted(calls)]


def _best_only(call: GeneCall) -> GeneCall:
    fields = msgspec.to_builtins(call)
    return msgspec.convert({**fields, "diplotypes": call.best}, GeneCall)


def _ingredients(engine: Engine, name: str) -> list[str]:
    return [drug.inn for drug in engine.safety.dictionary.find(name)]
