"""`genotype-risk`: a prior, a patient's genotypes and a table of effects give a posterior, with the arithmetic."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import msgspec

from engine import api, errors
from engine.assembly import Engine
from engine.commands import jsonl
from engine.genomics.effects_in_vcf import read_effects
from engine.genomics.risk import Genotypes, estimate
from engine.genomics.scoring_file import ScoringFile, positions_are_grch38, read_scoring_file


@dataclass(frozen=True, slots=True)
class RsidGenotype:
    """The alleles of one variant, or how many copies of the effect allele were imputed (`dosage`, 0 to 2)."""

    rsid: str
    alleles: list[str] = field(default_factory=list)
    dosage: Annotated[float, msgspec.Meta(ge=0, le=2)] | None = None


@dataclass(frozen=True, slots=True)
class RiskInput:
    prior: Annotated[float, msgspec.Meta(gt=0, lt=1)]
    table: str
    id: api.Short = ""
    vcf: str | None = None
    genotypes: list[RsidGenotype] = field(default_factory=list)


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("genotype-risk", help="disease risk from a prior and a table of variant effects")
    jsonl.add_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, engine: Engine) -> int:
    def work(line: bytes) -> dict[str, Any]:
        request = api.strict(jsonl.normalised(line), RiskInput)
        table = read_scoring_file(Path(request.table))
        genotypes, notes = _genotypes(request, table)
        result = msgspec.to_builtins(estimate(request.prior, table, genotypes))
        return {"status": "ok", **result, "notes": [*notes, *result["notes"]], "table_header": table.header}

    return jsonl.process(arguments, work, engine.versions())


def _genotypes(request: RiskInput, table: ScoringFile) -> tuple[Genotypes, list[str]]:
    """Return what was read by variant name, and notes on what could not be used. A listed genotype stands first."""
    listed = {each.rsid: _listed(each) for each in request.genotypes}
    if request.vcf is None:
        return listed, []
    if not any(effect.place for effect in table.effects):
        raise errors.BadRequest("the table has no positions: give genotypes by rsID instead of a vcf")
    if not positions_are_grch38(table):
        raise errors.BadRequest("the table does not say that its positions are on GRCh38: give genotypes by rsID")
    read, notes = read_effects(Path(request.vcf), table.effects)
    return {**read, **listed}, notes


def _listed(given: RsidGenotype) -> tuple[str, ...] | float:
    if (given.dosage is None) == (not given.alleles):
        raise errors.BadRequest(f"{given.rsid}: give either alleles or a dosage")
    return tuple(allele.upper() for allele in given.alleles) if given.dosage is None else given.dosage
