"""The process border with real children: each way to fail gives one typed ending, and the desktop goes on."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from desktop.engine_client.command import ChildCommand
from desktop.engine_client.process import EngineProcess
from desktop.engine_client.run import Run
from desktop.engine_client.watchdog import Patience
from engine import api

PROJECT = Path(__file__).resolve().parents[3]
GOOD = PROJECT / "tests/engine/children/scripted_child.py"
BAD = PROJECT / "tests/desktop/engine_client/children/bad_child.py"
QUICK = Patience(
    hello_ms=1500, ping_every_ms=100, pong_ms=400, cancel_ms=500, goodbye_ms=300, first_pause_ms=1, longest_pause_ms=5
)
FORGIVING = Patience(ping_every_ms=100, first_pause_ms=1, longest_pause_ms=5)

Engine = Callable[..., EngineProcess]


@pytest.fixture
def engine(qtbot: QtBot) -> Iterator[Engine]:
    """Make engine processes over a child of the tests; all are closed afterwards."""
    made: list[EngineProcess] = []

    def make(program: Path = GOOD, *arguments: str, patience: Patience | None = None) -> EngineProcess:
        command = ChildCommand(sys.executable, (str(program), *arguments), str(PROJECT))
        made.append(EngineProcess(command, patience or (FORGIVING if program == GOOD else QUICK)))
        return made[-1]

    yield make
    for each in made:
        each.close()


class Record:
    """Everything a run has said."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.events: list[api.RunEvent] = []
        self.endings: list[api.Terminal] = []
        run.event.connect(self.events.append)
        run.ended.connect(self.endings.append)

    @property
    def code(self) -> str:
        (ending,) = self.endings
        return ending.code if isinstance(ending, api.Failed) else ending.kind


def submit(engine: EngineProcess, text: str = "quick", run_id: str = "r") -> Record:
    return Record(engine.submit(api.ExtractRequest(api.RunId(run_id), text)))


def ended(qtbot: QtBot, record: Record) -> str:
    """Wait for the ending and return its code, or its kind."""
    qtbot.waitUntil(lambda: bool(record.endings), timeout=20_000)
    return record.code


def test_the_first_request_starts_the_child(qtbot: QtBot, engine: Engine) -> None:
    process = engine()
    states: list[str] = []
    process.state_changed.connect(states.append)
    with qtbot.waitSignal(process.hello, timeout=20_000) as hello:
        record = submit(process)
    assert ended(qtbot, record) == "done"
    assert hello.args[0].device == "CPU of the test"
    assert record.events == [api.Stage(api.RunId("r"), "extract")]
    assert states == ["starting", "busy", "ready"]


def test_runs_end_in_order_and_each_once(qtbot: QtBot, engine: Engine) -> None:
    process = engine()
    records = [submit(process, "quick", f"run {n}") for n in range(5)]
    assert [ended(qtbot, record) for record in records] == ["done"] * 5


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("silent", "engine_start_failed"),
        ("dies_at_once", "engine_crashed"),
        ("other_protocol", "engine_protocol"),
        ("no_hello_first", "engine_protocol"),
        ("two_hellos", "engine_protocol"),
        ("garbage_on_request", "engine_protocol"),
        ("oversize_on_request", "engine_protocol"),
        ("no_utf8_on_request", "engine_protocol"),
        ("segfault_on_request", "engine_crashed"),
        ("leaves_on_request", "engine_crashed"),
        ("half_a_line_on_request", "engine_crashed"),
        ("deaf", "engine_hung"),
        ("ends_twice", "done"),
    ],
)
def test_a_bad_child_gives_one_ending_with_the_right_code(
    qtbot: QtBot, engine: Engine, behaviour: str, code: str
) -> None:
    record = submit(engine(BAD, behaviour))
    assert ended(qtbot, record) == code
    qtbot.wait(50)
    assert len(record.endings) == 1


def test_a_program_that_is_not_there_gives_start_failed(qtbot: QtBot) -> None:
    process = EngineProcess(ChildCommand("/nowhere/lantern-engine", ("worker",)), QUICK)
    assert ended(qtbot, submit(process)) == "engine_start_failed"
    assert process.state == "stopped"


def test_a_stopped_child_is_noticed_and_replaced(qtbot: QtBot, engine: Engine) -> None:
    process = engine(patience=Patience(ping_every_ms=100, pong_ms=1000, first_pause_ms=1))
    assert ended(qtbot, submit(process)) == "done"
    record = submit(process, "wait", "hung")
    qtbot.waitUntil(lambda: bool(record.events), timeout=20_000)
    os.kill(process.process_id, signal.SIGSTOP)
    assert ended(qtbot, record) == "engine_hung"
    assert ended(qtbot, submit(process, "quick", "next")) == "done"


def test_a_busy_child_is_not_taken_for_a_hung_one(qtbot: QtBot, engine: Engine) -> None:
    process = engine(patience=Patience(ping_every_ms=100, pong_ms=1000))
    record = submit(process, "busy")
    qtbot.waitUntil(lambda: bool(record.events), timeout=20_000)
    qtbot.wait(2_500)
    assert not record.endings
    record.run.cancel()
    assert ended(qtbot, record) == "cancelled"


@pytest.mark.slow
def test_ten_kills_at_random_moments_lose_no_ending(qtbot: QtBot, engine: Engine) -> None:
    process = engine()
    delays = random.Random(10)
    for round_number in range(10):
        records = [submit(process, "wait", f"{round_number} {n}") for n in range(3)]
        qtbot.waitUntil(lambda process=process: process.process_id > 0, timeout=20_000)
        if round_number % 2:
            qtbot.waitUntil(lambda records=records: bool(records[0].events), timeout=20_000)
        QTimer.singleShot(delays.randrange(60), lambda: os.kill(process.process_id, signal.SIGKILL))
        assert [ended(qtbot, record) for record in records] == ["engine_crashed"] * 3
    assert ended(qtbot, submit(process)) == "done"


def test_cancel_while_running_ends_as_cancelled(qtbot: QtBot, engine: Engine) -> None:
    record = submit(engine(), "wait")
    qtbot.waitUntil(lambda: bool(record.events), timeout=20_000)
    record.run.cancel()
    record.run.cancel()
    assert ended(qtbot, record) == "cancelled"


def test_cancel_before_the_child_is_ready_ends_as_cancelled(qtbot: QtBot, engine: Engine) -> None:
    record = submit(engine(), "wait")
    record.run.cancel()
    assert not record.endings
    assert ended(qtbot, record) == "cancelled"


def test_a_child_that_ignores_cancel_is_killed_and_the_run_ends_as_cancelled(qtbot: QtBot, engine: Engine) -> None:
    process = engine(BAD, "deaf", patience=Patience(cancel_ms=200, first_pause_ms=1))
    with qtbot.waitSignal(process.hello, timeout=20_000):
        record = submit(process)
    qtbot.wait(20)
    record.run.cancel()
    assert ended(qtbot, record) == "cancelled"
    qtbot.waitUntil(lambda: process.state == "stopped")


def test_a_request_that_is_too_large_fails_alone(qtbot: QtBot, engine: Engine) -> None:
    process = engine()
    large, small = submit(process, "x" * (api.MAX_LINE_BYTES + 1), "large"), submit(process, "quick", "small")
    assert ended(qtbot, large) == "too_large"
    assert ended(qtbot, small) == "done"


def test_stop_ends_open_runs_and_a_deaf_child(qtbot: QtBot, engine: Engine) -> None:
    process = engine(BAD, "deaf", patience=Patience(goodbye_ms=100))
    with qtbot.waitSignal(process.hello, timeout=20_000):
        record = submit(process)
    process.stop()
    assert ended(qtbot, record) == "engine_crashed"
    assert process.state == "stopped"


def test_stop_before_the_start_ends_waiting_runs(qtbot: QtBot, engine: Engine) -> None:
    process = engine()
    record = submit(process)
    process.stop()
    assert ended(qtbot, record) == "engine_crashed"


def test_close_leaves_no_child_behind(qtbot: QtBot, engine: Engine) -> None:
    process = engine()
    assert ended(qtbot, submit(process)) == "done"
    child = process.process_id
    process.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_child_that_keeps_dying_is_started_again_each_time(qtbot: QtBot, engine: Engine) -> None:
    process = engine(BAD, "dies_at_once")
    for n in range(4):
        assert ended(qtbot, submit(process, "quick", f"{n}")) == "engine_crashed"
