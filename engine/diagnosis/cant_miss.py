"""Diseases not to be missed: the most dangerous conditions that findings and narrative leave possible, five at most.

Bayes speaks for the common conditions; the text voice adds Lantern's own, which no table of findings covers, such as
aortic dissection. The table knows 49 diseases and shares all probability out among them, so in a patient who has none
of them something dangerous is always left: where a narrative was read, it must speak for what is listed, or at least
not against what the findings raise. What the findings make likely by themselves stands whatever the narrative is like:
whoever entered ten findings and typed half a sentence must not lose a warning by that half sentence.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.api import Bilingual, CantMiss
from engine.diagnosis.catalogue import Catalogue
from engine.diagnosis.common_table import CommonTable
from engine.diagnosis.fusion import shares_of
from engine.diagnosis.voice import Floats, Vote

WORST_SEVERITIES = (1, 2)
"""DDXPlus grades severity from 1, the worst, to 5."""
MOST = 5
LEAST_PROBABILITY = 0.001
"""Low on purpose: this list has its own recall target, apart from the ranking (NOTES.md)."""
SPOKEN_FOR = 3.0
"""How many even shares of all conditions the narrative must give one to speak for it (NOTES_TEXT.md)."""
RAISED_BY = 10.0
"""How many times likelier than before the table's findings must make a condition that the narrative only allows."""
LIKELY_BY_FINDINGS, LIKELY_BY_BOTH = 0.5, 0.05
"""With this probability by the findings alone, or by findings and narrative together, a condition needs no word of the
narrative. Of 200 cases of severe conditions with nine findings and a sentence, 108 were warned of it without this, 199
with it (NOTES_TEXT.md)."""


def dangerous(probability: Floats, table: CommonTable) -> list[int]:
    """Return the conditions to list, by number, most likely first."""
    order = np.argsort(-probability, kind="stable").tolist()
    severe = [number for number in order if table.conditions[number].severity in WORST_SEVERITIES]
    return [number for number in severe[:MOST] if probability[number] >= LEAST_PROBABILITY]


def cant_miss(
    vote: Vote | None,
    told: Vote | None,
    table: CommonTable,
    catalogue: Catalogue,
    impossible: npt.NDArray[np.bool_] | None = None,
) -> list[CantMiss]:
    """Return the dangerous conditions that remain possible, most likely first.

    `vote` is Bayes's, `told` the text voice's. None where both are silent. `impossible` are the numbers that a patient
    of this sex cannot have.
    """
    chances = np.zeros(catalogue.rare_first)
    if told is not None:
        shares = shares_of("common", [each for each in (vote, told) if each], catalogue)[: catalogue.rare_first]
        listed = _is_spoken_for(vote, told, catalogue) | (shares >= LIKELY_BY_BOTH)
        chances = np.where(listed, shares, 0.0)
    elif vote is not None:
        chances[: catalogue.common_count] = np.exp(vote.log_probability)
    if impossible is not None:
        chances[impossible[: catalogue.rare_first]] = 0.0
    severe = dangerous(chances[: catalogue.common_count], table)
    if told is not None:
        severe += _pictured_dangerous(chances, catalogue)
    likeliest = sorted(dict.fromkeys(severe), key=lambda number: -chances[number])[:MOST]
    return [_row(number, catalogue) for number in likeliest]


def _is_spoken_for(vote: Vote | None, told: Vote, catalogue: Catalogue) -> npt.NDArray[np.bool_]:
    """Return which conditions the narrative speaks for, or allows where the findings raise them, or findings alone."""
    shares = np.exp(told.log_probability[: catalogue.rare_first]) * len(told.log_probability)
    spoken = shares >= SPOKEN_FOR
    if vote is None:
        return spoken
    spoken[: catalogue.common_count] |= np.exp(vote.log_probability) >= LIKELY_BY_FINDINGS
    if vote.log_prior is not None:
        is_raised = vote.log_probability - vote.log_prior >= np.log(RAISED_BY)
        spoken[: catalogue.common_count] |= is_raised & (shares[: catalogue.common_count] >= 1)
    return spoken


def _pictured_dangerous(chances: Floats, catalogue: Catalogue) -> list[int]:
    """Return the conditions that remain possible and whose picture calls them life-threatening.

    Common ones too: DDXPlus gives pneumonia and tuberculosis the middle grade of severity.
    """
    possible = np.flatnonzero(chances >= LEAST_PROBABILITY).tolist()
    return [number for number in possible if catalogue.is_life_threatening(number)]


def _row(number: int, catalogue: Catalogue) -> CantMiss:
    severity = catalogue.severity(number)
    why = Bilingual(
        f"the findings do not rule it out; severity grade {severity} of 5 (1 is the worst)",
        f"现有发现不能排除；严重程度{severity}级（共5级，1级最重）",
    )
    if severity not in WORST_SEVERITIES:
        why = Bilingual("the narrative fits it; life-threatening when missed", "病情描述与之相符；漏诊可危及生命")
    return CantMiss(catalogue.code(number), catalogue.name(number), why.en, catalogue.display(number), why)
