"""Checks that could not be made stand in one line for each option, and none is lost."""

from __future__ import annotations

from engine.api import Bilingual, IncompleteCheck
from engine.treatment.gaps import in_one_line

RENAL = IncompleteCheck("renal", "amoxicillin", "kidney function")
DOSE = IncompleteCheck("dose", "amoxicillin", "kidney function")
CHILD = IncompleteCheck("paediatric", "amoxicillin", "table")
UNKNOWN = IncompleteCheck("interaction", "xyzol", "known name", Bilingual("Xyzol: not checked.", "未核查“xyzol”。"))


def test_what_lacks_the_same_entry_is_said_once_and_missing_rows_come_last() -> None:
    assert in_one_line([CHILD, RENAL, DOSE]) == [Bilingual(
        "Not checked: kidney, dose (needs kidney function); children (no table row, look it up).",
        "未核查：肾脏、剂量（缺少肾功能）；儿童（表中无条目，请另行查阅）。")]


def test_a_gap_with_words_of_its_own_keeps_them() -> None:
    assert in_one_line([UNKNOWN]) == [UNKNOWN.display]
    assert len(in_one_line([RENAL, UNKNOWN])) == 2


def test_a_gap_of_an_unknown_kind_is_never_lost() -> None:
    assert in_one_line([IncompleteCheck("moon", "x", "a telescope")])[0].en == "Not checked: moon."


def test_nothing_missing_gives_no_line() -> None:
    assert in_one_line([]) == []
