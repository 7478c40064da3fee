"""Every row of every safety table names a source record that is there, with an address and an edition."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.knowledge import sources
from engine.knowledge.index import IndexWriter, KnowledgeIndex
from engine.locations import resources

FOLDERS = ("ansm_2020", "interactions_onc", "interactions_labels", "allergy", "patient", "dose")
OWN_RULE = "allergy-record"
"""Lantern's own rule that a recorded allergen is not given again; it has no address outside."""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, sources.SourceRecord]:
    folder = tmp_path_factory.mktemp("sources")
    for name in FOLDERS:
        (folder / name).mkdir()
        (folder / name / "sources.json").write_bytes((resources() / "knowledge" / name / "sources.json").read_bytes())
    writer = IndexWriter(folder / "sources.sqlite")
    sources.compile_into(folder, writer)
    writer.close()
    return sources.load_sources(KnowledgeIndex(folder / "sources.sqlite"))


def test_every_row_names_a_record(safety_index: KnowledgeIndex, records: dict[str, sources.SourceRecord]) -> None:
    named = {str(safety_index.json(entry)["source"]) for entry in ("safety.thesaurus", "safety.onc")}
    for entry, key in (
        ("safety.labels", "statements"),
        ("safety.patient", "rows"),
        ("safety.dose", "limits"),
        ("safety.allergy", "rules"),
    ):
        named |= {row["source"] for row in safety_index.json(entry)[key]}
    assert named <= set(records)
    for name in named - {OWN_RULE}:
        assert records[name].address.startswith("http")
        assert records[name].edition
        assert records[name].licence


def test_nothing_claims_to_be_reviewed(records: dict[str, sources.SourceRecord]) -> None:
    assert not any(record.reviewed for record in records.values())


@pytest.mark.parametrize("folder", [*FOLDERS, "drugs"])
def test_every_folder_says_where_it_comes_from(folder: str) -> None:
    text = Path(resources() / "knowledge" / folder / "README.md").read_text(encoding="utf-8")
    assert len(text) > 200


def test_rows_carry_both_languages() -> None:
    for folder, file, key in (
        ("patient", "rows", "rows"),
        ("dose", "limits", "limits"),
        ("allergy", "allergy", "rules"),
        ("interactions_labels", "rules", "rules"),
    ):
        table = json.loads((resources() / "knowledge" / folder / f"{file}.json").read_text(encoding="utf-8"))
        assert all(row["text"]["en"] and row["text"]["zh"] != row["text"]["en"] for row in table[key])
