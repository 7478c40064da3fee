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
from engine.genomics import vcf
from engine.genomics.risk import estimate
from engine.genomics.scoring_file import ScoringFile, read_scoring_file


@dataclass(frozen=True, slots=True)
class RsidGenotype:
    rsid: str
    alleles: list[str]


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
        result = estimate(request.prior, table, _genotypes(request, table))
        return {"status": "ok", **msgspec.to_builtins(result), "table_header": table.header}

    return jsonl.process(arguments, work, engine.versions())


def _genotypes(request: RiskInput, table: ScoringFile) -> dict[str, tuple[str, ...]]:
    """Return the alleles by variant name, from the list or, by position, from the variant file."""
    if request.vcf is None:
        return {each.rsid: tuple(allele.upper() for allele in each.alleles) for each in request.genotypes}
    places = {effect.place: effect.name for effect in table.effects if effect.place}
    if not places:
        raise errors.BadRequest("the table has no positions: give genotypes by rsID instead of a vcf")
    records = vcf.read(Path(request.vcf), frozenset(places))
    return {places[place]: record.genotype.alleles for place, record in records.items() if record.genotype}
