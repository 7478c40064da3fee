"""Words of the screens: what a check could not do is one line a drug, in both languages."""

from __future__ import annotations

from desktop.words import incomplete_lines
from engine.api import Bilingual, IncompleteCheck


def gap(drug: str, en: str, zh: str) -> IncompleteCheck:
    return IncompleteCheck(kind="renal", drug=drug, needs="table", display=Bilingual(en, zh))


GAPS = [
    gap("warfarin", "Warfarin: the pregnancy check needs pregnancy.", "华法林：妊娠核查缺少是否妊娠。"),
    gap("digoxin", "Digoxin: no interaction table holds it.", "地高辛：药物相互作用表中无此药。"),
    gap("warfarin", "Warfarin: no renal row in the tables; look it up.", "华法林：表中无肾功能相关条目，请另行查阅。"),
]


def test_the_gaps_of_one_drug_stand_in_one_line_with_its_name_once() -> None:
    assert incomplete_lines(GAPS, "en") == [
        "Warfarin: the pregnancy check needs pregnancy; no renal row in the tables; look it up.",
        "Digoxin: no interaction table holds it.",
    ]
    assert incomplete_lines(GAPS, "zh") == [
        "华法林：妊娠核查缺少是否妊娠；表中无肾功能相关条目，请另行查阅。",
        "地高辛：药物相互作用表中无此药。",
    ]


def test_a_gap_without_words_of_the_engine_is_said_all_the_same() -> None:
    bare = [IncompleteCheck(kind="renal", drug="digoxin", needs="age"), IncompleteCheck("dose", "digoxin", "weight_kg")]
    (line,) = incomplete_lines(bare, "en")
    assert line.count("digoxin") == 2
    assert incomplete_lines([], "en") == []
