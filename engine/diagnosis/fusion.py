"""Joins the votes into one ranked list over the scope or the named candidates; probabilities sum to 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.api import Case
from engine.diagnosis.catalogue import Catalogue
from engine.diagnosis.findings import CaseEvidence
from engine.diagnosis.voice import Floats, Scope, VoiceName, Vote, normalised

COMMON_SHARE = 0.8
"""Where common and rare diseases compete and both voices read every finding, common ones hold this share before the
evidence inside each is looked at. A choice of ours, not measured: the two tables have no patients in common."""
TOLD_SHARE = 0.95
"""The same where the text voice reads a narrative, which opens the list to Lantern's own conditions: rare diseases
together concern 3.5 to 5.9 % of people (Nguengang Wakap et al., Eur J Hum Genet 2020;28:165-173)."""
LEAST_SHARE = 0.02
"""Where a voice scores common and rare diseases alike, the tables' silence about one kind leaves it this share. With
.05 influenza and sinusitis stood behind many a plain story of something else; no first place moved (85 own stories)."""
TABLE_WEIGHT = 0.25
"""What a table's opinion counts among named candidates beside the text voice (NOTES_TEXT.md)."""
LEAST_TABLE_SHARE = 0.01
"""A table read from a narrative may not exclude a candidate: most of what it asks stays unsaid."""
_SPLIT_WITHIN = 3


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the ranking. `number` is None for a candidate that no table knows; `given` is the candidate's name."""

    number: int | None
    probability: float
    given: str | None = None
    votes: Mapping[VoiceName, float] = field(default_factory=dict)
    """What voices that score the given names themselves say of this one."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All places, best first; probabilities sum to 1."""

    scope: Scope
    places: tuple[Place, ...]
    votes: tuple[Vote, ...]


def scope_of(case: Case, evidence: CaseEvidence, is_told: bool = False) -> Scope:
    """Return the scope: as asked, or common unless only HPO terms are given.

    `is_told`: the text voice reads a narrative. Then such terms open the rare list beside the common one: they are no
    reason to leave common conditions out.
    """
    if case.scope != "auto":
        return case.scope
    if not evidence.native_terms or evidence.asked_in_ddx:
        return "common"
    return "all" if is_told else "rare"


def rank(
    scope: Scope,
    candidates: Sequence[str],
    votes: Sequence[Vote],
    catalogue: Catalogue,
    top: int,
    told: Floats | None = None,
    impossible: npt.NDArray[np.bool_] | None = None,
) -> Ranking:
    """Return the ranking: over `candidates` when there are any, else the best `top` places of the scope.

    `told` is what the text voice says of each candidate by its name: log probabilities that sum to 1. `impossible` are
    the numbers that a patient of this sex cannot have: an open list leaves them out, a list that somebody named does
    not.
    """
    if candidates and told is not None:
        return Ranking(scope, _told_places(candidates, told, votes, catalogue), tuple(votes))
    shares = shares_of(scope if not candidates else "all", votes, catalogue)
    if candidates:
        return Ranking(scope, _candidate_places(candidates, shares, catalogue), tuple(votes))
    shares = _as_one(shares, catalogue)
    if impossible is not None and (left := shares.sum() - shares[impossible].sum()) > 0:
        shares = np.where(impossible, 0.0, shares) * (shares.sum() / left)
    best = np.argsort(-shares, kind="stable")[:top] if top > 1 else np.array([shares.argmax()])
    return Ranking(
        scope, tuple(Place(int(number), float(shares[number])) for number in best if shares[number] > 0), tuple(votes)
    )


def shares_of(scope: Scope, votes: Sequence[Vote], catalogue: Catalogue) -> Floats:
    """Return a probability for every disease of the catalogue, zero outside the scope."""
    common, rare = _block(votes, 0, catalogue.common_count), _block(votes, catalogue.rare_first, len(catalogue))
    own_share, own = _own(votes, catalogue)
    share = {"common": 1.0, "rare": 0.0, "all": _common_share(votes, catalogue)}[scope]
    return np.concatenate([share * (1 - own_share) * common, share * own_share * own, (1 - share) * rare])


def _as_one(shares: Floats, catalogue: Catalogue) -> Floats:
    """Return the shares with a disease that both lists hold in one place, under its number in the rare index."""
    joined = shares.copy()
    for own, rare in catalogue.twins.items():
        if joined[rare] > 0:
            joined[rare] += joined[own]
            joined[own] = 0.0
    return joined


def _own(votes: Sequence[Vote], catalogue: Catalogue) -> tuple[float, Floats]:
    """Return the share of Lantern's own conditions among the common ones and its division, as the text voice has it.

    The tables hold 49 conditions and cannot know that a patient has none of them; the narrative can.
    """
    first, end = catalogue.common_count, catalogue.rare_first
    text = next((vote for vote in votes if vote.voice == "text" and vote.end >= end and vote.first <= first), None)
    if text is None or first == end:
        return 0.0, np.zeros(end - first)
    probability = np.exp(text.log_probability[first - text.first : end - text.first])
    share = float(np.clip(probability.sum(), LEAST_SHARE, 1 - LEAST_SHARE))
    return share, probability / probability.sum()


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
    shares = [float(np.exp(vote.log_probability[: catalogue.rare_first]).sum()) for vote in wide]
    if narrow:
        shares.append(_share_of_tables(narrow, catalogue))
    held = np.clip(shares, LEAST_SHARE, 1 - LEAST_SHARE)
    return float(1 / (1 + np.exp(-np.mean(np.log(held / (1 - held))))))


def _share_of_tables(votes: Sequence[Vote], catalogue: Catalogue) -> float:
    """Return the share of the common block: less where the phenotype voice reads findings that no voice of the common
    block can. A narrative counts by its clauses, so that one raised pressure does not hand it to the rare list."""
    read_common = max((vote.read for vote in votes if vote.first == 0), default=0)
    read_rare = sum(vote.read for vote in votes if vote.first == catalogue.rare_first)
    if not read_common or not read_rare:
        return 1.0 if read_common else 0.0
    share = TOLD_SHARE if any(vote.voice == "text" for vote in votes) else COMMON_SHARE
    return share * min(1.0, read_common / read_rare)


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


def _told_places(
    candidates: Sequence[str], told: Floats, votes: Sequence[Vote], catalogue: Catalogue
) -> tuple[Place, ...]:
    """Rank exactly the names given by the narrative; each table orders anew only those that it knows.

    So a table never moves probability to or from a candidate it cannot judge.
    """
    text = np.exp(told)
    shares = shares_of("all", [vote for vote in votes if vote.voice != "text"], catalogue)
    found = [catalogue.find(name) for name in candidates]
    pooled = text.copy()
    for first, end in ((0, catalogue.common_count), (catalogue.rare_first, len(catalogue))):
        if any(vote.first <= first and vote.end >= end and vote.voice != "text" for vote in votes):
            _order_anew(pooled, [_known(numbers, first, end) for numbers in found], shares)
    order = np.argsort(-pooled, kind="stable").tolist()
    return tuple(
        Place(
            _best(found[place], shares), float(pooled[place] / pooled.sum()), candidates[place],
            {"text": float(text[place])},
        )
        for place in order
    )  # fmt: skip


def _known(numbers: Sequence[int], first: int, end: int) -> list[int]:
    """Return the numbers of one table; nothing where an earlier table already knows the name."""
    return [number for number in numbers if first <= number < end] if numbers and numbers[0] >= first else []


def _order_anew(pooled: Floats, known: Sequence[Sequence[int]], shares: Floats) -> None:
    """Divide the mass of the known places by the weighted log opinions of text and table, in place."""
    places = [place for place, numbers in enumerate(known) if numbers]
    table = np.array([shares[list(known[place])].sum() for place in places])
    if len(places) < 2 or table.sum() <= 0:
        return
    mass = pooled[places].sum()
    floor = table.sum() * LEAST_TABLE_SHARE
    joined = pooled[places] ** (1 - TABLE_WEIGHT) * np.maximum(table, floor) ** TABLE_WEIGHT
    pooled[places] = mass * joined / joined.sum()


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
    is_rare = catalogue.is_rare(ranking.places[0].number)
    first, end = (catalogue.rare_first, len(catalogue)) if is_rare else (0, catalogue.common_count)
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
