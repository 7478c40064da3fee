"""Change the plan by explicit rules after a visit: course, adherence, side effects; each change with its reason.

The rules are Lantern's own way of working, not clinical facts, so they name no dose and no drug by themselves: they
weigh down what hurt or did not help, and say when the diagnosis should be asked again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.api import Bilingual, Case, FollowUp, Outcome, Plan, PlanChange, TreatmentOption
from engine.treatment import outcome_rules, wording
from engine.treatment.options import Experience
from engine.treatment.rows import OptionRow

_POOR = re.compile(
    r"poor|miss|forg|stop|not tak|irregular|partial|none|never|half|low|漏|停|未服|没服|不规律|差|偶尔", re.IGNORECASE
)
_NONE = re.compile(r"^\s*(none|no|nil|nothing|无|没有|-)\s*\.?\s*$", re.IGNORECASE)


def newest(case: Case) -> FollowUp | None:
    """Return the last follow-up by date; of the same day, the one entered last."""
    entries = sorted(enumerate(case.follow_up), key=lambda pair: (pair[1].date, pair[0]))
    return entries[-1][1] if entries else None


def side_effects(entry: FollowUp) -> list[str]:
    """Return the reported side effects, without entries that say there were none."""
    reported = entry.side_effects or []
    return [
        text
        for text in ([reported] if isinstance(reported, str) else reported)
        if text.strip() and not _NONE.match(text)
    ]


def poor_adherence(entry: FollowUp) -> bool:
    return entry.adherence is not None and bool(_POOR.search(entry.adherence))


def contradictory(case: Case) -> bool:
    """Whether two entries of the same day disagree about the course."""
    courses: dict[str, set[str]] = {}
    for entry in case.follow_up:
        courses.setdefault(entry.date, set()).add(entry.course)
    return any(len(found) > 1 for found in courses.values())


def experience(case: Case, rows: list[OptionRow], outcomes: Sequence[Outcome] = ()) -> Experience:
    """Return which of the options' drugs hurt or did not help, from the newest entry, the measures and the medication.

    A side effect counts against the drug it names, or against every option drug the patient takes if it names none.
    Getting worse, by the patient's word or by the measures, counts against a drug only when it was taken as agreed.
    """
    entry = newest(case)
    drugs = {row.drug.casefold() for row in rows if row.drug}
    taken = {drug for drug in drugs if any(drug in medication.name.casefold() for medication in case.medications)}
    blamed: set[str] = set()
    for text in side_effects(entry) if entry is not None else []:
        named = {drug for drug in drugs if drug in text.casefold()}
        blamed |= named or taken
    because = _not_working(case, entry, outcomes)
    if because is None:
        return Experience(frozenset(blamed))
    return Experience(frozenset(blamed), frozenset(taken), because)


def _not_working(case: Case, entry: FollowUp | None, outcomes: Sequence[Outcome]) -> Bilingual | None:
    """Return why what the patient takes counts as not working, or None."""
    if entry is not None and (poor_adherence(entry) or contradictory(case)):
        return None
    measured = outcome_rules.failing(outcomes, entry)
    if measured is not None:
        return measured
    felt_worse = entry is not None and entry.course == "worse"
    return wording.NOT_WORKING if felt_worse and not outcome_rules.improving(outcomes) else None


def changes(
    case: Case, options: list[TreatmentOption], previous: Plan | None, outcomes: Sequence[Outcome] = ()
) -> list[PlanChange]:
    """Return what is different and why: what the visit and the measures ask for, then the table against the plan."""
    measured = outcome_rules.changes(outcomes, newest(case))
    compared = _table_changes(options, previous) if previous is not None else []
    return [*_visit_changes(case), *measured, *compared]


def _visit_changes(case: Case) -> list[PlanChange]:
    entry = newest(case)
    if entry is None:
        return []
    if contradictory(case):
        return [
            _change(
                "changed",
                Bilingual("Ask again how the patient is", "请再次询问病情"),
                Bilingual("the entries of one day contradict each other", "同一天的随访记录相互矛盾"),
            )
        ]
    found = [_course_change(entry)]
    if side_effects(entry):
        listed = "; ".join(side_effects(entry))
        found.append(
            _change(
                "changed",
                Bilingual(
                    "Options that may cause the reported side effect move down", "可能引起不良反应的选项排序下降"
                ),
                Bilingual(f"reported: {listed}", f"报告：{listed}"),
            )
        )
    if poor_adherence(entry):
        found.append(
            _change(
                "added",
                Bilingual("Ask why doses were missed before changing the drug", "换药前先了解漏服原因"),
                Bilingual(f"adherence: {entry.adherence}", f"依从性：{entry.adherence}"),
            )
        )
    return found


def _course_change(entry: FollowUp) -> PlanChange:
    because = Bilingual(f"follow-up of {entry.date}: {entry.course}", f"{entry.date} 随访：{_COURSE_ZH[entry.course]}")
    return _change("changed", _COURSE_STEP[entry.course], because)


_COURSE_ZH = {"better": "好转", "same": "无变化", "worse": "加重"}
_COURSE_STEP = {
    "better": Bilingual("Go on, and plan the end of the treatment", "继续治疗，并安排疗程结束"),
    "same": Bilingual("Check adherence and the diagnosis before adding treatment", "加药前先核对依从性和诊断"),
    "worse": Bilingual(
        "Think again: danger signs first, then the diagnosis, then the next option",
        "重新考虑：先查危险信号，再核对诊断，然后考虑下一选项",
    ),
}


def _table_changes(options: list[TreatmentOption], previous: Plan) -> list[PlanChange]:
    before = {_stable(option.row): option for option in previous.options}
    now = {_stable(option.row): option for option in options}
    found = [_change("added", _name(now[row]), _why(now[row])) for row in now if row not in before]
    found += [
        _change("removed", _name(before[row]), Bilingual("the rows no longer have it", "条目中已无此项"))
        for row in before
        if row not in now
    ]
    for row in (row for row in now if row in before):
        old, new = before[row], now[row]
        if old.verdict != new.verdict or old.regimen != new.regimen or old.rank != new.rank:
            found.append(_change("changed", _difference(old, new), _why(new, old)))
    return found


def _difference(old: TreatmentOption, new: TreatmentOption) -> Bilingual:
    name = _name(new)
    parts_en, parts_zh = [], []
    if old.rank != new.rank:
        parts_en.append(f"rank {old.rank} to {new.rank}")
        parts_zh.append(f"名次 {old.rank} 变为 {new.rank}")
    if old.verdict != new.verdict:
        parts_en.append(f"{old.verdict} to {new.verdict}")
        parts_zh.append(f"{_VERDICT_ZH[old.verdict]}变为{_VERDICT_ZH[new.verdict]}")
    if old.regimen != new.regimen:
        parts_en.append(f"dose now {new.regimen.text if new.regimen else 'not given'}")
        parts_zh.append(f"剂量现为 {new.regimen.display.zh if new.regimen and new.regimen.display else '未给出'}")
    return Bilingual(f"{name.en}: {', '.join(parts_en)}", f"{name.zh}：{'，'.join(parts_zh)}")


_VERDICT_ZH = {"ok": "可用", "caution": "慎用", "blocked": "禁用", "not_checked": "未检查"}


def _why(new: TreatmentOption, old: TreatmentOption | None = None) -> Bilingual:
    """Return the first reason that was not there before, else that other options moved."""
    known = set(old.reasons) if old else set()
    fresh = [reason for reason in new.display_reasons if reason.en not in known]
    if fresh:
        return fresh[0]
    if old is not None and old.regimen != new.regimen:
        return Bilingual("the patient's facts changed", "患者资料有变化")
    return Bilingual("other options moved", "其他选项名次变化") if old else Bilingual("new in the rows", "条目新增")


def _change(kind: str, text: Bilingual, reason: Bilingual) -> PlanChange:
    shown = Bilingual(f"{text.en} ({reason.en})", f"{text.zh}（{reason.zh}）")
    return PlanChange(kind=kind, text=text.en, reason=reason.en, display=shown)  # type: ignore[arg-type]


def _name(option: TreatmentOption) -> Bilingual:
    return option.display or Bilingual(option.name, option.name)


def _stable(row: str) -> str:
    """Return a row id without its version, so that a knowledge update is no change by itself."""
    return row.partition("@")[0]
