"""Nobody at the keyboard: said once, and counted again from the next key."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop.idle_lock import IdleLock


def test_silence_is_said_once(qapp, qtbot):
    lock = IdleLock(qapp, minutes=0.001)
    with qtbot.waitSignal(lock.idle):
        pass
    with qtbot.assertNotEmitted(lock.idle, wait=150):
        pass
    lock.stop()


def test_key_starts_the_count_again(qapp, qtbot):
    edit = QLineEdit()
    qtbot.addWidget(edit)
    lock = IdleLock(qapp, minutes=1)
    lock._timer.stop()
    QTest.keyClick(edit, Qt.Key.Key_A)
    assert lock._timer.isActive()
    lock.stop()
    QTest.keyClick(edit, Qt.Key.Key_A)
    assert not lock._timer.isActive()
