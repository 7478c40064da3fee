"""After the live switch no widget of any page still shows an English sentence of the program."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from desktop.i18n import Languages
from desktop.resources import resources
from desktop.views.case_page import CasePage
from desktop.views.check import CheckPage
from desktop.views.differential import DifferentialPage
from desktop.views.plan import PlanPage
from desktop.views.setup import SetupPage
from desktop.views.today import TodayPage
from desktop.views.unlock import UnlockPage
from tests.desktop import samples

PAGES = (SetupPage, UnlockPage, TodayPage, CasePage, DifferentialPage, PlanPage, CheckPage)


@pytest.fixture(scope="module")
def english() -> frozenset[str]:
    """Every text of the screens whose Chinese differs from it."""
    found = set()
    for name in ("shell_zh_CN.ts", "results_zh_CN.ts"):
        for message in ElementTree.parse(resources() / "i18n" / name).iter("message"):
            source, chinese = message.findtext("source", ""), message.findtext("translation", "")
            if source != chinese:
                found.add(source)
    return frozenset(found)


def texts(page: QWidget) -> Iterator[str]:
    """Yield every text that the widgets of `page` show or say to a screen reader."""
    for widget in (page, *page.findChildren(QWidget)):
        yield widget.accessibleName()
        yield widget.toolTip()
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            yield widget.placeholderText()
        if isinstance(widget, QComboBox):
            yield from (widget.itemText(row) for row in range(widget.count()))
        if isinstance(widget, QTabWidget):
            yield from (widget.tabText(place) for place in range(widget.count()))


@pytest.mark.parametrize("kind", PAGES)
def test_every_text_of_a_page_follows_the_switch(
    kind: type[QWidget], qtbot: QtBot, languages: Languages, english: frozenset[str]
) -> None:
    page = kind()
    qtbot.addWidget(page)
    page.show()
    if isinstance(page, CasePage | DifferentialPage | CheckPage):
        page.show_case(samples.case_record())
    if isinstance(page, DifferentialPage):
        page.show_differential(samples.differential(), "Bronchitis", commit_first=True)
        page.waiting_findings.show_count(3)
    before = {text for text in texts(page) if text in english}
    assert before
    languages.use("zh")
    QCoreApplication.processEvents()
    assert {text for text in texts(page) if text in english} == set()
