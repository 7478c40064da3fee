"""The compiler refuses what its sources do not hold; nothing half right reaches the index."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import pytest

from engine.knowledge.index import IndexWriter
from engine.locations import resources
from engine.treatment.compile import compile_into


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the treatment rows, with a MedQuAD file of no lines."""
    shutil.copytree(resources() / "knowledge" / "treatment", tmp_path / "treatment")
    (tmp_path / "medquad").mkdir()
    return tmp_path


def compile_copy(folder: Path) -> None:
    writer = IndexWriter(folder / "index.sqlite")
    try:
        compile_into(folder, writer)
    finally:
        writer.close()


def change(folder: Path, condition: str, old: str, new: str) -> None:
    path = folder / "treatment" / "conditions" / f"{condition}.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("condition", "old", "new", "said"),
    [
        ("influenza", '"amount": 75', '"amount": 76', "76"),
        ("influenza", '"unit": "mg"', '"unit": "g"', "g is in none of"),
        ("croup", "29%", "30%", "30 %"),
        ("bronchitis", "3周", "4周", "other numbers in Chinese"),
        ("gerd", '"id": "gerd.omeprazole"', '"id": "gerd.none"', "id used twice"),
        ("gerd", '"x-phenicia-omep"', '"x-nobody"', "unknown source x-nobody"),
    ],
)
def test_a_wrong_row_is_refused_by_name(folder: Path, condition: str, old: str, new: str, said: str) -> None:
    change(folder, condition, old, new)
    with pytest.raises(ValueError, match=said):
        compile_copy(folder)


def test_a_file_of_another_shape_names_the_wrong_field(folder: Path) -> None:
    change(folder, "gerd", '"kind": "none"', '"kind": "magic"')
    with pytest.raises(msgspec.ValidationError, match="kind"):
        compile_copy(folder)


def test_every_source_record_is_cited_by_a_row() -> None:
    folder = resources() / "knowledge" / "treatment"
    records = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
    rows = "".join(path.read_text(encoding="utf-8") for path in (folder / "conditions").glob("*.json"))
    assert [record for record in records if f'"{record}"' not in rows] == []
