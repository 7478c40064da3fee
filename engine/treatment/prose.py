"""Let a language model say sentences of the plan in other words. It drafts; the source check decides what is released.

The model is given one sentence at a time that tables already put into the plan, so the source of what it says is
fixed by construction and a grammar holds it to a single sentence. A draft whose check fails comes out as unsupported,
with the reason; nonsense, silence or a cancelled run leaves the plan as it was and says so. English only: Chinese
comes from templates. An adapter that was trained for this is asked in its own way, and ends with its source's number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.api import Bilingual, Case, Plan, PlanSentence
from engine.runtime.base import Finish, GenerateOptions, Prompt, TextRuntime
from engine.runtime.prompts import chat
from engine.treatment.adapter_prompt import INSTRUCTION, question
from engine.treatment.grounding import Grounding
from engine.treatment.terms import ClinicalTerms

SECTION = "prose"
NOTHING = "nothing_released"
"""The `problem` of the note that no draft could be released."""
MOST_FACTS = 6
MOST_TOKENS = 72

_INSTRUCTION = (
    "You reword one sentence of a treatment plan for a clinician. Keep its meaning, every number and every name. "
    "Add nothing. Answer with one sentence.\n"
    "Sentence: Rest, drink plenty of water and come back after 3 days.\n"
    "Answer: The patient should rest, drink plenty of water and come back after 3 days.\n"
    "Sentence: Antibiotics do not help a cold.\n"
    "Answer: A cold is not helped by antibiotics."
)
_GRAMMAR = 'root ::= [A-Z] [a-zA-Z0-9 ,:;%/()\'-]{12,180} "."\n'
_ADAPTED_GRAMMAR = 'root ::= [A-Z] [a-zA-Z0-9 ,:;%/()\'-]{12,180} "." " [1]"\n'
_SECTIONS = ("first_steps", "options", "monitoring", "stop", "safety_net", "follow_up")

NOTHING_RELEASED = Bilingual(
    "The language model wrote nothing that its sources support; the plan from the tables stands unchanged.",
    "语言模型没有写出有来源支持的句子；由表格生成的计划保持不变。",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence of the plan that the model may reword, with the ids of its sources."""

    text: str
    sources: tuple[str, ...]


def write(
    plan: Plan,
    case: Case,  # noqa: ARG001 - the border gives it; nothing of the case may reach the model
    runtime: TextRuntime,
    cancelled: Callable[[], bool],
    terms: ClinicalTerms | None = None,
) -> Iterator[PlanSentence]:
    """Yield the model's sentences one by one, each already checked; at the end a note if none could be released.

    `terms` are the clinical names that the check knows; without it, those of the plan, and drugs by their stems.
    """
    told = {sentence.text for sentence in plan.sentences}
    known = terms or plan_terms(plan)
    released = 0
    for fact in facts_of(plan):
        if cancelled():
            return
        draft = _draft(fact, runtime, cancelled)
        if draft is None or draft in told:
            continue
        told.add(draft)
        sentence = _sentence(draft, fact, known)
        released += sentence.status == "supported"
        yield sentence
    if not released and not cancelled():
        yield _note()


def facts_of(plan: Plan) -> list[Fact]:
    """Return what the model may reword: sentences that tables put into the plan; never a quoted passage."""
    blocks = (*plan.sentences, *plan.safety_net, *plan.follow_up)
    texts: dict[str, tuple[str, ...]] = {}
    for sentence in blocks:
        if sentence.written_by == "table" and sentence.status == "supported" and sentence.section in _SECTIONS:
            texts.setdefault(sentence.text, tuple(sentence.sources))
    return [Fact(text, sources) for text, sources in texts.items()][:MOST_FACTS]


def plan_terms(plan: Plan) -> ClinicalTerms:
    """Return the names that the plan itself mentions: the condition and the drugs that have a dose."""
    drugs = [option.regimen.drug for option in plan.options if option.regimen]
    return ClinicalTerms([plan.display_diagnosis.en, *drugs])


def _draft(fact: Fact, runtime: TextRuntime, cancelled: Callable[[], bool]) -> str | None:
    """Return one whole sentence, or None where the model gave none: cut off, cancelled or too long a prompt."""
    prompt, grammar = asked(runtime, fact)
    room = runtime.context_tokens - runtime.count_tokens(_INSTRUCTION + fact.text) - MOST_TOKENS
    if room <= 0:
        return None
    text, finish = "", None
    for piece in runtime.generate(prompt, GenerateOptions(max_tokens=MOST_TOKENS, grammar=grammar), cancelled):
        text, finish = text + piece.text, piece.finish
    sentence = " ".join(text.split()).removesuffix(" [1]")
    return sentence if finish is Finish.STOP and sentence else None


def asked(runtime: TextRuntime, fact: Fact) -> tuple[Prompt, str]:
    """Return the prompt that has a fact reworded, and the grammar of the answer."""
    if runtime.adapter:
        words = question([fact.text], 1)
        return chat(runtime.template, INSTRUCTION, words, fixed=True, adapted=True), _ADAPTED_GRAMMAR
    return chat(runtime.template, _INSTRUCTION, f"Sentence: {fact.text}", fixed=True), _GRAMMAR


def _sentence(draft: str, fact: Fact, terms: ClinicalTerms) -> PlanSentence:
    checked = Grounding({"fact": fact.text}, terms).check(draft, ["fact"])
    problem = "" if checked.problem is None else f"{checked.problem}: {checked.detail}".removesuffix(": ")
    return PlanSentence(
        text=draft,
        sources=list(fact.sources),
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
        problem=NOTHING,
    )
