"""Pairs for the treatment-drafting adapter: a source with its id, and a faithful sentence in other words that names it.

Sources are the statements of the option rows, the sentences that a plan makes of them, and plain sentences of MedQuAD's
treatment answers. The other words come from fixed rules, seeded, and each pair must pass the same source check that
guards the plan. Conditions whose hash falls on one in four are left out altogether: the gate measures on them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.api import Case
from engine.treatment import dosing
from engine.treatment.adapter_prompt import is_held_out, question
from engine.treatment.grounding import Grounding
from engine.treatment.medquad import Answer
from engine.treatment.rows import ConditionRow
from engine.treatment.terms import ClinicalTerms
from engine.treatment.wording import consider

_LOOSE = (
    "They ", "These ", "This ", "It ", "Its ", "Such ", "He ", "She ", "That ", "Those ", "When this", "Food and",
    "Ask ",
)
"""A sentence that only its neighbours explain is no source by itself."""
_SHORTEST_WORDS, _LONGEST_WORDS = 6, 30


@dataclass(frozen=True, slots=True)
class Pair:
    """What the model reads and what it should write. `sources` are numbered from 1 in the prompt."""

    sources: tuple[str, ...]
    asked: int
    answer: str

    @property
    def user(self) -> str:
        return question(list(self.sources), self.asked)

    @property
    def assistant(self) -> str:
        return f"{self.answer} [{self.asked}]"


def pairs(
    conditions: Sequence[ConditionRow], answers: Sequence[Answer], terms: ClinicalTerms, seed: int
) -> list[Pair]:
    """Return a pair for every sentence that the rules can reword, always the same for the same arguments."""
    chance = random.Random(seed)
    sentences = list(dict.fromkeys([*_row_sentences(conditions), *_answer_sentences(answers, conditions)]))
    chance.shuffle(sentences)
    made: list[Pair] = []
    for at, sentence in enumerate(sentences):
        worded = reword(sentence, chance, terms)
        if worded is None:
            continue
        asked = chance.choice([1, 1, 2])
        others = [sentences[(at + step) % len(sentences)] for step in range(1, asked)]
        made.append(Pair((*others, sentence), asked, worded))
    return made


def reword(sentence: str, chance: random.Random, terms: ClinicalTerms) -> str | None:
    """Return the sentence in other words that the source check releases, or None where the rules find none."""
    for _ in range(3):
        said = sentence
        for pattern, other in chance.sample(_RULES, len(_RULES) * 2 // 3):
            said = re.sub(pattern, other, said, count=1)
        said = _sentence_case(re.sub(r"\s+", " ", said).strip())
        if said == sentence or _CLUMSY.search(said):
            continue
        if Grounding({"1": sentence}, terms).check(said, ["1"]).problem is None:
            return said
    return None


_PEOPLE = r"(?:people|patients|persons|individuals)"
_RULES: tuple[tuple[str, str], ...] = (
    (r"^Consider (.+?): (.+)\.$", r"\1 can be considered, \2."),
    (r"^Consider ([^:]+)\.$", r"\1 can be considered."),
    (r"^If ([^,]{8,80}), (.+)\.$", r"\2 if \1."),
    (r"^([^,;:]{12,90}) if ([^,;:]{8,90})\.$", r"If \2, \1."),
    (r"^(See|Come back|Return|Rest|Drink|Take|Use|Wait|Stop|Keep|Eat|Wash|Avoid|Do not|Go|Call) (.+)\.$",
     r"The patient should \1 \2."),
    (r"^(Treat|Give|Check|Test|Measure|Refer|Monitor|Start|Look for|Ask) (.+)\.$", r"It is advised to \1 \2."),
    (r"^(?:The )?[Tt]reatment (?:of|for) (.+?) depends on (.+)\.$", r"How \1 is treated depends on \2."),
    (r"^([^,;:]{5,60}) (?:is|are) (?:usually |often )?treated with ([^,;:]+)\.$", r"Treatment of \1 is with \2."),
    (r"^([^,;:]{5,60}) can be treated with ([^,;:]+)\.$", r"\2 can treat \1."),
    (r"\b[Yy]our (?:doctor|health care provider)\b", "the clinician"),
    (r"\b(?:a|the) (?:doctor|health care provider|physician)\b", "the clinician"),
    (r"\b(?:D|d)octors\b|\b[Hh]ealth care providers\b", "clinicians"),
    (r"\byour\b", "the patient's"),
    (r"\b[Yy]ou (should|can|may|need|have|are)\b", r"the patient \1"),
    (rf"^Most {_PEOPLE} ", "In most cases patients "),
    (rf"^Some {_PEOPLE} ", "In some cases patients "),
    (rf"\b{_PEOPLE}\b", "patients"),
    (r"\b(?:medicines|medications)\b", "drugs"),
    (r"\busually\b", "often"),
    (r"\bmay (?=help|reduce|relieve|improve|cause|prevent|lead)", "can "),
    (r"\bmay (?=be (?:used|given|treated|helpful|caused|improved)\b)", "can "),
    (r"\bmay also (?=help|be)", "can "),
    (r"^However, ", ""),
    (r"\bsuch as\b", "for example"),
    (r"\bis used to treat\b", "can be used to treat"),
    (r"\bThere is no (.+?) (for|that|to)\b", r"No \1 exists \2"),
    (r"\b[Tt]reatment (?:may )?includes?\b", "The treatment can include"),
    (r"\b[Tt]reatment involves\b", "The treatment is with"),
    (r"\bis recommended\b", "is the recommended choice"),
    (r"^Without treatment: (.+)$", r"If it is not treated, \1"),
    (r"^((?:(?! is | are | can | may | has )[^:]){4,40}): ([a-z].+)\.$", r"For \1, \2."),
)
_CLUMSY = re.compile(
    r"\b(?:can can|may can|can may|the the|patient are|patient have|should do not|to do not|of then|patient's child"
    r"|patient need|may may|of The|with The|For It|should see the child|you talk)\b"
    r"|\b[Nn]o [^.]* can |should [^.]*and do not|, The |\bif [^,.]* if\b"
)


def _sentence_case(text: str) -> str:
    """Return the text with one capital at the beginning and none where a rule moved one inside."""
    moved = re.sub(r"(should|advised to|If|if|treated,) ([A-Z])(?=[a-z])",
                   lambda match: f"{match.group(1)} {match.group(2).lower()}", text)
    return moved[:1].upper() + moved[1:]


def _row_sentences(conditions: Sequence[ConditionRow]) -> Iterator[str]:
    """Yield what the rows say, and what a plan makes of an option with a dose."""
    adult = Case(age_years=40, weight_kg=65)
    for row in conditions:
        if is_held_out(row.code):
            continue
        for statement in row.statements():
            if _fits(statement.en):
                yield statement.en
        for option in row.options:
            dosed = dosing.dose_for(option, adult, 90.0) if option.drug else None
            yield consider(option.name, dosed.regimen if isinstance(dosed, dosing.Dosed) else None).en


def _answer_sentences(answers: Sequence[Answer], conditions: Sequence[ConditionRow]) -> Iterator[str]:
    """Yield plain sentences of treatment answers, none of them about a held-out condition."""
    held = [name.lower() for row in conditions if is_held_out(row.code) for name in (row.name.en, *row.synonyms)]
    for answer in answers:
        if answer.kind != "treatment" or any(name in answer.focus.lower() for name in held if len(name) > 3):
            continue
        parts = re.split(r"(?<=[.!?])\s+", " ".join(answer.text.split()))
        yield from (part for part in parts[:12] if _fits(part) and not part.startswith(_LOOSE))


def _fits(text: str) -> bool:
    words = len(text.split())
    return (_SHORTEST_WORDS <= words <= _LONGEST_WORDS and text.endswith(".") and text[:1].isupper()
            and not re.search(r"[()\[\]\"“”•*]|\s-\s|https?:", text) and text.isascii())
