"""The Qt binding must not eat references: PySide6 6.12.0 on Python 3.11 loses one to None with every void call and
aborts the process after some thousand calls."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject


def test_void_calls_keep_the_references_to_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(500):
        thing.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) < 100
