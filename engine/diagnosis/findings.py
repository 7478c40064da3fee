"""Turns a case into evidence: answers to DDXPlus questions and phenotype terms, each present, absent or unknown.

What cannot be read is named, never dropped in silence; a finding said to be both present and absent counts as unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from engine.api import PAST, SURE_FROM, Case, Entity, Finding
from engine.api import Answer as RawAnswer
from engine.diagnosis.answer_values import Answer, is_unknown, read_answer, value_id, yes_or_no
from engine.diagnosis.crosswalk import Crosswalk
from engine.diagnosis.ddxplus_source import NO, SEPARATOR, YES, Question, split_code
from engine.diagnosis.measured_findings import FieldReader
from engine.diagnosis.ontology import Ontology
from engine.diagnosis.priors import PatientPrior
from engine.diagnosis.string_table import fold

FEVER_FROM_C = 38.0
UNDERWEIGHT_BELOW_KG_M2 = 18.5
"""The limit that question E_208 itself names."""
ADULT_FROM_YEARS = 18.0


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """What the voices vote on. `entries` name the clinician's own words for each question code or `HP:` code.

    `answers` are complete answers by question; `partial` holds (values present, values absent) where the rest of the
    question is unknown; `unanswered` were put to the patient, who did not know; terms are ontology numbers.
    """

    age_years: float | None = None
    sex: str = "unknown"
    answers: Mapping[str, Answer] = field(default_factory=dict)
    partial: Mapping[str, tuple[Answer, Answer]] = field(default_factory=dict)
    somewhere: Mapping[str, tuple[Answer, ...]] = field(default_factory=dict)
    """Groups of values by question, of each of which at least one holds: chest pain does not say where in the chest."""
    unanswered: frozenset[str] = frozenset()
    present_terms: tuple[int, ...] = ()
    absent_terms: tuple[int, ...] = ()
    native_terms: frozenset[int] = frozenset()
    """Terms given as HPO, not derived from a question or from a measured field."""
    measured_terms: frozenset[int] = frozenset()
    """Terms that vital signs and laboratory values in their own fields are."""
    asked_terms: frozenset[int] = frozenset()
    """Terms that were put to the patient and answered; a narrative need not hold them."""
    asked_in_ddx: bool = False
    """Whether anything but HPO terms was given."""
    unrecognised: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()
    prior: PatientPrior | None = None
    """What the common conditions start from in this patient; without one the table's own shares, by age and sex."""
    text: str = ""
    """The narrative itself, for the voices that read it whole."""

    @property
    def count(self) -> int:
        """How many findings can be used, counting what two vocabularies say once."""
        return max(len(self.answers) + len(self.partial), len(self.present_terms) + len(self.absent_terms))

    def without_question(self, code: str) -> CaseEvidence:
        """Return the evidence as if `code` had not been answered."""
        return replace(
            self,
            answers={key: value for key, value in self.answers.items() if key != code},
            partial={key: value for key, value in self.partial.items() if key != code},
            somewhere={key: value for key, value in self.somewhere.items() if key != code},
        )

    def with_answer(self, code: str, answer: Answer) -> CaseEvidence:
        """Return the evidence with `code` answered so."""
        return replace(self.without_question(code), answers={**self.without_question(code).answers, code: answer})

    def with_unanswered(self, code: str) -> CaseEvidence:
        """Return the evidence with `code` put to the patient in vain."""
        return replace(self, unanswered=self.unanswered | {code})

    def with_term(self, term: int, present: bool) -> CaseEvidence:
        """Return the evidence with `term` put to the patient and answered so."""
        kept = self.without_term(term)
        there, not_there = (term,) * present, (term,) * (not present)
        return replace(
            kept,
            present_terms=(*kept.present_terms, *there),
            absent_terms=(*kept.absent_terms, *not_there),
            asked_terms=self.asked_terms | {term},
        )

    def without_term(self, term: int) -> CaseEvidence:
        """Return the evidence as if `term` had not been mentioned."""
        return replace(
            self,
            present_terms=tuple(other for other in self.present_terms if other != term),
            absent_terms=tuple(other for other in self.absent_terms if other != term),
        )


class FindingReader:
    """Reads cases against the two vocabularies."""

    def __init__(
        self,
        questions: Iterable[Question],
        ontology: Ontology,
        crosswalk: Crosswalk,
        fields: FieldReader | None = None,
    ) -> None:
        """`fields` reads vital signs and laboratory values; without it only fever, weight and habits count."""
        self._questions = {question.code: question for question in questions}
        self._ontology = ontology
        self._crosswalk = crosswalk
        self._fields = fields
        self._by_text = {fold(question.text): question.code for question in self._questions.values()}

    def read(self, case: Case, entities: Iterable[Entity] = ()) -> CaseEvidence:
        """Return the evidence of `case` and of what was read from its text. Answers win over findings over text."""
        notes = _Notes()
        for finding in case.findings:
            self._finding(finding, notes)
        for entity in entities:
            self._entity(entity, notes)
        self._measured(case, notes)
        entered = frozenset(notes.terms)
        measured = self._from_fields(case, notes)
        answers: dict[str, Answer] = {}
        unanswered: set[str] = set()
        for code, raw in case.answers.items():
            self._answer(code, raw, answers, unanswered, notes)
        evidence = self._assemble(case, answers, frozenset(unanswered), notes)
        known = measured & frozenset(evidence.present_terms)
        return replace(
            evidence,
            native_terms=evidence.native_terms & entered,
            measured_terms=known,
            asked_terms=frozenset(notes.asked),
        )

    def _from_fields(self, case: Case, notes: _Notes) -> frozenset[int]:
        """File what vital signs and laboratory values are, and return the terms among it."""
        if self._fields is None:
            return frozenset()
        found = self._fields.read(case)
        notes.unrecognised += found.unread
        terms = {code: self._ontology.find(code) for code in found.codes}
        for code, term in terms.items():
            if term is not None:
                notes.terms.setdefault(term, set()).add(True)
            elif code in self._questions:
                notes.values.setdefault((code, YES), set()).add(True)
        return frozenset(term for term in terms.values() if term is not None)

    def _finding(self, finding: Finding, notes: _Notes) -> None:
        code = finding.code or ""
        if not code and finding.name:
            code = self._code_of_name(finding.name) or ""
        label = finding.code or finding.name or "?"
        if finding.value is not None and SEPARATOR not in code and code in self._questions:
            value = value_id(self._questions[code], finding.value)
            code = f"{code}{SEPARATOR}{value}" if value else code
        if finding.past and not self._asks_history(code):
            return
        if not self._note(code, finding.present, notes):
            notes.unrecognised.append(label)

    def _asks_history(self, code: str) -> bool:
        """Whether `code` is a question that what is over by now answers too."""
        question = self._questions.get(split_code(code)[0])
        return question is not None and question.antecedent

    def _code_of_name(self, name: str) -> str | None:
        term = self._ontology.find_name(name)
        if term is not None:
            return self._ontology.code(term)
        return self._crosswalk.history.get(fold(name)) or self._by_text.get(fold(name))

    def _entity(self, entity: Entity, notes: _Notes) -> None:
        if entity.subject != "patient" or not entity.code or entity.label not in ("symptom", "phenotype", "disease"):
            return
        is_unsure = entity.score is not None and entity.score < SURE_FROM
        is_over = entity.time == PAST and not self._asks_history(entity.code)
        if not (is_unsure or is_over):
            self._note(entity.code, not entity.negated, notes)

    def _note(self, code: str, present: bool, notes: _Notes) -> bool:
        """File one coded finding; return whether the code is known."""
        term = self._ontology.find(code)
        if term is not None:
            notes.terms.setdefault(term, set()).add(present)
            return True
        question, value = split_code(code)
        known = self._questions.get(question)
        if known is None or (value not in known.values and not (value == YES and SEPARATOR not in code)):
            return False
        notes.asked_in_ddx = True
        notes.values.setdefault((question, value), set()).add(present)
        return True

    def _measured(self, case: Case, notes: _Notes) -> None:
        """What vital signs, body measures, history and habits say about questions that name the same thing."""
        temperature = case.vitals.temperature_c
        if temperature is not None and temperature >= FEVER_FROM_C:
            notes.values.setdefault(("E_91", YES), set()).add(True)
        if case.pregnant is not None:
            notes.values.setdefault(("E_167", YES), set()).add(case.pregnant)
        if case.weight_kg and case.height_cm and (case.age_years or 0) >= ADULT_FROM_YEARS:
            body_mass_index = case.weight_kg / (case.height_cm / 100) ** 2
            notes.values.setdefault(("E_208", YES), set()).add(body_mass_index < UNDERWEIGHT_BELOW_KG_M2)
        for past in case.history:
            code = self._crosswalk.history.get(fold(past.name))
            if code:
                notes.values.setdefault((code, YES), set()).add(True)
        smoking = fold(str(case.lifestyle.get("smoking", "")))
        if smoking in ("current", "yes", "true", "daily"):
            notes.values.setdefault(("E_79", YES), set()).add(True)
        elif smoking in ("never", "no", "false", "none"):
            notes.values.setdefault(("E_79", YES), set()).add(False)

    def _answer(
        self, code: str, raw: RawAnswer, answers: dict[str, Answer], unanswered: set[str], notes: _Notes
    ) -> None:
        question = self._questions.get(code)
        if question is None:
            self._answer_of_term(code, raw, unanswered, notes)
            return
        notes.asked_in_ddx = True
        answer = read_answer(question, raw)
        if answer is not None:
            answers[code] = answer
            return
        unanswered.add(code)  # also where it cannot be read, so that the interview goes on to another question
        if not is_unknown(raw):
            notes.unrecognised.append(f"{code}={raw}")

    def _answer_of_term(self, code: str, raw: RawAnswer, unanswered: set[str], notes: _Notes) -> None:
        """File the answer to a question about a phenotype term, which wins over what was read of it."""
        term, is_there = self._ontology.find(code), yes_or_no(raw)
        if term is None:
            notes.unrecognised.append(code)
        elif is_there is not None:
            notes.terms[term] = {is_there}
            notes.asked.add(term)
        else:
            unanswered.add(self._ontology.code(term))
            if not is_unknown(raw):
                notes.unrecognised.append(f"{code}={raw}")

    def _assemble(
        self, case: Case, answers: dict[str, Answer], unanswered: frozenset[str], notes: _Notes
    ) -> CaseEvidence:
        contradictions = [f"{code}{SEPARATOR}{value}" for (code, value), said in notes.values.items() if len(said) == 2]
        contradictions += [self._ontology.code(term) for term, said in notes.terms.items() if len(said) == 2]
        values = {key: next(iter(said)) for key, said in notes.values.items() if len(said) == 1}
        terms = {term: next(iter(said)) for term, said in notes.terms.items() if len(said) == 1}
        partial = {code: known for code, known in self._partial(values, terms).items() if code not in answers}
        native = frozenset(terms)
        sites = self._crosswalk.sites_of(self._ontology, [term for term, present in terms.items() if present])
        for term, present in self._terms_of(answers, partial):
            terms.setdefault(term, present)
        return CaseEvidence(
            age_years=case.age_years,
            sex=case.sex,
            answers=answers,
            partial=partial,
            somewhere={code: groups for code, groups in sites.items() if code not in answers and code not in partial},
            unanswered=unanswered,
            present_terms=tuple(term for term, present in terms.items() if present),
            absent_terms=tuple(term for term, present in terms.items() if not present),
            native_terms=native,
            asked_in_ddx=notes.asked_in_ddx,
            unrecognised=tuple(dict.fromkeys(notes.unrecognised)),
            contradictions=tuple(contradictions),
            text=case.text,
        )

    def _partial(
        self, values: Mapping[tuple[str, str], bool], terms: Mapping[int, bool]
    ) -> dict[str, tuple[Answer, Answer]]:
        """Gather what is known of each question, from its own codes and from HPO terms of the same meaning."""
        gathered = dict(values)
        for term, is_present in terms.items():
            code = self._crosswalk.question_of(self._ontology, term, is_present)
            if code and (code, YES) not in gathered and YES in self._questions[code].values:
                gathered[(code, YES)] = is_present
        partial: dict[str, tuple[Answer, Answer]] = {}
        for (code, value), is_present in gathered.items():
            if value not in self._questions[code].values:
                continue
            known, denied = partial.get(code, ((), ()))
            partial[code] = ((*known, value), denied) if is_present else (known, (*denied, value))
        return partial

    def _terms_of(
        self, answers: Mapping[str, Answer], partial: Mapping[str, tuple[Answer, Answer]]
    ) -> Iterable[tuple[int, bool]]:
        for code, answer in answers.items():
            if code in self._crosswalk.terms and answer in ((YES,), (NO,)):
                yield self._crosswalk.terms[code], answer == (YES,)
        for code, (known, denied) in partial.items():
            if code in self._crosswalk.terms and (YES in known or YES in denied):
                yield self._crosswalk.terms[code], YES in known


@dataclass(slots=True)
class _Notes:
    """What has been read so far: everything said of each value and term."""

    values: dict[tuple[str, str], set[bool]] = field(default_factory=dict)
    terms: dict[int, set[bool]] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    unrecognised: list[str] = field(default_factory=list)
    asked_in_ddx: bool = False
