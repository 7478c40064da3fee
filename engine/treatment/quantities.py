"""Numbers with their units, read from clinical text, so that a sentence can be compared with its source.

"500 micrograms" and "0.5 mg" are the same quantity, "7 days" and "1 week" too; "5 mg" and "5 g" are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in the base unit of its dimension; `unit` is empty for a bare number."""

    value: float
    unit: str = ""


_SPELLINGS: tuple[tuple[str, float, str], ...] = (
    ("kg", 1, "kg kilogram kilograms"),
    ("mg", 1000, "g gram grams"),
    ("mg", 1, "mg milligram milligrams 毫克"),
    ("mg", 0.001, "mcg µg μg ug microgram micrograms 微克"),
    ("ml", 1, "ml millilitre millilitres milliliters 毫升"),
    ("ml", 1000, "l litre litres liter liters"),
    ("%", 1, "% percent"),
    ("iu", 1, "unit units iu"),
    ("hour", 1 / 3600, "second seconds sec s 秒"),
    ("hour", 1 / 60, "minute minutes min 分钟"),
    ("hour", 1, "hour hours h hr hrs 小时"),
    ("hour", 24, "day days d 天 日"),
    ("hour", 168, "week weeks wk 周"),
    ("month", 1, "month months mo 个月"),
    ("month", 12, "year years yr 年 岁"),
    ("mmhg", 1, "mmhg"),
    ("°c", 1, "°c ℃"),
    ("bpm", 1, "bpm"),
    ("puff", 1, "puffs puff actuations actuation inhalations inhalation"),
)
"""Base unit, factor to it, and every way it is written."""
_UNITS = {name: (base, factor) for base, factor, names in _SPELLINGS for name in names.split()}
_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "half": 0.5,
}
_COUNT_WORDS = {"once": 1, "twice": 2, "thrice": 3, **_WORDS}
_LATIN = {"bid": 2, "bd": 2, "tid": 3, "tds": 3, "qid": 4, "qds": 4, "qd": 1, "od": 1}
PER_DAY = "per_day"

_NUMBER = r"\d+(?:[,\u2009 ]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_UNIT = "|".join(sorted((re.escape(unit) for unit in _UNITS), key=len, reverse=True))
_ALNUM_UNIT = rf"(?:{_UNIT})(?![a-z])"
_DENOMINATOR = r"(?:\s*/\s*|\s+per\s+)(kg|ml|l|min|minute|h|hour|day|m2)\b"
_RANGE = re.compile(
    rf"(?<![A-Za-z0-9_.])(?P<low>{_NUMBER})(?:\s*(?:-|–|to|or|and|至|~)\s*(?P<high>{_NUMBER}))?"
    rf"(?:[\s-]*(?P<unit>{_ALNUM_UNIT})(?P<denominator>{_DENOMINATOR})?)?",
    re.IGNORECASE,
)
_TIMES = re.compile(
    rf"\b(?:(?P<often>once|twice|thrice)|(?P<word>{'|'.join(_WORDS)}|\d+)\s*(?:times|doses|x))"
    r"\s+(?:a|per|each|every|in)?\s*(?:daily|day|24 hours)\b",
    re.IGNORECASE,
)
_LATIN_TIMES = re.compile(rf"\b({'|'.join(_LATIN)})\b", re.IGNORECASE)
_CHINESE_TIMES = re.compile(r"(?:每日|每天|一日|1日|日)\s*(\d+)\s*次")
_EVERY = re.compile(r"\bq(?=\d+(?:-\d+)?\s*h)", re.IGNORECASE)
_TWICE = re.compile(r"\b(twice|thrice)\b", re.IGNORECASE)
_DAILY = re.compile(r"\b(?:daily|a day|per day|each day)\b", re.IGNORECASE)
_WORD = re.compile(
    rf"\b(?:{'|'.join(word for word in _WORDS if word != 'one')}|one(?=[\s-]+(?:{_ALNUM_UNIT}|(?:to|or)\s)))\b",
    re.IGNORECASE,
)


def quantities(text: str) -> frozenset[Quantity]:
    """Return every quantity in `text`. A range gives both ends; "twice daily" gives 2 per day."""
    found: set[Quantity] = set()
    rest = _EVERY.sub("every ", text)
    rest = _TIMES.sub(lambda match: _keep(found, _count(match["often"] or match["word"]), PER_DAY), rest)
    rest = _CHINESE_TIMES.sub(lambda match: _keep(found, float(match[1]), PER_DAY), rest)
    rest = _LATIN_TIMES.sub(lambda match: _keep(found, _LATIN[match[1].lower()], PER_DAY), rest)
    if _DAILY.search(rest):
        found.add(Quantity(1, PER_DAY))
    rest = _WORD.sub(lambda match: f"{_WORDS[match[0].lower()]:g}", rest)
    for match in _RANGE.finditer(rest):
        for number in (match["low"], match["high"]):
            if number is not None:
                found |= _quantities(number, match["unit"], match["denominator"])
    return frozenset(found)


def numbers(text: str) -> frozenset[float]:
    """Return the bare values in `text`, without units, in the unit they are written in."""
    rest = _WORD.sub(lambda match: f"{_WORDS[match[0].lower()]:g}", _EVERY.sub("every ", text))
    found = {
        float(_plain(number)) for match in _RANGE.finditer(rest) for number in (match["low"], match["high"]) if number
    }
    counted = {_count(match["often"] or match["word"]) for match in _TIMES.finditer(text)}
    counted |= {float(_COUNT_WORDS[match[1].lower()]) for match in _TWICE.finditer(text)}
    return frozenset(found | counted | {float(_LATIN[match[1].lower()]) for match in _LATIN_TIMES.finditer(text)})


def missing_from(claimed: frozenset[Quantity], source: frozenset[Quantity]) -> list[Quantity]:
    """Return what is claimed and not in the source; a bare number on either side matches any unit of the same value."""
    bare = {quantity.value for quantity in source if not quantity.unit}
    values = {quantity.value for quantity in source}
    return sorted(
        (
            quantity
            for quantity in claimed
            if not _has(source, quantity) and quantity.value not in (bare if quantity.unit else values)
        ),
        key=lambda quantity: (quantity.unit, quantity.value),
    )


def _has(source: frozenset[Quantity], wanted: Quantity) -> bool:
    return any(
        have.unit == wanted.unit and abs(have.value - wanted.value) <= 1e-6 * max(1.0, have.value) for have in source
    )


def _keep(found: set[Quantity], value: float, unit: str) -> str:
    found.add(Quantity(value, unit))
    return " ; "


def _count(word: str) -> float:
    return float(_COUNT_WORDS.get(word.lower(), 0) or word)


def _quantities(number: str, unit: str | None, denominator: str | None) -> set[Quantity]:
    """Return the quantity, and for an amount per day also that it is per day."""
    value = float(_plain(number))
    if unit is None:
        return {Quantity(value)}
    base, factor = _UNITS[unit.lower()]
    per = "" if denominator is None else re.sub(r"[\s/]|per", "", denominator.lower()).replace("minute", "min")
    scaled = round(value * factor, 9)
    if per == "day":
        return {Quantity(scaled, base), Quantity(1, PER_DAY)}
    return {Quantity(scaled, f"{base}/{per}" if per else base)}


def _plain(number: str) -> str:
    return re.sub(r"[,\u2009 ]", "", number)
