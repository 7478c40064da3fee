"""Turn what the tagger marked into entities: which marks count under a guideline, their codes, and how they are meant.

A guideline is a corpus' own idea of a disease. `clinic` takes what either corpus would mark, except what the
dictionaries already read as a finding; `ncbi` and `bc5cdr` follow one corpus to the letter, so that a study may
compare. Under `bc5cdr` the corpus also decides what a drug is, so the dictionary only gives the codes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from enum import StrEnum
from typing import Literal, Protocol

from engine import api
from engine.text.cues import CueFinder
from engine.text.disease_codes import DiseaseCodes
from engine.text.drugs import Ingredient
from engine.text.scope import Context, contexts
from engine.text.segment import Sentence, Span, Token, by_sentence
from engine.text.tagger import Head, Tagged


class Guideline(StrEnum):
    """Whose idea of a disease (and, for BC5CDR, of a drug) is followed."""

    CLINIC = "clinic"
    NCBI = "ncbi"
    BC5CDR = "bc5cdr"


_DISEASE_HEADS = {
    Guideline.CLINIC: (Head.BC5CDR_DISEASE, Head.NCBI_DISEASE),
    Guideline.NCBI: (Head.NCBI_DISEASE,),
    Guideline.BC5CDR: (Head.BC5CDR_DISEASE,),
}
"""Where two heads mark overlapping words, the first one's mark stands."""


_MOST_OVERLAPPING = 8
"""Findings that may begin before a place and reach into it; two are seldom."""


class DrugFinder(Protocol):
    """Looks one written name up; `engine.safety.drugs.DrugDictionary` is one."""

    def find(self, name: str) -> Sequence[Ingredient]: ...


class NamedEntities:
    """Joins the tagger's marks to what the dictionaries have read."""

    def __init__(self, codes: DiseaseCodes, drugs: DrugFinder | None, cues: CueFinder) -> None:
        self._codes = codes
        self._drugs = drugs
        self._cues = cues

    def joined(
        self,
        text: str,
        parts: tuple[list[Token], list[Sentence]],
        tagged: Sequence[Tagged],
        read: list[api.Entity],
        guideline: Guideline,
    ) -> list[api.Entity]:
        """Return `read` with the tagger's diseases and drugs added; only BC5CDR leaves English drugs out."""
        findings = [entity for entity in read if entity.label == "phenotype"]
        diseases = chosen(tagged, _DISEASE_HEADS[guideline])
        found = list(self._diseases(text, parts, diseases, findings, guideline))
        chemicals = chosen(tagged, (Head.BC5CDR_CHEMICAL,))
        if guideline is Guideline.BC5CDR:
            places = {(each.span.start, each.span.end) for each in chemicals}
            read = [entity for entity in read if _stands(entity, places)]
        known = [entity for entity in read if entity.label == "drug"]
        taken = [Span(entity.start, entity.end) for entity in known]
        new = [each for each in chemicals if not _overlaps(each.span, taken)]
        return [*read, *found, *self._new_drugs(text, parts, new)]

    def _diseases(
        self,
        text: str,
        parts: tuple[list[Token], list[Sentence]],
        diseases: Sequence[Tagged],
        findings: Sequence[api.Entity],
        guideline: Guideline,
    ) -> Iterator[api.Entity]:
        codes = {(finding.start, finding.end): finding.code for finding in findings}
        places = [Span(start, end) for start, end in sorted(codes)]
        for each, context in self._meant(text, parts, diseases):
            disease = self._codes.of(text[each.span.start : each.span.end])
            if disease is None and guideline is Guideline.CLINIC and _lies_in(each.span, places):
                continue
            code = disease.code if disease else codes.get((each.span.start, each.span.end))
            display = api.Bilingual(disease.name, disease.name) if disease else None
            yield _entity(text, each, "disease", code, context, display)

    def _new_drugs(
        self, text: str, parts: tuple[list[Token], list[Sentence]], new: Sequence[Tagged]
    ) -> Iterator[api.Entity]:
        for each, context in self._meant(text, parts, new):
            known = self._drugs.find(text[each.span.start : each.span.end]) if self._drugs else ()
            drug = known[0] if len(known) == 1 else None
            code = (f"RXNORM:{drug.rxnorm}" if drug.rxnorm else f"INN:{drug.inn}") if drug else None
            display = api.Bilingual(drug.inn, drug.zh or drug.inn) if drug else None
            yield _entity(text, each, "drug", code, context, display)

    def _meant(
        self, text: str, parts: tuple[list[Token], list[Sentence]], marks: Sequence[Tagged]
    ) -> Iterator[tuple[Tagged, Context]]:
        """Yield each mark with how it is meant: denied, a relative's, past, or only imagined."""
        spans = [each.span for each in marks]
        for sentence, those in by_sentence(*parts, spans):
            yield from zip(marks[those], contexts(text, sentence, spans[those], self._cues), strict=True)


def chosen(tagged: Iterable[Tagged], heads: Sequence[Head]) -> list[Tagged]:
    """Return the marks of `heads` that overlap none of an earlier head, in order of place."""
    marks = list(tagged)
    taken: list[Tagged] = []
    for head in heads:
        spans = [each.span for each in taken]
        taken += [each for each in marks if each.head == head and not _overlaps(each.span, spans)]
        taken.sort(key=lambda each: each.span.start)
    return taken


def _overlaps(span: Span, taken: Sequence[Span]) -> bool:
    """Whether `span` shares a character with one of `taken`, which are sorted by their start."""
    at = bisect_right(taken, span.end - 1, key=lambda each: each.start)
    return any(each.end > span.start for each in taken[max(at - 2, 0) : at])


def _stands(entity: api.Entity, places: Set[tuple[int, int]]) -> bool:
    """Whether BC5CDR's view leaves an entity: all but drugs it would not mark, in the language that it is of."""
    return entity.label != "drug" or not entity.text.isascii() or (entity.start, entity.end) in places


def _lies_in(span: Span, places: Sequence[Span]) -> bool:
    """Whether one of `places`, sorted by their start, holds all of `span`."""
    at = bisect_right(places, span.start, key=lambda each: each.start)
    return any(each.end >= span.end for each in places[max(at - _MOST_OVERLAPPING, 0) : at])


def _entity(
    text: str,
    mark: Tagged,
    label: Literal["disease", "drug"],
    code: str | None,
    context: Context,
    display: api.Bilingual | None,
) -> api.Entity:
    return api.Entity(
        mark.span.start,
        mark.span.end,
        text[mark.span.start : mark.span.end],
        label,
        None if context.imagined else code,
        negated=context.negated,
        subject="family" if context.family else "patient",
        time=api.IMAGINED if context.imagined else api.PAST if context.past else None,
        display=display,
        score=mark.probability,
    )
