"""Cuts a case into clauses for the text voice: what is said to be there, and what is said to be absent.

This is deliberately simpler than the reading of findings (engine.text): a clause that is cut or negated wrongly only
moves a score a little, and nothing here is shown as a finding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.diagnosis.findings import CaseEvidence
from engine.text.measure import age_years, sex_of
from engine.text.tongues import is_plainly_foreign

MOST_CLAUSES = 120
LONGEST_CLAUSE_CHARS = 400
WHOLE_CHARS = 1200
"""What the encoder can take in at once of the case as a whole."""
CLAUSES_A_FINDING = 2
"""A narrative tells a finding in about two clauses, the sentence and its part (stories of three to five sentences have
ten at the median); the name of a finding alone says as much."""
LATIN_SHARE = 0.7
"""Below this share of Latin letters a narrative is in another language, with a name or a unit in English."""
ADULT_FROM_YEARS = 16.0
Said = tuple[tuple[str, ...], tuple[str, ...]]
"""Names of findings that are there, and of findings that are not."""
_SHORTEST_CLAUSE_CHARS = 3
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|[\r\n]+")
_PART = re.compile(r",\s+|;\s*|\s+(?:but|which|who|while|that)\s+", re.IGNORECASE)
_ABSENT = re.compile(
    r"^(?:and |but |or )?(?:there (?:is|was|are|were) )?"
    r"(?:no\b|not\b|denies\b|denied\b|without\b|never\b|negative for\b|absent\b"
    r"|(?:she|he|they|patient|the patient) (?:denies|denied|has no|had no|does not|did not|has not))",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override) (?:(?:all|any|of|the|these|those|your|everything|what is|that is) )*"
    r"(?:above|previous|prior|earlier|instructions?|rules)\b"
    r"|(?:^|\s)(?:system|assistant|user|prompt)\s*:|<\|"
    r"|\b(?:say|output|answer|print|return|reply|write) (?:only |just |that )?(?:it is |the diagnosis\b|[\"'“])"
    r"|\b(?:rank|put|list) .{1,40}\bfirst\b|\byou are (?:now )?an? (?:ai|assistant|model|doctor)\b",
    re.IGNORECASE,
)
"""A sentence that gives an order to a machine tells of no patient, whatever disease it names."""
_LATIN = re.compile(r"[A-Za-z]{2}")
_LETTER = re.compile(r"[A-Za-z]")
_FEMALE = re.compile(r"\b(?:female|woman|girl|lady|she|her)\b", re.IGNORECASE)
_MALE = re.compile(r"\b(?:male|man|boy|gentleman|he|his|him)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CaseText:
    """What the text voice holds against the conditions. `whole` leaves out what is denied; `sex` any is unknown."""

    whole: str
    present: tuple[str, ...]
    absent: tuple[str, ...]
    age_years: float | None
    sex: str
    unread: int
    """How many clauses at the end were left out because the narrative is too long."""
    clauses: int
    """How much was told, in clauses of a narrative."""


def is_readable(text: str) -> bool:
    """Whether a narrative is written in a language the encoder knows."""
    latin = len(_LETTER.findall(text))
    return bool(_LATIN.search(text)) and latin >= LATIN_SHARE * len(re.sub(r"[\W\d]", "", text))


def read_case(
    evidence: CaseEvidence,
    told: Said = ((), ()),
    instead: Said = ((), ()),
    findings: int = 0,
    asked: Said = ((), ()),
) -> CaseText | None:
    """Return the clauses of a case, or None where nothing can be read in English.

    `told` are names of findings to add to a narrative that the encoder knows; `instead` those to read in place of one
    that it does not know. `findings` is how many the dictionaries found present: a note that lists them in one clause
    tells no less than one that gives each a sentence. `asked` are answers of the patient: clauses beside the narrative,
    not part of the whole.
    """
    if not is_readable(evidence.text):
        return _retold(evidence, instead) if evidence.text.strip() and instead[0] else None
    text = evidence.text
    sentences = [sentence for sentence in _SENTENCE.split(text) if _tells_of_a_patient(sentence)]
    clauses = [clause for sentence in sentences for clause in _clauses(sentence)]
    kept = list(dict.fromkeys(clauses))[:MOST_CLAUSES]
    present = tuple(clause for clause in kept if not _ABSENT.match(clause))
    absent = tuple(_ABSENT.sub("", clause).strip() or clause for clause in kept if _ABSENT.match(clause))
    if not present:
        return None
    age = evidence.age_years if evidence.age_years is not None else age_years(text)
    said = " ".join([*(f"{name}." for name in told[0]), *filter(None, map(_said, sentences))])
    return CaseText(
        said[:WHOLE_CHARS],
        (*present, *told[0], *asked[0]),
        (*absent, *told[1], *asked[1]),
        age,
        _sex(evidence, text),
        len(dict.fromkeys(clauses)) - len(kept),
        max(len(present), CLAUSES_A_FINDING * findings),
    )


def _tells_of_a_patient(sentence: str) -> bool:
    """Whether the encoder may read a sentence: no order, and not in a language that it does not know."""
    return not _ORDER.search(sentence) and not is_plainly_foreign(re.findall(r"[^\W\d_]{2,}", sentence.lower()))


def _retold(evidence: CaseEvidence, instead: Said) -> CaseText:
    """Return the case as an English clinician would begin it, with the names of its findings."""
    age = evidence.age_years if evidence.age_years is not None else age_years(evidence.text)
    sex = evidence.sex if evidence.sex in ("female", "male") else sex_of(evidence.text) or "any"
    who = _who(age, sex)
    present, absent = instead[0][:MOST_CLAUSES], instead[1][:MOST_CLAUSES]
    whole = f"{who} with {', '.join(name[:1].lower() + name[1:] for name in present)}."
    unread = len(instead[0]) - len(present)
    return CaseText(whole[:WHOLE_CHARS], present, absent, age, sex, unread, CLAUSES_A_FINDING * len(present))


def _who(age: float | None, sex: str) -> str:
    is_child = age is not None and age < ADULT_FROM_YEARS
    noun = {"female": ("woman", "girl"), "male": ("man", "boy")}.get(sex, ("patient", "child"))[is_child]
    if age is None:
        return f"A {noun}"
    return f"A {age:.0f}-year-old {noun}" if age >= 1 else f"A {max(1, round(age * 12))}-month-old {noun}"


def _clauses(sentence: str) -> list[str]:
    """Return the parts of a sentence, and the sentence itself where it has several parts and none is negated."""
    parts = [part.strip(" .,;-")[:LONGEST_CLAUSE_CHARS] for part in _PART.split(sentence.strip(" .;"))]
    found = [part for part in parts if len(part) >= _SHORTEST_CLAUSE_CHARS and _LATIN.search(part)]
    if len(parts) > 1 and not any(_ABSENT.match(part) for part in parts):
        found.append(sentence.strip()[:LONGEST_CLAUSE_CHARS])
    return found


def _said(sentence: str) -> str:
    """Return a sentence without the parts that are denied; empty where all are."""
    parts = [part.strip(" .,;-") for part in _PART.split(sentence)]
    kept = [part for part in parts if part and not _ABSENT.match(part)]
    if len(kept) == len(parts):
        return sentence.strip()
    return f"{', '.join(kept)}." if kept else ""


def _sex(evidence: CaseEvidence, text: str) -> str:
    if evidence.sex in ("female", "male"):
        return evidence.sex
    female, male = _FEMALE.search(text), _MALE.search(text)
    if female and (male is None or female.start() < male.start()):
        return "female"  # the patient is named before a partner or a mother
    return "male" if male else "any"
