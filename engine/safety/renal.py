"""Kidney function from what the case holds: CKD-EPI 2021 and Cockcroft-Gault, exact formulas, nothing assumed.

Sources: Inker LA et al., N Engl J Med 2021;385:1737-1749 (creatinine equation without race); Cockcroft DW, Gault MH,
Nephron 1976;16:31-41. A missing input gives None, and the check that needed it is listed as incomplete.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.api import Case

UMOL_PER_MG_DL = 88.42
"""Micromoles of creatinine in a litre for one milligram in a decilitre (molar mass 113.12 g/mol)."""
ADULT_YEARS = 18


@dataclass(frozen=True, slots=True)
class KidneyFunction:
    """What is known; `clearance_ml_min` is Cockcroft-Gault, `egfr` is mL/min/1.73 m2; `working` shows the numbers."""

    egfr: float | None
    clearance_ml_min: float | None
    working: str = ""
    working_zh: str = ""

    def by(self, measure: Literal["egfr", "clearance"]) -> float | None:
        """Return the wanted measure, or the other one where only that is known."""
        wanted, other = self.egfr, self.clearance_ml_min
        if measure == "clearance":
            wanted, other = other, wanted
        return wanted if wanted is not None else other

    @property
    def is_known(self) -> bool:
        """Whether any of the two is known."""
        return self.egfr is not None or self.clearance_ml_min is not None


def ckd_epi_2021(creatinine_mg_dl: float, age_years: float, sex: Literal["female", "male"]) -> float:
    """Return the eGFR in mL/min/1.73 m2, unrounded. For adults; raises ValueError below 18 years."""
    if age_years < ADULT_YEARS:
        raise ValueError("CKD-EPI 2021 is for adults")
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "female" else (0.9, -0.302, 1.0)
    ratio = creatinine_mg_dl / kappa
    return float(142 * min(ratio, 1) ** alpha * max(ratio, 1) ** -1.200 * 0.9938**age_years * factor)


def cockcroft_gault(
    creatinine_mg_dl: float, age_years: float, weight_kg: float, sex: Literal["female", "male"]
) -> float:
    """Return the creatinine clearance in mL/min, unrounded. For adults; raises ValueError below 18 years."""
    if age_years < ADULT_YEARS:
        raise ValueError("Cockcroft-Gault is for adults")
    clearance = (140 - age_years) * weight_kg / (72 * creatinine_mg_dl)
    return clearance * 0.85 if sex == "female" else clearance


def kidney_function(case: Case) -> KidneyFunction:
    """Return what the case says of the kidneys; a recorded eGFR goes before a computed one."""
    egfr, clearance = case.egfr_ml_min_1_73m2, None
    working: list[tuple[str, str]] = []
    if egfr is not None:
        working.append((f"eGFR {egfr:g} mL/min/1.73 m² as recorded", f"记录的eGFR {egfr:g} mL/min/1.73 m²"))
    if case.creatinine_umol_l is not None and _is_adult(case) and (case.sex == "female" or case.sex == "male"):
        assert case.age_years is not None
        creatinine = case.creatinine_umol_l / UMOL_PER_MG_DL
        if egfr is None:
            egfr = ckd_epi_2021(creatinine, case.age_years, case.sex)
            value = f"eGFR {egfr:.0f} mL/min/1.73 m²"
            working.append((
                f"{value} (CKD-EPI 2021, creatinine {creatinine:.2f} mg/dL)",
                f"{value}（CKD-EPI 2021，肌酐 {creatinine:.2f} mg/dL）",
            ))
        if case.weight_kg is not None:
            clearance = cockcroft_gault(creatinine, case.age_years, case.weight_kg, case.sex)
            working.append((
                f"clearance {clearance:.0f} mL/min (Cockcroft-Gault, {case.weight_kg:g} kg)",
                f"肌酐清除率 {clearance:.0f} mL/min（Cockcroft-Gault，{case.weight_kg:g} kg）",
            ))
    english, chinese = "; ".join(told for told, _ in working), "；".join(told for _, told in working)
    return KidneyFunction(egfr, clearance, english, chinese)


def clearance_for_doses(case: Case) -> float | None:
    """Return the lower of clearance and eGFR in mL/min, None when neither is known."""
    known = kidney_function(case)
    values = [value for value in (known.clearance_ml_min, known.egfr) if value is not None]
    return min(values, default=None)


def _is_adult(case: Case) -> bool:
    return case.age_years is not None and case.age_years >= ADULT_YEARS
