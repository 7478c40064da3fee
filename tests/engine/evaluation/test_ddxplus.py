"""The interview figures: checkpoints, noise, and that the shipped table does far better than chance."""

from __future__ import annotations

import numpy as np
import pytest

from engine.diagnosis.bayes import BayesVoice
from engine.diagnosis.common_table import CommonTable, load_patients
from engine.evaluation.ddxplus import CHECKPOINTS, interview
from engine.knowledge.index import KnowledgeIndex


@pytest.fixture(scope="module")
def voice(knowledge: KnowledgeIndex) -> BayesVoice:
    return BayesVoice(CommonTable.load(knowledge))


def test_more_questions_find_more_conditions(voice: BayesVoice, knowledge: KnowledgeIndex) -> None:
    rng = np.random.default_rng(1)
    runs = [interview(voice, patient, False, rng) for patient in load_patients(knowledge)[:40]]
    top = [
        np.mean([run[place].probability.argmax() == run[place].truth for run in runs])
        for place in range(len(CHECKPOINTS))
    ]
    assert top[0] < 0.7
    assert top[2] > 0.9


def test_noise_is_drawn_from_the_seed(voice: BayesVoice, knowledge: KnowledgeIndex) -> None:
    patient = load_patients(knowledge)[0]
    first, second = (interview(voice, patient, True, np.random.default_rng(7)) for _ in range(2))
    assert first[-1].probability == pytest.approx(second[-1].probability)
