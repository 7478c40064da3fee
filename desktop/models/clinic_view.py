"""What the Clinic page shows: the clinic's own cases and priors, whether they count, and who may change that."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.case.confirmed import ConfirmedCases
from engine.api import ClinicPriors


@dataclass(frozen=True, slots=True)
class ClinicView:
    """`refused` is why the last file was not taken, in the engine's words; `priors` is the own file in force."""

    own_cases_on: bool = False
    confirmed: tuple[ConfirmedCases, ...] = ()
    priors: ClinicPriors | None = None
    may_change: bool = False
    refused: str = ""
    is_checking: bool = False
