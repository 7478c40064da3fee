"""What the case form asks for, section by section, as tables: field, unit, columns of its lists."""

from __future__ import annotations

from desktop.case.record import (
    Course,
    DrugAllergy,
    DrugTaken,
    FamilyIllness,
    FollowUpVisit,
    LabValue,
    PastIllness,
)
from desktop.views.rows import Column
from desktop.words import CONSCIOUSNESS, SEXES
from engine.api import Bilingual

VITALS: tuple[tuple[str, str], ...] = (
    ("temperature_c", "°C"), ("heart_rate_bpm", "/min"), ("respiratory_rate_bpm", "/min"), ("spo2_percent", "%"),
    ("systolic_mmhg", "mmHg"), ("diastolic_mmhg", "mmHg"), ("glucose_mmol_l", "mmol/l"),
)
BODY: tuple[tuple[str, str], ...] = (
    ("weight_kg", "kg"), ("height_cm", "cm"), ("creatinine_umol_l", "µmol/l"), ("egfr_ml_min_1_73m2", "ml/min/1.73 m²"),
)
LIFESTYLE: tuple[tuple[str, Bilingual], ...] = (
    ("smoking", Bilingual("Smoking", "吸烟")), ("alcohol", Bilingual("Alcohol", "饮酒")),
    ("activity", Bilingual("Activity", "体力活动")), ("diet", Bilingual("Diet", "饮食")),
    ("occupation", Bilingual("Occupation", "职业")),
)

NOT_RECORDED = Bilingual("not recorded", "未记录")
SEX_CHOICES: tuple[tuple[str, Bilingual], ...] = tuple((value, SEXES[value]) for value in
                                                       ("unknown", "female", "male", "other"))
YES_NO: tuple[tuple[str, Bilingual], ...] = (
    ("", Bilingual("not asked", "未询问")), ("yes", Bilingual("yes", "是")), ("no", Bilingual("no", "否")))
CONSCIOUSNESS_CHOICES: tuple[tuple[str, Bilingual], ...] = (("", NOT_RECORDED), *CONSCIOUSNESS.items())
CHILD_PUGH: tuple[tuple[str, Bilingual], ...] = (
    ("", NOT_RECORDED), *((grade, Bilingual(grade, grade)) for grade in "ABC"))

SINCE = Column("since", Bilingual("Since", "起始"), 2)
MEDICATIONS = (
    Column("name", Bilingual("Drug", "药品"), 5, read=str),
    Column("dose", Bilingual("Dose", "剂量"), 2, is_number=True), Column("unit", Bilingual("Unit", "单位"), 2),
    Column("frequency", Bilingual("How often", "频次"), 3), Column("route", Bilingual("Route", "途径"), 2), SINCE,
)
ALLERGIES = (Column("name", Bilingual("Drug or substance", "药物或物质"), 4, read=str),
             Column("reaction", Bilingual("Reaction", "反应"), 5))
HISTORY = (Column("name", Bilingual("Illness or operation", "疾病或手术"), 6, read=str), SINCE)
FAMILY = (Column("name", Bilingual("Illness", "疾病"), 5, read=str),
          Column("relation", Bilingual("Relation", "亲属关系"), 3))


def read_amount(text: str) -> float | str:
    """Return a laboratory value as a number where it is one; "positive" or "<0.3" stay text."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def write_amount(value: float | str) -> str:
    """Return a laboratory value as it is typed."""
    return value if isinstance(value, str) else f"{value:g}"


LABS = (
    Column("name", Bilingual("Test", "检验项目"), 5, read=str),
    Column("value", Bilingual("Value", "结果"), 2, read=read_amount, write=write_amount),
    Column("unit", Bilingual("Unit", "单位"), 2),
    Column("observed_at", Bilingual("Date (YYYY-MM-DD)", "日期（年-月-日）"), 3),
)
FOLLOW_UP = (
    Column("date", Bilingual("Date (YYYY-MM-DD)", "日期（年-月-日）"), 3, read=str),
    Column("course", Bilingual("Course", "病程"), 2, read=Course, choices=(
        ("better", Bilingual("better", "好转")), ("same", Bilingual("the same", "无变化")),
        ("worse", Bilingual("worse", "加重")))),
    Column("adherence", Bilingual("Takes the treatment", "依从性"), 3),
    Column("side_effects", Bilingual("Side effects, separated by commas", "不良反应（逗号分隔）"), 4,
           read=lambda text: tuple(part.strip() for part in text.replace("，", ",").split(",") if part.strip()),
           write=lambda value: ", ".join(value)),
)

LISTS = {
    "medications": (lambda: DrugTaken(""), MEDICATIONS), "allergies": (lambda: DrugAllergy(""), ALLERGIES),
    "labs": (lambda: LabValue("", ""), LABS), "history": (lambda: PastIllness(""), HISTORY),
    "family_history": (lambda: FamilyIllness(""), FAMILY),
    "follow_up": (lambda: FollowUpVisit("", Course.SAME), FOLLOW_UP),
}
"""Field of the record to (a new empty row, the columns)."""
