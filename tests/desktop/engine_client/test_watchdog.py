"""The watchdog gives up at the right moment, once, with the right reason."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.engine_client.watchdog import Patience, Watchdog
from engine import errors

SHORT = Patience(hello_ms=30, ping_every_ms=20, pong_ms=60, cancel_ms=30)


class Watched:
    """A watchdog with what it has said."""

    def __init__(self, patience: Patience = SHORT) -> None:
        self.parent = QObject()
        self.dog = Watchdog(patience, self.parent)
        self.pings = 0
        self.reasons: list[errors.EngineError] = []
        self.dog.ping_due.connect(self.count)
        self.dog.gave_up.connect(self.reasons.append)

    def count(self) -> None:
        self.pings += 1


def test_no_hello_is_a_failed_start(qtbot: QtBot) -> None:
    watched = Watched()
    watched.dog.expect_hello()
    qtbot.waitUntil(lambda: bool(watched.reasons))
    assert [reason.code for reason in watched.reasons] == ["engine_start_failed"]
    assert watched.pings == 0


def test_two_unanswered_pings_are_a_hang_and_one_is_not(qtbot: QtBot) -> None:
    watched = Watched()
    watched.dog.hello_came()
    qtbot.waitUntil(lambda: watched.dog._missed_one)
    assert watched.reasons == []
    qtbot.waitUntil(lambda: bool(watched.reasons))
    assert watched.reasons[0].code == "engine_hung"
    watched.dog.rest()


def test_a_sign_of_life_begins_the_wait_anew(qtbot: QtBot) -> None:
    watched = Watched()
    watched.dog.ping_due.connect(watched.dog.sign_of_life)
    watched.dog.hello_came()
    qtbot.waitUntil(lambda: watched.pings >= 10)
    watched.dog.rest()
    assert watched.reasons == []


def test_an_ignored_cancel_is_a_hang_and_an_obeyed_one_is_not(qtbot: QtBot) -> None:
    watched = Watched()
    watched.dog.expect_cancel()
    watched.dog.cancel_came()
    qtbot.wait(60)
    assert watched.reasons == []
    watched.dog.expect_cancel()
    qtbot.waitUntil(lambda: bool(watched.reasons))
    assert watched.reasons[0].code == "engine_hung"


def test_at_rest_nothing_is_said(qtbot: QtBot) -> None:
    watched = Watched()
    watched.dog.expect_hello()
    watched.dog.hello_came()
    watched.dog.expect_cancel()
    watched.dog.rest()
    qtbot.wait(100)
    assert (watched.pings, watched.reasons) == (0, [])


@pytest.mark.parametrize(("deaths", "pause_ms"), [(0, 0), (1, 500), (2, 1000), (6, 16_000), (7, 30_000), (99, 30_000)])
def test_the_pause_doubles_up_to_its_limit(deaths: int, pause_ms: int) -> None:
    assert Patience().pause_ms(deaths) == pause_ms
