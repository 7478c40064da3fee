"""Work out a sourced dose for one patient: pick the line of the table, multiply, cap, and show the working.

An unknown weight, age or kidney function uses the strictest line and says so; it never guesses a usual dose.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from engine.api import Bilingual, Case, Regimen
from engine.safety.body_surface import SOURCE as SURFACE_SOURCE
from engine.safety.body_surface import surface_m2
from engine.safety.products import Products
from engine.safety.units import Kind, unit
from engine.treatment import wording
from engine.treatment.rows import Bounds, DoseBand, OptionRow, RenalBand


@dataclass(frozen=True, slots=True)
class Dosed:
    """A regimen with its working; `notes` say what was unknown, `sources` where the numbers come from."""

    regimen: Regimen
    notes: tuple[Bilingual, ...]
    sources: tuple[str, ...]
    highest: float | None = None
    """The top of the range, which is what the safety tables must judge."""


@dataclass(frozen=True, slots=True)
class NoDose:
    """Why there is no regimen. `blocks` when sources give doses, but none for such a patient."""

    reason: Bilingual
    blocks: bool


def dose_for(
    option: OptionRow, case: Case, kidney_ml_min: float | None, products: Products | None = None
) -> Dosed | NoDose:
    """Return the regimen of a drug option for this patient. `kidney_ml_min` is eGFR or clearance, None if unknown.

    With `products`, an oral dose is also given in tablets or millilitres.
    """
    if not option.doses:
        return NoDose(wording.NO_DOSE_ROW, blocks=False)
    fitting = [
        band
        for band in option.doses
        if _within(case.age_years, band.age_years) and _within(case.weight_kg, band.weight_kg)
    ]
    if not fitting:
        return NoDose(wording.NO_DOSE, blocks=True)
    band = (
        min(fitting, key=lambda candidate: _daily(candidate, case.weight_kg))
        if _uncertain(fitting, case)
        else fitting[0]
    )
    notes: list[Bilingual] = []
    if case.age_years is None and any(candidate.age_years != (None, None) for candidate in option.doses):
        notes.append(wording.UNKNOWN_AGE)
    if (
        case.weight_kg is None
        and not band.per_kg
        and any(candidate.weight_kg != (None, None) for candidate in option.doses)
    ):
        notes.append(wording.UNKNOWN_WEIGHT)
    renal, unknown = _renal_band(band, kidney_ml_min)
    if renal is not None and renal.amount is None:
        return NoDose(wording.NO_DOSE, blocks=True)
    dosed = _regimen(option, band, renal, case, notes, unknown_kidney=unknown)
    return dosed if products is None or band.route != "oral" else _in_products(dosed, case, products)


def _in_products(dosed: Dosed, case: Case, products: Products) -> Dosed:
    """Add how much of each known product gives the dose; what no product gives stays as it is."""
    regimen = dosed.regimen
    if regimen.amount is None or dosed.highest is None or unit(regimen.unit).kind is not Kind.MASS:
        return dosed
    to_mg = float(unit(regimen.unit).factor)
    found = products.measured(regimen.drug, regimen.amount * to_mg, dosed.highest * to_mg, case.age_years)
    sources = dict.fromkeys([*dosed.sources, *(each.product.source for each in found)])
    return replace(dosed, notes=(*dosed.notes, *(each.text for each in found)), sources=tuple(sources))


def _within(value: float | None, bounds: Bounds) -> bool:
    low, high = bounds
    return value is None or ((low is None or value >= low) and (high is None or value < high))


def _uncertain(fitting: list[DoseBand], case: Case) -> bool:
    return len(fitting) > 1 and (case.age_years is None or case.weight_kg is None)


def _daily(band: DoseBand, weight_kg: float | None) -> float:
    """Return what a band comes to in a day, to find the smallest.

    Without a weight a per-kilogram band counts as the smallest: it is the one that may be meant for a child.
    """
    per_day = 1.0 if band.divided_doses else band.times_per_day or (24 / band.every_hours if band.every_hours else 1.0)
    if band.per_m2:
        return 0.0
    if not band.per_kg:
        return band.amount * per_day
    return 0.0 if weight_kg is None else min(band.amount * weight_kg, band.max_amount or math.inf) * per_day


def _renal_band(band: DoseBand, kidney_ml_min: float | None) -> tuple[RenalBand | None, bool]:
    """Return the reduction that applies, and whether it applies only because kidney function is unknown."""
    if not band.renal:
        return None, False
    if kidney_ml_min is None:
        given = [renal for renal in band.renal if renal.amount is not None]
        strictest = min(given, key=lambda renal: (renal.amount or 0) * (renal.times_per_day or 1), default=None)
        return strictest, True
    applying = [renal for renal in band.renal if kidney_ml_min < renal.below_ml_min]
    return min(applying, key=lambda renal: renal.below_ml_min, default=None), False


def _regimen(
    option: OptionRow,
    band: DoseBand,
    renal: RenalBand | None,
    case: Case,
    notes: list[Bilingual],
    *,
    unknown_kidney: bool,
) -> Dosed:
    dose = _amount(band, renal, case)
    if band.per_kg and case.weight_kg is None:
        notes.append(wording.WEIGHT_NEEDED)
    if band.per_m2 and (case.weight_kg is None or case.height_cm is None):
        notes.append(wording.HEIGHT_NEEDED)
    if renal is not None and unknown_kidney:
        usual = wording.shown(wording.amount(band.amount, band.amount_high, band.unit))
        often = wording.frequency(band, band.times_per_day)
        notes.append(wording.unknown_kidney(f"{usual.en} {often.en}".strip(), f"{usual.zh} {often.zh}".strip()))
    where = wording.route(band.route)
    often = wording.frequency(
        band, renal.times_per_day if renal and renal.times_per_day else band.divided_doses or band.times_per_day
    )
    lasting = wording.duration(band)
    line = wording.dose_line(dose.text, where, often, lasting)
    maximum = "" if band.max_amount is None else f"{wording.number(band.max_amount)} {band.unit}"
    regimen = Regimen(
        drug=option.drug or "",
        amount=dose.low,
        unit=band.unit,
        route=band.route,
        frequency=often.en,
        duration=lasting.en,
        maximum=maximum,
        text=line.en,
        working=dose.working.en,
        display=line,
        display_working=dose.working,
    )
    if band.note is not None:
        notes.append(band.note.display)
    cited = [*band.sources, *(renal.sources if renal else []), *(band.note.sources if band.note else [])]
    cited += [SURFACE_SOURCE] if band.per_m2 else []
    return Dosed(regimen, tuple(notes), tuple(dict.fromkeys(cited)), dose.high)


@dataclass(frozen=True, slots=True)
class _Amount:
    """A dose in words; `low` and `high` are None where they cannot be known."""

    text: Bilingual
    low: float | None
    high: float | None
    working: Bilingual


def _amount(band: DoseBand, renal: RenalBand | None, case: Case) -> _Amount:
    """Return the dose of one band, in `band.unit`, with the working."""
    weight_kg = case.weight_kg
    if renal is not None and renal.amount is not None:
        text = wording.amount(renal.amount, None, band.unit)
        working = wording.reduced_dose(wording.number(renal.below_ml_min), text)
        return _Amount(wording.shown(text), renal.amount, renal.amount, working)
    share, division = (1.0, "") if band.divided_doses is None else (1 / band.divided_doses, f" ÷ {band.divided_doses}")
    if band.per_m2:
        return _by_surface(band, share, division, case)
    if not band.per_kg:
        low, high = band.amount * share, (band.amount_high or band.amount) * share
        text = wording.amount(low, high if high != low else None, band.unit)
        return _Amount(wording.shown(text), low, high, wording.fixed_dose(text))
    per_kg = f"{wording.amount(band.amount, band.amount_high, band.unit)}/kg{division}"
    most = wording.at_most(None if band.max_amount is None else f"{wording.number(band.max_amount)} {band.unit}")
    if weight_kg is None:
        return _Amount(Bilingual(per_kg + most.en, per_kg + most.zh), None, None, wording.without_weight(per_kg, most))
    low = _times(band.amount * share, weight_kg, band.max_amount)
    high = low if band.amount_high is None else _times(band.amount_high * share, weight_kg, band.max_amount)
    text = wording.amount(low, high if high != low else None, band.unit)
    working = wording.worked_out(f"{per_kg} × {wording.number(weight_kg)} kg", most, text)
    return _Amount(wording.shown(text), low, high, working)


def _by_surface(band: DoseBand, share: float, division: str, case: Case) -> _Amount:
    """Return a dose per square metre, with the surface's own working before the product."""
    per_m2 = f"{wording.amount(band.amount, band.amount_high, band.unit)}/m²{division}"
    most = wording.at_most(None if band.max_amount is None else f"{wording.number(band.max_amount)} {band.unit}")
    if case.weight_kg is None or case.height_cm is None:
        unknown = Bilingual(per_m2 + most.en, per_m2 + most.zh)
        return _Amount(unknown, None, None, wording.without_surface(per_m2, most))
    area_m2 = math.floor(surface_m2(case.height_cm, case.weight_kg) * 100) / 100
    low = _times(band.amount * share, area_m2, band.max_amount)
    high = low if band.amount_high is None else _times(band.amount_high * share, area_m2, band.max_amount)
    text = wording.amount(low, high if high != low else None, band.unit)
    surface = wording.surface(case.height_cm, case.weight_kg, wording.number(area_m2))
    product = wording.worked_out(f"{per_m2} × {wording.number(area_m2)} m²", most, text)
    working = Bilingual(f"{surface}; {product.en}", f"{surface}；{product.zh}")
    return _Amount(wording.shown(text), low, high, working)


def _times(per_kg: float, weight_kg: float, most: float | None) -> float:
    """Return the product, cut (never rounded up) to three significant figures, and not above the maximum."""
    product = min(per_kg * weight_kg, math.inf if most is None else most)
    step = 10.0 ** (math.floor(math.log10(product)) - 2)
    return round(math.floor(product / step + 1e-9) * step, 9)
