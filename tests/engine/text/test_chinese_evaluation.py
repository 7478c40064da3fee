"""The Chinese sentences: their form, their halves, and the bar that the reader must pass on the held half."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from engine.api import Entity
from engine.evaluation.chinese import AIM_F1, FILE_NAME, Counts, Sentence, count, evaluate, findings, load_sentences
from engine.text.entities import TextReader

DATA = Path(__file__).resolve().parents[2] / "data"
SEED = "lantern-zh-1"


@pytest.fixture(scope="session")
def sentences() -> list[Sentence]:
    return load_sentences(DATA / FILE_NAME)


class _Engine:
    def __init__(self, reader: TextReader) -> None:
        self.reader = reader


def test_there_are_at_least_120_sentences_and_every_id_is_used_once(sentences: list[Sentence]) -> None:
    assert len(sentences) >= 120
    assert len({sentence.id for sentence in sentences}) == len(sentences)


def test_halves_follow_the_seeded_rule(sentences: list[Sentence]) -> None:
    for sentence in sentences:
        digest = hashlib.sha256(f"{SEED} {sentence.text}".encode()).digest()
        assert sentence.half == ("held" if digest[0] % 2 else "dev"), sentence.id


def test_held_half_passes_the_bar(reader: TextReader) -> None:
    table = evaluate(_Engine(reader), DATA)
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
