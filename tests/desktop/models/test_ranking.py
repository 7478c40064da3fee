"""The ranking model: probability in words and per cent, votes, and nothing of it when the engine abstained."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from desktop.models.ranking import RankingModel
from desktop.models.records import RecordRole
from desktop.words import likelihood_words, percent
from tests.desktop import samples


def test_keeps_the_rules_of_qt_models(qtmodeltester: ModelTester) -> None:
    model = RankingModel()
    model.set_differential(samples.differential())
    qtmodeltester.check(model)


def test_shows_probability_in_words_and_per_cent(qapp: object) -> None:
    model = RankingModel()
    model.set_differential(samples.differential())
    first = model.index(0).data(RecordRole)
    assert model.likelihood(first) == "about as likely as not · 62 %"
    model.set_language("zh")
    assert model.likelihood(first) == "可能性约各半 · 62 %"


def test_says_which_voice_did_not_vote(qapp: object) -> None:
    model = RankingModel()
    model.set_differential(samples.differential())
    assert model.mute_voices() == ("phenotype",)
    assert model.votes(model.records()[0]) == "Bayes 60 %   Text 68 %   Reader 70 %"
    assert model.votes(model.records()[1]) == "Bayes 16 %   Text 19 %   Reader no vote"


def test_never_shows_a_probability_when_abstained(qapp: object) -> None:
    model = RankingModel()
    model.set_differential(samples.abstained())
    for row in range(model.rowCount()):
        spoken = model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)
        assert "%" not in spoken
        assert "candidate" in spoken


def test_spoken_row_names_what_must_not_be_missed(qapp: object) -> None:
    model = RankingModel()
    model.set_differential(samples.differential())
    row = model.row_of("DDX:Pulmonary embolism")
    assert row == 1
    assert "do not miss" in model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize(("probability", "shown"), [
    (0.0, "0 %"), (0.004, "<1 %"), (0.01, "1 %"), (0.62, "62 %"), (0.996, ">99 %"), (1.0, "100 %"),
])
def test_per_cent_never_rounds_to_certainty(probability: float, shown: str) -> None:
    assert percent(probability) == shown


@pytest.mark.parametrize(("probability", "words"), [
    (0.0, "exceptionally unlikely"), (0.01, "very unlikely"), (0.1, "unlikely"), (0.33, "about as likely as not"),
    (0.66, "likely"), (0.9, "very likely"), (0.99, "virtually certain"), (1.0, "virtually certain"),
])
def test_words_follow_the_published_bands(probability: float, words: str) -> None:
    assert likelihood_words(probability, "en") == words
