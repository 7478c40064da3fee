"""The compiler refuses tables that name what is not defined: a hole in a table is found here, not beside a patient."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.knowledge.index import IndexWriter, KnowledgeIndex
from engine.locations import resources
from engine.safety.compile import compile_into, dose_lines, products
from engine.safety.thesaurus import LEVELS_FILE, THESAURUS_FILE, WORDS_FILE

FOLDERS = ("ansm_2020", "drugs", "interactions_onc", "interactions_labels", "allergy", "patient", "dose")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for name in FOLDERS:
        shutil.copytree(resources() / "knowledge" / name, tmp_path / "knowledge" / name)
    return tmp_path / "knowledge"


def compiled(sources: Path, tmp_path: Path) -> KnowledgeIndex:
    path = tmp_path / "safety.sqlite"
    writer = IndexWriter(path)
    compile_into(sources, writer)
    writer.close()
    return KnowledgeIndex(path)


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    text = path.read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("drugs/brands.tsv", "\tparacetamol\t", "\tparacetamole\t", "outside the dictionary"),
        ("drugs/look_alikes.tsv", "\tcisplatin\t", "\tcisplatine\t", "outside the dictionary"),
        ("drugs/combinations.tsv", "levodopa|carbidopa", "levodopa|karbidopa", "outside the dictionary"),
        ("allergy/allergy.json", '"amoxicillin"', '"amoxycilin"', "outside the dictionary"),
        ("patient/rows.json", '"metformin"', '"metformine"', "outside the dictionary"),
        ("dose/limits.json", '"ibuprofen"', '"ibuprofene"', "outside the dictionary"),
        ("dose/limits.json", "dose:ibuprofen-single", "dose:ibuprofen-prescribed", "an id twice"),
        ("interactions_labels/rules.json", '"finerenone"', '"finerenon"', "outside the dictionary"),
        ("interactions_onc/rules.json", '"tizanidine"', '"tizanidin"', "outside the dictionary"),
    ],
)
def test_an_undefined_name_stops_the_compiler(
    sources: Path, tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    rewrite(sources / file, lambda text: text.replace(old, new))
    with pytest.raises(ValueError, match=message):
        compiled(sources, tmp_path)


def test_a_french_substance_without_an_inn_stops_the_compiler(sources: Path, tmp_path: Path) -> None:
    rewrite(sources / "drugs/drugs.tsv", lambda text: text.replace("\tmetformine\t", "\t\t"))
    with pytest.raises(KeyError, match="metformine"):
        compiled(sources, tmp_path)


def test_a_class_that_the_index_does_not_define_stops_the_compiler(sources: Path, tmp_path: Path) -> None:
    path = sources / "ansm_2020" / THESAURUS_FILE
    statements = json.loads(gzip.decompress(path.read_bytes()))
    statements[0]["plus_drug"] = "CLASSE INCONNUE"
    path.write_bytes(gzip.compress(json.dumps(statements).encode()))
    with pytest.raises(ValueError, match="CLASSE INCONNUE"):
        compiled(sources, tmp_path)


def test_a_reading_that_leaves_pairs_without_a_level_stops_the_compiler(sources: Path, tmp_path: Path) -> None:
    path = sources / "ansm_2020" / LEVELS_FILE
    readings = json.loads(path.read_text(encoding="utf-8"))
    readings["AMIODARONE|DILTIAZEM"].pop()
    path.write_text(json.dumps(readings), encoding="utf-8")
    with pytest.raises(ValueError, match="must hold without a condition"):
        compiled(sources, tmp_path)


def test_own_words_for_no_statement_stop_the_compiler(sources: Path, tmp_path: Path) -> None:
    path = sources / "ansm_2020" / WORDS_FILE
    rewrite(path, lambda text: json.dumps({**json.loads(text), "NOBODY|NOTHING": {"en": "Watch.", "zh": "观察。"}}))
    with pytest.raises(ValueError, match=r"NOBODY\|NOTHING"):
        compiled(sources, tmp_path)


def test_the_class_rules_end_without_a_condition(safety_index: KnowledgeIndex) -> None:
    assert all(set(row["levels"][-1]) == {"level"} for row in safety_index.json("safety.onc")["statements"])


def test_every_reading_of_levels_belongs_to_a_statement(safety_index: KnowledgeIndex) -> None:
    """A reading that meets no statement would be a rule nobody applies."""
    readings = json.loads((resources() / "knowledge/ansm_2020" / LEVELS_FILE).read_text(encoding="utf-8"))
    titles = {frozenset(row["title"].split(" + ", 1)) for row in safety_index.json("safety.thesaurus")["statements"]}
    oral = "MÉDICAMENTS ADMINISTRÉS PAR VOIE ORALE"
    for key in readings:
        one, other = key.split("|")
        if oral in (one, other) or " + " in one + other:
            continue
        assert frozenset((one, other)) in titles or frozenset((other, one)) in titles, key


def test_a_french_name_of_four_letters_is_not_read_because_it_may_be_another_word(safety_index: KnowledgeIndex) -> None:
    french = safety_index.json("safety.drugs")["french"]
    assert "fer" not in french
    assert min(map(len, french)) == 5


def test_the_four_levels_are_kept(safety_index: KnowledgeIndex) -> None:
    levels = {level["level"] for row in safety_index.json("safety.thesaurus")["statements"] for level in row["levels"]}
    assert (
        {"contraindicated", "avoid", "caution", "note"}
        <= levels
        <= {"contraindicated", "avoid", "caution", "note", "none"}
    )
    assert len(safety_index.json("safety.thesaurus")["statements"]) >= 1500


def test_every_statement_keeps_its_french_words(safety_index: KnowledgeIndex) -> None:
    assert all(row["quote"] for row in safety_index.json("safety.thesaurus")["statements"])


def test_a_dose_row_of_an_unknown_drug_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dose").mkdir()
    (tmp_path / "treatment" / "conditions").mkdir(parents=True)
    row = {"drug": "blorbazine", "amount": 1, "unit": "mg", "route": "oral", "sources": ["s"]}
    (tmp_path / "dose" / "rows.json").write_text(json.dumps({"rows": [row]}))
    with pytest.raises(ValueError, match="blorbazine"):
        dose_lines(tmp_path, [{"inn": "aspirin", "synonyms": "asa"}])
    (tmp_path / "dose" / "rows.json").write_text(json.dumps({"rows": [{**row, "drug": "asa"}]}))
    assert [line["drug"] for line in dose_lines(tmp_path, [{"inn": "aspirin", "synonyms": "asa"}])] == ["aspirin"]


def test_a_product_of_an_unknown_drug_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "products.json"
    path.write_text(json.dumps({"products": [{"drug": "blorbazine"}]}))
    with pytest.raises(ValueError, match="blorbazine"):
        products(path, {"aspirin"})
