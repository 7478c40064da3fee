"""What the ranker adds, on stories of conditions that it never saw: the text voice with it and without it.

A story is made of MedQuAD sentences of a held-out condition; the pictures that are ranked carry none of those. Every
fourth condition is known by its name only, as a diagnosis is that a clinician types.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.diagnosis.condition_index import SCALE, ConditionIndex, compile_conditions, read_texts
from engine.diagnosis.condition_names import loose
from engine.diagnosis.condition_source import Kind
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.string_table import NameTable, Strings
from engine.diagnosis.text_voice import TextVoice
from engine.evaluation.calibration import expected_calibration_error
from engine.runtime.base import Encoder
from quantize.ranker_stories import Storyteller, bare

STORIES, SEED, NAMED_ONLY = 250, 3, 4
LEAST_SENTENCES, SHORTEST_CHARS = 6, 25
PLACES = (1, 3, 10)
Packed = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Told:
    """One story and the number of its condition row."""

    text: str
    row: int


def stories(material: Path, count: int = STORIES) -> list[Told]:
    """Return stories of held-out condition rows that MedQuAD tells enough of."""
    teller, chance = Storyteller(material, SEED, held=True), random.Random(SEED)
    rows = [n for n in untrained(teller) if sum(map(len, teller.topics[n]["answers"])) >= LEAST_SENTENCES]
    told = []
    for _ in range(count):
        topic = teller.topics[chance.choice(rows)]
        sentences = [one for answer in topic["answers"] for one in answer if len(one) > SHORTEST_CHARS]
        chosen = chance.sample(sentences, min(len(sentences), chance.randint(3, 5)))
        findings = teller.reworded([bare(one, topic["names"]) for one in chosen])
        told.append(Told(teller.story(findings, topic), topic["row"]))
    return told


def untrained(teller: Storyteller) -> list[int]:
    """Return the held-out condition rows of which no name, not even a synonym, stands in a trained topic."""
    trained = {loose(name) for topic in teller.topics if not topic["held"] for name in topic["names"]} - {""}
    return [n for n in teller.numbers["row"] if not trained & {loose(name) for name in teller.topics[n]["names"]}]


def report(knowledge: Path, material: Path, encoder: Encoder, ranker: Encoder) -> None:
    """Print the figures of both voices over all names."""
    full = compile_conditions(knowledge)
    names = [full.names[number] for number in range(len(full))]
    index = without_answers(full, knowledge, encoder, ranker)
    told = stories(material)
    for name, voice in (
        ("without the ranker", TextVoice(index, range(len(index)), len(index), lambda: encoder)),
        ("with the ranker", TextVoice(index, range(len(index)), len(index), lambda: encoder, None, lambda: ranker)),
    ):
        places, sure = _ranked(voice, names, told)
        only = np.array([each.row % NAMED_ONLY == 0 for each in told])
        error = expected_calibration_error(sure, places == 1)
        sys.stdout.write(f"{name}: all {_shares(places)} (n {len(told)}), with a picture {_shares(places[~only])}, "
                         f"by name only {_shares(places[only])} (n {only.sum()}); ECE {error:.3f}\n")  # fmt: skip


def without_answers(full: ConditionIndex, knowledge: Path, encoder: Encoder, ranker: Encoder) -> ConditionIndex:
    """Return the index without the sentences of MedQuAD, and without every fourth row."""
    texts = read_texts(knowledge)
    told: list[list[str]] = [[] for _ in texts.conditions]
    for phrase in texts.phrases:
        if phrase.kind in (Kind.HALLMARK, Kind.COMMON):
            told[phrase.owner].append(f"{phrase.text}.")
    stay = np.array([number for number in range(len(full)) if number % NAMED_ONLY])
    new = {int(old): place for place, old in enumerate(stay)}
    kept = np.flatnonzero((full.kind != Kind.PASSAGE) & np.isin(full.owner, stay))
    documents = [f"{texts.conditions[n].name}. {' '.join(told[n])}"[:900] for n in stay]
    return replace(
        full,
        codes=_some(full.codes, stay), names=_some(full.names, stay), chinese=_some(full.chinese, stay),
        sources=_some(full.sources, stay), phrases=_some(full.phrases, kept),
        find_exact=NameTable.pack([(full.names[old], place) for old, place in new.items()]),
        find_loose=NameTable.pack([]),
        owner=np.array([new[int(owner)] for owner in full.owner[kept]], dtype=np.int32),
        kind=full.kind[kept], vectors=full.vectors[kept], documents=_packed(encoder, documents), sex=full.sex[stay],
        ages=full.ages[stay], serious=full.serious[stay], frequency=full.frequency[stay], ranker=ranker.name,
        ranker_documents=_packed(ranker, documents),
        ranker_names=_packed(ranker, [texts.conditions[n].name for n in stay]),
    )  # fmt: skip


def _packed(by: Encoder, texts: Sequence[str]) -> Packed:
    made: Packed = np.round(by.encode(texts) * SCALE).astype(np.int8)
    return made


def _some(strings: Strings, numbers: npt.NDArray[np.int64]) -> Strings:
    return Strings.pack(strings[int(number)] for number in numbers)


def _ranked(
    voice: TextVoice, names: Sequence[str], told: Sequence[Told]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the place of each story's condition, and how sure the voice was of its first."""
    places, sure = [], []
    for each in told:
        shares = voice.over(names, CaseEvidence(text=each.text))
        if shares is not None:
            places.append(int((shares > shares[each.row]).sum()) + 1)
            sure.append(float(np.exp(shares.max())))
    return np.array(places), np.array(sure)


def _shares(places: npt.NDArray[np.int64]) -> str:
    return " / ".join(f"{(places <= most).mean():.3f}" for most in PLACES)
