"""Reading a measured value as a clinic types it: full-width digits, a decimal comma, a unit of another country.

Conversions are exact definitions or molar masses; the result is always in the unit of the field's name. A text that
cannot be read is a value (None), not an exception. A unit that the field does not know is never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

KG_PER_POUND = 0.45359237
CM_PER_INCH = 2.54
MMHG_PER_KPA = 7.500617
CREATININE_G_PER_MOL = 113.12
GLUCOSE_G_PER_MOL = 180.156

_NUMBER = re.compile(r"\s*([+-]?\d+(?:[.,]\d+)?)\s*(.*?)\s*")
_UNIT_NOISE = re.compile(r"[\s°.]")


def fahrenheit_to_celsius(degrees_f: float) -> float:
    return (degrees_f - 32) * 5 / 9


def pounds_to_kg(pounds: float) -> float:
    return pounds * KG_PER_POUND


def inches_to_cm(inches: float) -> float:
    return inches * CM_PER_INCH


def creatinine_to_umol_l(mg_dl: float) -> float:
    """1 mg/dL is 10 mg/L, and a micromole of creatinine weighs 0.11312 mg."""
    return mg_dl * 10_000 / CREATININE_G_PER_MOL


def glucose_to_mmol_l(mg_dl: float) -> float:
    return mg_dl * 10 / GLUCOSE_G_PER_MOL


def _same(value: float) -> float:
    return value


_Units = dict[str, Callable[[float], float]]
_PRESSURE: _Units = {"mmhg": _same, "kpa": lambda kpa: kpa * MMHG_PER_KPA}
_RATE: _Units = {"bpm": _same, "/min": _same, "次/分": _same}
ACCEPTED_UNITS: dict[str, _Units] = {
    "temperature_c": {"c": _same, "℃": _same, "度": _same, "f": fahrenheit_to_celsius, "℉": fahrenheit_to_celsius},
    "weight_kg": {
        "kg": _same, "公斤": _same, "千克": _same, "g": lambda g: g / 1000, "lb": pounds_to_kg, "lbs": pounds_to_kg,
        "斤": lambda jin: jin / 2,
    },
    "height_cm": {
        "cm": _same, "厘米": _same, "m": lambda m: m * 100, "米": lambda m: m * 100, "in": inches_to_cm,
    },
    "creatinine_umol_l": {"umol/l": _same, "mg/dl": creatinine_to_umol_l},
    "glucose_mmol_l": {"mmol/l": _same, "mg/dl": glucose_to_mmol_l},
    "systolic_mmhg": _PRESSURE,
    "diastolic_mmhg": _PRESSURE,
    "heart_rate_bpm": _RATE,
    "respiratory_rate_bpm": _RATE,
    "spo2_percent": {"%": _same},
    "egfr_ml_min_1_73m2": {"ml/min/1,73m2": _same, "ml/min/173m2": _same},
    "age_years": {
        "y": _same, "years": _same, "岁": _same, "months": lambda m: m / 12, "个月": lambda m: m / 12,
        "weeks": lambda w: w * 7 / 365.25, "days": lambda d: d / 365.25, "天": lambda d: d / 365.25,
    },
}
"""Units each field accepts, folded (lower case, no degree sign, dot or blank)."""


def read_measure(typed: str, field: str) -> float | None:
    """Return `typed` in the unit that `field` is named for, or None when number or unit cannot be read.

    Without a unit the number is taken to be in the field's own unit.
    """
    match = _NUMBER.fullmatch(_plain(typed))
    if match is None:
        return None
    value = float(match[1].replace(",", "."))
    unit = _UNIT_NOISE.sub("", match[2]).lower()
    if not unit:
        return value
    convert = ACCEPTED_UNITS.get(field, {}).get(unit)
    return None if convert is None else convert(value)


def _plain(typed: str) -> str:
    """Return `typed` with full-width signs as ASCII and the two micro signs as `u`."""
    return unicodedata.normalize("NFKC", typed).replace("μ", "u").replace("µ", "u")
