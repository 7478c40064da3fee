"""Names at their exact characters: spaced or joined words, long sentences, other scripts, and text typed again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.base import Vectors
from engine.runtime.scripted import ScriptedTagger
from engine.text.entity_names import NameClasses
from engine.text.segment import sentences, tokenise
from engine.text.tagger import SELDOM_ADJACENT, EntityTagger, Head, marked

NAMES = {0: ["parkinson ' s disease", "ataxia"], 1: ["ataxia"], 2: ["mptp", "nitric oxide"]}
UNKNOWN = NameClasses([[], [], []])


@pytest.fixture
def scripted() -> ScriptedTagger:
    return ScriptedTagger(NAMES)


def find(tagger: ScriptedTagger, text: str) -> list[tuple[str, Head]]:
    tokens = tokenise(text)
    found = EntityTagger(tagger, UNKNOWN).find(text, tokens, sentences(text, tokens))
    return [(text[each.span.start : each.span.end], each.head) for each in found]


def test_names_keep_their_case_and_their_own_spaces(scripted: ScriptedTagger) -> None:
    assert find(scripted, "MPTP-induced Parkinson's Disease.") == [
        ("MPTP", Head.BC5CDR_CHEMICAL),
        ("Parkinson's Disease", Head.NCBI_DISEASE),
    ]
    assert find(scripted, "Parkinson ' s\tdisease") == [("Parkinson ' s\tdisease", Head.NCBI_DISEASE)]


def test_one_place_may_be_marked_by_several_heads(scripted: ScriptedTagger) -> None:
    assert find(scripted, "no ataxia") == [("ataxia", Head.NCBI_DISEASE), ("ataxia", Head.BC5CDR_DISEASE)]


def test_a_sentence_longer_than_a_window_loses_nothing(scripted: ScriptedTagger) -> None:
    text = " ".join(f"word{n} nitric oxide" for n in range(300))
    assert find(scripted, text) == [("nitric oxide", Head.BC5CDR_CHEMICAL)] * 300
    assert len(scripted.windows_read) > 20


@pytest.mark.parametrize(
    "text",
    ["患者有ataxia三年，走路不稳，说话含糊", "Пациент жалуется на ataxia и головную боль", "12 . 5 - 7", ""],
)
def test_sentences_in_other_scripts_are_left_to_the_dictionaries(scripted: ScriptedTagger, text: str) -> None:
    assert find(scripted, text) == []
    assert scripted.windows_read == []


def test_english_beside_another_script_is_read_at_its_own_place(scripted: ScriptedTagger) -> None:
    text = "患者走路不稳，说话含糊。 He has ataxia. 头痛三天，恶心呕吐。 MPTP was given."
    assert [name for name, _ in find(scripted, text)] == ["ataxia", "ataxia", "MPTP"]


def test_a_text_that_grows_is_not_read_again_from_the_start(scripted: ScriptedTagger) -> None:
    tagger = EntityTagger(scripted, UNKNOWN)
    text = "The patient has had ataxia since childhood and walks badly. " * 12
    for typed in (text, text + "MPTP"):
        tokens = tokenise(typed)
        tagger.find(typed, tokens, sentences(typed, tokens))
    assert len(scripted.windows_read) == len(set(scripted.windows_read))


@given(st.text(alphabet="aA1 .\n-'éŁβ痛\u0301\ufeff\u200b", max_size=300))
def test_any_text_is_read_without_a_fault_and_spans_lie_inside(text: str) -> None:
    tokens = tokenise(text)
    for each in EntityTagger(ScriptedTagger({0: ["a"]}), UNKNOWN).find(text, tokens, sentences(text, tokens)):
        assert text[each.span.start : each.span.end] in {"a", "A"}


def test_nothing_continues_from_nothing() -> None:
    scores = np.log(np.array([[0.5, 0.1, 0.4], [0.1, 0.1, 0.8], [0.9, 0.05, 0.05]], dtype=np.float32))
    assert [(first, end) for first, end, _ in marked(scores)] == [] or all(
        first == 0 for first, _, _ in marked(scores)
    )
    begins = np.log(np.array([[0.1, 0.8, 0.1], [0.01, 0.01, 0.98], [0.01, 0.98, 0.01]], dtype=np.float32))
    assert [(first, end) for first, end, _ in marked(begins)] == [(0, 2), (2, 3)]


def test_two_names_touch_only_where_the_model_is_sure_of_it() -> None:
    doubtful = np.log(np.array([[0.1, 0.8, 0.1], [0.1, 0.5, 0.4]], dtype=np.float32))
    assert [(first, end) for first, end, _ in marked(doubtful)] == [(0, 2)]
    sure = np.log(np.array([[0.02, 0.96, 0.02], [0.02, 0.96, 0.02]], dtype=np.float32))
    assert [(first, end) for first, end, _ in marked(sure)] == [(0, 1), (1, 2)]


def worth(scores: Vectors, labels: Sequence[int]) -> float:
    """Return what the marking is the best of: the sum of scores, less the price of names that touch."""
    touching = sum(label == 1 and before != 0 for before, label in pairwise(labels))
    return float(scores[np.arange(len(labels)), list(labels)].sum()) - SELDOM_ADJACENT * touching


@given(st.lists(st.tuples(*[st.floats(-9, 0)] * 3), max_size=7))
def test_the_marking_is_the_best_of_all_allowed_ones(rows: list[tuple[float, float, float]]) -> None:
    scores = np.array(rows, dtype=np.float32).reshape(-1, 3)
    labels = np.zeros(len(rows), dtype=int)
    for first, end, _ in marked(scores):
        labels[first:end] = [1, *([2] * (end - first - 1))]
    total = worth(scores, labels.tolist())
    allowed = (way for way in product(range(3), repeat=len(rows)) if all(
        label != 2 or (place > 0 and way[place - 1] != 0) for place, label in enumerate(way)
    ))
    best = max(worth(scores, way) for way in allowed)
    assert total == pytest.approx(best, abs=1e-4)
