"""Take the kidney function of the newest follow-up into the case, so that doses follow the newest result.

Only results whose name and unit are understood are taken; the others stay where they are and change nothing.
"""

from __future__ import annotations

from dataclasses import replace

from engine.api import Bilingual, Case, FollowUp, Lab
from engine.safety.renal import UMOL_PER_MG_DL

_EGFR = frozenset({"egfr", "gfr", "肾小球滤过率"})
_CREATININE = frozenset({"creatinine", "serum creatinine", "肌酐", "血肌酐"})
_UMOL = frozenset({"umol/l", "µmol/l", "μmol/l", "micromol/l"})


def with_newest_kidney_function(case: Case) -> tuple[Case, Bilingual | None]:
    """Return the case with the newest kidney result of its follow-ups, and a note that says so, or None.

    A creatinine replaces a recorded eGFR, which would otherwise hide the change.
    """
    for entry in sorted(case.follow_up, key=lambda follow_up: follow_up.date, reverse=True):
        for lab in entry.labs:
            changed = _changed(case, lab)
            if changed is not None:
                return changed, _note(entry, lab)
    return case, None


def _changed(case: Case, lab: Lab) -> Case | None:
    name, unit = lab.name.strip().casefold(), (lab.unit or "").replace(" ", "").casefold()
    if isinstance(lab.value, str) or not lab.value > 0:
        return None
    if name in _EGFR and lab.value <= 250:
        return replace(case, egfr_ml_min_1_73m2=float(lab.value))
    if name in _CREATININE and unit in _UMOL:
        return replace(case, creatinine_umol_l=float(lab.value), egfr_ml_min_1_73m2=None)
    if name in _CREATININE and unit == "mg/dl":
        return replace(case, creatinine_umol_l=lab.value * UMOL_PER_MG_DL, egfr_ml_min_1_73m2=None)
    return None


def _note(entry: FollowUp, lab: Lab) -> Bilingual:
    result = f"{lab.name} {lab.value:g} {lab.unit or ''}".strip() if not isinstance(lab.value, str) else lab.name
    return Bilingual(
        f"Doses follow the newest kidney result: {result} of {entry.date}.",
        f"剂量按最新肾功能结果计算：{entry.date} {result}。",
    )
