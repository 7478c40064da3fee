"""Every disease that any voice can rank opens the rows that know it by name, and no plan of another disease."""

from __future__ import annotations

import pytest

from engine.diagnosis.catalogue import Catalogue, load_wording
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.condition_index import ConditionIndex
from engine.diagnosis.rare_index import RareIndex
from engine.knowledge.index import KnowledgeIndex
from engine.treatment.names import ConditionNames
from engine.treatment.rows import ConditionRow, load_conditions

SEVERAL_MEANINGS = {
    ("acute coronary syndrome", "DDX:Unstable angina"): "the rows for infarction speak first, and say more",
    ("iron deficiency anemia", "DDX:Anemia"): "anaemia of any cause keeps its own rows",
    ("iron-deficiency anemia", "DDX:Anemia"): "anaemia of any cause keeps its own rows",
    ("iron-deficiency anaemia", "DDX:Anemia"): "anaemia of any cause keeps its own rows",
}
"""Names that two rows may claim, with why the code keeps its own."""


@pytest.fixture(scope="module")
def catalogue(knowledge: KnowledgeIndex) -> Catalogue:
    return Catalogue(
        CommonTable.load(knowledge), RareIndex.load(knowledge), load_wording(knowledge), ConditionIndex.load(knowledge)
    )


@pytest.fixture(scope="module")
def rows(knowledge: KnowledgeIndex) -> list[ConditionRow]:
    return load_conditions(knowledge)


@pytest.fixture(scope="module")
def names(knowledge: KnowledgeIndex, rows: list[ConditionRow]) -> ConditionNames:
    return ConditionNames(rows, load_wording(knowledge))


def _opens(names: ConditionNames, code: str) -> str | None:
    found = names.find(code)
    return None if found is None else found.code


def test_a_code_opens_the_rows_that_know_one_of_its_names(
    catalogue: Catalogue, rows: list[ConditionRow], names: ConditionNames
) -> None:
    """Names of the rows are looked up in the ranking: what it calls so must open the same rows by its code."""
    wrong = [
        (row.code, name, code, _opens(names, code))
        for row in rows
        for name in (row.name.en, row.name.zh, *row.synonyms)
        for code in map(catalogue.code, catalogue.find(name))
        if _opens(names, code) != row.code and (name.casefold(), code) not in SEVERAL_MEANINGS
    ]
    assert wrong == []


def test_a_code_is_never_uncovered_while_its_name_is_covered(catalogue: Catalogue, names: ConditionNames) -> None:
    """The other way round, over all of the ranking: 49 common conditions, Lantern's own, OMIM and Orphanet."""
    wrong = []
    for number in range(len(catalogue)):
        code, display = catalogue.code(number), catalogue.display(number)
        known = [found.code for name in (catalogue.name(number), display.en, display.zh) if (found := names.find(name))]
        if known and _opens(names, code) not in known:
            wrong.append((code, known))
    assert wrong == []


def test_every_other_code_of_a_row_is_one_that_the_ranking_knows(
    catalogue: Catalogue, rows: list[ConditionRow]
) -> None:
    ranked = {catalogue.code(number) for number in range(len(catalogue))}
    ranked |= {code for number in range(len(catalogue)) for code in catalogue.other_codes(number)}
    assert [(row.code, code) for row in rows for code in row.codes if code not in ranked] == []


def test_all_49_common_conditions_have_rows(catalogue: Catalogue, names: ConditionNames) -> None:
    codes = [catalogue.code(number) for number in range(catalogue.common_count)]
    assert len(codes) == 49
    assert [code for code in codes if _opens(names, code) != code] == []


@pytest.mark.parametrize(
    ("asked", "opened"),
    [
        ("LNT:gonorrhea", "LNT:gonorrhoea"),
        ("LNT:chlamydia-infection", "LNT:chlamydia"),
        ("LNT:acute-cystitis", "LNT:lower-urinary-tract-infection"),
        ("LNT:renal-colic", "LNT:kidney-stone"),
        ("LNT:generalized-anxiety-disorder", "LNT:anxiety-disorder"),
        ("LNT:atopic-dermatitis", "LNT:eczema"),
        ("LNT:tinea-corporis", "LNT:tinea"),
        ("LNT:tinea-pedis", "LNT:tinea"),
        ("LNT:functional-dyspepsia", "LNT:dyspepsia"),
        ("LNT:copd", "LNT:copd-long-term"),
        ("COPD", "LNT:copd-long-term"),
        ("慢阻肺", "LNT:copd-long-term"),
        ("OMIM:608516", "LNT:depression"),
    ],
)
def test_stable_and_acute_disease_keep_apart_and_other_codes_lead_to_the_rows(
    names: ConditionNames, asked: str, opened: str
) -> None:
    assert _opens(names, asked) == opened
