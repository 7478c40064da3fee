"""Read laboratory values from text by the table of tests: name, number, unit, and what that is in the standard unit.

A number without a unit is read only where its size leaves one unit possible (haemoglobin 9 is g/dL, 90 is g/L). What no
unit fits, or no living patient can have, is left alone. Limits are in `vitals`; nothing here says high or low.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from engine.knowledge.index import KnowledgeIndex
from engine.text.measure import Measured

LABS_ENTRY = "text.lab_tests"
_NUMBER = r"(?P<value>\d{1,3}(?:[,，]\d{3})+(?!\d)|\d{1,7}(?:[.．]\d{1,3})?)"
_GAP = (
    r"(?:[:：=≈~><≥≤\s(（]|is|was|of|at|to|level|count|result|low|high|raised|elevated|only|up|down|measured"
    r"|为|是|约|达|仅|升至|降至|高达|值|水平|结果){0,10}"
)


@dataclass(frozen=True, slots=True)
class LabTest:
    """How one test is written. `units`: (expression, factor to `unit`); `bare`: (from, to, factor) without a unit."""

    measure: str
    unit: str
    names: list[str]
    names_zh: list[str]
    low: float
    high: float
    units: list[tuple[str, float]]
    bare: list[tuple[float, float, float]]


class LabReader:
    """All tests of one index, compiled."""

    def __init__(self, tests: Sequence[LabTest]) -> None:
        self._tests = [(test, _pattern(test)) for test in tests]
        self._any_digit = re.compile(r"\d")
        names = (name for test in tests for name in (*test.names, *test.names_zh))
        self._name = re.compile("|".join(names) or r"(?!)", re.IGNORECASE)

    def find(self, text: str) -> list[Measured]:
        """Return every value of `text`, in order of place; of two tests at one number the longer name counts."""
        if not self._any_digit.search(text):
            return []
        found = [value for test, pattern in self._tests for value in _values(text, test, pattern)]
        by_end: dict[int, Measured] = {}
        for value in sorted(found, key=lambda value: value.start):
            by_end.setdefault(value.end, value)
        return sorted(by_end.values(), key=lambda value: value.start)

    def is_name(self, written: str) -> bool:
        """Whether `written` is nothing but the name of a test, which says neither high nor low."""
        return self._name.fullmatch(written) is not None


def load_labs(index: KnowledgeIndex) -> LabReader:
    """Return the reader of an index."""
    return LabReader(msgspec.convert(index.json(LABS_ENTRY), list[LabTest]))


def _pattern(test: LabTest) -> re.Pattern[str]:
    english = "|".join(test.names)
    chinese = "|".join(test.names_zh) or r"(?!)"
    units = "|".join(f"(?P<unit{place}>{unit})" for place, (unit, _) in enumerate(test.units))
    return re.compile(
        rf"(?:(?<![A-Za-z])(?:{english})(?![A-Za-z])|{chinese}){_GAP}{_NUMBER}(?!\d)\s*(?:{units})?", re.IGNORECASE
    )


def _values(text: str, test: LabTest, pattern: re.Pattern[str]) -> Iterator[Measured]:
    for match in pattern.finditer(text):
        number = float(unicodedata.normalize("NFKC", match["value"]).replace(",", ""))
        unit = next((place for place in range(len(test.units)) if match[f"unit{place}"]), None)
        factor = test.units[unit][1] if unit is not None else _bare_factor(test, number)
        if factor is not None and test.low <= number * factor <= test.high:
            end = match.end() if unit is not None else match.end("value")
            yield Measured(match.start(), end, test.measure, round(number * factor, 3), test.unit)


def _bare_factor(test: LabTest, number: float) -> float | None:
    return next((factor for low, high, factor in test.bare if low <= number <= high), None)
