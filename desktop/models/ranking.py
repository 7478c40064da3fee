"""The ranked hypotheses as a Qt list: names, probabilities in words and per cent, and what each voice voted."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject

from desktop.models.records import RecordModel
from desktop.words import VOICES, likelihood_words, percent, pick, word
from engine.api import Differential, Hypothesis

VOICE_NAMES = ("bayes", "phenotype", "text", "reader")


class RankingModel(RecordModel[Hypothesis]):
    """The hypotheses of one differential, best first. An abstained one shows candidates and never a probability."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.abstained = False

    def set_differential(self, differential: Differential | None) -> None:
        """Show the hypotheses of `differential`, or none."""
        self.abstained = differential is not None and differential.status == "abstained"
        self.set_records(differential.hypotheses if differential is not None else ())

    def row_of(self, code: str) -> int | None:
        """Return the row of a disease code."""
        return next((row for row, hypothesis in enumerate(self.records()) if hypothesis.code == code), None)

    def name(self, hypothesis: Hypothesis) -> str:
        """Return the name on the screen."""
        return pick(hypothesis.display, self.language)

    def probability(self, hypothesis: Hypothesis) -> float | None:
        """Return the probability that may be shown: none where the engine abstained."""
        return None if self.abstained else hypothesis.probability

    def likelihood(self, hypothesis: Hypothesis) -> str:
        """Return the probability in words and per cent, or that this is a candidate only."""
        probability = self.probability(hypothesis)
        if probability is None:
            return QCoreApplication.translate("RankingModel", "candidate, no probability")
        return f"{likelihood_words(probability, self.language)} · {percent(probability)}"

    def votes(self, hypothesis: Hypothesis) -> str:
        """Return what each voice gave, in one line; a voice that gave this one nothing but voted elsewhere says so."""
        if self.abstained:
            return ""
        mute = self.mute_voices()
        given = ((name, getattr(hypothesis.votes, name)) for name in VOICE_NAMES if name not in mute)
        silent = QCoreApplication.translate("RankingModel", "no vote")
        return "   ".join(
            f"{word(VOICES, name, self.language)} {silent if vote is None else percent(vote)}" for name, vote in given
        )

    def mute_voices(self) -> tuple[str, ...]:
        """Return the voices that voted on none of the hypotheses."""
        return tuple(name for name in VOICE_NAMES
                     if all(getattr(hypothesis.votes, name) is None for hypothesis in self.records()))

    def text(self, record: Hypothesis) -> str:
        return f"{record.rank}. {self.name(record)}"

    def spoken(self, record: Hypothesis) -> str:
        parts = [self.text(record), self.likelihood(record)]
        if record.cant_miss:
            parts.append(QCoreApplication.translate("RankingModel", "do not miss"))
        if votes := self.votes(record):
            parts.append(votes.replace("   ", ", "))
        return ", ".join(parts)
