"""A consultation over the real store, the real tables and a scripted model, in this process' own window."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import Application, Arguments, build
from desktop.case.suggestions import chips, confirmed_state
from desktop.demo_file import LOGIN, PASSWORD, ensure_demo_file
from desktop.engine_client.command import ChildCommand
from desktop.store.cases import Cases
from desktop.views.unlock import Credentials
from engine import api

ROOT = Path(__file__).resolve().parents[2]
CHILD = Path(__file__).parent / "scripted_child.py"
PATIENCE_MS = 60_000

pytestmark = [
    pytest.mark.slow,
    pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints", extend=True),
]


@pytest.fixture
def app(qtbot: QtBot, tmp_path: Path, knowledge_path: Path) -> Iterator[Application]:
    """Lantern at work on the demonstration file, with a scripted model in its engine."""
    ensure_demo_file(tmp_path, date(2026, 11, 22))
    child = ChildCommand(sys.executable, (str(CHILD), str(knowledge_path)), str(ROOT))
    application = build(Arguments(tmp_path, "en", engine=child))
    with qtbot.waitSignal(application.access.users_listed, timeout=PATIENCE_MS):
        application.start()
    with qtbot.waitSignal(application.access.entered, timeout=PATIENCE_MS):
        application.access.unlock(Credentials(LOGIN, PASSWORD))
    yield application
    application.window.close()
    application.close()


def open_case(app: Application, qtbot: QtBot, name: str) -> None:
    session = app.access.session
    assert session is not None
    (found, *_) = app.lane.submit(Cases(session).search, name).result()
    with qtbot.waitSignal(app.consultation.findings_changed, timeout=PATIENCE_MS):
        app.consultation.open(found.id)
    record = app.consultation.record
    assert record is not None
    for chip in chips(record.findings):
        app.consultation.decide_findings(chip.ids, confirmed_state(chip))


def run_to_end(app: Application, qtbot: QtBot, kind: str, start: object) -> str:
    """Start a run and return the status it ended with."""
    assert callable(start)
    with qtbot.waitSignal(
        app.consultation.run_ended, timeout=PATIENCE_MS, check_params_cb=lambda ending: ending.kind == kind
    ) as blocker:
        start()
    assert blocker.args is not None
    return str(blocker.args[0].status)


def test_a_sentence_with_an_invented_dose_is_greyed_and_a_supported_one_is_released(
    app: Application, qtbot: QtBot
) -> None:
    open_case(app, qtbot, "Grace Okafor")
    written: list[api.PlanSentence] = []
    app.consultation.sentence_written.connect(written.append)
    assert run_to_end(app, qtbot, "plan", lambda: app.consultation.plan("DDX:Pneumonia", prose=True)) == "ok"
    status = {sentence.text: sentence.status for sentence in written}
    assert any("moonshine" in text and verdict == "unsupported" for text, verdict in status.items())


def test_the_own_diagnosis_is_stored_before_the_list_is_shown(app: Application, qtbot: QtBot) -> None:
    open_case(app, qtbot, "王建国")
    assert run_to_end(app, qtbot, "diagnose", lambda: app.consultation.give_own_diagnosis("心肌梗死")) == "ok"
    session, record = app.access.session, app.consultation.record
    assert session is not None
    assert record is not None
    stored = app.lane.submit(Cases(session).load, record.id).result()
    assert stored.own_diagnosis == "心肌梗死"


def test_an_engine_killed_in_mid_run_ends_once_and_works_again(app: Application, qtbot: QtBot) -> None:
    open_case(app, qtbot, "Peter Marsh")
    for _ in range(3):
        endings: list[object] = []
        app.consultation.run_ended.connect(endings.append)
        with qtbot.waitSignal(app.consultation.run_ended, timeout=PATIENCE_MS):
            app.consultation.diagnose()
            qtbot.waitUntil(lambda: app.engine.process_id > 1, timeout=PATIENCE_MS)
            os.kill(app.engine.process_id, signal.SIGKILL)
        assert len(endings) == 1
        app.consultation.run_ended.disconnect(endings.append)
    assert run_to_end(app, qtbot, "diagnose", app.consultation.diagnose) == "ok"


def test_a_pregnant_patient_and_an_allergic_one_get_other_plans(app: Application, qtbot: QtBot) -> None:
    plans: list[api.Plan] = []
    app.consultation.planned.connect(plans.append)
    for name in ("Grace Okafor", "陈美玲"):
        open_case(app, qtbot, name)
        assert run_to_end(app, qtbot, "plan", lambda: app.consultation.plan("DDX:Pneumonia")) == "ok"
    blocked = [{option.name for option in plan.options if option.verdict == "blocked"} for plan in plans]
    assert not any("moxicillin" in name for name in blocked[0])
    assert any("moxicillin" in name for name in blocked[1])
