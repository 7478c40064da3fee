"""Futures come back to the main thread, each in exactly one of two ways."""

import errno
import logging
import threading
from concurrent.futures import Future

import pytest

from desktop.errors import WrongPassword
from desktop.tasks import Tasks, code_of
from engine.errors import TooLarge


@pytest.fixture
def tasks(qapp):
    tasks = Tasks()
    yield tasks
    tasks.close()


def ended(qtbot, start):
    """Run `start(done, failed)` and return ("done" | "failed", value, thread)."""
    seen = []
    start(lambda value: seen.append(("done", value, threading.current_thread())),
          lambda code: seen.append(("failed", code, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(seen))
    return seen


def test_result_arrives_in_the_main_thread(qtbot, tasks):
    seen = ended(qtbot, lambda done, failed: tasks.in_pool(lambda: 6 * 7, done, failed))
    assert seen == [("done", 42, threading.main_thread())]


def test_failure_arrives_as_its_code(qtbot, tasks):
    def refuse():
        raise WrongPassword("detail")

    seen = ended(qtbot, lambda done, failed: tasks.in_pool(refuse, done, failed))
    assert seen == [("failed", "wrong_password", threading.main_thread())]


def test_future_that_has_already_ended_is_delivered_later_not_at_once(qtbot, tasks):
    future = Future()
    future.set_result("kept")
    seen = []
    tasks.watch(future, seen.append, seen.append)
    assert seen == []
    qtbot.waitUntil(lambda: seen == ["kept"])


def test_bug_is_logged_and_called_internal(caplog):
    with caplog.at_level(logging.ERROR):
        assert code_of(KeyError("x")) == "internal"
    assert "KeyError" in caplog.text


def test_codes_of_known_failures():
    assert code_of(TooLarge("x")) == "too_large"
    assert code_of(OSError(errno.ENOSPC, "no space")) == "disk_full"


def test_nothing_is_delivered_after_close(qtbot, qapp):
    tasks, future, seen = Tasks(), Future(), []
    tasks.watch(future, seen.append, seen.append)
    tasks.close()
    future.set_result("late")
    qapp.processEvents()
    assert seen == []
