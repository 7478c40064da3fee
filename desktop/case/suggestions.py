"""What the engine read in the text, as findings that wait for the clinician; pure functions, the text is never changed.

A new reading replaces only what was merely suggested. What the clinician decided stays, with its place in the text
brought up to date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from desktop.case.record import CaseFinding, DrugTaken, FindingOrigin, FindingState, ItemId
from engine import api

_READ_AS_FINDING = frozenset({"symptom", "phenotype"})
_UNDECIDED = FindingState.SUGGESTED
_NO_MEDICINES = frozenset(["sterile water", "alcohol", "caffeine", "cocaine", "diamorphine", "nicotine"])
_NOT_TAKEN = re.compile(r"allerg|intoleran|anaphyla|resistan|过敏|不耐受|抵抗", re.IGNORECASE)
_SENTENCE_ENDS = ".;。；\n"


@dataclass(frozen=True, slots=True)
class Chip:
    """One chip: the findings that share a span and a meaning (an HPO term and the question it answers)."""

    findings: tuple[CaseFinding, ...]

    @property
    def ids(self) -> tuple[ItemId, ...]:
        return tuple(finding.id for finding in self.findings)

    @property
    def state(self) -> FindingState:
        return self.findings[0].state

    @property
    def is_negated(self) -> bool:
        """Whether it stands as absent: decided so, or read so and not decided yet."""
        first = self.findings[0]
        return first.state is FindingState.DENIED or (first.state is _UNDECIDED and first.negated)

    @property
    def span(self) -> tuple[int, int] | None:
        """Where in the text it was read, or None."""
        first = self.findings[0]
        return None if first.start is None or first.end is None else (first.start, first.end)


def chips(findings: Iterable[CaseFinding]) -> tuple[Chip, ...]:
    """Return the findings as chips in the order of the text, then those without a place; rejected ones are left out."""
    groups: dict[tuple[object, ...], list[CaseFinding]] = {}
    for finding in findings:
        if finding.state is not FindingState.REJECTED:
            groups.setdefault(_key(finding), []).append(finding)
    return tuple(sorted((Chip(tuple(group)) for group in groups.values()), key=_place))


def _key(finding: CaseFinding) -> tuple[object, ...]:
    if finding.start is None:
        return (finding.id,)
    return (finding.start, finding.end, finding.state, finding.negated)


def _place(chip: Chip) -> tuple[int, int]:
    return chip.span or (1 << 30, 0)


def merged(known: tuple[CaseFinding, ...], entities: Iterable[api.Entity]) -> tuple[CaseFinding, ...]:
    """Return `known` after a new reading of the text: suggestions replaced, decisions kept and moved with the text."""
    read = {finding.code: finding for finding in suggestions(entities)}
    kept = tuple(_moved(finding, read.get(finding.code)) for finding in known if _outlasts_text(finding))
    decided = {finding.code for finding in kept}
    earlier = {finding.code: finding.id for finding in known}
    fresh = tuple(replace(finding, id=earlier.get(code, finding.id))
                  for code, finding in read.items() if code not in decided)
    return kept + fresh


def _outlasts_text(finding: CaseFinding) -> bool:
    """Whether a new reading of the text leaves it alone: decided, or typed by itself and still waiting."""
    return finding.state is not _UNDECIDED or finding.origin is not FindingOrigin.TEXT


def suggestions(entities: Iterable[api.Entity]) -> tuple[CaseFinding, ...]:
    """Return one suggested finding for each code of the patient's own symptoms.

    The first mention counts, and a present one before a past one: "fever last year, fever again since Monday".
    """
    found: dict[str, CaseFinding] = {}
    for entity in sorted(entities, key=_is_past):
        if entity.code and entity.subject == "patient" and entity.label in _READ_AS_FINDING:
            found.setdefault(entity.code, _suggested(entity, entity.code))
    return tuple(found.values())


def drugs_taken(text: str, entities: Iterable[api.Entity]) -> tuple[api.Bilingual, ...]:
    """Return the names of known drugs that `text` says the patient takes now, each once, in order.

    Left out are what the patient is allergic to, what is measured (potassium 4.1), and what is drunk or abused.
    """
    read = list(entities)
    tests = [(entity.start, entity.end) for entity in read if entity.label == "test"]
    found: dict[str, api.Bilingual] = {}
    for entity in read:
        is_now = entity.time not in (api.PAST, api.IMAGINED) and not entity.negated
        if entity.label != "drug" or not entity.code or not is_now or entity.subject != "patient":
            continue
        name = entity.display or api.Bilingual(entity.text, entity.text)
        is_measured = any(start <= entity.start < end for start, end in tests)
        if not (is_measured or name.en.casefold() in _NO_MEDICINES or _NOT_TAKEN.search(_clause(text, entity))):
            found.setdefault(entity.code, name)
    return tuple(found.values())


def _clause(text: str, entity: api.Entity) -> str:
    """Return the sentence around `entity`."""
    before = max((text.rfind(sign, 0, entity.start) for sign in _SENTENCE_ENDS), default=-1) + 1
    after = min((at for sign in _SENTENCE_ENDS if (at := text.find(sign, entity.end)) >= 0), default=len(text))
    return text[before:after]


def not_listed(drugs: Iterable[api.Bilingual], medications: Iterable[DrugTaken]) -> tuple[api.Bilingual, ...]:
    """Return the drugs that the medication list does not name in either language."""
    listed = {taken.name.strip().casefold() for taken in medications}
    return tuple(drug for drug in drugs if listed.isdisjoint({drug.en.casefold(), drug.zh.casefold()}))


def _suggested(entity: api.Entity, code: str) -> CaseFinding:
    names = entity.display or api.Bilingual(entity.text, entity.text)
    past = _is_past(entity)
    if past:
        names = api.Bilingual(f"{names.en} (past)", f"{names.zh}（既往）")
    return CaseFinding(code, names.en, names.zh, _UNDECIDED, FindingOrigin.TEXT, value=entity.value, unit=entity.unit,
                       start=entity.start, end=entity.end, negated=entity.negated, past=past)


def _is_past(entity: api.Entity) -> bool:
    return entity.time == api.PAST


def _moved(finding: CaseFinding, read: CaseFinding | None) -> CaseFinding:
    if finding.origin is not FindingOrigin.TEXT:
        return finding
    start, end = (read.start, read.end) if read else (None, None)
    return replace(finding, start=start, end=end)


def decided(findings: tuple[CaseFinding, ...], ids: Iterable[ItemId], state: FindingState) -> tuple[CaseFinding, ...]:
    """Return `findings` with those of `ids` put into `state`."""
    chosen = frozenset(ids)
    return tuple(replace(finding, state=state) if finding.id in chosen else finding for finding in findings)


def waiting(findings: Iterable[CaseFinding]) -> tuple[Chip, ...]:
    """Return the chips that were read from the text and not decided yet; they do not count until they are."""
    return tuple(chip for chip in chips(findings) if chip.state is _UNDECIDED)


def confirmed_state(chip: Chip) -> FindingState:
    """Return what confirming means: a negated finding is confirmed as denied."""
    return FindingState.DENIED if chip.is_negated else FindingState.CONFIRMED


def flipped_state(chip: Chip) -> FindingState:
    """Return the opposite of how the chip stands now."""
    return FindingState.CONFIRMED if chip.is_negated else FindingState.DENIED


def confirmed_from(entities: Iterable[api.Entity], origin: FindingOrigin) -> tuple[CaseFinding, ...]:
    """Return typed findings as confirmed, or denied where the words deny them; they have no place in the text.

    What the engine only guessed from words that no dictionary knows stays a suggestion, for a human to confirm.
    """
    read = list(entities)
    guessed = {entity.code for entity in read if entity.score is not None and entity.score < api.SURE_FROM}
    return tuple(replace(found, origin=origin, start=None, end=None, state=_typed_state(found, found.code in guessed))
                 for found in suggestions(read))


def _typed_state(found: CaseFinding, is_guess: bool) -> FindingState:
    if is_guess:
        return _UNDECIDED
    return FindingState.DENIED if found.negated else FindingState.CONFIRMED
