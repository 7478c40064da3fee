"""The Bayes voice: the 49 common conditions of DDXPlus under the prior of the patient, answers that may be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.api import ClinicPriors
from engine.diagnosis.answer_model import AnswerModel, Heard
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.ddxplus_source import SEPARATOR, YES
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.places import Gazetteer
from engine.diagnosis.priors import PatientPrior, Priors
from engine.diagnosis.signs import Signs
from engine.diagnosis.voice import Contribution, Floats, Scope, VoiceName, Vote, normalised

SOURCE = "src:ddxplus"


@dataclass(frozen=True, slots=True)
class Belief:
    """Log joint of (kind of patient, condition) and the parts it was summed from."""

    log_joint: Floats
    heard: Heard
    signs: Sequence[Contribution] = ()
    """What measured and examined signs added."""

    @property
    def log_probability(self) -> Floats:
        """Log probability of each condition."""
        return normalised(np.logaddexp.reduce(self.log_joint, axis=0))


class BayesVoice:
    """Votes over the common conditions, catalogue numbers 0 to 48."""

    name: VoiceName = "bayes"
    scores: Scope = "common"

    def __init__(self, table: CommonTable, priors: Priors | None = None, signs: Signs | None = None) -> None:
        """Without `signs` only answers count."""
        self.table = table
        self._signs = signs
        self.answers = AnswerModel(table.questions, table.model)
        self.priors = priors or Priors(table, Gazetteer(()), ClinicPriors(""))

    def vote(self, evidence: CaseEvidence) -> Vote | None:
        """Return the vote, or None where no finding is known to DDXPlus."""
        read = len({*evidence.answers, *evidence.partial, *evidence.somewhere})
        if not read:
            return None
        belief = self.belief(evidence)
        before = normalised(self._log_prior(evidence))
        return Vote(self.name, 0, belief.log_probability, self._contributions(evidence, belief), read, before)

    def belief(self, evidence: CaseEvidence) -> Belief:
        """Return the joint belief after all answers; with none it is the prior of the patient's age and sex."""
        heard = self.answers.hear(evidence.answers, evidence.partial, evidence.somewhere)
        total: Floats = self.answers.prior(np.exp(self._log_prior(evidence)))
        for part in heard.parts.values():
            total = total + part
        signs = self._signs.seen(evidence) if self._signs else []
        for sign in signs:
            total = total + sign.log_likelihood
        return Belief(total, heard, signs)

    def _log_prior(self, evidence: CaseEvidence) -> Floats:
        return self._prior(evidence).log_rate

    def _prior(self, evidence: CaseEvidence) -> PatientPrior:
        if evidence.prior is not None:
            return evidence.prior
        return self.priors.from_table(self.priors.facts(evidence.age_years, evidence.sex, None, None), {})

    def _contributions(self, evidence: CaseEvidence, belief: Belief) -> list[Contribution]:
        kinds = normalised(np.logaddexp.reduce(belief.log_joint, axis=1))[:, None]
        found = [
            Contribution(
                _label(code, evidence),
                _is_present(code, evidence, self),
                np.logaddexp.reduce(part + kinds, axis=0),
                SOURCE,
            )
            for code, part in belief.heard.parts.items()
        ]
        known = [
            Contribution(part.name, True, part.log_factor, SOURCE, part.sources) for part in self._prior(evidence).parts
        ]
        return [*found, *belief.signs, *known]


def _label(code: str, evidence: CaseEvidence) -> str:
    values = evidence.answers.get(code) or evidence.partial.get(code, ((), ()))[0]
    return f"{code}{SEPARATOR}{values[0]}" if len(values) == 1 and values[0] not in (YES, "no") else code


def _is_present(code: str, evidence: CaseEvidence, voice: BayesVoice) -> bool:
    if code in evidence.answers:
        return evidence.answers[code] != (voice.answers.questions[voice.answers.row[code]].default,)
    return code not in evidence.partial or bool(evidence.partial[code][0])
