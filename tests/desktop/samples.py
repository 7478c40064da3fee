"""Synthetic records for the result pages and the report: invented for layout and wording, no clinical advice."""
# ruff: noqa: E501 - both languages of a row stay on one line

from __future__ import annotations

from dataclasses import replace

from desktop.case.record import (
    CaseFinding,
    CaseRecord,
    Course,
    DrugAllergy,
    DrugTaken,
    FindingOrigin,
    FindingState,
    FollowUpVisit,
    LabValue,
    PastIllness,
    Patient,
    Sex,
    VitalSigns,
)
from desktop.report.decisions import Decisions, Override, OwnWords, Signature
from engine.api import (
    Alert,
    AnswerValue,
    Bilingual,
    CantMiss,
    CheckResult,
    Differential,
    Evidence,
    Flip,
    Hypothesis,
    IncompleteCheck,
    LeadingAfter,
    NextQuestion,
    Plan,
    PlanChange,
    PlanSentence,
    RedFlag,
    Regimen,
    Severity,
    SourceRecord,
    TreatmentOption,
    Versions,
    Votes,
)

VERSIONS = Versions("0.1.0", "2026-11-20", {"encoder": "minilm-int8 1.0.0", "words": "smollm2-135m q4_1"})
MADE_AT = "2026-11-22T10:42"


def _finding(code: str, en: str, zh: str, state: FindingState = FindingState.CONFIRMED) -> CaseFinding:
    return CaseFinding(code, en, zh, state, FindingOrigin.TEXT)


def case_record() -> CaseRecord:
    """A 58-year-old with fever and cough, penicillin allergy, warfarin and reduced kidney function."""
    return CaseRecord(
        revision=3,
        patient=Patient(name="王秀英 Wang Xiuying", birth_date="1968-03-04", sex=Sex.FEMALE, local_number="C-10423"),
        visit_date="2026-11-22", age_years=58,
        text="Fever for four days, cough with yellow sputum, pain on the right side when breathing in. No haemoptysis.",
        findings=(
            _finding("E_91", "Fever", "发热"), _finding("E_77", "Cough with coloured sputum", "咳有色痰"),
            _finding("E_55_@_V_29", "Pain on breathing in, right side of the chest", "右侧胸部吸气痛"),
            _finding("E_104", "Coughing up blood", "咯血", FindingState.DENIED),
        ),
        vitals=VitalSigns(38.9, 112, 26, 98, 60, 91, None, "alert"),
        labs=(LabValue("C-reactive protein", 148, "mg/L", "2026-11-22"), LabValue("Creatinine", 132, "µmol/L")),
        history=(PastIllness("Atrial fibrillation", since="2019"), PastIllness("2 型糖尿病", since="2012")),
        medications=(DrugTaken("warfarin", 3, "mg", "oral", "once daily"), DrugTaken("metformin", 500, "mg", "oral", "2x"),
                     DrugTaken("Fuzheng herbal mixture")),
        allergies=(DrugAllergy("penicillin", "rash and swelling"),),
        weight_kg=61, height_cm=158, creatinine_umol_l=132, egfr_ml_min_1_73m2=38.5, pregnant=False,
        follow_up=(FollowUpVisit("2026-11-25", Course.BETTER, "took all doses"),),
    )


def _evidence() -> list[Evidence]:
    rows = [
        ("Fever", "发热", True, 1.42), ("Cough with coloured sputum", "咳有色痰", True, 1.18),
        ("Pain on breathing in, right side of the chest, worse when lying on that side", "右侧胸部吸气痛，患侧卧位加重", True, 0.87),
        ("Coughing up blood", "咯血", False, 0.06), ("Recent long journey", "近期长途旅行", False, -0.11),
        ("Swelling of one leg", "单侧下肢肿胀", False, -0.64), ("Wheezing", "喘息", True, -1.93),
    ]
    return [Evidence(en, present, log_lr, "DDXPlus release_conditions.json, row pneumonia", Bilingual(en, zh))
            for en, zh, present, log_lr in rows]


def _hypothesis(rank: int, code: str, en: str, zh: str, probability: float, *, cant_miss: bool = False,
                reader: float | None = None) -> Hypothesis:
    votes = Votes(probability * 0.96, None, min(1.0, probability * 1.1), reader)
    return Hypothesis(rank, code, en, Bilingual(en, zh), probability, votes, _evidence()[: 8 - rank],
                      cant_miss=cant_miss)


def hypotheses() -> list[Hypothesis]:
    return [
        _hypothesis(1, "DDX:Pneumonia", "Pneumonia", "肺炎", 0.62, reader=0.7),
        _hypothesis(2, "DDX:Pulmonary embolism", "Pulmonary embolism", "肺栓塞", 0.17, cant_miss=True),
        _hypothesis(3, "DDX:Bronchitis", "Bronchitis", "支气管炎", 0.121),
        _hypothesis(4, "DDX:Acute COPD exacerbation / infection", "Acute exacerbation of chronic obstructive pulmonary "
                    "disease with infection of the lower airways", "慢性阻塞性肺疾病急性加重伴下呼吸道感染", 0.05),
        _hypothesis(5, "DDX:Tuberculosis", "Tuberculosis", "肺结核", 0.031, cant_miss=True),
        _hypothesis(6, "OMIM:219700", "Cystic fibrosis", "囊性纤维化", 0.004),
    ]


def questions() -> list[NextQuestion]:
    leading = LeadingAfter("DDX:Pulmonary embolism", 0.44)
    return [
        NextQuestion("E_148", Bilingual("Have you been lying in bed or unable to walk for more than three days in the "
                                        "last four weeks?", "过去四周内您是否有超过三天卧床或不能行走？"),
                     "yes_no", [], 0.41, {"true": leading, "false": LeadingAfter("DDX:Pneumonia", 0.68)}),
        NextQuestion("E_54", Bilingual("How would you describe the pain?", "您如何描述这种疼痛？"), "many_of",
                     [AnswerValue(f"V_{n}", Bilingual(en, zh)) for n, (en, zh) in enumerate(
                         [("burning", "烧灼样"), ("sharp, like a knife", "刀割样"), ("dull", "钝痛"), ("cramping", "绞痛"),
                          ("tearing", "撕裂样")], start=71)], 0.22, {"V_72": leading}),
        NextQuestion("E_56", Bilingual("How strong is the pain?", "疼痛有多强？"), "grade",
                     [AnswerValue(str(n), Bilingual(str(n), str(n))) for n in range(11)], 0.1, {}),
    ]


def red_flags() -> list[RedFlag]:
    return [
        RedFlag("adult.spo2_low", "Oxygen saturation 91 %, at or below 92 %", "who-etat-2016",
                Bilingual("Oxygen saturation 91 %, at or below 92 %", "血氧饱和度 91 %，不高于 92 %")),
        RedFlag("adult.fast_breathing", "Breathing rate 26 a minute, above 25", "news2-2017",
                Bilingual("Breathing rate 26 a minute, above 25", "呼吸 26 次/分，高于 25 次/分")),
    ]


def cant_miss() -> list[CantMiss]:
    rows = [
        ("DDX:Pulmonary embolism", "Pulmonary embolism", "肺栓塞", "pain on breathing in, fast heart rate", "吸气痛、心率快"),
        ("LNT:sepsis", "Sepsis", "脓毒症", "fever, low pressure, fast breathing", "发热、血压低、呼吸快"),
        ("DDX:Tuberculosis", "Tuberculosis", "肺结核", "cough with fever where it is common", "高发地区的咳嗽和发热"),
        ("DDX:Possible NSTEMI / STEMI", "Heart attack", "急性心肌梗死", "chest pain over 50 years", "50 岁以上胸痛"),
        ("DDX:Spontaneous pneumothorax", "Pneumothorax", "气胸", "one-sided chest pain", "单侧胸痛"),
        ("DDX:Sixth", "A sixth one", "第六个", "must not be shown", "不应显示"),
    ]
    return [CantMiss(code, en, why, Bilingual(en, zh), Bilingual(why, why_zh)) for code, en, zh, why, why_zh in rows]


def differential() -> Differential:
    """A ranked one, with danger signs, can't-miss diagnoses, questions, a flip and a word nobody understood."""
    return Differential(
        "ranked", hypotheses(), [], "split", "partly", red_flags(), cant_miss(), questions(),
        ["weight_kg", "temperature_c"],
        Flip("Swelling of one leg", False, True, "DDX:Pulmonary embolism", Bilingual("Swelling of one leg", "单侧下肢肿胀")),
        ["qi deficiency"], [], ["ddxplus:pneumonia@2022", "ddxplus:pe@2022", "rules:adult.spo2_low@1"],
    )


def abstained() -> Differential:
    """One without a ranking: too little was entered."""
    reasons = [("Only one finding is known.", "仅有一项已知表现。"),
               ("Several diagnoses fit equally well.", "多个诊断同样符合。")]
    return replace(
        differential(), status="abstained", hypotheses=[replace(entry, probability=None) for entry in hypotheses()],
        reasons=[en for en, _ in reasons], display_reasons=[Bilingual(*pair) for pair in reasons],
        voices_agree=None, agreement=None, flips=None,
    )


def sources() -> dict[str, SourceRecord]:
    return {
        "sample-guideline": SourceRecord("Sample guideline on infections of the chest", "2024, 3rd edition",
                                         "4.2 First choice", "offline:sample-guideline", False,
                                         "Where penicillin cannot be given, a macrolide or doxycycline is an option.",
                                         "CC BY 4.0", "2024-05-01"),
        "ansm-2020": SourceRecord("Thésaurus des interactions médicamenteuses, ANSM", "20-10-2020", "Warfarin",
                                  "offline:ansm_2020", True, "AVK + macrolides: augmentation de l'effet.", "", "2020-10-20"),
        "sample-leaflet": SourceRecord("Sample leaflet on recovery after an infection of the chest", "2025",
                                       "At home", "offline:sample-leaflet", False, "Drink enough; rest; walk a little."),
    }


def alerts() -> list[Alert]:
    """In no order at all; the pages must sort them."""
    return [
        Alert("renal", Severity.CAUTION, False, ["metformin"], "renal.metformin.30-45",
              "Reduced kidney function (eGFR 38): review the dose of metformin.", "sample-guideline", "2024",
              Bilingual("Reduced kidney function (eGFR 38): review the dose of metformin.", "肾功能减退（eGFR 38）：请复核二甲双胍剂量。")),
        Alert("allergy", Severity.CONTRAINDICATED, True, ["amoxicillin"], "allergy.penicillin.amoxicillin",
              "Penicillin allergy with swelling: amoxicillin is a penicillin.", "sample-guideline", "2024",
              Bilingual("Penicillin allergy with swelling: amoxicillin is a penicillin.", "青霉素过敏（伴肿胀）：阿莫西林属于青霉素类。")),
        Alert("interaction", Severity.AVOID, True, ["warfarin", "clarithromycin"], "ansm.avk.macrolides",
              "The effect of warfarin rises and bleeding becomes likelier.", "ansm-2020", "20-10-2020",
              Bilingual("The effect of warfarin rises and bleeding becomes likelier.", "华法林作用增强，出血风险升高。"), True),
        Alert("elderly", Severity.NOTE, False, ["doxycycline"], "elderly.doxycycline", "Take upright with water.",
              "sample-leaflet", "2025", Bilingual("Take upright with water.", "请直立并用足量水送服。"),
              quote="Swallow sitting or standing."),
    ]


def check_result() -> CheckResult:
    return CheckResult(
        alerts(), ["Fuzheng herbal mixture"],
        [IncompleteCheck("renal", "warfarin", "table", Bilingual(
            "Warfarin: no kidney row in the tables; look it up.", "华法林：表中无肾功能条目，请另行查阅。")),
         IncompleteCheck("hepatic", "clarithromycin", "child_pugh")],
        {"Fuzheng herbal mixture": ["ginseng"]}, ["ansm.avk.macrolides@2020-10"],
    )


def clear_check() -> CheckResult:
    return CheckResult([], [], [])


def _regimen(drug: str, amount: float, en: str, zh: str, working: str) -> Regimen:
    return Regimen(drug, amount, "mg", "oral", "every 12 h", "5 days", "200 mg a day", en, working, Bilingual(en, zh))


def _option(rank: int, name: tuple[str, str], kind: str, verdict: str, *, regimen: Regimen | None = None,
            reasons: tuple[tuple[str, str], ...] = (), source: str = "sample-guideline") -> TreatmentOption:
    benefit = ("Most people feel better within three days.", "多数患者三天内好转。")
    harm = ("Nausea in about 1 of 10; sensitivity to sunlight.", "约十分之一恶心；对日光敏感。")
    monitoring = ("Temperature and breathing rate on day 3.", "第 3 天复测体温和呼吸频率。")
    return TreatmentOption(
        rank, name[0], kind, regimen, benefit[0], harm[0], monitoring[0], 1.0 - rank / 10, verdict,  # type: ignore[arg-type]
        [en for en, _ in reasons], [source], Bilingual(*name), Bilingual(*benefit), Bilingual(*harm),
        Bilingual(*monitoring), [Bilingual(*pair) for pair in reasons], f"row.{name[0]}@1",
    )


def options() -> list[TreatmentOption]:
    return [
        _option(1, ("Doxycycline", "多西环素"), "drug", "ok", regimen=_regimen(
            "doxycycline", 100, "100 mg by mouth every 12 hours for 5 days", "口服，每次 100 mg，每 12 小时一次，共 5 天",
            "adult dose 100 mg; no change for eGFR 38")),
        _option(2, ("Clarithromycin", "克拉霉素"), "drug", "caution", regimen=_regimen(
            "clarithromycin", 250, "250 mg by mouth every 12 hours for 5 days", "口服，每次 250 mg，每 12 小时一次，共 5 天",
            "500 mg halved for eGFR below 40"),
            reasons=(("Interaction with warfarin: check the INR on day 3.", "与华法林相互作用：第 3 天复查 INR。"),)),
        _option(3, ("Amoxicillin", "阿莫西林"), "drug", "blocked", regimen=_regimen(
            "amoxicillin", 500, "500 mg by mouth every 8 hours for 5 days", "口服，每次 500 mg，每 8 小时一次，共 5 天", ""),
            reasons=(("Penicillin allergy with swelling.", "青霉素过敏（伴肿胀）。"),)),
        _option(4, ("Traditional chest poultice", "传统胸部敷贴"), "procedure", "not_checked",
                reasons=(("No table knows it.", "知识表中没有该项。"),)),
        _option(5, ("Fluids, rest, fever relief", "补液、休息、退热"), "lifestyle", "ok", source="sample-leaflet"),
        _option(6, ("What happens without treatment", "不治疗会怎样"), "none", "ok"),
    ]


def _sentence(en: str, zh: str, source: str | None = "sample-guideline", problem: str = "") -> PlanSentence:
    status = "supported" if source else "unsupported"
    return PlanSentence(en, [source] if source else [], status, Bilingual(en, zh), problem=problem)  # type: ignore[arg-type]


def plan() -> Plan:
    """A covered plan with one blocked option and two sentences without a source."""
    return Plan(
        "DDX:Pneumonia", Bilingual("Pneumonia", "肺炎"), True, options(),
        [_sentence("Consider doxycycline, because penicillin cannot be given.", "可考虑多西环素，因为不能使用青霉素。"),
         _sentence("Consider a review of the warfarin dose when a macrolide is used.", "使用大环内酯类时可考虑复核华法林剂量。", "ansm-2020"),
         _sentence("A second film after six weeks is always needed.", "六周后必须复查胸片。", None, "number not in the source")],
        [_sentence("Walk a little every day and increase slowly.", "每天适量步行，逐步增加。", "sample-leaflet")],
        [_sentence("Drink enough and do not smoke.", "多饮水，不吸烟。", "sample-leaflet"),
         _sentence("Eat twice as much garlic.", "加倍食用大蒜。", None, "no source")],
        [_sentence("Come back at once if breathing becomes harder, if you are confused or cannot drink.",
                   "如呼吸更困难、意识模糊或不能饮水，请立即就诊。")],
        [_sentence("See the patient again on day 3 and after 6 weeks.", "第 3 天和 6 周后复诊。")],
        [PlanChange("removed", "Amoxicillin", "Penicillin allergy was added.", Bilingual("Amoxicillin", "阿莫西林")),
         PlanChange("changed", "Clarithromycin 500 mg to 250 mg", "Kidney function fell.",
                    Bilingual("Clarithromycin 500 mg to 250 mg", "克拉霉素 500 mg 改为 250 mg"))],
        sources(), check_result(),
        notes=[Bilingual("Local resistance is not known to Lantern.", "Lantern 不了解当地耐药情况。")],
        knowledge_rows=["row.Doxycycline@1", "ansm.avk.macrolides@2020-10"],
    )


def uncovered() -> Plan:
    """A diagnosis that no row knows, with passages to read."""
    passages = [_sentence("Cystic fibrosis affects the lungs and digestion; treatment is led by a specialist centre.",
                          "囊性纤维化累及肺和消化系统，治疗由专科中心主导。", "sample-leaflet")]
    return replace(plan(), diagnosis="OMIM:219700", display_diagnosis=Bilingual("Cystic fibrosis", "囊性纤维化"),
                   covered=False, options=[], sentences=[], rehabilitation=[], lifestyle=[], safety_net=[], follow_up=[],
                   changes=[], check=clear_check(), reference=passages)


def long_plan(sentences: int = 120) -> Plan:
    """A plan whose text runs over many pages; every sentence has a number to look for."""
    base = plan()
    many = [_sentence(f"Sentence number {n:04d}: " + "keep the patient warm and watch the breathing. " * 4,
                      f"第 {n:04d} 句：" + "注意保暖并观察呼吸。" * 8) for n in range(sentences)]
    return replace(base, sentences=many)


def decisions() -> Decisions:
    """One unsupported sentence adopted, one supported one reworded, one severe alert set aside."""
    return Decisions(
        (OwnWords(_number(plan(), "A second film")), OwnWords(_number(plan(), "Walk a little"), "散步 Walk as I showed you.")),
        (Override("ansm.avk.macrolides", "will_monitor", "INR on day 3"),),
    )


def _number(of: Plan, start: str) -> int:
    from desktop.report.decisions import number_sentences

    return next(entry.number for entry in number_sentences(of) if entry.sentence.text.startswith(start))


def signature() -> Signature:
    return Signature("Dr Li Hua 李华", "clinician", "2026-11-22T11:05")
