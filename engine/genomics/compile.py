"""Compile the allele definitions, phenotype tables and dosing guidelines into the knowledge index."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.genomics.definitions import pair_key
from engine.knowledge.index import IndexWriter

NOT_CALLED = {"CYP2D6"}
"""Its copy number and hybrid genes are not settled by a plain variant file: outside calls only."""


def compile_into(sources: Path, writer: IndexWriter) -> None:
    folder = sources / "pgx"
    definitions = {
        document["gene"]: _definition(document)
        for name, document in _documents(folder / "pharmcat_3.1.1_alleles.tar.gz")
        if name != "exemptions.json" and document["gene"] not in NOT_CALLED
    }
    writer.put_json("genomics.definitions", definitions)
    tables = {
        document["gene"]: _phenotypes(document)
        for _, document in _documents(folder / "pharmcat_3.1.1_phenotypes.tar.gz")
    }
    tables |= _other_phenotypes(folder / "pypgx_tables.tar.gz", set(tables))
    for gene, table in tables.items():
        writer.put_json(f"genomics.phenotypes.{gene}", table)
    writer.put_json("genomics.phenotype_genes", sorted(tables))
    writer.put_json("genomics.guidelines", list(_guidelines(folder / "guidelines_2024.tar.gz")))


def _documents(archive: Path) -> Iterator[tuple[str, Any]]:
    for name, data in _members(archive):
        yield name, json.loads(data)


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as tar:
        for member in tar:
            stream = tar.extractfile(member)
            if stream is not None:
                yield member.name, stream.read()


def _definition(document: dict[str, Any]) -> dict[str, Any]:
    variants = document["variants"]
    return {
        "version": document["version"],
        "positions": [
            [
                variant["chromosome"],
                variant["position"],
                variant["rsid"] or f"{variant['chromosome']}:{variant['position']}",
                variant["ref"],
                variant["alts"],
                [[cpic, in_file] for cpic, in_file in variant["cpicToVcfAlleleMap"].items() if cpic != in_file],
            ]
            for variant in variants
        ],
        "alleles": [
            [allele["name"], allele["alleles"], allele["reference"]]
            for allele in document["namedAlleles"]
            if not allele["structuralVariant"]
        ],
    }


def _phenotypes(document: dict[str, Any]) -> dict[str, Any]:
    """Keep each diplotype's phenotype and lookup key; a table of thousands of pairs repeats few values."""
    phenotypes, lookups = {}, {}
    for row in document["diplotypes"]:
        names = [name for name, count in row["diplotypekey"].items() for _ in range(int(count))]
        key = pair_key(names[0], names[-1])
        phenotypes[key], lookups[key] = row["phenotype"], str(row["lookupkey"])
    return {
        "functions": {allele["name"]: allele["functionValue"] for allele in document["namedAlleles"]},
        "activities": document["activityValues"],
        "phenotypes": phenotypes,
        "lookups": lookups,
    }


def _other_phenotypes(archive: Path, covered: set[str]) -> dict[str, Any]:
    """Genes known only to the CPIC tables as pypgx carries them (G6PD, RYR1): diplotype to phenotype."""
    tables = {name: list(csv.DictReader(io.StringIO(data.decode()))) for name, data in _members(archive)}
    wanted = {"G6PD", "RYR1"} - covered
    return {
        gene: _pypgx_table(
            [row for row in tables["allele-table.csv"] if row["Gene"] == gene],
            [row for row in tables["diplotype-table.csv"] if row["Gene"] == gene],
        )
        for gene in wanted
    }


def _pypgx_table(alleles: list[dict[str, str]], diplotypes: list[dict[str, str]]) -> dict[str, Any]:
    phenotypes = {pair_key(*row["Diplotype"].split("/")): row["Phenotype"] for row in diplotypes}
    return {
        "functions": {row["StarAllele"]: row["Function"] for row in alleles},
        "activities": {},
        "phenotypes": phenotypes,
        "lookups": {key: phenotype.removeprefix("G6PD ") for key, phenotype in phenotypes.items()},
    }


def _guidelines(archive: Path) -> Iterator[dict[str, Any]]:
    for _, document in _documents(archive):
        guideline = document["guideline"]
        for row in document["recommendations"]:
            yield {
                "id": row["id"],
                "guideline": guideline["name"],
                "source": guideline["source"],
                "address": guideline["url"],
                "date": document["version"][:10],
                "drugs": [
                    chemical["name"].lower() for chemical in row["relatedChemicals"] or guideline["relatedChemicals"]
                ],
                "population": row["population"] or "",
                "strength": (row["classification"] or {}).get("term", ""),
                "text": _plain((row["text"] or {}).get("html", "")),
                "keys": row["lookupKey"] or {},
                "implications": row["implications"] or [],
            }


def _plain(marked_up: str) -> str:
    """Return guideline HTML as text; list items and paragraphs become sentences on one line."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", marked_up))).strip()
