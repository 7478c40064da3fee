"""Read vital signs and blood glucose from text, with their units; `labs` reads the other laboratory results.

Values are normalised (Fahrenheit to Celsius, mg/dL glucose to mmol/L); the span stays what was written. A value that no
living patient can have is left alone, because it is then something else (a room number, a year).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

_NUMBER = r"(?P<value>\d{1,3}(?:[.．]\d{1,2})?)"
_GAP = r"(?:[:：=≈~\s]|is|was|of|at|to|为|是|约|达|高达|最高|在|至|到|up|measured){0,8}"
_FAHRENHEIT_FROM = 80.0
_MG_DL_PER_MMOL_L = 18.016
"""Glucose: molar mass 180.16 g/mol."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One value at characters `start`..`end`. `measure` is a field of `api.Vitals` or the short name of a test."""

    start: int
    end: int
    measure: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """How one measure is written, what it can be, and how it becomes the standard unit."""

    measure: str
    unit: str
    pattern: re.Pattern[str]
    low: float
    high: float
    normalise: Callable[[float, str], float]


def _as_is(value: float, _unit: str) -> float:
    return value


def _celsius(value: float, unit: str) -> float:
    fahrenheit = "f" in unit.lower() or "℉" in unit or "华氏" in unit or value >= _FAHRENHEIT_FROM
    return round((value - 32) * 5 / 9, 1) if fahrenheit else value


def _glucose(value: float, unit: str) -> float:
    return round(value / _MG_DL_PER_MMOL_L, 1) if "mg" in unit.lower() else value


def _reading(
    measure: str, unit: str, names: str, units: str, low: float, high: float,
    normalise: Callable[[float, str], float] = _as_is,
) -> _Reading:  # fmt: skip
    pattern = rf"(?:{names}){_GAP}{_NUMBER}(?!\d)\s*(?P<unit>{units})?"
    return _Reading(measure, unit, re.compile(pattern, re.IGNORECASE), low, high, normalise)


_TEMPERATURE_UNITS = r"°\s*[CF]|º\s*[CF]|℃|℉|度|摄氏度|华氏度|degrees?(?:\s*(?:[CF]|celsius|fahrenheit))?|[CF]\b"
_RATE_UNITS = r"bpm|/\s*min(?:ute)?|次\s*/\s*分钟?|次每分|beats(?: per minute)?|breaths(?: per minute)?"
_READINGS = (
    _reading(
        "temperature_c", "°C",
        r"\btemp(?:erature)?\b|\bT\b|体温|\bfever\b|发热|发烧|高热|低热|\bfebrile\b|Tmax",
        _TEMPERATURE_UNITS, 30, 46, _celsius,
    ),
    _reading(
        "heart_rate_bpm", "/min", r"\bHR\b|\bheart rate\b|\bpulse(?: rate)?\b|\bP\b|\bPR\b|心率|脉搏",
        _RATE_UNITS, 20, 350,
    ),
    _reading(
        "respiratory_rate_bpm", "/min", r"\bRR\b|\bresp(?:iratory|iration)?s?(?: rate)?\b|\bR\b|呼吸频率|呼吸",
        _RATE_UNITS, 4, 150,
    ),
    _reading(
        "spo2_percent", "%",
        r"\bSp?O2\b|\bSaO2\b|SpO₂|\bO2 ?sats?\b|\bsats?\b|\boxygen saturation\b|血氧饱和度|血氧|氧饱和度",
        r"[%％]", 30, 100,
    ),
    _reading(
        "glucose_mmol_l", "mmol/L", r"\bglucose\b|\bblood sugar\b|\bBG\b|血糖",
        r"mmol\s*/\s*L|mg\s*/\s*dL", 0.5, 150, _glucose,
    ),
)  # fmt: skip
_BARE_TEMPERATURE = re.compile(
    r"(?<![\d.])(?P<value>\d{2,3}(?:[.．]\d)?)\s*(?P<unit>[°º]\s*[CF]|℃|℉|C\b|F\b)", re.IGNORECASE
)
_TENTH = re.compile(r"\d(?![\d.．])")
"""38度5 is 38.5."""
_BARE_CHINESE = re.compile(r"(?<![\d.．])(?P<value>(?:3[5-9]|4[0-2])(?:[.．]\d)?)\s*(?P<unit>度)(?!酒|白酒|角)")
_PRESSURE = re.compile(
    r"(?:(?:\bBP\b|\bblood pressure\b|血压)" + _GAP + r"|(?<![\d/.]))"
    r"(?P<high>\d{2,3})\s*[/／]\s*(?P<low>\d{2,3})(?![\d/])\s*(?P<unit>mm\s*Hg|毫米汞柱)?",
    re.IGNORECASE,
)
_NAMED_PRESSURE = re.compile(r"BP|blood|血压", re.IGNORECASE)
_AGE = re.compile(
    r"(?P<years>\d{1,3})[\s-]*(?:years?|yrs?)[\s-]*old|\baged? (?P<aged>\d{1,3})\b|\b(?P<yo>\d{1,3})\s*y/?o\b"
    r"|(?P<sui>\d{1,3})\s*岁"
    r"|(?P<months>\d{1,2})[\s-]*months?[\s-]*old|(?P<yue>\d{1,2})\s*个?月(?:大|龄|婴)",
    re.IGNORECASE,
)


def measured(text: str) -> list[Measured]:
    """Return every measured value of `text`, in order of place."""
    found = [*_simple(text), *_pressures(text)]
    taken = {place for v in found if v.measure == "temperature_c" for place in range(v.start, v.end)}
    for match in (*_BARE_TEMPERATURE.finditer(text), *_BARE_CHINESE.finditer(text)):
        if match.start() not in taken:
            found += _value(_READINGS[0], match)
    return sorted(found, key=lambda value: (value.start, value.end))


def age_years(text: str) -> float | None:
    """Return the first age that `text` states, in years, or None."""
    match = _AGE.search(text)
    if match is None:
        return None
    months = match["months"] or match["yue"]
    if months:
        return int(months) / 12
    return float(match["years"] or match["aged"] or match["yo"] or match["sui"])


_SEX = re.compile(
    r"(?P<female>\b(?:woman|female|girl|lady|schoolgirl|f(?=[,;. ]*\d{1,3}\s*y))\b|(?<=\d)\s?F\b|女(?![儿友婿]))"
    r"|(?P<male>\b(?:man|male|boy|gentleman|schoolboy|m(?=[,;. ]*\d{1,3}\s*y))\b|(?<=\d)\s?M\b|男(?!友))",
    re.IGNORECASE,
)


_CHILD = re.compile(
    r"\b(?:child|children|infant|baby|babies|newborn|neonate|toddler|boy|girl|son|daughter|p(?:a)?ediatric)s?\b"
    r"|[婴幼]儿|小儿|患儿|孩子|宝宝|儿子|女儿|男孩|女孩|新生儿",
    re.IGNORECASE,
)
ASSUMED_ADULT_YEARS = 40.0
"""The age by which laboratory values are read where a text states none and speaks of no child."""


def speaks_of_child(text: str) -> bool:
    """Whether `text` has any word for a child, so that no adult range may be assumed."""
    return _CHILD.search(text) is not None


def sex_of(text: str) -> Literal["male", "female"] | None:
    """Return the sex that `text` names first for a patient ("a 45-year-old woman", 男), or None."""
    match = _SEX.search(text)
    return None if match is None else "female" if match["female"] else "male"


def _simple(text: str) -> Iterator[Measured]:
    for reading in _READINGS:
        for match in reading.pattern.finditer(text):
            yield from _value(reading, match)


def _value(reading: _Reading, match: re.Match[str]) -> list[Measured]:
    value = reading.normalise(_number(match["value"]), match["unit"] or "")
    if not reading.low <= value <= reading.high:
        return []
    end = match.end("unit") if match["unit"] else match.end("value")
    if reading.measure == "temperature_c" and (tenth := _TENTH.match(match.string, end)) and match["unit"] == "度":
        value, end = value + _number(tenth.group()) / 10, tenth.end()
    return [Measured(match.start(), end, reading.measure, value, reading.unit)]


def _pressures(text: str) -> Iterator[Measured]:
    """A pair of numbers is a blood pressure when it is named so or carries the unit."""
    for match in _PRESSURE.finditer(text):
        high, low = _number(match["high"]), _number(match["low"])
        named = _NAMED_PRESSURE.search(match.group()[: match.start("high") - match.start()])
        if (named or match["unit"]) and 40 <= high <= 350 and 20 <= low < min(high, 250):
            end = match.end("unit") if match["unit"] else match.end("low")
            yield Measured(match.start(), end, "systolic_mmhg", high, "mmHg")
            yield Measured(match.start(), end, "diastolic_mmhg", low, "mmHg")


def _number(text: str) -> float:
    return float(unicodedata.normalize("NFKC", text))
