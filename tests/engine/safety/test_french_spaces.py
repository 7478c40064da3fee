"""Quotes of the French thesaurus read as French: lost spaces come back, and nothing else changes."""

from __future__ import annotations

import re

import pytest

from engine.knowledge.index import KnowledgeIndex
from engine.safety.french_spaces import FrenchSpaces

TEXTS = ["adaptation éventuelle de la posologie pendant l'association et après son arrêt"] * 25


@pytest.mark.parametrize(
    ("run_together", "restored"),
    [
        ("adaptationéventuelle", "adaptation éventuelle"),
        ("pendantl'association", "pendant l'association"),
        ("laposologie", "la posologie"),
        ("Adaptationéventuelle de laposologie", "Adaptation éventuelle de la posologie"),
        ("jusqu'à l'arrêt", "jusqu'à l'arrêt"),
        ("antiadaptation", "antiadaptation"),
        ("cependant", "cependant"),
        ("inconnue", "inconnue"),
    ],
)
def test_what_the_text_uses_apart_is_taken_apart(run_together: str, restored: str) -> None:
    assert FrenchSpaces(TEXTS).restored(run_together) == restored


def test_a_word_that_is_used_as_a_whole_stays() -> None:
    assert FrenchSpaces([*TEXTS, *["laposologie"] * 20]).restored("laposologie") == "laposologie"


def test_no_quote_of_the_tables_runs_words_together(knowledge: KnowledgeIndex) -> None:
    quotes = [row["quote"] for row in knowledge.json("safety.thesaurus")["statements"]]
    glued = re.compile(r"pendantl['’]|concentrationsplasmatiques|laposologie|posologiede|débutd['’]", re.IGNORECASE)
    assert len(quotes) > 1500
    assert [quote for quote in quotes if glued.search(quote)] == []
