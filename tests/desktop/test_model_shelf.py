"""The shelf asks one thing at a time, lets only those change who may, then starts the engine anew."""

from pathlib import Path

import pytest

from desktop.model_shelf import ModelShelf
from desktop.store.permissions import Permission
from engine import api
from tests.desktop.desk import ScriptedEngine


class RestartableEngine(ScriptedEngine):
    def __init__(self):
        super().__init__()
        self.life = []

    def stop(self):
        self.life.append("stop")

    def start(self):
        self.life.append("start")


class Session:
    def __init__(self, *permissions):
        self.permissions = permissions

    def may(self, permission):
        return permission in self.permissions


def report(run):
    return api.ModelsReported(run.run_id, [], "CPU", "small", [], api.Bilingual("Done.", "完成。"))


@pytest.fixture
def engine():
    return RestartableEngine()


@pytest.fixture
def shelf(qtbot, engine):
    return ModelShelf(engine)


def test_looking_shows_what_the_engine_reports(shelf, engine):
    shelf.look()
    shelf.look()
    assert engine.count("models") == 1
    assert shelf.view.busy_with == "list"
    engine.answer("models", report(engine.last("models")))
    assert shelf.view.report.device == "CPU"
    assert not shelf.view.busy_with
    assert engine.life == []


def test_without_permission_nothing_is_asked(qtbot, shelf, engine):
    shelf.work_as(Session())
    with qtbot.waitSignal(shelf.failed) as failed:
        shelf.install(Path("/stick"))
    assert failed.args == ["not_allowed"]
    shelf.roll_back("x")
    assert engine.runs == []


def test_an_installation_restarts_the_engine(shelf, engine):
    shelf.work_as(Session(Permission.MANAGE_MODELS))
    shelf.install(Path("/stick"))
    assert engine.last("models").request.folder == "/stick"
    engine.answer("models", report(engine.last("models")))
    assert engine.life == ["stop", "start"]


def test_a_refusal_is_kept_in_the_engines_words_and_changes_nothing(shelf, engine):
    shelf.work_as(Session(Permission.MANAGE_MODELS))
    shelf.install(Path("/stick"))
    run = engine.last("models")
    run.receive(api.Failed(run.run_id, "model_untrusted", "no signature"))
    assert (shelf.view.failure, shelf.view.failure_code) == ("no signature", "model_untrusted")
    assert engine.life == []
    shelf.look()
    assert shelf.view.failure == ""
