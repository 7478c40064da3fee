"""Fixed phrases of the plan in both languages; every number in them comes from a field."""

from __future__ import annotations

import re

from engine.api import Bilingual, Regimen
from engine.treatment.rows import DoseBand

_ROUTES = {
    "oral": ("by mouth", "口服"),
    "intramuscular": ("by intramuscular injection", "肌内注射"),
    "intravenous": ("by intravenous injection", "静脉给药"),
    "subcutaneous": ("by subcutaneous injection", "皮下注射"),
    "inhaled": ("inhaled", "吸入"),
    "nebulised": ("by nebuliser", "雾化吸入"),
    "nasal": ("in the nose", "鼻内给药"),
    "sublingual": ("under the tongue", "舌下含服"),
    "topical": ("on the skin", "外用"),
    "vaginal": ("in the vagina", "阴道给药"),
}
_COUNTED_ZH = {
    "puff": "揿", "puffs": "揿", "tablet": "片", "tablets": "片", "sachet": "袋", "sachets": "袋", "drop": "滴",
    "drops": "滴", "microgram": "微克", "million units": "百万单位",
}
_COUNTED = re.compile(rf"\b(?:{'|'.join(sorted(_COUNTED_ZH, key=len, reverse=True))})\b")
_WHAT_TO_DO = frozenset(
    [
        "Avoid", "Check", "Clean", "Drain", "Find", "Go", "Look", "Raise", "Relieve", "Secure", "Stay", "Stop", "Treat",
        "Wait", "Watch",
    ]
)
"""First words of option names that are instructions."""
_TIMES_EN = {1: "once a day", 2: "twice a day", 3: "three times a day", 4: "four times a day"}


def number(value: float) -> str:
    """Return a value as it is written for people: no trailing zeros, no exponent."""
    return f"{round(value, 10) + 0.0:.10f}".rstrip("0").rstrip(".")


def route(name: str) -> Bilingual:
    english, chinese = _ROUTES[name]
    return Bilingual(english, chinese)


def frequency(band: DoseBand, times_per_day: float | None) -> Bilingual:
    """Return how often; `times_per_day` overrides the band where kidney function asks for less."""
    if times_per_day is not None:
        english = _TIMES_EN.get(int(times_per_day), f"{number(times_per_day)} times a day")
        return Bilingual(english, f"每日{number(times_per_day)}次")
    if band.every_hours is not None:
        return Bilingual(f"every {number(band.every_hours)} hours", f"每{number(band.every_hours)}小时1次")
    return Bilingual("as a single dose", "单次给药") if band.once else Bilingual("", "")


def duration(band: DoseBand) -> Bilingual:
    if band.duration_days is None:
        return Bilingual("", "")
    days = number(band.duration_days)
    if band.duration_days_high is not None:
        high = number(band.duration_days_high)
        return Bilingual(f"for {days} to {high} days", f"共{days}至{high}天")
    return Bilingual(f"for {days} days", f"共{days}天")


def shown(text: str) -> Bilingual:
    """Return an amount in both languages: counted forms have a Chinese word, symbols such as mg stay."""
    return Bilingual(text, _COUNTED.sub(lambda match: _COUNTED_ZH[match[0]], text))


def amount(low: float, high: float | None, unit: str) -> str:
    """Return ``500 mg`` or ``500-1000 mg``."""
    return f"{number(low)} {unit}" if high is None else f"{number(low)}-{number(high)} {unit}"


def dose_line(dose: Bilingual, where: Bilingual, how_often: Bilingual, how_long: Bilingual) -> Bilingual:
    """Return one line such as ``75 mg by mouth twice a day for 5 days``."""
    english = " ".join(part for part in (dose.en, where.en, how_often.en, how_long.en) if part)
    chinese = "，".join(part for part in (f"{where.zh} {dose.zh}", how_often.zh, how_long.zh) if part)
    return Bilingual(english, chinese)


def fixed_dose(text: str) -> Bilingual:
    return Bilingual(f"fixed dose {text}", f"固定剂量 {shown(text).zh}")


def reduced_dose(below_ml_min: str, text: str) -> Bilingual:
    both = shown(text)
    return Bilingual(
        f"reduced below {below_ml_min} mL/min: {both.en}", f"肾功能低于 {below_ml_min} mL/min 时减量：{both.zh}"
    )


def at_most(limit: str | None) -> Bilingual:
    """Return the part of a working that names the maximum, empty where there is none."""
    return Bilingual("", "") if limit is None else Bilingual(f", at most {limit}", f"，最多 {shown(limit).zh}")


def without_weight(per_kg: str, most: Bilingual) -> Bilingual:
    return Bilingual(f"{per_kg}{most.en}; weight not recorded", f"{per_kg}{most.zh}；未记录体重")


def without_surface(per_m2: str, most: Bilingual) -> Bilingual:
    return Bilingual(f"{per_m2}{most.en}; height or weight not recorded", f"{per_m2}{most.zh}；未记录身高或体重")


def surface(height_cm: float, weight_kg: float, surface_m2: str) -> str:
    """Return how the body surface was reckoned (Mosteller), the same in both languages."""
    return f"√({number(height_cm)} cm × {number(weight_kg)} kg ÷ 3600) = {surface_m2} m²"


def worked_out(product: str, most: Bilingual, text: str) -> Bilingual:
    return Bilingual(f"{product}{most.en} = {text}", f"{shown(product).zh}{most.zh} = {shown(text).zh}")


def consider(name: Bilingual, regimen: Regimen | None) -> Bilingual:
    """Word an option as something to weigh, never as an order."""
    if regimen is None or regimen.display is None:
        return Bilingual(_weighed(name.en), f"可考虑：{name.zh}。")
    return Bilingual(
        f"Consider {inside(name.en)}: {regimen.display.en}.", f"可考虑：{name.zh}，{regimen.display.zh}。"
    )


def _weighed(name: str) -> str:
    """Word a name without a dose: "Consider surgery.", but "To consider: stop smoking." """
    if ":" in name:
        return f"{name}."
    says_what_to_do = name.replace(",", " ").split()[0] in _WHAT_TO_DO
    return f"To consider: {inside(name)}." if says_what_to_do else f"Consider {inside(name)}."


def without_treatment(benefit: Bilingual) -> Bilingual:
    """Say what happens when nothing is done, without saying twice that nothing is done."""
    if benefit.zh.startswith("如不治疗"):
        return benefit
    return Bilingual(f"Without treatment: {benefit.en}", f"如不治疗：{benefit.zh}")


def review_on(text: Bilingual, date: str | None) -> Bilingual:
    """Add the date of the next visit where one can be reckoned."""
    return text if date is None else Bilingual(f"{text.en} (by {date})", f"{text.zh}（不迟于 {date}）")


def inside(name: str) -> str:
    """Return a name as it stands inside a sentence: abbreviations keep their capitals."""
    return name if len(name) > 1 and name[1].isupper() else name[:1].lower() + name[1:]


UNKNOWN_WEIGHT = Bilingual(
    "Weight is not recorded: the smallest sourced dose is shown. Record the weight.",
    "未记录体重：显示有来源的最小剂量。请补充体重。",
)
WEIGHT_NEEDED = Bilingual(
    "Weight is not recorded: the dose is per kilogram and could not be worked out. Record the weight.",
    "未记录体重：该剂量按体重计算，无法得出。请补充体重。",
)
HEIGHT_NEEDED = Bilingual(
    "Height or weight is not recorded: the dose is per square metre and could not be worked out. Record both.",
    "未记录身高或体重：该剂量按体表面积计算，无法得出。请补充两者。",
)
UNKNOWN_AGE = Bilingual(
    "Age is not recorded: the smallest sourced dose is shown. Record the age.",
    "未记录年龄：显示有来源的最小剂量。请补充年龄。",
)
NO_DOSE = Bilingual(
    "No sourced dose fits this patient's age and weight; it is not proposed.",
    "没有适合该患者年龄和体重的有来源剂量，故不建议使用。",
)
NO_DOSE_ROW = Bilingual(
    "No dose is given here: no source that was read states one. Use your own formulary.",
    "此处不给出剂量：已读来源均未说明。请查阅本院处方集。",
)
NO_VERDICT = Bilingual(
    "The safety tables gave no verdict, so this option counts as blocked.", "安全表未给出结论，因此该选项视为禁用。"
)
NOT_CHECKED = Bilingual(
    "The safety tables do not know this drug: interactions and allergies were not checked.",
    "安全表中没有此药：未检查相互作用和过敏。",
)
SIDE_EFFECT = Bilingual("A side effect of this option was reported at follow-up.", "随访时报告了该选项的不良反应。")
NOT_WORKING = Bilingual("The patient was worse at follow-up while taking this.", "随访时患者在用此药期间病情加重。")
NOT_REVIEWED = Bilingual(
    "No clinician has reviewed these rows or their Chinese wording yet. Check them against the sources.",
    "这些条目尚未经临床医生审核，中文措辞亦未审核。请对照来源核对。",
)


def unknown_kidney(usual: str, usual_zh: str) -> Bilingual:
    """Say that the reduced dose is shown, and what the usual one is."""
    return Bilingual(
        "Kidney function is not recorded: the reduced dose is shown."
        f" With normal kidney function the source gives {usual}.",
        f"未记录肾功能：显示减量后的剂量。肾功能正常时，来源给出的剂量为{usual_zh}。",
    )


def not_covered(diagnosis: Bilingual, passages: int) -> Bilingual:
    if passages:
        return Bilingual(
            f"No treatment rows know “{diagnosis.en}”."
            f" {passages} cited reference passages are offered to read instead.",
            f"治疗表中没有“{diagnosis.zh}”。以下提供 {passages} 段有出处的参考文字供阅读。",
        )
    return Bilingual(
        f"No treatment rows and no reference passage know “{diagnosis.en}”."
        " Check the spelling, or use your own sources.",
        f"治疗表和参考文字中均没有“{diagnosis.zh}”。请检查写法，或使用您自己的资料。",
    )


def pack_left_out(name: str, code: str) -> Bilingual:
    return Bilingual(
        f"The reference pack {name} was not searched ({code}). Ask IT to install it again.",
        f"未检索参考资料包 {name}（{code}）。请 IT 人员重新安装。",
    )


def unread_question(parts: list[str]) -> Bilingual:
    words = ", ".join(parts)
    return Bilingual(
        f"Not searched, because no English name is known: {words}", f"以下词没有对应的英文名称，未检索：{words}"
    )
