"""Reads the Human Phenotype Ontology, its disease annotations and published cases into frozen records.

Sources: `hp.obo` and `phenotype.hpoa` 2025-01-16, and a presence-only export of 2025-11-24 (HPO Consortium);
phenopacket-store b694d17 (BSD-3). The files stand unaltered under `resources/knowledge/{hpo,phenopackets}`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.diagnosis.text_file import open_text

ROOT = "HP:0000118"
"""Phenotypic abnormality: the branch that findings come from."""

FREQUENCY_CLASSES = {
    "HP:0040280": 1.0,
    "HP:0040281": 0.9,
    "HP:0040282": 0.55,
    "HP:0040283": 0.17,
    "HP:0040284": 0.025,
    "HP:0040285": 0.0,
}
"""Middles of HPO's own frequency ranges (hp.obo: obligate 100 %, very frequent 80-99, frequent 30-79, occasional 5-29,
very rare 1-4, excluded 0)."""
CLASS_WEIGHT = 10.0
"""A frequency class or a percentage counts like this many described patients."""


@dataclass(slots=True)
class Term:
    """One ontology term. `alternatives` are older ids that mean the same; `consider` stand near an obsolete one."""

    id: str
    name: str = ""
    parents: list[str] = field(default_factory=list)
    synonyms: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    replaced_by: str | None = None
    consider: list[str] = field(default_factory=list)
    obsolete: bool = False


@dataclass(frozen=True, slots=True)
class Annotation:
    """One row of `phenotype.hpoa`: in `seen` of `of` patients; `of` is 0 where no frequency is given."""

    disease: str
    disease_name: str
    term: str
    negated: bool
    reference: str
    seen: float
    of: float
    aspect: str


@dataclass(frozen=True, slots=True)
class PublishedCase:
    """One phenopacket: terms observed and excluded, the diagnosis and the paper."""

    id: str
    present: tuple[str, ...]
    absent: tuple[str, ...]
    disease: str
    disease_name: str
    papers: tuple[str, ...]
    sex: str


def read_terms(folder: Path) -> dict[str, Term]:
    """Return all terms of `hp.obo`, with the terms that only the newer export knows added."""
    with gzip.open(folder / "hp.obo.gz", "rt", encoding="utf-8") as stream:
        terms = {term.id: term for term in _stanzas(stream)}
    with gzip.open(folder / "hpo3_2025-11-24_terms.jsonl.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            if row["id"] not in terms and not row["obsolete"]:
                terms[row["id"]] = Term(row["id"], row["name"], row["parents"])
    return terms


def read_annotations(folder: Path) -> Iterator[Annotation]:
    """Yield the rows of `phenotype.hpoa` in file order."""
    with gzip.open(folder / "phenotype.hpoa.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            if line.startswith(("#", "database_id")):
                continue
            row = line.rstrip("\n").split("\t")
            seen, of = _frequency(row[7])
            yield Annotation(row[0], row[1], row[3], row[2] == "NOT", row[4], seen, of, row[10])


def read_export(folder: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (disease, name, terms) of the presence-only export."""
    with gzip.open(folder / "hpo3_2025-11-24_disease_hpo.jsonl.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            yield row["id"], row["name"], row["hpo"]


def read_genes(folder: Path) -> dict[str, set[str]]:
    """Return disease -> gene symbols."""
    genes: dict[str, set[str]] = {}
    with gzip.open(folder / "genes_to_phenotype.txt.gz", "rt", encoding="utf-8") as stream:
        next(stream)
        for line in stream:
            row = line.rstrip("\n").split("\t")
            genes.setdefault(row[5], set()).add(row[1])
    return genes


def read_cases(path: Path) -> Iterator[PublishedCase]:
    """Yield the published cases of a phenopacket file (JSON lines, gzip or plain)."""
    with open_text(path) as stream:
        for line in stream:
            row = json.loads(line)
            yield PublishedCase(
                row["id"], tuple(row["pos"]), tuple(row["neg"]), row["disease"][0], row["label"][0],
                tuple(f"PMID:{paper}" for paper in row["pmid"]), (row["sex"] or "").lower(),
            )  # fmt: skip


def _frequency(raw: str) -> tuple[float, float]:
    if "/" in raw:
        seen, of = raw.split("/")
        return float(seen), float(of)
    if raw.endswith("%"):
        return float(raw[:-1]) / 100 * CLASS_WEIGHT, CLASS_WEIGHT
    if raw in FREQUENCY_CLASSES:
        return FREQUENCY_CLASSES[raw] * CLASS_WEIGHT, CLASS_WEIGHT
    return 0.0, 0.0


def _stanzas(lines: Iterable[str]) -> Iterator[Term]:
    term: Term | None = None
    for raw in lines:
        line = raw.rstrip("\n")
        if line.startswith("["):
            if term is not None:
                yield term
            term = Term("") if line == "[Term]" else None
        elif term is not None and line:
            _field(term, *line.split(": ", 1))
    if term is not None:
        yield term


def _field(term: Term, key: str, value: str = "") -> None:
    match key:
        case "id":
            term.id = value
        case "name":
            term.name = value
        case "is_a":
            term.parents.append(value.split(" ! ")[0])
        case "alt_id":
            term.alternatives.append(value)
        case "synonym":
            term.synonyms.append(value.split('"')[1])
        case "consider":
            term.consider.append(value)
        case "replaced_by":
            term.replaced_by = value
        case "is_obsolete":
            term.obsolete = value == "true"
