"""The contract of a voice: evidence in, scored diseases with their reasons out.

Fusion knows nothing else about a voice, so the text and reader voices plug in without touching it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from engine.diagnosis.findings import CaseEvidence

Floats = npt.NDArray[np.float64]
VoiceName = Literal["bayes", "phenotype", "text", "reader"]
Scope = Literal["common", "rare", "all"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one entry did: natural-log likelihood for each disease of the vote, up to a constant."""

    finding: str
    present: bool
    log_likelihood: Floats | npt.NDArray[np.float32]
    source: str
    sources: Sequence[str] | npt.NDArray[np.object_] = ()
    """The source for each disease of the vote, where it is not the same for all."""

    def source_for(self, disease: int) -> str:
        """Return the source for disease number `disease` of the vote."""
        return self.sources[disease] if len(self.sources) else self.source


@dataclass(frozen=True, slots=True)
class Vote:
    """Scored diseases: `log_probability` (natural log, sums to 1) over the catalogue numbers `first` onwards."""

    voice: VoiceName
    first: int
    log_probability: Floats
    contributions: Sequence[Contribution]
    read: int
    """How many findings this voice could use."""
    log_prior: Floats | None = None
    """Log probability before any finding, where the voice has one."""
    rivals: Floats | None = None
    """Log weight of each disease among those that a finding is explained against; the vote itself where None."""

    @property
    def end(self) -> int:
        """One past the last catalogue number that was scored."""
        return self.first + len(self.log_probability)


class Voice(Protocol):
    """Anything that can score diseases."""

    name: VoiceName
    scores: Scope
    """Which part of the catalogue it scores."""

    def vote(self, evidence: CaseEvidence) -> Vote | None:
        """Return the vote, or None where the evidence says nothing to this voice."""
        ...


def normalised(log_score: Floats) -> Floats:
    """Return log probabilities that sum to 1."""
    shifted = log_score - log_score.max()
    result: Floats = shifted - np.log(np.exp(shifted).sum())
    return result
