"""Joins the votes into one ranked list over the scope or the named candidates; probabilities sum to 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.api import Case
from engine.diagnosis.catalogue import Catalogue
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.voice import Floats, Scope, Vote, normalised

COMMON_SHARE = 0.8
"""Where common and rare diseases compete and both voices read every finding, common ones hold this share before the
evidence inside each is looked at. A choice of ours, not measured: the two tables have no patients in common."""
LEAST_SHARE = 0.05
"""Where a voice scores common and rare diseases alike, the tables' silence about one kind leaves it this share."""
_SPLIT_WITHIN = 3


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the ranking. `number` is None for a candidate that no table knows; `given` is the candidate's name."""

    number: int | None
    probability: float
    given: str | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """All places, best first; probabilities sum to 1."""

    scope: Scope
    places: tuple[Place, ...]
    votes: tuple[Vote, ...]


def scope_of(case: Case, evidence: CaseEvidence) -> Scope:
    """Return the scope: as asked, or common unless only HPO terms are given."""
    if case.scope != "auto":
        return case.scope
    return "rare" if evidence.native_terms and not evidence.asked_in_ddx else "common"


def rank(scope: Scope, candidates: Sequence[str], votes: Sequence[Vote], catalogue: Catalogue, top: int) -> Ranking:
    """Return the ranking: over `candidates` when there are any, else the best `top` places of the scope."""
    shares = _pool(scope if not candidates else "all", votes, catalogue)
    if candidates:
        return Ranking(scope, _candidate_places(candidates, shares, catalogue), tuple(votes))
    best = np.argsort(-shares, kind="stable")[:top] if top > 1 else np.array([shares.argmax()])
    return Ranking(
        scope, tuple(Place(int(number), float(shares[number])) for number in best if shares[number] > 0), tuple(votes)
    )


def _pool(scope: Scope, votes: Sequence[Vote], catalogue: Catalogue) -> Floats:
    """Return a probability for every disease of the catalogue, zero outside the scope."""
    common, rare = _block(votes, 0, catalogue.common_count), _block(votes, catalogue.common_count, len(catalogue))
    share = {"common": 1.0, "rare": 0.0, "all": _common_share(votes, catalogue)}[scope]
    return np.concatenate([share * common, (1 - share) * rare])


def _block(votes: Sequence[Vote], first: int, end: int) -> Floats:
    """Return the mean log opinion of the voices that scored the block, alone or with more; uniform where none did."""
    scored = [opinion for vote in votes if (opinion := _within(vote, first, end)) is not None]
    if not scored:
        return np.full(end - first, 1.0 / (end - first))
    pooled = np.exp(np.mean(scored, axis=0))
    shares: Floats = pooled / pooled.sum()
    return shares


def _within(vote: Vote, first: int, end: int) -> Floats | None:
    """Return the log opinion over a part of the catalogue, summing to 1 there; None unless all of it was scored."""
    if vote.first > first or vote.end < end:
        return None
    return normalised(vote.log_probability[first - vote.first : end - vote.first])


def _common_share(votes: Sequence[Vote], catalogue: Catalogue) -> float:
    """Return the share of the common block: the tables' own, averaged in log odds with voices that score everything."""
    wide = [vote for vote in votes if len(vote.log_probability) == len(catalogue)]
    narrow = [vote for vote in votes if len(vote.log_probability) < len(catalogue)]
    if not wide:
        return _share_of_tables(narrow, catalogue)
    shares = [float(np.exp(vote.log_probability[: catalogue.common_count]).sum()) for vote in wide]
    if narrow:
        shares.append(_share_of_tables(narrow, catalogue))
    held = np.clip(shares, LEAST_SHARE, 1 - LEAST_SHARE)
    return float(1 / (1 + np.exp(-np.mean(np.log(held / (1 - held))))))


def _share_of_tables(votes: Sequence[Vote], catalogue: Catalogue) -> float:
    """Return the share of the common block: less where the phenotype voice reads findings that Bayes cannot."""
    read_common = sum(vote.read for vote in votes if vote.first == 0)
    read_rare = sum(vote.read for vote in votes if vote.first == catalogue.common_count)
    if not read_common or not read_rare:
        return 1.0 if read_common else 0.0
    return COMMON_SHARE * min(1.0, read_common / read_rare)


def _candidate_places(candidates: Sequence[str], shares: Floats, catalogue: Catalogue) -> tuple[Place, ...]:
    """Rank exactly the names given. An unknown name keeps an even share, because nothing speaks for or against it."""
    found = [catalogue.find(name) for name in candidates]
    known = np.array([shares[numbers].sum() if numbers else 0.0 for numbers in found])
    unknown = np.array([not numbers for numbers in found])
    even = 1.0 / len(candidates)
    mass = known.sum()
    scaled = known / mass * (1 - even * unknown.sum()) if mass > 0 else np.where(unknown, 0.0, even)
    probability = np.where(unknown, even, scaled)
    order = np.argsort(-probability, kind="stable")
    return tuple(
        Place(_best(found[place], shares), float(probability[place] / probability.sum()), candidates[place])
        for place in order.tolist()
    )


def _best(numbers: Sequence[int], shares: Floats) -> int | None:
    return max(numbers, key=lambda number: float(shares[number])) if numbers else None


def voices_agree(
    votes: Sequence[Vote], ranking: Ranking, catalogue: Catalogue
) -> Literal["agree", "split", "disagree"] | None:
    """Return whether the voices that scored the same diseases name the same first; None where only one voice did.

    Voices are compared over the kind of disease, common or rare, that stands first.
    """
    if not ranking.places or ranking.places[0].number is None:
        return None
    is_common = catalogue.is_common(ranking.places[0].number)
    first, end = (0, catalogue.common_count) if is_common else (catalogue.common_count, len(catalogue))
    opinions = [opinion for vote in votes if (opinion := _within(vote, first, end)) is not None]
    if len(opinions) < 2:
        return None
    leaders = [first + int(opinion.argmax()) for opinion in opinions]
    if len({catalogue.group(leader) or catalogue.code(leader) for leader in leaders}) == 1:
        return "agree"
    best = [(first + np.argsort(-opinion, kind="stable")[:_SPLIT_WITHIN]).tolist() for opinion in opinions]
    return "split" if all(leader in places for places in best for leader in leaders) else "disagree"


def probability_of(vote: Vote, number: int | None) -> float | None:
    """Return the vote's own probability for a disease, None where it did not score it."""
    if number is None or not vote.first <= number < vote.end:
        return None
    return float(np.exp(vote.log_probability[number - vote.first]))
