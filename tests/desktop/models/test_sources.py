"""Sources: numbered in the engine's order, with the review mark; an unknown id is shown, not dropped."""

from __future__ import annotations

from desktop.models.sources import SourceModel
from desktop.words import source_marks
from tests.desktop import samples


def test_sources_say_whether_they_were_reviewed(qapp: object) -> None:
    model = SourceModel()
    model.set_sources(samples.sources())
    first, second = model.records()[:2]
    assert model.spoken(first).endswith("not reviewed by a clinician")
    assert model.spoken(second) == "[2] Thésaurus des interactions médicamenteuses, ANSM, Warfarin, 20-10-2020; " \
                                   "reviewed by a clinician"


def test_an_id_without_a_record_keeps_its_name() -> None:
    assert source_marks(samples.sources(), ["sample-leaflet", "ghost"]) == "[3] [ghost]"
