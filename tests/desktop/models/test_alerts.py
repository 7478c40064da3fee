"""Alerts in one list by harm, and the filter that narrows it without losing the order."""

from __future__ import annotations

from dataclasses import replace

from desktop.models.alerts import AlertFilter, AlertModel
from engine.api import Bilingual, Severity
from tests.desktop import samples


def _model() -> AlertModel:
    model = AlertModel()
    model.set_alerts(samples.alerts())
    return model


def test_worst_alert_comes_first(qapp: object) -> None:
    assert [alert.severity for alert in _model().records()] == [
        Severity.CONTRAINDICATED, Severity.AVOID, Severity.CAUTION, Severity.NOTE]


def test_filter_by_severity_keeps_the_worse_ones(qapp: object) -> None:
    model = _model()
    narrowed = AlertFilter(model)
    narrowed.narrow(Severity.AVOID)
    assert narrowed.rowCount() == 2


def test_filter_by_kind_and_words(qapp: object) -> None:
    model = _model()
    narrowed = AlertFilter(model)
    narrowed.narrow(kind="renal")
    assert narrowed.rowCount() == 1
    narrowed.narrow(words="WARFARIN")
    assert [model.record(narrowed.mapToSource(narrowed.index(0, 0))).kind] == ["interaction"]
    narrowed.narrow(words="nothing has this word")
    assert narrowed.rowCount() == 0


def test_drugs_are_named_in_the_language_of_the_screen(qapp: object) -> None:
    model, first = _model(), samples.alerts()[0]
    names = [Bilingual(inn, f"药名（{inn}）") for inn in first.drugs]
    named = replace(first, display_drugs=names)
    model.set_language("zh")
    assert model.text(named).endswith(" + ".join(name.zh for name in names))
    assert model.text(first).endswith(" + ".join(first.drugs))  # stored before names were part of a result


def test_spoken_row_has_text_source_and_edition(qapp: object) -> None:
    model = _model()
    assert model.spoken(model.records()[1]).endswith("(ansm-2020, 20-10-2020)")
    model.set_language("zh")
    assert "避免使用" in model.spoken(model.records()[1])
