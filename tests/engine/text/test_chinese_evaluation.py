"""The Chinese sentences: their form, their halves, and the bar that the reader must pass on the held half."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from engine.api import Entity
from engine.evaluation.chinese import (
    AIM_F1,
    FILE_NAME,
    INDEPENDENT,
    Counts,
    OpenSentence,
    Sentence,
    count,
    count_open,
    evaluate,
    findings,
    load_independent,
    load_sentences,
)
from engine.knowledge.index import KnowledgeIndex
from engine.text.entities import TextReader

DATA = Path(__file__).resolve().parents[2] / "data"
SEED = "lantern-zh-1"


@pytest.fixture(scope="session")
def sentences() -> list[Sentence]:
    return load_sentences(DATA / FILE_NAME)


class _Engine:
    def __init__(self, reader: TextReader, index: KnowledgeIndex) -> None:
        self.reader = reader
        self.index = index


def test_there_are_at_least_120_sentences_and_every_id_is_used_once(sentences: list[Sentence]) -> None:
    assert len(sentences) >= 120
    assert len({sentence.id for sentence in sentences}) == len(sentences)


def test_halves_follow_the_seeded_rule(sentences: list[Sentence]) -> None:
    for sentence in sentences:
        digest = hashlib.sha256(f"{SEED} {sentence.text}".encode()).digest()
        assert sentence.half == ("held" if digest[0] % 2 else "dev"), sentence.id


def test_held_half_passes_the_bar(reader: TextReader, knowledge: KnowledgeIndex) -> None:
    table = evaluate(_Engine(reader, knowledge), DATA)
    held = next(metric for metric in table.metrics if metric.name == "F1, held half")
    assert held.n >= 50
    assert held.value >= AIM_F1


def test_polarity_counts() -> None:
    class Deaf:
        def read(self, text: str) -> list[Entity]:
            return [Entity(0, 1, "x", "symptom", "E_91")]

    wrong = count(Deaf(), [Sentence("a", "dev", "x", [], ["E_91"])])
    assert wrong == Counts(hits=0, extra=1, missed=1)
    assert wrong.f1 == 0


def test_a_ddxplus_code_stands_for_its_span() -> None:
    both = [Entity(0, 2, "发热", "symptom", "E_91"), Entity(0, 2, "发热", "phenotype", "HP:0001945")]
    assert findings(both) == {("E_91", True)}
    assert findings([Entity(0, 2, "发热", "symptom", "E_91", subject="family")]) == set()


def test_one_of_the_accepted_terms_is_enough_and_optional_ones_are_neutral() -> None:
    class Hears:
        def read(self, text: str) -> list[Entity]:
            return [
                Entity(0, 2, "发热", "symptom", "E_91"), Entity(3, 5, "心悸", "phenotype", "HP:0001962", negated=True),
                Entity(6, 8, "头晕", "phenotype", "HP:0002321"),
                Entity(9, 11, "咳嗽", "phenotype", "HP:0012735", score=0.5),
            ]

    present = [["HP:0001945", "HP:0011134"], ["HP:0012735"]]
    sentence = OpenSentence("a", "dev", "x", present, [["HP:0001962"]], ["HP:0002321"])
    assert count_open(Hears(), [sentence], {"E_91": "HP:0001945"}) == Counts(hits=2, extra=0, missed=1)


def test_every_sentence_of_the_independent_set_follows_its_seeded_rule() -> None:
    sentences = load_independent(DATA / INDEPENDENT)
    assert len(sentences) == 96
    for sentence in sentences:
        digest = hashlib.sha256(f"lantern-zh-independent-1 {sentence.text}".encode()).digest()
        assert sentence.half == ("held" if digest[0] % 2 else "dev"), sentence.id
