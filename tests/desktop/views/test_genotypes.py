"""The section on genotypes shows a record and reads it back; it is out of sight only where nothing of it counts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desktop.case.record import CaseRecord
from desktop.i18n import Languages
from desktop.views.case_form import CaseForm
from desktop.views.genotypes import GenotypesSection

HELD = CaseRecord(vcf_path="/media/usb/a.vcf.gz", outside_calls=(("CYP2D6", "*4/*4"), ("HLA-B", "*57:01/*07:02")))


@pytest.fixture
def form(qtbot: QtBot) -> CaseForm:
    form = CaseForm()
    qtbot.addWidget(form)
    form.show()
    return form


def test_genotypes_come_back_unchanged(form: CaseForm) -> None:
    form.show_record(HELD)
    read = form.record(HELD)
    assert (read.vcf_path, read.outside_calls) == (HELD.vcf_path, HELD.outside_calls)
    form.show_record(CaseRecord())
    read = form.record(CaseRecord())
    assert (read.vcf_path, read.outside_calls) == (None, ())


def test_the_section_is_off_until_it_is_turned_on(form: CaseForm) -> None:
    form.show_record(CaseRecord())
    assert not form.genotypes.isVisible()
    form.offer_genotypes(True)
    assert form.genotypes.isVisible()
    form.offer_genotypes(False)
    assert not form.genotypes.isVisible()


@pytest.mark.parametrize("record", [replace(HELD, vcf_path=None), replace(HELD, outside_calls=())])
def test_what_a_record_holds_is_shown_even_while_it_is_off(form: CaseForm, record: CaseRecord) -> None:
    form.show_record(record)
    assert form.genotypes.isVisible()
    form.offer_genotypes(False)
    assert form.genotypes.isVisible()


def test_choosing_and_taking_away_a_file_are_edits(qtbot: QtBot) -> None:
    section = GenotypesSection()
    qtbot.addWidget(section)
    with qtbot.waitSignal(section.edited, timeout=1000):
        section.set_file("/media/usb/patient.vcf")
    assert "patient.vcf" in section.file_line.text()
    assert "/media" not in section.file_line.text()
    with qtbot.assertNotEmitted(section.edited):
        section.set_file("/media/usb/patient.vcf")
    with qtbot.waitSignal(section.edited, timeout=1000):
        section.remove_button.click()
    assert section.vcf_path is None
    assert section.remove_button.isHidden()


def test_a_half_typed_row_is_kept_on_screen_and_not_counted(qtbot: QtBot) -> None:
    section = GenotypesSection()
    qtbot.addWidget(section)
    section.rows.add_empty()
    section.rows.rows[0].inputs[0].setText("CYP2D6")
    assert section.calls() == ()
    section.rows.rows[0].inputs[1].setText(" *4/*4 ")
    assert section.calls() == (("CYP2D6", "*4/*4"),)


def test_the_section_speaks_both_languages(form: CaseForm, languages: Languages) -> None:
    languages.use("zh")
    QCoreApplication.sendPostedEvents()
    assert form.genotypes.choose_button.text() == "选择变异文件…"
