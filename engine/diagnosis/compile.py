"""Compiles the diagnosis knowledge: DDXPlus, the ontology with its diseases, priors, danger signs, crosswalk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from engine.diagnosis import (
    common_fit,
    crosswalk,
    ddxplus_source,
    hpo_source,
    places,
    priors,
    rare_fit,
    rare_fold,
    rare_index,
    red_flags,
    signs,
)
from engine.diagnosis.common_table import CommonTable, put_patients
from engine.diagnosis.condition_index import compile_conditions
from engine.diagnosis.ontology import Ontology, build_ontology
from engine.diagnosis.rare_fit import DiseaseRecord
from engine.diagnosis.rare_index import RareIndex
from engine.diagnosis.reranker import Reranker
from engine.diagnosis.string_table import NameTable, Strings
from engine.knowledge.index import IndexWriter


def compile_into(sources: Path, writer: IndexWriter) -> None:
    """Write every `diagnosis.` entry. Raises where a row names a term or a question that does not exist."""
    common = _common(sources / "ddxplus", writer)
    ontology = build_ontology(hpo_source.read_terms(sources / "hpo"))
    ontology.put(writer)
    rare(sources, ontology).put(writer)
    compile_conditions(sources).put(writer)
    Reranker.read(sources / "diagnosis_weights" / "reranker.npz").put(writer)
    crosswalk.compile_crosswalk(sources / "ddxplus" / "crosswalk.json", ontology, common).put(writer)
    priors.compile_into(sources / "priors", common, writer)
    places.compile_into(sources / "priors", writer)
    ratios = json.loads((sources / "signs" / "signs.json").read_text(encoding="utf-8"))
    writer.put_json(signs.ENTRY, [asdict(row) for row in signs.checked(ratios, ontology, common)])
    rules = json.loads((sources / "red_flags" / "rules.json").read_text(encoding="utf-8"))
    writer.put_json(red_flags.ENTRY, [asdict(rule) for rule in red_flags.checked_rules(rules, ontology, common)])


def rare(sources: Path, ontology: Ontology) -> RareIndex:
    """Return the rare index of the source files."""
    read = rare_fold.read_sources(sources, ontology)
    genes = hpo_source.read_genes(sources / "hpo")
    frequencies = [rare_fit.closed_frequency(record, ontology, read.closures) for record in read.records]
    tables = [
        rare_fit.tables_of(record, ontology, read.closures, closed.terms)
        for record, closed in zip(read.records, frequencies, strict=True)
    ]
    start, disease, rate, rests_on = rare_index.columns(frequencies, tables, len(ontology))
    records = read.records
    return RareIndex(
        Strings.pack(record.code for record in records),
        Strings.pack(record.name for record in records),
        Strings.pack(rare_fit.groups(records, frequencies, genes)),
        Strings.pack(" ".join(sorted(record.other_codes)) for record in records),
        _finder(records),
        start,
        disease,
        rate,
        rests_on,
        rare_fit.background(frequencies, len(ontology)).astype(np.float32),
    )


def _finder(records: Sequence[DiseaseRecord]) -> NameTable:
    names = [
        (name, number)
        for number, record in enumerate(records)
        for name in (record.code, record.name, *record.other_codes, *record.other_names)
    ]
    return NameTable.pack(names)


def _common(folder: Path, writer: IndexWriter) -> CommonTable:
    questions, conditions = ddxplus_source.read_questions(folder), ddxplus_source.read_conditions(folder)
    patients = ddxplus_source.read_patients(folder / "patients_dev.csv.gz")
    table = CommonTable(questions, conditions, common_fit.fit(questions, conditions, patients))
    table.put(writer)
    put_patients(writer, patients)
    return table
