"""Which prior is in force for a case, and how that is said.

A clinic's own file always is. Without one, published incidence rates are where a person tells of a patient (a text) or
says where the patient is; the shares of the synthetic patients only where a case consists of codes and answers alone,
because that is the population such records come from and were measured on (NOTES.md).
"""

from __future__ import annotations

from engine.api import Bilingual, Case, Practice, PriorUsed
from engine.diagnosis.priors import PatientPrior, Priors

TABLE = Bilingual("Shares of the synthetic DDXPlus patients", "DDXPlus 合成患者中的比例")
PUBLISHED = Bilingual("Published incidence rates", "已发表的发病率")


class PriorChooser:
    """Chooses and works out the prior of one case."""

    def __init__(self, priors: Priors) -> None:
        self._priors = priors

    def choose(self, case: Case, practice: Practice) -> tuple[PatientPrior, PriorUsed]:
        """Return the prior and its description. Raises BadRequest for a clinic's file that does not fit the tables."""
        clinic = practice.priors
        home = (clinic.place if clinic is not None else None) or practice.place
        facts = self._priors.facts(case.age_years, case.sex, case.region, case.date, home)
        own = self._priors.own_cases(practice.confirmed)
        if clinic is None and not _is_real(case, practice):
            return self._priors.from_table(facts, practice.confirmed), PriorUsed("table", TABLE, confirmed_cases=own)
        prior = self._priors.from_rates(facts, clinic, practice.confirmed)
        used = PriorUsed(
            kind="published" if clinic is None else "clinic",
            name=PUBLISHED if clinic is None else Bilingual(clinic.name, clinic.name),
            place=facts.place.names[0] if facts.place is not None else facts.region,
            month=facts.month,
            confirmed_cases=own,
            thresholds=[self._priors.code(number) for number in sorted(prior.treat_from)],
        )
        return prior, used


def _is_real(case: Case, practice: Practice) -> bool:
    if practice.prior != "auto":
        return practice.prior == "published"
    return bool(case.text.strip() or case.region)
