"""What the store hands out besides the case itself: frozen records, one per thing that has a table.

Times are UTC in ISO form with milliseconds and a Z (`2026-03-01T09:30:00.000Z`); dates are ISO dates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from desktop.case.record import CaseId, CaseRecord, PatientId, ResultId, Role, Sex, UserId
from engine import api


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """`subject` is the id of what was acted on; `detail` says the rest in a few words, without free text."""

    seq: int
    at: str
    user_id: str
    action: str
    subject: str
    detail: str
    mac: str


@dataclass(frozen=True, slots=True)
class User:
    id: UserId
    login: str
    display_name: str
    role: Role
    created_at: str
    removed_at: str | None = None


class CaseStatus(StrEnum):
    """How far a case has come; the furthest step counts."""

    OPEN = "open"
    RANKED = "ranked"
    PLANNED = "planned"
    SIGNED = "signed"


class CaseFlag(StrEnum):
    """What the list shows beside a case so that nobody has to open it to know."""

    EMERGENCY = "emergency"
    ALLERGY = "allergy"
    PREGNANT = "pregnant"
    STALE = "stale"
    INTERRUPTED = "interrupted"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """One line of Today, of a search, or of a patient's history."""

    id: CaseId
    patient_id: PatientId
    revision: int
    visit_date: str
    name: str
    local_number: str
    sex: Sex
    age_years: float | None
    status: CaseStatus
    own_diagnosis: str | None
    flags: frozenset[CaseFlag]
    saved_at: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One entry of a case's own history."""

    revision: int
    saved_at: str
    saved_by: UserId


@dataclass(frozen=True, slots=True)
class Draft:
    """Work that was typed and not yet saved; `record.revision` is the revision it started from."""

    record: CaseRecord
    saved_at: str
    saved_by: UserId


class ResultStatus(StrEnum):
    """`started` is a run under way; after a crash the next opening turns it into `interrupted`."""

    STARTED = "started"
    OK = "ok"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


ResultKind = Literal["extract", "diagnose", "plan", "check"]
EditAction = Literal["adopted", "edited", "removed"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the safety tables said about one option or drug of a result."""

    subject: str
    verdict: str


@dataclass(frozen=True, slots=True)
class StoredResult:
    """One run with everything needed to show it, to replay it, and to say what it rested on.

    `case_hash` covers the engine's view of the case without the clinician's own diagnosis: when the case's current
    hash differs, the result is stale. `request_hash` covers the whole request.
    """

    id: ResultId
    case_id: CaseId
    case_revision: int
    kind: ResultKind
    status: ResultStatus
    case_hash: str
    request_hash: str
    request: api.RunRequest
    lantern_version: str
    started_at: str
    started_by: UserId
    ended_at: str | None = None
    versions: api.Versions | None = None
    error_code: str | None = None
    elapsed_ms: float | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
    events: tuple[api.RunEvent, ...] = ()
    knowledge_rows: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    stale: bool = False

    def differential(self) -> api.Differential | None:
        """Return the ranked list of this run, None when it has none."""
        ranked = [event.differential for event in self.events if isinstance(event, api.Ranked)]
        return ranked[-1] if ranked else None

    def plan(self) -> api.Plan | None:
        """Return the plan table of this run, None when it has none."""
        plans = [event.plan for event in self.events if isinstance(event, api.PlanTabled)]
        return plans[-1] if plans else None

    def check(self) -> api.CheckResult | None:
        """Return the safety check of this run, None when it has none."""
        checks = [event.result for event in self.events if isinstance(event, api.Checked)]
        return checks[-1] if checks else None

    def sentences(self) -> tuple[api.PlanSentence, ...]:
        """Return the sentences that were written after the table, in order."""
        return tuple(event.sentence for event in self.events if isinstance(event, api.SentenceWritten))


@dataclass(frozen=True, slots=True)
class OwnDiagnosis:
    """The clinician's own working diagnosis; `given_at` before a result's end shows that it was committed first."""

    case_id: CaseId
    text: str
    given_at: str
    given_by: UserId


@dataclass(frozen=True, slots=True)
class SentenceEdit:
    """What a clinician did to one plan sentence. `text` is how it now reads, empty when removed."""

    result_id: ResultId
    section: str
    position: int
    action: EditAction
    original: str
    text: str
    edited_at: str
    edited_by: UserId


@dataclass(frozen=True, slots=True)
class Override:
    """A clinician went on against an alert; the reason stays visible to the next user."""

    case_id: CaseId
    result_id: ResultId | None
    rule_id: str
    reason: str
    given_at: str
    given_by: UserId


@dataclass(frozen=True, slots=True)
class Signature:
    """A named user stands behind one exact content. `changes` says how it differs from what Lantern drafted."""

    case_id: CaseId
    case_revision: int
    result_id: ResultId | None
    signed_at: str
    signed_by: UserId
    signer_name: str
    signer_role: Role
    content_hash: str
    changes: tuple[str, ...]
