"""The rules of silence: when no probability is shown, and why."""

from __future__ import annotations

from engine.api import Bilingual, Case
from engine.diagnosis.case_text import is_readable
from engine.diagnosis.ddxplus_source import NO
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.fusion import Ranking
from engine.diagnosis.voice import Scope

LEAST_FINDINGS = 2
SET_COVERAGE = 0.8
"""The smallest set of diseases that holds this much probability tells how sure the ranking is."""
LARGEST_SET = {"common": 6, "rare": 30, "all": 12}
"""Above this many diseases in that set the case is too ambiguous. Chosen on development data (NOTES.md)."""
LEAST_FIRST_TOLD = 0.15
"""The same where the text voice opened the field to hundreds of conditions and its percentages were measured: a first
place less likely than this is one of many. On 750 stories of conditions never seen that answers 84 % of them; of the
others the first place is right in 8 % (NOTES_TEXT.md)."""
LEAST_CLAUSES = 3
LEAST_OF_UNREAD = 3
"""Findings needed of a narrative that only the dictionaries read, where nobody entered or confirmed any: two of a whole
story may be chance words."""
NEWBORN_UNDER_YEARS = 28 / 365.25
"""Neonatal period: the first 28 days of life."""

NO_FINDINGS = Bilingual("No finding that a table can read.", "没有知识表能够识别的发现。")
NO_KNOWN_CANDIDATE = Bilingual("None of the candidates is known to the tables.", "所有候选诊断均不在知识表中。")
FEW_FINDINGS = Bilingual("Too few findings: at least two are needed.", "发现过少：至少需要两项。")
ONLY_DENIED = Bilingual(
    "Nothing is said to be present: what is absent alone ranks no disease.",
    "未提供任何存在的发现：仅凭阴性发现不能对疾病排序。",
)
UNREAD = Bilingual(
    "The narrative is in a language that only the dictionaries read, and they know fewer than three findings of it: "
    "confirm or add findings.",
    "该语言的病情描述只能由词典读取，识别的发现少于三项：请确认或补充发现。",
)
AMBIGUOUS = Bilingual("The findings fit too many diseases about equally well.", "现有发现与过多疾病的符合程度相近。")
NEWBORN = Bilingual(
    "Out of scope: the tables of common diseases hold no diseases of the first 28 days of life.",
    "超出范围：常见病知识表不含出生28天内的疾病。",
)
PREGNANT = Bilingual(
    "Out of scope: the tables of common diseases hold no diseases of pregnancy.",
    "超出范围：常见病知识表不含妊娠相关疾病。",
)


def reasons(case: Case, evidence: CaseEvidence, ranking: Ranking) -> list[Bilingual]:
    """Return why Lantern stays silent about this case; an empty list means it may speak."""
    if not ranking.votes:
        return [NO_FINDINGS]
    found = out_of_scope(case, ranking.scope)
    told = next((vote.read for vote in ranking.votes if vote.voice == "text"), 0)
    if all(place.number is None and not place.votes for place in ranking.places):
        found.append(NO_KNOWN_CANDIDATE)
    if not told and _is_only_denied(evidence):
        found.append(ONLY_DENIED)
    elif evidence.count < LEAST_FINDINGS and told < LEAST_CLAUSES:
        found.append(FEW_FINDINGS)
    elif evidence.count < LEAST_OF_UNREAD and _is_unread(case):
        found.append(UNREAD)
    if _is_ambiguous(ranking, bool(told)):
        found.append(AMBIGUOUS)
    return found


def _is_only_denied(evidence: CaseEvidence) -> bool:
    is_answered = any(answer != (NO,) for answer in evidence.answers.values())
    is_named = any(known for known, _ in evidence.partial.values())
    is_present = evidence.present_terms or evidence.somewhere or is_answered or is_named
    return evidence.count > 0 and not is_present


def _is_unread(case: Case) -> bool:
    """Whether all that is known comes from a narrative in a language that the text voice does not read."""
    return bool(case.text.strip()) and not case.findings and not case.answers and not is_readable(case.text)


def out_of_scope(case: Case, scope: Scope) -> list[Bilingual]:
    """Return why the patient is outside what the tables of this scope were made for."""
    if scope == "rare":
        return []
    found = [NEWBORN] if case.age_years is not None and case.age_years < NEWBORN_UNDER_YEARS else []
    return [*found, PREGNANT] if case.pregnant else found


def _is_ambiguous(ranking: Ranking, is_told: bool) -> bool:
    if is_told:
        return not ranking.places or ranking.places[0].probability < LEAST_FIRST_TOLD
    return set_size(ranking) > LARGEST_SET[ranking.scope]


def set_size(ranking: Ranking, coverage: float = SET_COVERAGE) -> int:
    """Return how many first places it takes to hold `coverage` of the probability."""
    held = 0.0
    for size, place in enumerate(ranking.places, start=1):
        held += place.probability
        if held >= coverage:
            return size
    return len(ranking.places) + 1
