"""Let a language model word a few more sentences of the plan. It drafts; the source check decides what is released.

The model sees only sentences that tables already put into the plan, each under a short label, and must end every
line with the label it used (a grammar holds it to that). A line whose check fails comes out as unsupported, with the
reason; nonsense, silence or a cancelled run leaves the plan as it was and says so. English only: Chinese comes from
templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.api import Bilingual, Case, Plan, PlanSentence, TreatmentOption
from engine.runtime.base import GenerateOptions, Prompt, TextRuntime
from engine.runtime.prompts import chat
from engine.treatment.grounding import Grounding
from engine.treatment.terms import ClinicalTerms

SECTION = "prose"
MOST_FACTS, MOST_LINES, MOST_TOKENS = 14, 6, 220
ROOM_FOR_ANSWER_TOKENS = 320

_INSTRUCTION = (
    "You word a treatment plan for a clinician. Use only the facts given. Write short plain sentences, one a line. "
    "Start each line with '- ' and end it with the label of the fact it comes from, such as [F1]. "
    "Never add a drug, a dose or a number that is not in the fact."
)
_LINE = re.compile(r"^\s*-?\s*(?P<text>.+?)\s*(?P<labels>(?:\[F\d+\]\s*)+)\.?\s*$")
_LABEL = re.compile(r"\[(F\d+)\]")

NOTHING_RELEASED = Bilingual(
    "The language model wrote nothing that its sources support; the plan from the tables stands unchanged.",
    "语言模型没有写出有来源支持的句子;由表格生成的计划保持不变。",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence of the plan that the model may reword, with the ids of its sources."""

    label: str
    text: str
    sources: tuple[str, ...]


def write(
    plan: Plan, case: Case, runtime: TextRuntime, cancelled: Callable[[], bool], terms: ClinicalTerms | None = None
) -> Iterator[PlanSentence]:
    """Yield the model's sentences one by one, each already checked; at the end a note if none could be released.

    `terms` are the clinical names that the check knows; without it, those of the plan, and drugs by their stems.
    """
    facts = _fitting(plan, case, runtime)
    if not facts:
        yield _note()
        return
    grounding = Grounding({fact.label: fact.text for fact in facts}, terms or plan_terms(plan))
    known = {fact.label: fact for fact in facts}
    told = {sentence.text for sentence in plan.sentences}
    released = 0
    for line in _lines(runtime, _prompt(runtime, case, plan, facts), _options(facts), cancelled):
        sentence = _sentence(line, known, grounding)
        if sentence.text in told:
            continue
        told.add(sentence.text)
        released += sentence.status == "supported"
        yield sentence
    if not released and not cancelled():
        yield _note()


def facts_of(plan: Plan) -> list[Fact]:
    """Return what the model may reword: the plan's own sentences and the usable options; never a quoted passage."""
    texts: dict[str, tuple[str, ...]] = {}
    for sentence in (*plan.sentences, *plan.lifestyle, *plan.safety_net, *plan.follow_up, *plan.rehabilitation):
        if sentence.written_by == "table" and sentence.status == "supported":
            texts.setdefault(sentence.text, tuple(sentence.sources))
    for option in plan.options:
        if option.verdict in ("ok", "caution") and option.harm:
            texts.setdefault(f"{option.name}: {option.harm}", tuple(option.sources))
    return [Fact(f"F{number}", text, ids) for number, (text, ids) in enumerate(texts.items(), start=1)][:MOST_FACTS]


def plan_terms(plan: Plan) -> ClinicalTerms:
    """Return the names that the plan itself mentions."""
    return ClinicalTerms([plan.display_diagnosis.en, *(name for option in plan.options for name in _names(option))])


def grammar(labels: list[str]) -> str:
    """Return the GBNF grammar of the answer: lines of text that end in known labels."""
    known = " | ".join(f'"[{label}]"' for label in labels)
    return (
        f"root ::= line{{1,{MOST_LINES}}}\n"
        'line ::= "- " first text " " label "\\n"\n'
        "first ::= [A-Z]\n"
        "text ::= [a-zA-Z0-9 ,.;:%/()'-]{15,200}\n"
        f"label ::= {known}\n"
    )


def _fitting(plan: Plan, case: Case, runtime: TextRuntime) -> list[Fact]:
    """Return as many facts as leave the model room to answer."""
    facts = facts_of(plan)
    while (
        facts and runtime.count_tokens(_question(case, plan, facts)) > runtime.context_tokens - ROOM_FOR_ANSWER_TOKENS
    ):
        facts = facts[:-1]
    return facts


def _question(case: Case, plan: Plan, facts: list[Fact]) -> str:
    """Return the request: who, what for, and the facts; nothing of the case's free text goes in."""
    age = "" if case.age_years is None else f", {case.age_years:g} years"
    listed = "\n".join(f"[{fact.label}] {fact.text}" for fact in facts)
    return f"{_INSTRUCTION}\nDiagnosis: {plan.display_diagnosis.en}{age}\nFacts:\n{listed}"


def _prompt(runtime: TextRuntime, case: Case, plan: Plan, facts: list[Fact]) -> Prompt:
    return chat(runtime.template, _INSTRUCTION, _question(case, plan, facts).removeprefix(_INSTRUCTION).strip())


def _options(facts: list[Fact]) -> GenerateOptions:
    return GenerateOptions(max_tokens=MOST_TOKENS, grammar=grammar([fact.label for fact in facts]))


def _lines(
    runtime: TextRuntime, prompt: Prompt, options: GenerateOptions, cancelled: Callable[[], bool]
) -> Iterator[str]:
    """Yield each finished line; a line cut off by the token limit or by cancelling is dropped."""
    waiting = ""
    for piece in runtime.generate(prompt, options, cancelled):
        waiting += piece.text
        *finished, waiting = waiting.split("\n")
        yield from (line for line in finished if line.strip())
    if _LINE.match(waiting) and not cancelled():
        yield waiting


def _sentence(line: str, known: dict[str, Fact], grounding: Grounding) -> PlanSentence:
    parsed = _LINE.match(line)
    text = parsed["text"] if parsed else line.strip().removeprefix("- ")
    labels = list(dict.fromkeys(_LABEL.findall(parsed["labels"]))) if parsed else []
    checked = grounding.check(text, labels)
    sources = [source for label in labels if label in known for source in known[label].sources]
    problem = "" if checked.problem is None else f"{checked.problem}: {checked.detail}".removesuffix(": ")
    return PlanSentence(
        text=text,
        sources=list(dict.fromkeys(sources)),
        status="supported" if checked.problem is None else "unsupported",
        section=SECTION,
        written_by="model",
        problem=problem,
    )


def _note() -> PlanSentence:
    return PlanSentence(
        text=NOTHING_RELEASED.en,
        sources=[],
        status="unsupported",
        display=NOTHING_RELEASED,
        section=SECTION,
        problem="nothing_released",
    )


def _names(option: TreatmentOption) -> tuple[str, ...]:
    return (option.name, option.regimen.drug) if option.regimen else (option.name,)
