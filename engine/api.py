"""The contract: every message that crosses the border of the engine, with its limits, and nothing else.

The same records serve the child process (JSON lines) and `lantern-engine` (JSON files). They are frozen, decoded
strictly by msgspec (a wrong type or a number outside its range is refused with the path of the field), and carry
no identity: no name, no birth date, no address. Fields may be added; these may not change their meaning.
Longer than a usual module because a contract is easier to trust in one place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, Literal, NewType, TypeVar

import msgspec
from msgspec import Meta

from engine import errors

T = TypeVar("T")

PROTOCOL_VERSION = 1
MAX_LINE_BYTES = 1 << 20
"""Longest JSON line either side accepts."""
MAX_TEXT_CHARS = 250_000
MAX_FINDINGS = 500
MAX_MEDICATIONS = 100

RunId = NewType("RunId", str)
DiseaseCode = NewType("DiseaseCode", str)
"""`OMIM:nnnnnn`, `ORPHA:n`, `DDX:<condition name>` or `LNT:slug`."""

Short = Annotated[str, Meta(max_length=500)]
Years = Annotated[float, Meta(ge=0, le=125)]
Positive = Annotated[float, Meta(gt=0, le=1_000_000)]
Probability = Annotated[float, Meta(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text for the screen in both languages; `zh` repeats `en` where no translation exists."""

    en: str
    zh: str


# --------------------------------------------------------------------------------------------------- the case


@dataclass(frozen=True, slots=True)
class Finding:
    """A sign, symptom or antecedent. `code` is an HPO id or a DDXPlus evidence (`E_55_@_V_89`)."""

    code: Short | None = None
    name: Short | None = None
    present: bool = True
    value: str | float | None = None
    unit: Short | None = None
    onset_days: Annotated[float, Meta(ge=0)] | None = None
    observed_at: Short | None = None
    past: bool = False
    """Over by now: it answers questions about history and speaks for no present symptom."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """Bounds are what a living patient can show; beyond them is a typing mistake."""

    temperature_c: Annotated[float, Meta(ge=20, le=46)] | None = None
    heart_rate_bpm: Annotated[float, Meta(ge=0, le=350)] | None = None
    respiratory_rate_bpm: Annotated[float, Meta(ge=0, le=150)] | None = None
    systolic_mmhg: Annotated[float, Meta(ge=0, le=350)] | None = None
    diastolic_mmhg: Annotated[float, Meta(ge=0, le=250)] | None = None
    spo2_percent: Annotated[float, Meta(ge=0, le=100)] | None = None
    glucose_mmol_l: Annotated[float, Meta(ge=0, le=150)] | None = None
    consciousness: Literal["alert", "confused", "voice", "pain", "unresponsive"] | None = None


@dataclass(frozen=True, slots=True)
class Lab:
    name: Short
    value: float | str
    unit: Short | None = None
    observed_at: Short | None = None


@dataclass(frozen=True, slots=True)
class PastCondition:
    name: Short
    code: Short | None = None
    since: Short | None = None


@dataclass(frozen=True, slots=True)
class FamilyCondition:
    name: Short
    relation: Short | None = None


@dataclass(frozen=True, slots=True)
class Medication:
    name: Short
    dose: float | Short | None = None
    unit: Short | None = None
    route: Short | None = None
    frequency: Short | None = None
    since: Short | None = None


@dataclass(frozen=True, slots=True)
class Allergy:
    name: Short
    reaction: Short | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    date: Short
    course: Literal["better", "same", "worse"]
    adherence: Short | None = None
    side_effects: Short | list[Short] | None = None
    labs: list[Lab] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One value of an outcome measure. `code` is the measure's code or name; no `unit` means the measure's own."""

    code: Short
    value: float | Short
    unit: Short | None = None
    date: Short | None = None


Answer = bool | int | float | str | list[str | int | float] | None


@dataclass(frozen=True, slots=True)
class Case:
    """A de-identified case. Everything but `id` may be missing; missing is unknown, never normal."""

    id: Short = ""
    date: Short | None = None
    age_years: Years | None = None
    sex: Literal["female", "male", "other", "unknown"] = "unknown"
    region: Short | None = None
    text: Annotated[str, Meta(max_length=MAX_TEXT_CHARS)] = ""
    findings: Annotated[list[Finding], Meta(max_length=MAX_FINDINGS)] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    vitals: Vitals = field(default_factory=Vitals)
    labs: Annotated[list[Lab], Meta(max_length=1000)] = field(default_factory=list)
    history: Annotated[list[PastCondition], Meta(max_length=200)] = field(default_factory=list)
    family_history: Annotated[list[FamilyCondition], Meta(max_length=200)] = field(default_factory=list)
    lifestyle: dict[str, Any] = field(default_factory=dict)
    travel: list[Short] = field(default_factory=list)
    medications: Annotated[list[Medication], Meta(max_length=MAX_MEDICATIONS)] = field(default_factory=list)
    allergies: Annotated[list[Allergy], Meta(max_length=100)] = field(default_factory=list)
    weight_kg: Annotated[float, Meta(gt=0.2, le=700)] | None = None
    height_cm: Annotated[float, Meta(gt=15, le=280)] | None = None
    creatinine_umol_l: Annotated[float, Meta(gt=0, le=5000)] | None = None
    egfr_ml_min_1_73m2: Annotated[float, Meta(ge=0, le=250)] | None = None
    child_pugh: Literal["A", "B", "C"] | None = None
    pregnant: bool | None = None
    lactating: bool | None = None
    vcf: str | None = None
    image: str | list[str] | None = None
    outside_calls: dict[str, str] = field(default_factory=dict)
    follow_up: list[FollowUp] = field(default_factory=list)
    outcomes: Annotated[list[Measurement], Meta(max_length=2000)] = field(default_factory=list)
    own_diagnosis: Short | None = None
    candidates: Annotated[list[Short], Meta(max_length=2000)] = field(default_factory=list)
    scope: Literal["auto", "common", "rare", "all"] = "auto"
    findings_confirmed: bool = False
    """A clinician has been through the findings: the engine then adds none of its own from `text`."""


# ------------------------------------------------------------------------------- what a clinic knows of its patients


@dataclass(frozen=True, slots=True)
class PriorRow:
    """How often one condition begins, or how much more often in some patients: exactly one of rate and factor.

    A row holds for patients who fit everything it names: an age (`age_to_years` is not included), a sex, one of
    `regions` (a place name or a WHO region such as `who:afr`), one of `months`. With `hemisphere` "north" the months
    are those of the northern half and are turned round in the south; near the equator such a row says nothing.
    """

    condition: Short
    per_100000_years: Annotated[float, Meta(ge=0, le=10_000_000)] | None = None
    """New cases among 100,000 people in a year."""
    times: Annotated[float, Meta(ge=0, le=1000)] | None = None
    age_from_years: Years | None = None
    age_to_years: Years | None = None
    sex: Literal["female", "male"] | None = None
    regions: Annotated[list[Short], Meta(max_length=200)] = field(default_factory=list)
    months: Annotated[list[Annotated[int, Meta(ge=1, le=12)]], Meta(max_length=12)] = field(default_factory=list)
    hemisphere: Literal["north"] | None = None
    source: Short = ""
    note: Short = ""


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """From which probability of `condition` treatment does more good than harm."""

    condition: Short
    treat_from: Annotated[float, Meta(gt=0, lt=1)]
    test_from: Annotated[float, Meta(gt=0, lt=1)] | None = None
    source: Short = ""
    note: Short = ""


@dataclass(frozen=True, slots=True)
class ClinicPriors:
    """The clinic's own priors file. Its rows stand before the shipped ones of the same condition."""

    name: Short
    format: Literal[1] = 1
    place: Short | None = None
    """Where the clinic is; used where a case names no region."""
    rows: Annotated[list[PriorRow], Meta(max_length=2000)] = field(default_factory=list)
    thresholds: Annotated[list[ThresholdRow], Meta(max_length=200)] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Practice:
    """What goes with a case from the clinic it comes from; without it the shipped tables speak alone.

    `prior` auto: published rates where a narrative or a region is given, the table's own where the case is made of
    codes and answers alone. `confirmed` are the clinic's own confirmed cases (disease code -> count).
    """

    prior: Literal["auto", "table", "published"] = "auto"
    place: Short | None = None
    """Where the clinic is; used where neither the case nor the clinic's own priors name a place."""
    priors: ClinicPriors | None = None
    confirmed: Annotated[dict[str, Annotated[int, Meta(ge=0, le=10_000_000)]], Meta(max_length=5000)] = field(
        default_factory=dict
    )


# ------------------------------------------------------------------------------------------------ the results


@dataclass(frozen=True, slots=True)
class Versions:
    lantern: str
    knowledge: str
    models: dict[str, str] = field(default_factory=dict)


PAST = "past"
IMAGINED = "if"
"""`Entity.time` of what the text says is over, and of what it only imagines ("return if fever")."""
SURE_FROM = 0.6
"""An entity with a lower score is only a suggestion: it waits for a human and is no evidence."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A span of the input. Offsets count characters of the unchanged input text, end exclusive."""

    start: int
    end: int
    text: str
    label: Literal["disease", "symptom", "phenotype", "drug", "test", "procedure"]
    code: str | None = None
    negated: bool = False
    subject: Literal["patient", "family"] = "patient"
    time: str | None = None
    value: float | str | None = None
    unit: str | None = None
    display: Bilingual | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one finding did to one hypothesis: natural-log likelihood ratio, positive speaks for it."""

    finding: str
    present: bool
    log_lr: float
    source: str
    display: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Votes:
    """Each voice's own probability for this disease; null where the voice did not vote."""

    bayes: float | None = None
    phenotype: float | None = None
    text: float | None = None
    reader: float | None = None


@dataclass(frozen=True, slots=True)
class Hypothesis:
    rank: int
    code: str
    name: str
    display: Bilingual
    probability: float | None
    votes: Votes
    evidence: list[Evidence]
    group: str | None = None
    cant_miss: bool = False
    prior: float | None = None
    """Its probability before any finding, from age, sex, place and season; null where no prior by these exists."""
    other_codes: list[str] = field(default_factory=list)
    """Codes of the same disease in other vocabularies, such as the ORPHA number merged into an OMIM row."""


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A danger sign found by a fixed rule. `source` is a source id of the knowledge index."""

    rule: str
    text: str
    source: str
    display: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class CantMiss:
    code: str
    name: str
    why: str
    display: Bilingual | None = None
    display_why: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class LeadingAfter:
    """The first place that a given answer would lead to."""

    code: str
    probability: float
    display: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class NamedDisease:
    """A disease without a figure, which an abstained differential may name too."""

    code: str
    display: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class AnswerValue:
    id: str
    display: Bilingual


@dataclass(frozen=True, slots=True)
class NextQuestion:
    code: str
    question: Bilingual
    kind: Literal["yes_no", "one_of", "many_of", "grade"]
    values: list[AnswerValue]
    gain_bits: float
    if_answer: dict[str, LeadingAfter]
    worth_bits: float = 0.0
    """What questions are ordered by: `gain_bits`, and how much likelier the first place is expected to become."""
    benefit: float = 0.0
    """Expected gain of treating the right patients, as a share of what treating one true case gains; 0 without a
    known treatment threshold."""
    decides: str | None = None
    """The condition whose treatment the answer may decide, where the question was chosen for that."""
    speaks_for: list[NamedDisease] = field(default_factory=list)
    """Conditions in front whose picture names what is asked."""


@dataclass(frozen=True, slots=True)
class Flip:
    """The single entry whose change would alter the first place."""

    finding: str
    from_present: bool | None
    to_present: bool | None
    new_first: str
    display: Bilingual | None = None
    display_first: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class PriorUsed:
    """Which prior the probabilities of common conditions start from, and whether own confirmed cases moved it."""

    kind: Literal["table", "published", "clinic"]
    name: Bilingual
    place: str | None = None
    month: int | None = None
    confirmed_cases: int = 0
    thresholds: list[str] = field(default_factory=list)
    """Conditions for which a treatment threshold was in force."""


@dataclass(frozen=True, slots=True)
class Differential:
    """The ranked list. `reasons` say why it abstained; `unrecognised` names entries that no voice could read."""

    status: Literal["ranked", "abstained"]
    hypotheses: list[Hypothesis]
    reasons: list[str]
    voices_agree: Literal["agree", "split", "disagree"] | None
    agreement: Literal["agree", "partly", "disagree"] | None
    red_flags: list[RedFlag]
    cant_miss: list[CantMiss]
    next_questions: list[NextQuestion]
    missing: list[str]
    flips: Flip | None = None
    unrecognised: list[str] = field(default_factory=list)
    display_reasons: list[Bilingual] = field(default_factory=list)
    knowledge_rows: list[str] = field(default_factory=list)
    """Versioned ids of every knowledge row that was used."""
    sources: dict[str, SourceRecord] = field(default_factory=dict)
    """The records of the sources that the evidence and the danger signs name, by id."""
    out_of_scope: str | None = None
    """Why this patient is outside what the tables were made for; null for everyone else."""
    prior: PriorUsed | None = None
    voted: list[str] = field(default_factory=list)
    """The voices that voted; where the engine is silent their probabilities are withheld like all others."""


class Severity(StrEnum):
    """Ordered from worst to mildest; the first two may interrupt."""

    CONTRAINDICATED = "contraindicated"
    AVOID = "avoid"
    CAUTION = "caution"
    NOTE = "note"


AlertKind = Literal[
    "interaction",
    "allergy",
    "dose",
    "renal",
    "hepatic",
    "pregnancy",
    "lactation",
    "paediatric",
    "elderly",
    "qt",
    "duplicate",
    "genotype",
]


@dataclass(frozen=True, slots=True)
class Alert:
    kind: AlertKind
    severity: Severity
    interrupts: bool
    drugs: list[str]
    rule_id: str
    text: str
    source: str
    edition: str
    display: Bilingual | None = None
    reviewed: bool = False
    quote: str = ""
    """The source's own words, in the source's language."""
    see_also: list[str] = field(default_factory=list)
    """Ids of further rows that say something milder about the same drugs."""
    display_drugs: list[Bilingual] = field(default_factory=list)
    """`drugs` as a screen calls them, in their order: the INN, and the Chinese name with the INN in brackets."""


@dataclass(frozen=True, slots=True)
class IncompleteCheck:
    kind: str
    drug: str
    needs: str
    display: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class GeneResult:
    """One gene of the patient. `missing` positions were not read; `separating` of them keep the phenotype open."""

    gene: str
    diplotypes: list[str]
    phenotype: Bilingual | None
    positions_called: int
    positions_total: int
    missing: list[str] = field(default_factory=list)
    separating: list[str] = field(default_factory=list)
    outside: bool = False
    """Called by another laboratory, so there are no positions."""


@dataclass(frozen=True, slots=True)
class GuidelineAdvice:
    """A guideline row that applies to one drug of the patient; `text` is the guideline's own wording."""

    drug: str
    gene: str
    genotype: str
    text: str
    strength: str
    source: str
    date: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class GenotypeReport:
    """What the genotype tab shows. `refusal` says why a variant file was not used."""

    genes: list[GeneResult]
    recommendations: list[GuidelineAdvice]
    refusal: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`not_checked` holds exactly the drug names that no table knows. `suggestions` are spellings to ask about.

    `tables` are the safety tables that were asked, whether or not they raised anything; `sources` those of the alerts.
    """

    alerts: list[Alert]
    not_checked: list[str]
    checks_incomplete: list[IncompleteCheck]
    suggestions: dict[str, list[str]] = field(default_factory=dict)
    knowledge_rows: list[str] = field(default_factory=list)
    tables: dict[str, SourceRecord] = field(default_factory=dict)
    sources: dict[str, SourceRecord] = field(default_factory=dict)
    names: dict[str, Bilingual] = field(default_factory=dict)
    """Recognised medications as they were written, with their Chinese name before them where one is known."""
    genotypes: GenotypeReport | None = None
    """None where the case holds no genotype data."""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Where a statement comes from. `reviewed`: a clinician of this project has read the row against it."""

    title: str
    edition: str
    section: str
    address: str
    reviewed: bool
    excerpt: str = ""
    licence: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Regimen:
    """A dose that comes from a knowledge row, already worked out for this patient; `working` shows how."""

    drug: str
    amount: float | None
    unit: str
    route: str
    frequency: str
    duration: str = ""
    maximum: str = ""
    text: str = ""
    working: str = ""
    display: Bilingual | None = None
    display_working: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class TreatmentOption:
    """`verdict` is decided by the safety tables alone; a missing verdict is `blocked`, never `ok`."""

    rank: int
    name: str
    kind: Literal["drug", "procedure", "lifestyle", "watchful", "none"]
    regimen: Regimen | None
    benefit: str
    harm: str
    monitoring: str
    utility: float
    verdict: Literal["ok", "caution", "blocked", "not_checked"]
    reasons: list[str]
    sources: list[str]
    display: Bilingual | None = None
    display_benefit: Bilingual | None = None
    display_harm: Bilingual | None = None
    display_monitoring: Bilingual | None = None
    display_reasons: list[Bilingual] = field(default_factory=list)
    row: str = ""
    utility_terms: dict[str, float] = field(default_factory=dict)
    display_utility: Bilingual | None = None
    """The sum of the terms, as a person may check it; the formula stands in the plan."""
    cost_level: Annotated[int, Meta(ge=0, le=3)] | None = None
    """0 nothing, 1 low, 2 middle, 3 high: Lantern's own grade, not a price."""
    stop: str = ""
    """When to stop it or to think again, where a source says so."""
    display_stop: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class PlanSentence:
    """`unsupported` sentences are greyed and do not print unless the clinician adopts them."""

    text: str
    sources: list[str]
    status: Literal["supported", "unsupported"]
    display: Bilingual | None = None
    section: str = ""
    written_by: Literal["table", "model"] = "table"
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One line of the difference against the previous plan."""

    kind: Literal["added", "removed", "changed"]
    text: str
    reason: str
    display: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is measured at each visit, with its values so far, oldest first.

    `trend` compares the last two numbers: a change counts from `step` on; `unknown` where they cannot be compared.
    """

    code: str
    name: Bilingual
    unit: Bilingual | None = None
    better: Literal["lower", "higher"] | None = None
    low: float | None = None
    high: float | None = None
    step: float | None = None
    values: list[Measurement] = field(default_factory=list)
    trend: Literal["better", "same", "worse", "unknown"] = "unknown"
    goal: PlanSentence | None = None
    goal_met: bool | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """`covered` is false where no row knows the diagnosis; then `reference` may hold cited passages to read."""

    diagnosis: str
    display_diagnosis: Bilingual
    covered: bool
    options: list[TreatmentOption]
    sentences: list[PlanSentence]
    rehabilitation: list[PlanSentence]
    lifestyle: list[PlanSentence]
    safety_net: list[PlanSentence]
    follow_up: list[PlanSentence]
    changes: list[PlanChange]
    sources: dict[str, SourceRecord]
    check: CheckResult
    reference: list[PlanSentence] = field(default_factory=list)
    notes: list[Bilingual] = field(default_factory=list)
    knowledge_rows: list[str] = field(default_factory=list)
    utility_formula: Bilingual | None = None
    """How the options were ranked; each option shows its own sum."""
    outcome_measures: list[Bilingual] = field(default_factory=list)
    """What to measure at each visit to see whether the treatment works."""
    outcomes: list[Outcome] = field(default_factory=list)
    """The same measures with their values."""


# ----------------------------------------------------------------------------- the child: requests and events


@dataclass(frozen=True, slots=True)
class ExtractRequest:
    run_id: RunId
    text: Annotated[str, Meta(max_length=MAX_TEXT_CHARS)]
    kind: Literal["extract"] = "extract"


@dataclass(frozen=True, slots=True)
class DiagnoseRequest:
    run_id: RunId
    case: Case
    top: Annotated[int, Meta(ge=1, le=1000)] = 10
    reader: bool = False
    practice: Practice = field(default_factory=Practice)
    kind: Literal["diagnose"] = "diagnose"


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """`prose` lets the language model word sentences after the table; `previous` is the plan to compare with."""

    run_id: RunId
    case: Case
    diagnosis: Short
    prose: bool = False
    language: Literal["en", "zh"] = "en"
    previous: Plan | None = None
    kind: Literal["plan"] = "plan"


@dataclass(frozen=True, slots=True)
class CheckRequest:
    run_id: RunId
    case: Case
    kind: Literal["check"] = "check"


@dataclass(frozen=True, slots=True)
class ModelsRequest:
    """What the Models page asks for: `name` is a pack's, `folder` where a pack to install lies."""

    run_id: RunId
    action: Literal["list", "verify", "install", "rollback", "bench"] = "list"
    name: Short = ""
    folder: Annotated[str, Meta(max_length=4096)] = ""
    kind: Literal["models"] = "models"


@dataclass(frozen=True, slots=True)
class PingRequest:
    token: str
    kind: Literal["ping"] = "ping"


@dataclass(frozen=True, slots=True)
class CancelRequest:
    run_id: RunId
    kind: Literal["cancel"] = "cancel"


@dataclass(frozen=True, slots=True)
class ShutdownRequest:
    kind: Literal["shutdown"] = "shutdown"


RunRequest = ExtractRequest | DiagnoseRequest | PlanRequest | CheckRequest | ModelsRequest
Request = RunRequest | PingRequest | CancelRequest | ShutdownRequest


@dataclass(frozen=True, slots=True)
class Hello:
    """First line of the child. `network_block` names what is in force: seccomp, audit_hook or none."""

    protocol: int
    versions: Versions
    network_block: str
    device: str
    models: dict[str, str]
    """Runtime name to installed pack; empty where none is."""
    problems: list[Bilingual] = field(default_factory=list)
    """What is missing or was turned off, one line each, for the Trust screen."""
    kind: Literal["hello"] = "hello"


@dataclass(frozen=True, slots=True)
class Pong:
    token: str
    busy: bool
    kind: Literal["pong"] = "pong"


@dataclass(frozen=True, slots=True)
class Stage:
    """A run has reached a step: extract, diagnose, plan, check, load_model, prose."""

    run_id: RunId
    name: str
    kind: Literal["stage"] = "stage"


@dataclass(frozen=True, slots=True)
class EntitiesFound:
    """What a text says, in order; a long text gives several of these before its ending."""

    run_id: RunId
    entities: list[Entity]
    notes: list[Bilingual] = field(default_factory=list)
    """What a person must know of the reading: a part in a language that is not read. In the last of them only."""
    kind: Literal["entities"] = "entities"


@dataclass(frozen=True, slots=True)
class Ranked:
    run_id: RunId
    differential: Differential
    entities: list[Entity]
    kind: Literal["ranked"] = "ranked"


@dataclass(frozen=True, slots=True)
class PlanTabled:
    run_id: RunId
    plan: Plan
    kind: Literal["plan_tabled"] = "plan_tabled"


@dataclass(frozen=True, slots=True)
class SentenceWritten:
    run_id: RunId
    sentence: PlanSentence
    kind: Literal["sentence"] = "sentence"


@dataclass(frozen=True, slots=True)
class Checked:
    run_id: RunId
    result: CheckResult
    kind: Literal["checked"] = "checked"


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """One pack. `trust` is "local", "distributor", or the code of why it cannot be used; `card` is plain text."""

    name: str
    version: str
    task: str
    title: str
    trust: str
    size_bytes: int
    licence: str
    card: str
    gate_passed: bool | None
    """None where the pack was never compared with its original."""
    previous: str
    """The version that a roll-back returns to; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A size of machine, the models that fit it, and what they do."""

    name: str
    model: str
    does: Bilingual


@dataclass(frozen=True, slots=True)
class ModelsReported:
    """How things stand with models; `said` is what an action found, empty after a mere look."""

    run_id: RunId
    models: list[InstalledModel]
    device: str
    tier: str
    tiers: list[Tier]
    said: Bilingual
    kind: Literal["models"] = "models"


@dataclass(frozen=True, slots=True)
class Done:
    run_id: RunId
    versions: Versions
    elapsed_ms: float
    timings_ms: dict[str, float] = field(default_factory=dict)
    kind: Literal["done"] = "done"


@dataclass(frozen=True, slots=True)
class Failed:
    """`code` is one of engine.errors; `message` is for the log and holds no patient data."""

    run_id: RunId
    code: str
    message: str
    kind: Literal["failed"] = "failed"


@dataclass(frozen=True, slots=True)
class Cancelled:
    run_id: RunId
    kind: Literal["cancelled"] = "cancelled"


Terminal = Done | Failed | Cancelled
RunEvent = Stage | EntitiesFound | Ranked | PlanTabled | SentenceWritten | Checked | ModelsReported | Terminal
Event = Hello | Pong | RunEvent

REQUESTS: dict[str, type[Any]] = {
    "extract": ExtractRequest,
    "diagnose": DiagnoseRequest,
    "plan": PlanRequest,
    "check": CheckRequest,
    "models": ModelsRequest,
    "ping": PingRequest,
    "cancel": CancelRequest,
    "shutdown": ShutdownRequest,
}
EVENTS: dict[str, type[Any]] = {
    "hello": Hello,
    "pong": Pong,
    "stage": Stage,
    "entities": EntitiesFound,
    "ranked": Ranked,
    "plan_tabled": PlanTabled,
    "sentence": SentenceWritten,
    "checked": Checked,
    "models": ModelsReported,
    "done": Done,
    "failed": Failed,
    "cancelled": Cancelled,
}


@dataclass(frozen=True, slots=True)
class _Kind:
    kind: str


def encode(message: object) -> bytes:
    """Return one JSON line (newline included). Raises TooLarge when it would pass MAX_LINE_BYTES."""
    line = msgspec.json.encode(message) + b"\n"
    if len(line) > MAX_LINE_BYTES:
        raise errors.TooLarge(f"message of {len(line)} bytes")
    return line


def decode_request(untrusted_line: bytes) -> Request:
    """Return the request in one line. Raises BadRequest, OutOfRange or TooLarge."""
    return _decode(untrusted_line, REQUESTS)  # type: ignore[no-any-return]


def decode_event(untrusted_line: bytes) -> Event:
    """Return the event in one line. Raises BadRequest, OutOfRange or TooLarge."""
    return _decode(untrusted_line, EVENTS)  # type: ignore[no-any-return]


def decode_case(untrusted_line: bytes) -> Case:
    """Return the case in one line of JSON. Raises BadRequest, OutOfRange or TooLarge."""
    if len(untrusted_line) > MAX_LINE_BYTES:
        raise errors.TooLarge(f"line of {len(untrusted_line)} bytes")
    return strict(untrusted_line, Case)


def strict(untrusted_line: bytes, kind: type[T]) -> T:
    """Return `untrusted_line` as `kind`. Raises OutOfRange for a number, TooLarge for a length, else BadRequest.

    msgspec names the path of the offending field, never its value, so the message may be logged.
    """
    try:
        return msgspec.json.decode(untrusted_line, type=kind)
    except msgspec.ValidationError as refused:
        text = str(refused)
        if "length <=" in text:
            raise errors.TooLarge(text) from refused
        outside = any(sign in text for sign in (">=", "<=", " > ", " < ", "length"))
        raise (errors.OutOfRange(text) if outside else errors.BadRequest(text)) from refused
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as refused:
        raise errors.BadRequest(str(refused)) from refused


def _decode(untrusted_line: bytes, kinds: dict[str, type[Any]]) -> Any:
    if len(untrusted_line) > MAX_LINE_BYTES:
        raise errors.TooLarge(f"line of {len(untrusted_line)} bytes")
    kind = strict(untrusted_line, _Kind).kind
    if kind not in kinds:
        raise errors.BadRequest("unknown kind of message")
    return strict(untrusted_line, kinds[kind])
