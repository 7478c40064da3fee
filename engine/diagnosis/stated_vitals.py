"""Vital signs that stand in the narrative alone: danger signs look at them as at the fields.

A clinician who typed "SpO2 84 %" has said it; whether the field was filled too, or the chip confirmed yet, is no reason
for a danger sign to wait. The ranking does not use them: what counts there is what was confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import msgspec

from engine.api import PAST, Case, Entity, Vitals

_NUMBERS = frozenset(field.name for field in fields(Vitals)) - {"consciousness"}


def with_stated_vitals(case: Case, entities: Sequence[Entity]) -> Case:
    """Return `case` with each empty vital sign filled by the last value the text states of the patient.

    A value that no living patient can have is left out.
    """
    stated: dict[str, float] = {}
    for entity in entities:
        if _is_own(entity) and entity.code and isinstance(entity.value, int | float):
            stated[entity.code] = float(entity.value)
    empty: dict[str, Any] = {name: value for name, value in stated.items() if getattr(case.vitals, name) is None}
    filled = {name: value for name, value in empty.items() if _fits(name, value)}
    return replace(case, vitals=replace(case.vitals, **filled)) if filled else case


def _is_own(entity: Entity) -> bool:
    """Return whether `entity` is a vital sign of this patient, now."""
    is_vital = entity.label == "test" and entity.code in _NUMBERS
    return is_vital and entity.subject == "patient" and not entity.negated and entity.time != PAST


def _fits(name: str, value: float) -> bool:
    try:
        msgspec.convert({name: value}, Vitals)
    except msgspec.ValidationError:
        return False
    return True
