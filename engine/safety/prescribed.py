"""A medication of the case as the checks see it: its ingredients, and dose and route where they are read for sure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.api import Medication
from engine.safety import names
from engine.safety.drugs import Drug, DrugDictionary
from engine.safety.units import UnreadableAmount, milligrams, read_amount

ORAL = frozenset({"oral", "orally", "po", "by mouth", "p.o", "tablet", "capsule", "口服"})
PARENTERAL = frozenset(
    {
        "iv",
        "im",
        "sc",
        "intravenous",
        "intramuscular",
        "subcutaneous",
        "injection",
        "infusion",
        "静脉",
        "静脉注射",
        "静滴",
        "静脉滴注",
        "肌注",
        "肌内注射",
        "皮下",
        "皮下注射",
        "注射",
    }
)
LOCAL = frozenset(
    {
        "topical",
        "cutaneous",
        "eye",
        "ophthalmic",
        "ear",
        "otic",
        "vaginal",
        "inhaled",
        "inhalation",
        "nasal",
        "外用",
        "滴眼",
        "滴耳",
        "吸入",
        "鼻用",
        "阴道",
    }
)


@dataclass(frozen=True, slots=True)
class Prescribed:
    """One medication. `single_dose_mg` is None when the dose is missing, unreadable or not a mass.

    `is_product` is False where several drugs were typed in one line; a fixed combination is meant to be together.
    """

    name: str
    drugs: tuple[Drug, ...]
    single_dose_mg: float | None = None
    route: str = ""
    frequency: str = ""
    proposed: bool = False
    is_product: bool = True
    unreadable_dose: str = ""

    @property
    def has_dose(self) -> bool:
        """Whether a dose is written, readable or not."""
        return self.single_dose_mg is not None or bool(self.unreadable_dose)

    @property
    def is_oral(self) -> bool:
        """Whether the route is known to be oral; False when unknown."""
        return self.route in ORAL

    @property
    def is_parenteral(self) -> bool:
        """Whether the route is known to be an injection; False when unknown."""
        return self.route in PARENTERAL


def prescribed(medication: Medication, dictionary: DrugDictionary, proposed: bool = False) -> Prescribed:
    """Return `medication` read with `dictionary`; an unknown name gives no drugs, an unreadable dose gives its text."""
    read = Prescribed(
        name=medication.name,
        drugs=dictionary.find(medication.name),
        route=names.fold(medication.route or ""),
        frequency=medication.frequency or "",
        proposed=proposed,
        is_product=dictionary.is_product(medication.name),
    )
    if medication.dose is None:
        return read
    dose = medication.dose
    written = f"{dose:g}" if isinstance(dose, float | int) else dose
    written = f"{written} {medication.unit}" if medication.unit else written
    try:
        return replace(read, single_dose_mg=milligrams(read_amount(written)))
    except UnreadableAmount:
        return replace(read, unreadable_dose=written)
