"""What the pictures of conditions name in codes: held against a case in any language, and listed for questions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.api import Case
from engine.assembly import Engine
from engine.diagnosis.condition_index import ConditionIndex
from engine.diagnosis.condition_source import Kind
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.picture_findings import ENTRY, PictureFindings, PictureRows, closest
from engine.knowledge.index import KnowledgeIndex

FEVER, COUGH, RASH, PAIN = "HP:0001945", "HP:0012735", "HP:0000988", "HP:0012531"
CHEST_PAIN = "HP:0100749"


@pytest.fixture(scope="module")
def ontology(knowledge: KnowledgeIndex) -> Ontology:
    return Ontology.load(knowledge)


@pytest.fixture(scope="module")
def engine(knowledge_path: Path, models: Path) -> Engine:
    return Engine(knowledge_path, models)


def numbers(ontology: Ontology, *codes: str) -> list[int]:
    found = [ontology.find(code) for code in codes]
    assert None not in found
    return [term for term in found if term is not None]


def pictures(ontology: Ontology, *rows: tuple[int, str, Kind], count: int = 4) -> PictureFindings:
    owner, terms, kinds = zip(*[(owner, numbers(ontology, code)[0], kind) for owner, code, kind in rows], strict=True)
    packed = PictureRows(np.array(owner, np.int32), np.array(terms, np.int32), np.array(kinds, np.uint8))
    return PictureFindings(packed, ontology, count)


def test_a_finding_counts_for_the_pictures_that_name_it_and_the_more_the_rarer(ontology: Ontology) -> None:
    fevers = ((0, FEVER, Kind.HALLMARK), (1, FEVER, Kind.HALLMARK))
    told = pictures(ontology, *fevers, (0, RASH, Kind.HALLMARK), (2, COUGH, Kind.COMMON))
    overlap = told.overlap(numbers(ontology, FEVER, RASH))
    assert overlap is not None
    assert overlap.argmax() == 0
    assert overlap[1] > overlap[3] == 0
    assert overlap[0] - overlap[1] > overlap[1]  # the rash, which one picture names, says more than the fever of two


def test_a_closer_finding_counts_for_a_picture_that_names_the_wider_one_and_only_once(ontology: Ontology) -> None:
    told = pictures(ontology, (0, PAIN, Kind.HALLMARK), (1, COUGH, Kind.HALLMARK))
    assert told.overlap(numbers(ontology, RASH)) is None
    near, both = (told.overlap(numbers(ontology, *codes)) for codes in ((CHEST_PAIN,), (CHEST_PAIN, PAIN)))
    assert near is not None
    assert both is not None
    assert near[0] > near[1] == 0
    assert both.tolist() == near.tolist()
    assert closest(ontology, numbers(ontology, CHEST_PAIN, PAIN)) == numbers(ontology, CHEST_PAIN)


def test_findings_that_no_picture_names_say_nothing(ontology: Ontology) -> None:
    assert pictures(ontology, (0, FEVER, Kind.HALLMARK)).overlap(numbers(ontology, RASH)) is None
    empty = np.zeros(0, np.int32)
    assert PictureFindings(PictureRows(empty, empty, np.zeros(0, np.uint8)), ontology, 4).overlap([1, 2]) is None


def test_hallmarks_are_named_before_common_signs(ontology: Ontology) -> None:
    told = pictures(ontology, (0, COUGH, Kind.COMMON), (0, FEVER, Kind.HALLMARK), (1, RASH, Kind.HALLMARK))
    assert told.named_by(0) == numbers(ontology, FEVER, COUGH)
    assert told.named_by(3) == []


def test_the_compiled_pictures_hold_what_the_rows_say(knowledge: KnowledgeIndex, ontology: Ontology) -> None:
    assert f"{ENTRY}.owner" in knowledge
    rows = PictureRows.load(knowledge)
    assert (np.diff(rows.owner) >= 0).all()
    codes = ConditionIndex.load(knowledge).codes
    measles = next(number for number in range(len(codes)) if codes[number] == "LNT:measles")
    named = {ontology.code(term) for term in rows.term[rows.owner == measles].tolist()}
    assert {FEVER, COUGH, RASH} <= named
    assert len(np.unique(rows.owner)) > 450


@pytest.mark.parametrize(
    ("text", "age", "sex", "code"),
    [
        ("男孩，没打疫苗，发烧四天，咳嗽、流鼻涕、眼睛红，昨天从脸上开始出红疹。", 4, "male", "LNT:measles"),
        ("女，28岁，尿频、尿急、尿痛一天，尿液浑浊，没有发热。", 28, "female", "LNT:acute-cystitis"),
        ("小孩7岁，嗓子疼、发烧，舌头像草莓，全身细小红疹。", 7, "male", "LNT:scarlet-fever"),
    ],
)
def test_a_chinese_story_ranks_the_condition_whose_picture_names_its_findings(
    engine: Engine, text: str, age: float, sex: str, code: str
) -> None:
    case = Case(text=text, age_years=age, sex=sex)  # type: ignore[arg-type]
    rows = engine.diagnoser.diagnose(case, engine.reader.read(text), top=3).hypotheses
    assert code in {row.code for row in rows}
