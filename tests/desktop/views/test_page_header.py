"""The buttons of a page stay within its width, on as many lines as they need."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.views.page_header import PageHeader


def test_buttons_take_more_lines_before_the_page_grows_wider(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    header = PageHeader(page)
    buttons = [QPushButton("A button with many words") for _ in range(5)]
    for button in buttons:
        header.add_button(button)
    header.say("Plan", "Draft")
    one = buttons[0].sizeHint().width()
    header.resize(one * 8, 200)
    page.show()
    qtbot.waitUntil(lambda: len({button.y() for button in buttons}) == 1)
    header.resize(int(one * 2.5), 300)
    qtbot.waitUntil(lambda: len({button.y() for button in buttons}) > 1)
    assert header.minimumSizeHint().width() <= header.width()
    assert all(button.geometry().right() <= header.width() for button in buttons)
