"""Clinic-like text for training, importance matrices and the gate: patients written out, and passages about diseases.

Patients are DDXPlus (CC BY 4.0), passages MedQuAD (CC BY 4.0), both shipped. Every record belongs for good to one
of three parts, by a hash of its content: `train` for recipes, `tune` for importance matrices and calibration,
`held` for the gate, so that no gate figure rests on text that a recipe or a quantizer has seen.
"""

from __future__ import annotations

import gzip
import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from engine.diagnosis.ddxplus_source import Patient, Question, read_conditions, read_patients, read_questions
from engine.locations import resources

Share = Literal["train", "tune", "held"]
MOST_FINDINGS = 10
QUESTION_LEAD = "Diagnosis:"


@dataclass(frozen=True, slots=True)
class WrittenCase:
    """A patient as text. `prompt` ends where the diagnosis begins; `severity` runs from 1 (worst) to 5."""

    prompt: str
    diagnosis: str
    severity: int

    @property
    def whole(self) -> str:
        return f"{self.prompt} {self.diagnosis}\n"


def share_of(content: str) -> Share:
    """Return which part a record belongs to: 10 % held, 10 % tune, the rest train."""
    place = int.from_bytes(hashlib.sha256(content.encode()).digest()[:4], "big") % 10
    return "held" if place == 0 else "tune" if place == 1 else "train"


def diagnoses() -> list[str]:
    """Return the English names of the 49 conditions, in the order of the release."""
    return [condition.name_english for condition in read_conditions(_ddxplus())]


def cases(share: Share, seed: int = 0) -> list[WrittenCase]:
    """Return the patients of one part as text; the seed decides which findings are told, and in which order."""
    questions = {question.code: question for question in _questions()}
    known = {condition.name_given: condition for condition in read_conditions(_ddxplus())}
    written = []
    for number, patient in enumerate(_patients()):
        if share_of(f"{patient.age_years}{patient.sex}{sorted(patient.answers.items())}") != share:
            continue
        condition = known[patient.condition]
        chance = random.Random(f"{seed}/{number}")
        written.append(WrittenCase(_told(patient, questions, chance), condition.name_english, condition.severity))
    return written


def passages(share: Share) -> Iterator[str]:
    """Yield the answered questions of one part, in file order."""
    path = resources() / "knowledge" / "medquad" / "medquad_answered.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            entry = msgspec.json.decode(line, type=dict[str, object])
            text = f"{entry['focus']} ({entry['qtype']}). {' '.join(str(entry['answer']).split())}\n"
            if share_of(text) == share:
                yield text


def running_text(share: Share, characters: int) -> str:
    """Return about so many characters, half cases and half passages: for perplexity and importance matrices."""
    told = "".join(case.whole + "\n" for case in cases(share))[: characters // 2]
    read, length = [], 0
    for passage in passages(share):
        read.append(passage[:1500] + "\n")
        length += len(read[-1])
        if length >= characters - len(told):
            break
    return told + "".join(read)


def _told(patient: Patient, questions: dict[str, Question], chance: random.Random) -> str:
    """Return the complaint and at most MOST_FINDINGS other answers, as a receptionist would note them."""
    first, _, _ = patient.complaint.partition("_@_")
    others = [code for code in patient.answers if code != first and code in questions]
    chance.shuffle(others)
    lines = [_line(questions[code], patient.answers[code]) for code in [first, *others[:MOST_FINDINGS]]]
    return f"Patient: {patient.sex}, {patient.age_years:g} years.\n" + "\n".join(lines) + f"\n{QUESTION_LEAD}"


def _line(question: Question, values: tuple[str, ...]) -> str:
    meanings = dict(zip(question.values, question.meanings, strict=True))
    answer = "yes" if question.kind == "yes_no" else ", ".join(meanings.get(value, value) for value in values)
    return f"- {question.text.strip()} {answer}"


@cache
def _questions() -> tuple[Question, ...]:
    return read_questions(_ddxplus())


@cache
def _patients() -> tuple[Patient, ...]:
    return read_patients(_ddxplus() / "patients_dev.csv.gz")


def _ddxplus() -> Path:
    return resources() / "knowledge" / "ddxplus"
