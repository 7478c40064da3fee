"""Reads the DDXPlus release files (49 conditions, 223 questions, synthetic patients) into frozen records.

Source: Fansi Tchango et al. 2022, CC BY 4.0. The files stand unaltered under `resources/knowledge/ddxplus`.
"""

from __future__ import annotations

import ast
import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.diagnosis.text_file import open_text

Kind = Literal["yes_no", "one_of", "many_of", "grade"]
SEPARATOR = "_@_"
NO, YES = "no", "yes"


@dataclass(frozen=True, slots=True)
class Question:
    """One evidence. `values` are value ids ("no", "yes"; "0".."10" for grades); `parent` must be yes first."""

    code: str
    kind: Kind
    text: str
    values: tuple[str, ...]
    meanings: tuple[str, ...]
    default: str
    parent: str | None
    antecedent: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """One disease of DDXPlus. `severity` runs from 1 (worst) to 5; `name_given` is its `condition_name` verbatim."""

    name_given: str
    name_english: str
    icd10: str
    severity: int
    questions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Patient:
    """One synthetic patient; `answers` holds only what differs from not being asked: question -> value ids."""

    age_years: float
    sex: str
    condition: str
    answers: dict[str, tuple[str, ...]]
    complaint: str


def read_questions(folder: Path) -> tuple[Question, ...]:
    """Return the questions in the order of the release file."""
    raw = json.loads((folder / "release_evidences.json").read_text(encoding="utf-8"))
    return tuple(_question(entry, raw) for entry in raw.values())


def read_conditions(folder: Path) -> tuple[Condition, ...]:
    """Return the 49 conditions in the order of the release file."""
    raw = json.loads((folder / "release_conditions.json").read_text(encoding="utf-8"))
    return tuple(
        Condition(
            entry["condition_name"],
            entry["cond-name-eng"],
            corrected_icd10(entry["condition_name"], entry["icd10-id"].upper()),
            int(entry["severity"]),
            frozenset(entry["symptoms"]) | frozenset(entry["antecedents"]),
        )
        for entry in raw.values()
    )


def corrected_icd10(name: str, code: str) -> str:
    """Return the ICD-10 code, with the one known error of the release put right (SLE is M32, not M34)."""
    return "M32" if name == "SLE" else code


def read_patients(path: Path) -> tuple[Patient, ...]:
    """Return the patients of a DDXPlus CSV file (plain or gzip) in file order."""
    with open_text(path) as stream:
        return tuple(_patient(row) for row in csv.DictReader(stream))


def split_code(code: str) -> tuple[str, str]:
    """Return (question, value id) of an evidence code; a bare question means yes."""
    question, _, value = code.partition(SEPARATOR)
    return question, value or YES


def group_answers(codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return question -> value ids, in the order of `codes`."""
    grouped: dict[str, list[str]] = {}
    for question, value in map(split_code, codes):
        grouped.setdefault(question, []).append(value)
    return {question: tuple(values) for question, values in grouped.items()}


def _patient(row: dict[str, str]) -> Patient:
    answers = group_answers(ast.literal_eval(row["features"]))
    return Patient(
        float(row["age"]), "female" if row["sex"] == "F" else "male", row["diagnosis"], answers, row["feature_id"]
    )


def _question(entry: dict[str, object], known: dict[str, object]) -> Question:
    values = tuple(_values(entry))
    meanings = entry["value_meaning"]
    assert isinstance(meanings, dict)
    code, parent = str(entry["name"]), str(entry["code_question"])
    return Question(
        code=code,
        kind=_kind(str(entry["data_type"]), values),
        text=str(entry["question_en"]),
        values=values,
        meanings=tuple(str(meanings.get(value, {}).get("en", value)) for value in values),
        default=str(entry["default_value"]) if entry["data_type"] != "B" else NO,
        parent=parent if parent != code and parent in known else None,
        antecedent=bool(entry["is_antecedent"]),
    )


def _values(entry: dict[str, object]) -> Iterator[str]:
    possible = entry["possible-values"]
    assert isinstance(possible, list)
    yield from (str(value) for value in possible) if possible else (NO, YES)


def _kind(data_type: str, values: tuple[str, ...]) -> Kind:
    if data_type == "B":
        return "yes_no"
    if data_type == "M":
        return "many_of"
    return "grade" if values[0].isdigit() else "one_of"
