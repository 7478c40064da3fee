"""The text voice: ranks Lantern's own and the common conditions by how well their described picture fits the narrative.

It also ranks names that no table knows, by what the name alone says, on the same scale. Without a fit encoder, with
another encoder than the vectors were made by, or without text it does not vote.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.diagnosis.case_text import CaseText, Said, is_readable, read_case
from engine.diagnosis.condition_index import SCALE, ConditionIndex
from engine.diagnosis.condition_source import Kind
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.picture_findings import PictureFindings
from engine.diagnosis.retold import Retelling
from engine.diagnosis.text_scores import ConditionScorer, Scores, standardised
from engine.diagnosis.voice import Contribution, Floats, Scope, VoiceName, Vote, normalised
from engine.runtime import hardware
from engine.runtime.base import Encoder, Vectors

SHARPNESS, SHARPNESS_TOLD, SHARPNESS_AHEAD = 1.84, 0.42, -0.34
"""Nats per standard deviation of the score: how much for any case, more by the logarithm of the clauses told, less by
how far the first stands ahead of the tenth. Fitted on 750 stories of conditions never seen, so that confidence meets
accuracy (NOTES_TEXT.md)."""
LEAST_SHARPNESS, MOST_AHEAD, TENTH = 0.6, 3.0, 10
NAME_WEIGHT, NAME_LIFT = 1.5, 0.3
"""A score foretold from a name varies less than one from a text; these give a name its fair place among them."""
LIKE_NAMES, LIKE_WEIGHT = 0.03, 0.5
"""Cosine difference that counts as one nat between two rows with a like name; the share of what such rows foretell."""
FREQUENCY_WEIGHT = 0.4
"""How one grade of frequency counts where nobody named candidates, in standard deviations: 2.4 times as likely. A
choice; the vignettes, which are rich in rare conditions, would have none."""
RANKER_WEIGHT = 2.0
"""How the trained ranker's opinion counts beside the four measures, each 1 (NOTES_TEXT.md)."""
PICTURE_WEIGHT = 2.0
"""How the findings that a picture names count beside the four measures where only the dictionaries read the narrative.
Beside a narrative that the encoder reads they add nothing (NOTES_TEXT.md)."""
_EVERYDAY = 3.0
LEAST_SLOPE = 0.3
MOST_NAMES_KEPT = 4096
MOST_SHOWN_CLAUSES = 40
_LONGEST_SHOWN_CHARS = 100

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Naming:
    """What a name without a row is held against: the case as one vector, and the names of the rows, by one encoder."""

    encoder: Encoder
    whole: Vectors
    named: Vectors
    """(conditions, dimensions)"""


@dataclass(frozen=True, slots=True)
class _Reading:
    """One case as read: kept, because the same narrative is ranked several times while entries are turned round."""

    case: CaseText
    naming: _Naming
    scores: Scores
    denied: Floats
    """Natural-log likelihood of what the patient answered no to, by condition."""

    @property
    def sharpness(self) -> float:
        """How far the scores of this case may be believed."""
        first = np.sort(self.scores.total)[-TENTH:]
        ahead = min(MOST_AHEAD, float(first[-1] - first[0]))
        told = SHARPNESS + SHARPNESS_TOLD * math.log(self.case.clauses) + SHARPNESS_AHEAD * ahead
        return max(LEAST_SHARPNESS, told)


class TextVoice:
    """Votes over the first part of the catalogue: common conditions, then Lantern's own.

    `numbers` gives the catalogue number of each condition of `index`; `count` is how many numbers the vote covers.
    """

    name: VoiceName = "text"
    scores: Scope = "common"

    def __init__(
        self,
        index: ConditionIndex,
        numbers: Sequence[int],
        count: int,
        encoder: Callable[[], Encoder | None],
        retelling: Retelling | None = None,
        ranker: Callable[[], Encoder | None] = lambda: None,
        pictures: PictureFindings | None = None,
    ) -> None:
        """`retelling` names findings that stand in no English narrative; without it such cases are not read.

        `ranker` opens the encoder that was trained for this voice; without it the general one speaks alone. `pictures`
        are held against the findings of a narrative that no encoder reads.
        """
        self._index = index
        self._numbers = np.array(numbers, dtype=np.int32)
        self._count = count
        self._open = encoder
        self._retelling = retelling
        self._open_ranker = ranker
        self._pictures = pictures
        self._scorer: ConditionScorer | None = None
        self._names: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._find = lru_cache(MOST_NAMES_KEPT)(index.find)
        self._named_rows = np.flatnonzero(index.kind == Kind.NAME)
        self._last: tuple[tuple[object, ...], _Reading] | None = None
        self._last_over: tuple[_Reading, tuple[str, ...], Floats] | None = None

    def vote(self, evidence: CaseEvidence) -> Vote | None:
        """Return the vote, or None where there is no narrative to read or no encoder to read it with."""
        reading = self._read(evidence)
        if reading is None:
            return None
        log_score = np.full(self._count, -np.inf)
        prior = FREQUENCY_WEIGHT * (self._index.frequency.astype(np.float64) - _EVERYDAY)
        np.maximum.at(log_score, self._numbers, reading.sharpness * (reading.scores.total + prior) + reading.denied)
        even = np.full(self._count, -np.log(self._count))
        return Vote(
            self.name,
            0,
            normalised(log_score),
            self._contributions(reading),
            len(reading.case.present),
            rivals=even,
        )

    def knows(self, name: str) -> bool:
        """Return whether a condition row has this name."""
        return bool(self._index.find(name))

    def reads(self, evidence: CaseEvidence) -> bool:
        """Return whether there is a narrative that this voice can read."""
        return self._read(evidence) is not None

    def unread_clauses(self, evidence: CaseEvidence) -> int:
        """Return how many clauses of a very long narrative the voice left out."""
        reading = self._read(evidence)
        return reading.case.unread if reading else 0

    def over(self, names: Sequence[str], evidence: CaseEvidence) -> Floats | None:
        """Return the log probability of each of `names`, summing to 1 over them; None where the voice is silent."""
        reading = self._read(evidence)
        if reading is None or not names:
            return None
        last = self._last_over
        if last is not None and last[0] is reading and last[1] == tuple(names):
            return last[2]
        shares = self._told(names, reading)
        self._last_over = (reading, tuple(names), shares)
        return shares

    def _told(self, names: Sequence[str], reading: _Reading) -> Floats:
        total = reading.scores.total
        found = [self._find(name) for name in names]
        foretold = self._foretold([name for name, hits in zip(names, found, strict=True) if not hits], reading)
        left = iter(foretold.tolist())
        total = total + reading.denied / reading.sharpness
        scores = [float(total[hits].max()) if hits else next(left) for hits in found]
        return normalised(reading.sharpness * np.array(scores))

    def _foretold(self, names: Sequence[str], reading: _Reading) -> Floats:
        """Return what a name without a row foretells: by its likeness to the case, and by the rows of like names.

        How much likeness of a name to the case means is learnt on this case from the conditions that have a row.
        """
        if not names:
            return np.zeros(0)
        naming, total = reading.naming, reading.scores.total
        known = naming.named @ naming.whole
        slope = max(LEAST_SLOPE, float(np.mean(standardised(known) * total)))
        # One at a time: the ranker measures its scales over a batch, and the same case shall give the same numbers
        # whichever names were met before.
        vectors = np.concatenate([self._encoded([name], naming.encoder) for name in names])
        likeness = ((vectors @ naming.whole - known.mean()) / (known.std() + 1e-9)).astype(np.float64)
        alike = vectors @ naming.named.T
        shares = np.exp((alike - alike.max(axis=1, keepdims=True)).astype(np.float64) / LIKE_NAMES)
        shares /= shares.sum(axis=1, keepdims=True)
        alone = NAME_LIFT + NAME_WEIGHT * slope * likeness
        result: Floats = (1 - LIKE_WEIGHT) * alone + LIKE_WEIGHT * (shares @ total)
        return result

    def _encoded(self, names: Sequence[str], encoder: Encoder) -> Vectors:
        """Return the vectors of names or clauses, keeping them: a list of candidates comes again with the next case,
        and a case is ranked again under each answer to a question."""
        new = [name for name in dict.fromkeys(names) if (encoder.name, name) not in self._names]
        for name, vector in zip(new, encoder.encode(new) if new else (), strict=True):
            self._names[encoder.name, name] = vector
        vectors = np.stack([self._names[encoder.name, name] for name in names])
        while len(self._names) > MOST_NAMES_KEPT:
            self._names.popitem(last=False)
        return vectors

    def _read(self, evidence: CaseEvidence) -> _Reading | None:
        told, instead = self._retold(evidence)
        asked = self._retelling.asked(evidence) if self._retelling else ((), ())
        key = (evidence.text, evidence.age_years, evidence.sex, told, instead, asked, evidence.present_terms)
        if self._last is not None and self._last[0] == key:
            return self._last[1]
        findings = self._retelling.count(evidence) if self._retelling else 0
        case = read_case(evidence, told, instead, findings, asked)
        encoder = self._open() if case else None
        if case is None or encoder is None or encoder.name != self._index.encoder:
            return None
        self._scorer = self._scorer or ConditionScorer(self._index)
        vectors = self._encoded([*case.present, *case.absent, case.whole], encoder)
        present, absent, whole = np.split(vectors, [len(case.present), len(vectors) - 1])
        scores = self._scorer.score(case, present, absent, whole[0])
        reading = _Reading(case, self._by_general(encoder, whole[0]), scores, self._denied(evidence))
        reading = self._ranked(reading) or reading
        if instead[0]:
            reading = self._by_findings(reading, evidence)
        hardware.return_freed_memory()
        self._last = (key, reading)
        return reading

    def _denied(self, evidence: CaseEvidence) -> Floats:
        asked = [term for term in evidence.absent_terms if term in evidence.asked_terms]
        return self._pictures.denied(asked) if self._pictures else np.zeros(len(self._index))

    def _by_findings(self, reading: _Reading, evidence: CaseEvidence) -> _Reading:
        """Return the reading with what the pictures name of the findings that the dictionaries found."""
        overlap = self._pictures.overlap(evidence.present_terms) if self._pictures else None
        if overlap is None:
            return reading
        return replace(reading, scores=reading.scores.joined(standardised(overlap), PICTURE_WEIGHT))

    def _by_general(self, encoder: Encoder, whole: Vectors) -> _Naming:
        return _Naming(encoder, whole, self._index.vectors[self._named_rows].astype(np.float32) / SCALE)

    def _ranked(self, reading: _Reading) -> _Reading | None:
        """Return the reading with the trained ranker's opinion, None where there is no ranker that made the vectors."""
        ranker = self._open_ranker()
        if ranker is None or ranker.name != self._index.ranker:
            return None
        whole = self._encoded([reading.case.whole], ranker)[0]
        fits = (self._index.ranker_documents.astype(np.float32) / SCALE) @ whole
        naming = _Naming(ranker, whole, self._index.ranker_names.astype(np.float32) / SCALE)
        scores = reading.scores.joined(standardised(fits), RANKER_WEIGHT)
        return replace(reading, naming=naming, scores=scores)

    def _retold(self, evidence: CaseEvidence) -> tuple[Said, Said]:
        """Return what is told beside an English narrative, and in place of another one."""
        if self._retelling is None or not evidence.text.strip():
            return ((), ()), ((), ())
        if is_readable(evidence.text):
            return self._retelling.measured(evidence), ((), ())
        return ((), ()), self._retelling.everything(evidence)

    def _contributions(self, reading: _Reading) -> list[Contribution]:
        """Return the clauses that told the conditions apart most, each with the row of the condition as its source.

        That others' pictures are nearer to a clause is no argument against one that says the same words.
        """
        spread = reading.scores.clauses.std(axis=1)
        shown = sorted(np.argsort(-spread, kind="stable")[:MOST_SHOWN_CLAUSES].tolist())
        sources = np.full(self._count, "", dtype=object)
        sources[self._numbers] = [self._index.sources[number] for number in range(len(self._index))]
        rows = []
        for clause in shown:
            said = reading.case.present[clause]
            logs = reading.scores.clauses[clause]
            if self._scorer is not None:
                logs = np.where(self._scorer.tells_of(said), np.maximum(logs, 0), logs)
            likelihood = np.full(self._count, logs.min(), dtype=np.float32)
            np.maximum.at(likelihood, self._numbers, logs)
            words = said[:_LONGEST_SHOWN_CHARS]
            rows.append(Contribution(words, True, likelihood, "", sources))
        return rows
