"""Sentences about interactions in Lantern's own words, English and Chinese, composed from the codes of a statement.

Nothing is added to what the source says: a statement without a code gets the plain sentence that the source lists the
combination, and the source's own words go along in every case. Unreviewed by a clinician.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.api import Bilingual, Severity

HEADS = {
    Severity.CONTRAINDICATED: Bilingual("contraindicated together", "禁止合用"),
    Severity.AVOID: Bilingual("avoid together", "应避免合用"),
    Severity.CAUTION: Bilingual("take precautions", "合用需采取预防措施"),
    Severity.NOTE: Bilingual("bear in mind", "合用时应予注意"),
}
EFFECTS = {
    "torsades": Bilingual(
        "Higher risk of dangerous heart rhythms, torsades de pointes among them.",
        "发生危险性心律失常（包括尖端扭转型室速）的风险升高。",
    ),
    "ventricular_rhythm": Bilingual("Risk of serious heart rhythm disturbance.", "有严重心律失常的风险。"),
    "intracranial_pressure": Bilingual("Risk of raised pressure inside the skull.", "有颅内压升高的风险。"),
    "serotonin": Bilingual("Risk of serotonin syndrome.", "有5-羟色胺综合征的风险。"),
    "ergotism": Bilingual(
        "Risk of ergotism, with loss of blood supply to fingers and toes.", "有麦角中毒的风险，可致肢端缺血坏死。"
    ),
    "vasoconstriction": Bilingual(
        "Risk of narrowing of arteries, those of the heart included.", "有血管（包括冠状动脉）收缩的风险。"
    ),
    "hypertension": Bilingual("Risk of a sharp rise in blood pressure.", "有血压骤升的风险。"),
    "rhabdomyolysis": Bilingual("Risk of muscle breakdown (rhabdomyolysis).", "有横纹肌溶解的风险。"),
    "bleeding": Bilingual("Higher risk of bleeding.", "出血风险升高。"),
    "respiratory_depression": Bilingual("Risk of slowed or stopped breathing.", "有呼吸抑制的风险。"),
    "sedation": Bilingual(
        "Deeper drowsiness; driving and machines become dangerous.", "镇静作用加深，驾驶或操作机器有危险。"
    ),
    "bradycardia": Bilingual("Risk of slow heart beat or conduction block.", "有心动过缓或传导阻滞的风险。"),
    "heart_failure": Bilingual("The heart may pump less well.", "心功能可能下降。"),
    "hypotension": Bilingual("Blood pressure may fall, above all on standing.", "血压可能下降，尤其在站立时。"),
    "hyperkalaemia": Bilingual("Risk of high potassium.", "有高钾血症的风险。"),
    "hypokalaemia": Bilingual("Low potassium adds to the risk.", "低钾血症使风险增加。"),
    "hyponatraemia": Bilingual("Risk of low sodium.", "有低钠血症的风险。"),
    "lithium_level": Bilingual(
        "The lithium level changes; it may reach toxic values when it rises.", "血锂浓度改变，升高时可达中毒水平。"
    ),
    "kidney": Bilingual("Risk of kidney injury.", "有肾损害的风险。"),
    "hearing": Bilingual("Risk of hearing damage.", "有听力损害的风险。"),
    "liver": Bilingual("Risk of liver injury.", "有肝损害的风险。"),
    "blood_cells": Bilingual("Risk of low blood counts.", "有血细胞减少的风险。"),
    "immunosuppression": Bilingual("Immune defence is weakened too far.", "免疫抑制过度。"),
    "vaccine_disease": Bilingual(
        "Risk of disease from the live vaccine, which may be fatal.", "有活疫苗引起全身感染的风险，可能致命。"
    ),
    "seizures": Bilingual("Risk of seizures.", "有惊厥发作的风险。"),
    "hypoglycaemia": Bilingual("Risk of low blood sugar.", "有低血糖的风险。"),
    "lactic_acidosis": Bilingual("Risk of lactic acidosis.", "有乳酸酸中毒的风险。"),
    "withdrawal": Bilingual("Risk of a withdrawal syndrome.", "有戒断综合征的风险。"),
    "less_pain_relief": Bilingual("Pain relief may be lost.", "镇痛作用可能丧失。"),
    "contraception": Bilingual(
        "Matters for contraception: it may fail or has to be planned.", "涉及避孕：避孕可能失败或需另作安排。"
    ),
    "disulfiram_reaction": Bilingual(
        "Risk of a disulfiram reaction: heat, flushing, vomiting, fast pulse.",
        "有双硫仑样反应的风险：发热感、潮红、呕吐、心动过速。",
    ),
    "teratogen": Bilingual("Risk of harm to an unborn child.", "有致畸风险。"),
    "lung": Bilingual("Risk of lung injury.", "有肺损害的风险。"),
    "neuropathy": Bilingual("Risk of nerve damage.", "有周围神经损害的风险。"),
    "angioedema": Bilingual("Risk of swelling of face and throat (angioedema).", "有血管性水肿的风险。"),
    "skin": Bilingual("Risk of severe skin reactions.", "有严重皮肤反应的风险。"),
    "gut_injury": Bilingual("Risk of injury to stomach or bowel.", "有胃肠道损伤的风险。"),
    "paralysis": Bilingual("Muscle weakness may deepen.", "肌肉松弛或无力可能加重。"),
    "hypervitaminosis_a": Bilingual("Risk of vitamin A excess.", "有维生素A过多的风险。"),
    "methaemoglobin": Bilingual("Risk of methaemoglobinaemia.", "有高铁血红蛋白血症的风险。"),
    "opposition": Bilingual("The two act against each other.", "两药作用相互拮抗。"),
    "less_absorbed": Bilingual("Absorption is reduced.", "吸收减少。"),
    "infection": Bilingual("Risk of serious infection.", "有严重感染的风险。"),
    "neurotoxicity": Bilingual("Risk of damage to the nervous system.", "有神经毒性的风险。"),
    "hypocalcaemia": Bilingual("Risk of low calcium.", "有低钙血症的风险。"),
    "side_effects": Bilingual("More side effects or toxicity.", "不良反应或毒性增加。"),
    "fatal": Bilingual("May be fatal.", "可能致命。"),
}
INSTEAD = {
    Severity.CONTRAINDICATED: Bilingual("Do not give them together; choose another drug.", "不得合用，应更换药物。"),
    Severity.AVOID: Bilingual(
        "Choose another drug; if there is none, only where the benefit outweighs the risk, and under watch.",
        "应更换药物；如无替代，仅在获益大于风险时使用并密切观察。",
    ),
}
"""What the two severe levels of the thesaurus mean for the prescriber, where a statement says nothing more precise."""
LOSS = Bilingual("The treatment may fail.", "治疗可能失效。")
MANAGEMENT = {
    "ecg": Bilingual("ECG", "心电图"),
    "inr": Bilingual("INR", "INR"),
    "potassium": Bilingual("potassium", "血钾"),
    "lithium": Bilingual("lithium level", "血锂"),
    "glucose": Bilingual("blood sugar", "血糖"),
    "blood_count": Bilingual("blood count", "血常规"),
    "renal_function": Bilingual("kidney function", "肾功能"),
    "blood_level": Bilingual("drug levels", "血药浓度"),
    "clinical": Bilingual("the patient closely", "临床表现"),
}
ACTIONS = {
    "dose": Bilingual("The dose may have to be changed.", "可能需要调整剂量。"),
    "apart": Bilingual("Take the two apart in time.", "两药应间隔一段时间服用。"),
    "barrier_contraception": Bilingual(
        "Another, barrier method of contraception is advised.", "建议改用或加用屏障避孕法。"
    ),
}


def interaction(
    severity: Severity,
    one: Bilingual,
    other: Bilingual,
    source: Bilingual,
    codes: Sequence[str],
    course: str,
    risen: Bilingual | None,
    loses_effect: bool,
    management: Sequence[str],
) -> Bilingual:
    """Return the whole text of one alert. `risen` is the drug whose level changes, where the source names it."""
    head = HEADS[severity]
    body = [EFFECTS[code] for code in codes]
    if course:
        body.append(_course(course, risen))
    if loses_effect:
        body.append(LOSS)
    if not body:
        body.append(Bilingual(f"Listed so by {source.en}.", f"{source.zh}如此列出。"))
    body.extend(_management(management) if management else filter(None, [INSTEAD.get(severity)]))
    return Bilingual(
        " ".join([f"{one.en} + {other.en}: {head.en}.", *(text.en for text in body)]),
        "".join([f"{one.zh}＋{other.zh}：{head.zh}。", *(text.zh for text in body)]),
    )


def _course(course: str, drug: Bilingual | None) -> Bilingual:
    en, zh = ("rises", "升高") if course == "rise" else ("falls", "降低")
    if drug is None:
        return Bilingual(f"The blood level of one of the two {en}.", f"其中一药的血药浓度{zh}。")
    return Bilingual(f"The blood level of {drug.en} {en}.", f"{drug.zh}的血药浓度{zh}。")


def _management(codes: Sequence[str]) -> Iterable[Bilingual]:
    watched = [MANAGEMENT[code] for code in codes if code in MANAGEMENT]
    if watched:
        en, zh = ", ".join(text.en for text in watched), "、".join(text.zh for text in watched)
        yield Bilingual(f"If they are given together, watch: {en}.", f"如需合用，应监测：{zh}。")
    yield from (ACTIONS[code] for code in codes if code in ACTIONS)
