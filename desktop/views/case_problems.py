"""What stands under a field when an entry is impossible or unlikely: each code of desktop.case.validate in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.case.record import CaseRecord
from desktop.case.validate import Gravity, Problem, problems

TEXTS: dict[str, str] = {
    "out_of_range": QT_TRANSLATE_NOOP("CaseProblems", "Not possible: expected {low} to {high}."),
    "not_a_number": QT_TRANSLATE_NOOP("CaseProblems", "Not a number."),
    "too_long": QT_TRANSLATE_NOOP("CaseProblems", "Too long: at most {high} characters."),
    "too_many": QT_TRANSLATE_NOOP("CaseProblems", "Too many lines: at most {high}."),
    "bad_date": QT_TRANSLATE_NOOP("CaseProblems", "Not a date. Write it as 2026-03-31."),
    "date_in_future": QT_TRANSLATE_NOOP("CaseProblems", "This date is in the future."),
    "born_after_visit": QT_TRANSLATE_NOOP("CaseProblems", "Born after the visit: check both dates."),
    "age_differs_from_birth_date": QT_TRANSLATE_NOOP(
        "CaseProblems", "Does not fit the birth date; the birth date counts."),
    "diastolic_not_below_systolic": QT_TRANSLATE_NOOP(
        "CaseProblems", "Must be below the systolic pressure: check both values."),
    "unlikely_weight_for_height": QT_TRANSLATE_NOOP(
        "CaseProblems", "Weight and height hardly fit together: check both."),
    "pregnant_and_male": QT_TRANSLATE_NOOP("CaseProblems", "Does not fit the sex: check both."),
    "unlikely_pregnancy_age": QT_TRANSLATE_NOOP("CaseProblems", "Hardly fits the age: check both."),
    "allergies_and_none_known": QT_TRANSLATE_NOOP(
        "CaseProblems", "“None known” is ticked, but allergies are listed."),
    "confirmed_and_denied": QT_TRANSLATE_NOOP("CaseProblems", "The same finding is confirmed and denied."),
    "unreadable_characters": QT_TRANSLATE_NOOP("CaseProblems", "Holds a broken character; type it again."),
    "unnamed": QT_TRANSLATE_NOOP("CaseProblems", "The name is missing in a line."),
}


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """`stops` is true for what is impossible; a warning is shown and does not stop the run."""

    text: str
    stops: bool


def shown_problems(record: CaseRecord, today: date) -> dict[str, ShownProblem]:
    """Return what is wrong with `record` by the name of the form's field or list; the gravest one each."""
    shown: dict[str, ShownProblem] = {}
    for problem in problems(record, today):
        shown.setdefault(form_name(problem.field), ShownProblem(words_for(problem), problem.gravity is Gravity.ERROR))
    return shown


def form_name(path: str) -> str:
    """Return the form's name of a record path: `vitals.spo2_percent` is spo2_percent, `labs.0.value` is labs."""
    if path == "no_known_allergies":
        return "allergies"
    first, _, rest = path.partition(".")
    return rest if first in ("vitals", "patient") else first


def words_for(problem: Problem) -> str:
    """Return the words of `problem` in the language in use, with its limits."""
    text = QCoreApplication.translate("CaseProblems", TEXTS[problem.code])
    return text.format(low=_limit(problem.low, "0"), high=_limit(problem.high, "∞"))


def _limit(value: float | None, otherwise: str) -> str:
    return otherwise if value is None or value == float("inf") else f"{value:,.6g}"
