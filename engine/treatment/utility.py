"""The utility that ranks options: its weights, its formula in words, and one option's sum as a person may check it.

The grades come with the rows and are Lantern's own; only their sum with this patient's facts orders the table. A
blocked option stands last whatever the sum is.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.api import Bilingual, Severity
from engine.treatment.wording import number

HARM_WEIGHT, COST_WEIGHT, BURDEN_WEIGHT = 0.5, 0.2, 0.2
ALERT_PENALTY = {Severity.CONTRAINDICATED: 10.0, Severity.AVOID: 3.0, Severity.CAUTION: 1.0, Severity.NOTE: 0.2}
RULE_TERM = {"blocked": -10.0, "caution": -1.0, "preferred": 1.5}
NO_VERDICT_PENALTY, NOT_CHECKED_PENALTY, NO_DOSE_PENALTY = 10.0, 0.5, 10.0
SIDE_EFFECT_PENALTY, NOT_WORKING_PENALTY = 2.0, 1.5

_TERMS = {
    "benefit": Bilingual("benefit", "获益"),
    "harm": Bilingual("harm", "风险"),
    "cost": Bilingual("cost", "费用"),
    "burden": Bilingual("burden", "负担"),
    "preferred": Bilingual("suits this patient", "适合该患者"),
    "interaction": Bilingual("interaction", "相互作用"),
    "allergy": Bilingual("allergy", "过敏"),
    "dose": Bilingual("dose", "剂量"),
    "renal": Bilingual("kidney", "肾脏"),
    "hepatic": Bilingual("liver", "肝脏"),
    "pregnancy": Bilingual("pregnancy", "妊娠"),
    "lactation": Bilingual("breast-feeding", "哺乳"),
    "paediatric": Bilingual("children", "儿童"),
    "elderly": Bilingual("older people", "老年"),
    "qt": Bilingual("QT", "QT间期"),
    "duplicate": Bilingual("duplicate", "重复用药"),
    "genotype": Bilingual("genotype", "基因型"),
    "age_below": Bilingual("age", "年龄"),
    "age_above": Bilingual("age", "年龄"),
    "weight_below": Bilingual("weight", "体重"),
    "egfr_below": Bilingual("kidney rule", "肾功能规则"),
    "pregnant": Bilingual("pregnancy rule", "妊娠规则"),
    "lactating": Bilingual("breast-feeding rule", "哺乳规则"),
    "history": Bilingual("past illness", "既往史"),
    "takes": Bilingual("other medication", "合并用药"),
    "no_dose": Bilingual("no dose for this patient", "无适用剂量"),
    "no_verdict": Bilingual("no verdict", "无核查结论"),
    "not_checked": Bilingual("not checked", "未核查"),
    "side_effect": Bilingual("side effect at follow-up", "随访不良反应"),
    "not_working": Bilingual("worse while taking it", "用药期间加重"),
}

FORMULA = Bilingual(
    f"utility = benefit (0-5) − {number(HARM_WEIGHT)} × harm (0-4) − {number(COST_WEIGHT)} × cost (0-3)"
    f" − {number(BURDEN_WEIGHT)} × burden (0-3) + what this patient's facts add or take away:"
    f" contraindicated −{number(ALERT_PENALTY[Severity.CONTRAINDICATED])},"
    f" avoid −{number(ALERT_PENALTY[Severity.AVOID])}, caution −{number(ALERT_PENALTY[Severity.CAUTION])},"
    f" note −{number(ALERT_PENALTY[Severity.NOTE])}, suits this patient +{number(RULE_TERM['preferred'])},"
    f" side effect at follow-up −{number(SIDE_EFFECT_PENALTY)}, worse while taking it −{number(NOT_WORKING_PENALTY)},"
    f" not checked −{number(NOT_CHECKED_PENALTY)}. A blocked option is last whatever its utility."
    " The grades are Lantern's own ordering of what the sources say, not measured quantities.",
    f"效用 = 获益（0-5）− {number(HARM_WEIGHT)} × 风险（0-4）− {number(COST_WEIGHT)} × 费用（0-3）"
    f"− {number(BURDEN_WEIGHT)} × 负担（0-3）+ 患者情况的加减："
    f"禁忌 −{number(ALERT_PENALTY[Severity.CONTRAINDICATED])}，"
    f"避免 −{number(ALERT_PENALTY[Severity.AVOID])}，慎用 −{number(ALERT_PENALTY[Severity.CAUTION])}，"
    f"提示 −{number(ALERT_PENALTY[Severity.NOTE])}，适合该患者 +{number(RULE_TERM['preferred'])}，"
    f"随访不良反应 −{number(SIDE_EFFECT_PENALTY)}，用药期间加重 −{number(NOT_WORKING_PENALTY)}，"
    f"未核查 −{number(NOT_CHECKED_PENALTY)}。禁用的选项无论效用多少都排在最后。"
    "评分是 Lantern 对来源措辞的排序，不是测量值。",
)


def worked_out(terms: Mapping[str, float]) -> Bilingual:
    """Return one option's sum such as ``4 benefit − 0.25 harm − 10 allergy = -6.25``; terms of nothing are left out."""
    shown = [(name, value) for name, value in terms.items() if value or name == "benefit"]
    total = number(round(sum(terms.values()), 3))
    english = " ".join(_part(value, _named(name).en, first=not at) for at, (name, value) in enumerate(shown))
    chinese = " ".join(_part(value, _named(name).zh, first=not at) for at, (name, value) in enumerate(shown))
    return Bilingual(f"{english} = {total}", f"{chinese} = {total}")


def _named(term: str) -> Bilingual:
    return _TERMS.get(term, Bilingual(term, term))


def _part(value: float, name: str, *, first: bool) -> str:
    sign = "" if first and value >= 0 else "− " if value < 0 else "+ "
    return f"{sign}{number(abs(round(value, 3)))} {name}"
