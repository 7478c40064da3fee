"""Search words become bound values, never SQL or FTS5 syntax."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.store.search import search_condition, searchable


@pytest.mark.parametrize(
    ("typed", "text"),
    [("  a \n b ", "a b"), ("ＡＢＣ１２", "ABC12"), ("胸痛　三天", "胸痛 三天"), ("a\0b", "a b"), ("", "")],
)
def test_text_is_indexed_plain(typed: str, text: str) -> None:
    assert searchable(typed) == text


def test_short_words_scan_and_long_words_use_the_index() -> None:
    condition, values = search_condition("胸痛 headache fever")
    assert "MATCH" in condition
    assert "LIKE" in condition
    assert values == ('"headache" AND "fever"', "%胸痛%", "%胸痛%", "%胸痛%", "%胸痛%")


def test_signs_of_sql_and_fts_are_escaped() -> None:
    assert search_condition("%_")[1][0] == "%\\%\\_%"
    assert search_condition('say"hi')[1] == ('"say""hi"',)


@given(st.text(max_size=60))
def test_nothing_typed_gets_into_the_statement(typed: str) -> None:
    condition, values = search_condition(typed)
    assert condition.count("?") == len(values)
    parts = ("i.number IN (SELECT rowid FROM case_search WHERE case_search MATCH ?)",
             *(f"i.{column} LIKE ? ESCAPE '\\'" for column in ("name", "local_number", "diagnosis_words", "words")))
    for part in parts:
        condition = condition.replace(part, "")
    assert set(condition) <= set("() ANDOR1")
