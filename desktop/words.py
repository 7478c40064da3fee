"""The clinic's fixed words in both languages: the same word on the screen, in a table and in the report.

Everything here is a `Bilingual`, not a `tr()` string, because a report may be in the other language than the screen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from engine.api import (
    Alert,
    Bilingual,
    IncompleteCheck,
    PlanChange,
    PlanSentence,
    PriorUsed,
    Regimen,
    SourceRecord,
    TreatmentOption,
)

Language = Literal["en", "zh"]


def pick(text: Bilingual, language: Language) -> str:
    """Return the text in `language`."""
    return text.zh if language == "zh" else text.en


def shown(display: Bilingual | None, plain: str, language: Language) -> str:
    """Return `display` in `language`, or the engine's plain text where the source has no translation."""
    return pick(display, language) if display is not None else plain


def word(table: dict[str, Bilingual], code: str, language: Language) -> str:
    """Return the word for `code`; an unknown code is shown as it is, never hidden."""
    return pick(table[code], language) if code in table else code.replace("_", " ")


def field_word(name: str, language: Language) -> str:
    """Return the word for a field of the case, also for a path such as "vitals.temperature_c"."""
    return word(CASE_FIELDS, name.rpartition(".")[2], language)


def readable_time(iso: str) -> str:
    """Return an ISO time as "2026-11-22 10:42" on the clinic's clock; a date, or what is no time, stays as it is."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    if len(iso) <= len("2026-11-22"):
        return iso
    return f"{moment.astimezone() if moment.tzinfo is not None else moment:%Y-%m-%d %H:%M}"


def source_name(source: str, records: Mapping[str, SourceRecord] | None = None) -> str:
    """Return a source as it is shown: its title where the record came along, else its id without the prefix."""
    record = (records or {}).get(source)
    return record.title if record is not None else source.removeprefix("src:")


def sentence_case(name: str) -> str:
    """Return a name that begins a line or stands alone, with a capital letter; Chinese stays as it is."""
    return name[:1].upper() + name[1:]


NOT_A_DECISION = Bilingual("Decision support, not a decision", "辅助决策，不作为最终诊断或医嘱")
PERCENTAGES = Bilingual(
    "percentages come from synthetic patients",
    "百分比由合成病例得出",
)
"""How far a percentage may be believed: no real clinic has confirmed it yet."""
UNREVIEWED = Bilingual("not reviewed by a clinician", "未经临床医生审核")
REVIEWED = Bilingual("reviewed by a clinician", "已经临床医生审核")

VERDICTS: dict[str, Bilingual] = {
    "ok": Bilingual("no alert", "无警示"),
    "caution": Bilingual("caution", "谨慎"),
    "blocked": Bilingual("blocked", "已阻止"),
    "not_checked": Bilingual("not checked", "未核查"),
}
VERDICT_SIGNS = {"ok": "✓", "caution": "△", "blocked": "✕", "not_checked": "?"}
"""A shape for each verdict, so that it is never said by colour alone."""

SEVERITIES: dict[str, Bilingual] = {
    "contraindicated": Bilingual("Contraindicated", "禁忌"),
    "avoid": Bilingual("Avoid", "避免使用"),
    "caution": Bilingual("Caution", "谨慎"),
    "note": Bilingual("Note", "提示"),
}
SEVERITY_SIGNS = {"contraindicated": "✕", "avoid": "!", "caution": "△", "note": "i"}

ALERT_KINDS: dict[str, Bilingual] = {
    "interaction": Bilingual("Interaction", "药物相互作用"),
    "allergy": Bilingual("Allergy", "过敏"),
    "dose": Bilingual("Dose", "剂量"),
    "renal": Bilingual("Kidney function", "肾功能"),
    "hepatic": Bilingual("Liver function", "肝功能"),
    "pregnancy": Bilingual("Pregnancy", "妊娠"),
    "lactation": Bilingual("Breast-feeding", "哺乳"),
    "paediatric": Bilingual("Children", "儿童用药"),
    "elderly": Bilingual("Older people", "老年用药"),
    "qt": Bilingual("QT interval", "QT 间期"),
    "duplicate": Bilingual("Duplicate therapy", "重复用药"),
    "genotype": Bilingual("Genotype", "基因型"),
}

OPTION_KINDS: dict[str, Bilingual] = {
    "drug": Bilingual("Drug", "药物"),
    "procedure": Bilingual("Procedure", "操作"),
    "lifestyle": Bilingual("Lifestyle", "生活方式"),
    "watchful": Bilingual("Watchful waiting", "观察等待"),
    "none": Bilingual("Without treatment", "不治疗"),
}

COST_LEVELS: tuple[Bilingual, ...] = (
    Bilingual("costs nothing", "无费用"),
    Bilingual("low cost", "费用低"),
    Bilingual("middling cost", "费用中等"),
    Bilingual("high cost", "费用高"),
)
"""By `TreatmentOption.cost_level`."""
UTILITY = Bilingual("utility {value}", "效用 {value}")
STOP = Bilingual("Stop or think again: {text}", "停用或重新考虑：{text}")

NOT_STATED = Bilingual("not stated in the sources", "来源未说明")

SECTIONS: dict[str, Bilingual] = {
    "first_steps": Bilingual("First steps", "首要措施"),
    "options": Bilingual("Options in words", "治疗选择说明"),
    "monitoring": Bilingual("Monitoring", "监测"),
    "stop": Bilingual("When to stop", "停药时机"),
    "plan": Bilingual("Plan", "治疗方案"),
    "prose": Bilingual("In the language model's words", "语言模型撰写的文字"),
    "rehabilitation": Bilingual("Rehabilitation", "康复"),
    "lifestyle": Bilingual("Lifestyle", "生活方式"),
    "safety_net": Bilingual("Safety net: come back if", "安全提示：出现以下情况请复诊"),
    "follow_up": Bilingual("Follow-up", "随访"),
}

CHANGE_KINDS: dict[str, Bilingual] = {
    "added": Bilingual("Added", "新增"),
    "removed": Bilingual("Removed", "移除"),
    "changed": Bilingual("Changed", "更改"),
}
TRENDS: dict[str, Bilingual] = {
    "better": Bilingual("better", "好转"), "same": Bilingual("no change that counts", "无明显变化"),
    "worse": Bilingual("worse", "变差"),
}
CHANGE_SIGNS = {"added": "+", "removed": "−", "changed": "~"}

AGREEMENTS: dict[str, Bilingual] = {
    "agree": Bilingual("Your working diagnosis is first in the list", "您的初步诊断在列表中排第一"),
    "partly": Bilingual("Your working diagnosis is in the list, but not first", "您的初步诊断在列表中，但不是第一位"),
    "disagree": Bilingual("Your working diagnosis is not among the leading ones", "您的初步诊断不在前列"),
}
VOICE_AGREEMENTS: dict[str, Bilingual] = {
    "agree": Bilingual("The voices agree", "各方法意见一致"),
    "split": Bilingual("The voices are split", "各方法意见不完全一致"),
    "disagree": Bilingual("The voices disagree", "各方法意见不一致"),
}
VOICES: dict[str, Bilingual] = {
    "bayes": Bilingual("Bayes", "贝叶斯"),
    "phenotype": Bilingual("Phenotype", "表型"),
    "text": Bilingual("Text", "文本"),
    "reader": Bilingual("Reader", "模型阅读"),
}

ROLES: dict[str, Bilingual] = {
    "clinician": Bilingual("clinician", "医生"),
    "nurse": Bilingual("nurse", "护士"),
    "clinical_lead": Bilingual("clinical lead", "临床负责人"),
    "it": Bilingual("IT", "信息技术人员"),
}
SEXES: dict[str, Bilingual] = {
    "female": Bilingual("female", "女"),
    "male": Bilingual("male", "男"),
    "other": Bilingual("other", "其他"),
    "unknown": Bilingual("sex not recorded", "性别未记录"),
}

OVERRIDE_REASONS: dict[str, Bilingual] = {
    "benefit_outweighs": Bilingual("The benefit outweighs the risk", "获益大于风险"),
    "will_monitor": Bilingual("I will monitor the patient", "将密切监测患者"),
    "tolerated_before": Bilingual("The patient has tolerated it before", "患者既往耐受"),
    "no_alternative": Bilingual("There is no suitable alternative", "没有合适的替代方案"),
    "does_not_apply": Bilingual("The alert does not apply to this patient", "该警示不适用于此患者"),
}

CASE_FIELDS: dict[str, Bilingual] = {
    "age_years": Bilingual("Age", "年龄"),
    "sex": Bilingual("Sex", "性别"),
    "text": Bilingual("History in words", "病史描述"),
    "findings": Bilingual("Findings", "症状与体征"),
    "vitals": Bilingual("Vital signs", "生命体征"),
    "temperature_c": Bilingual("Temperature", "体温"),
    "heart_rate_bpm": Bilingual("Heart rate", "心率"),
    "respiratory_rate_bpm": Bilingual("Respiratory rate", "呼吸频率"),
    "systolic_mmhg": Bilingual("Systolic blood pressure", "收缩压"),
    "diastolic_mmhg": Bilingual("Diastolic blood pressure", "舒张压"),
    "spo2_percent": Bilingual("Oxygen saturation", "血氧饱和度"),
    "glucose_mmol_l": Bilingual("Glucose", "血糖"),
    "consciousness": Bilingual("Consciousness", "意识状态"),
    "labs": Bilingual("Laboratory values", "化验结果"),
    "history": Bilingual("Past illnesses", "既往史"),
    "family_history": Bilingual("Family history", "家族史"),
    "medications": Bilingual("Medication", "当前用药"),
    "allergies": Bilingual("Allergies", "过敏史"),
    "weight_kg": Bilingual("Weight", "体重"),
    "height_cm": Bilingual("Height", "身高"),
    "creatinine_umol_l": Bilingual("Creatinine", "肌酐"),
    "egfr_ml_min_1_73m2": Bilingual("Kidney function (eGFR)", "肾功能（eGFR）"),
    "child_pugh": Bilingual("Child-Pugh class", "Child-Pugh 分级"),
    "pregnant": Bilingual("Pregnancy", "妊娠状态"),
    "lactating": Bilingual("Breast-feeding", "哺乳状态"),
    "region": Bilingual("Region", "地区"),
    "travel": Bilingual("Travel", "旅行史"),
    "date": Bilingual("Date of the visit", "就诊日期"),
}

CONSCIOUSNESS: dict[str, Bilingual] = {
    "alert": Bilingual("alert", "清醒"),
    "confused": Bilingual("confused", "意识模糊"),
    "voice": Bilingual("responds to voice", "对声音有反应"),
    "pain": Bilingual("responds to pain", "对疼痛有反应"),
    "unresponsive": Bilingual("unresponsive", "无反应"),
}

_LIKELIHOOD: tuple[tuple[float, Bilingual], ...] = (
    (0.99, Bilingual("virtually certain", "几乎肯定")),
    (0.90, Bilingual("very likely", "很可能")),
    (0.66, Bilingual("likely", "较可能")),
    (0.33, Bilingual("about as likely as not", "可能性约各半")),
    (0.10, Bilingual("unlikely", "可能性较小")),
    (0.01, Bilingual("very unlikely", "可能性很小")),
    (0.0, Bilingual("exceptionally unlikely", "可能性极小")),
)


def likelihood_words(probability: float, language: Language) -> str:
    """Return a probability (0-1) in words, in the bands of the likelihood scale that the IPCC's fourth assessment
    uses (guidance notes for lead authors on addressing uncertainties, July 2005)."""
    words = next(text for floor, text in _LIKELIHOOD if probability >= floor)
    return pick(words, language)


def percent(probability: float) -> str:
    """Return a probability (0-1) as whole per cent, with "<1 %" and ">99 %" where rounding would claim certainty."""
    if 0 < probability < 0.01:
        return "<1 %"
    if 0.99 < probability < 1:
        return ">99 %"
    return f"{probability * 100:.0f} %"


def regimen_text(regimen: Regimen, language: Language) -> str:
    """Return a regimen in one line: the row's own wording where it has one, else amount, route, frequency, duration."""
    if regimen.display is not None or regimen.text:
        return shown(regimen.display, regimen.text, language)
    amount = "" if regimen.amount is None else f"{regimen.amount:g} {regimen.unit}"
    parts = (amount, regimen.route, regimen.frequency, regimen.duration)
    return " · ".join(part for part in parts if part)


def standing_text(option: TreatmentOption, language: Language) -> str:
    """Return cost level and utility of an option in one line."""
    value = pick(UTILITY, language).format(value=f"{option.utility + 0.0:g}".replace("-", "−"))
    if option.cost_level is None:
        return value
    return f"{pick(COST_LEVELS[option.cost_level], language)} · {value}"


def alert_drugs(alert: Alert, language: Language) -> str:
    """Return the drugs of an alert; a result stored before names were part of it shows the INN alone."""
    names = [pick(name, language) for name in alert.display_drugs] or alert.drugs
    return " + ".join(names)


def watch_text(option: TreatmentOption, language: Language) -> str:
    """Return what to monitor and when to stop, one line each; empty where the sources state neither."""
    stop = shown(option.display_stop, option.stop, language)
    lines = (shown(option.display_monitoring, option.monitoring, language),
             pick(STOP, language).format(text=stop) if stop else "")
    return "\n".join(line for line in lines if line)


def source_marks(sources: dict[str, SourceRecord], ids: list[str]) -> str:
    """Return the markers of `ids`, such as "[1] [3]"; an id without a record is shown by its name, never dropped."""
    order = list(sources)
    return " ".join(f"[{order.index(name) + 1}]" if name in sources else f"[{name}]" for name in ids)


_PLACES = (
    (re.compile(r"\bpage (\d+)"), r"第\1页"),
    (re.compile(r"\bcharacters (\d+)-(\d+)"), r"字符\1-\2"),
    (re.compile(r"\banswer (\d+)"), r"问答\1"),
)


def place_words(section: str, language: Language) -> str:
    """Return where a passage stands: page, answer and characters in `language`, titles as they are."""
    if language == "zh":
        for pattern, chinese in _PLACES:
            section = pattern.sub(chinese, section)
    return section


def passage_source(passage: PlanSentence, sources: Mapping[str, SourceRecord], language: Language) -> str:
    """Return what a quoted passage comes from: title, place and edition; an id without a record as it is."""
    found = [sources.get(name) for name in passage.sources]
    told = [
        name if record is None else ", ".join(
            part for part in (record.title, place_words(record.section, language), record.edition) if part)
        for name, record in zip(passage.sources, found, strict=True)
    ]
    return "; ".join(told)


_NEEDS = Bilingual("{kind} for {drug}: needs {needs}", "{drug} 的{kind}核查：需要{needs}")


def incomplete_text(gap: IncompleteCheck, language: Language) -> str:
    """Return what a check could not do: the engine's own sentence, else one made from kind, drug and what it needs."""
    if gap.display is not None:
        return pick(gap.display, language)
    return pick(_NEEDS, language).format(kind=word(ALERT_KINDS, gap.kind, language), drug=gap.drug,
                                         needs=field_word(gap.needs, language))


def incomplete_lines(gaps: Sequence[IncompleteCheck], language: Language) -> list[str]:
    """Return what checks could not do, one line a drug: its name once, then each gap."""
    of_drug: dict[str, list[str]] = {}
    for gap in gaps:
        of_drug.setdefault(gap.drug, []).append(incomplete_text(gap, language))
    return [_joined(texts, language) for texts in of_drug.values()]


def _joined(texts: list[str], language: Language) -> str:
    """Return sentences about one drug as one; a name that each of them starts with is said once."""
    colon, stop, joint = (": ", ".", "; ") if language == "en" else ("：", "。", "；")
    name, found, _ = texts[0].partition(colon)
    start = f"{name}{colon}" if found else ""
    told = [texts[0], *(text.removeprefix(start) for text in texts[1:])]
    end = stop if told[-1].endswith(stop) else ""
    return joint.join(text.removesuffix(stop) for text in told) + end


PRIOR_PLACE = Bilingual("place: {place}", "地区：{place}")
PRIOR_MONTH = Bilingual("month: {month}", "月份：{month}")
PRIOR_OWN = Bilingual("{n} own confirmed cases", "本诊所确诊病例 {n} 例")


def prior_text(prior: PriorUsed, language: Language) -> str:
    """Return which prior a ranking started from, with the place, the month and the own cases that counted."""
    parts = [pick(prior.name, language)]
    if prior.place:
        parts.append(pick(PRIOR_PLACE, language).format(place=prior.place))
    if prior.month:
        parts.append(pick(PRIOR_MONTH, language).format(month=prior.month))
    if prior.confirmed_cases:
        parts.append(pick(PRIOR_OWN, language).format(n=prior.confirmed_cases))
    return " · ".join(parts)


def change_text(change: PlanChange, language: Language) -> str:
    """Return what changed with its reason; the engine's words in both languages hold the reason already."""
    return pick(change.display, language) if change.display is not None else f"{change.text} ({change.reason})"
