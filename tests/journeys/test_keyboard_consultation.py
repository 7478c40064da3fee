"""A whole consultation without a mouse: every step is a real key event to the window of the product."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Application, Arguments, build
from desktop.case.record import FindingState
from desktop.demo_file import PASSWORD, ensure_demo_file
from desktop.engine_client.command import ChildCommand

ROOT = Path(__file__).resolve().parents[2]
CHILD = Path(__file__).parent / "scripted_child.py"
PATIENCE_MS = 60_000
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
STORY = "Cough with yellow sputum for 6 days, fever and chills. No wheezing."

pytestmark = [
    pytest.mark.slow,
    pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True),
]


@pytest.fixture
def app(qtbot: QtBot, tmp_path: Path, knowledge_path: Path) -> Iterator[Application]:
    """Lantern before the unlock, with a scripted model in its engine."""
    ensure_demo_file(tmp_path, date(2026, 11, 22))
    child = ChildCommand(sys.executable, (str(CHILD), str(knowledge_path)), str(ROOT))
    application = build(Arguments(tmp_path, "en", engine=child))
    with qtbot.waitSignal(application.access.users_listed, timeout=PATIENCE_MS):
        application.start()
    application.window.activateWindow()
    yield application
    application.window.close()
    application.close()


def press(app: Application, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Send a key to whatever has the keyboard, as a person's finger does."""
    QTest.keyClick(focused(app), key, modifiers)


def focused(app: Application) -> QWidget:
    return QApplication.focusWidget() or app.window


def test_from_the_password_to_the_signed_pdf_with_keys_only(app: Application, qtbot: QtBot) -> None:
    consultation, window = app.consultation, app.window
    with qtbot.waitSignal(app.access.entered, timeout=PATIENCE_MS):
        QTest.keyClicks(focused(app), PASSWORD)
        press(app, Qt.Key.Key_Return)
    with qtbot.waitSignal(consultation.opened, timeout=PATIENCE_MS):
        press(app, Qt.Key.Key_N, CTRL)
    assert window.page == "case"
    with qtbot.waitSignal(consultation.findings_changed, timeout=PATIENCE_MS):
        QTest.keyClicks(focused(app), STORY)
    press(app, Qt.Key.Key_Return, CTRL | SHIFT)
    assert consultation.record is not None
    states = {finding.state for finding in consultation.record.findings}
    assert states == {FindingState.CONFIRMED, FindingState.DENIED}

    with qtbot.waitSignal(consultation.ranked, timeout=PATIENCE_MS):
        press(app, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: window.page == "differential")
    press(app, Qt.Key.Key_D)
    with qtbot.waitSignal(consultation.ranked, timeout=PATIENCE_MS):
        QTest.keyClicks(focused(app), "Pneumonia")
        press(app, Qt.Key.Key_Return)
    differential = window.pages.differential
    qtbot.waitUntil(lambda: differential.stack.currentWidget() in (differential.view, differential.abstained))
    if differential.stack.currentWidget() is differential.abstained:  # too little is known: its own step, by key
        differential.abstained.button.setFocus()
        press(app, Qt.Key.Key_Space)
    with qtbot.waitSignal(consultation.planned, timeout=PATIENCE_MS):
        press(app, Qt.Key.Key_P)
    assert window.page == "plan"

    press(app, Qt.Key.Key_Return, CTRL)
    with qtbot.waitSignal(app.decisions.signed, timeout=PATIENCE_MS):
        press(app, Qt.Key.Key_Return, CTRL)
    with qtbot.waitSignal(app.reports.saved, timeout=PATIENCE_MS) as saved:
        window.pages.plan.pdf_button.setFocus()
        press(app, Qt.Key.Key_Space)
    assert saved.args is not None
    assert Path(saved.args[0]).read_bytes().startswith(b"%PDF")
