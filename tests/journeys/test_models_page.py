"""Models through the engine's own child: a pack from a stick is installed and checked, a changed one refused."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.engine_client.command import ChildCommand
from desktop.engine_client.process import EngineProcess
from desktop.model_shelf import ModelShelf
from desktop.store.permissions import Permission
from desktop.views.models_page import ModelsPage
from tests.journeys.conftest import PATIENCE_MS, ROOT

NAME, LANGUAGE_MODEL = "treatment-drafting", "smollm2-135m-instruct"
MEASURING_MS = 300_000


class It:
    """A user who may manage models and nothing else."""

    def may(self, permission: Permission) -> bool:
        return permission == Permission.MANAGE_MODELS


@pytest.fixture
def shelf(
    qtbot: QtBot, models: Path, knowledge_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ModelShelf]:
    """A shelf over an empty models folder that trusts the key of `models`."""
    own = tmp_path / "models"
    shutil.copytree(models / "trust", own / "trust")
    monkeypatch.setenv("LANTERN_MODELS_DIR", str(own))
    child = (str(Path(__file__).parent / "plain_child.py"), str(knowledge_path))
    engine = EngineProcess(ChildCommand(sys.executable, child, str(ROOT)))
    with qtbot.waitSignal(engine.hello, timeout=PATIENCE_MS):
        engine.start()
    made = ModelShelf(engine)
    made.work_as(It())  # type: ignore[arg-type]
    yield made
    engine.close()


def done(qtbot: QtBot, shelf: ModelShelf, action: Callable[[], None]) -> None:
    """Do one action and wait for its end, and for the engine that starts anew after a change."""
    action()
    qtbot.waitUntil(lambda: not shelf.view.busy_with, timeout=PATIENCE_MS)


def test_a_pack_from_a_folder_is_installed_listed_and_checked(qtbot: QtBot, shelf: ModelShelf, models: Path) -> None:
    page = ModelsPage()
    qtbot.addWidget(page)
    shelf.changed.connect(page.show_models)
    done(qtbot, shelf, shelf.look)
    assert shelf.view.report is not None
    assert shelf.view.report.models == []
    done(qtbot, shelf, lambda: shelf.install(models / "packs" / NAME / "1.0"))
    done(qtbot, shelf, shelf.look)
    (installed,) = shelf.view.report.models
    assert (installed.name, installed.version, installed.gate_passed) == (NAME, "1.0", False)
    assert "not used" in page.cards[0].facts.text()
    done(qtbot, shelf, lambda: shelf.verify(NAME))
    assert "every file matches" in shelf.view.report.said.en


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_button_measures_the_installed_model_in_the_child_and_the_page_tells_what_came_out(
    qtbot: QtBot, shelf: ModelShelf, models: Path
) -> None:
    page = ModelsPage()
    qtbot.addWidget(page)
    shelf.changed.connect(page.show_models)
    page.measure_requested.connect(shelf.measure)
    done(qtbot, shelf, shelf.look)
    done(qtbot, shelf, page.measure_button.click)
    assert shelf.view.failure_code == "model_missing"
    assert page.refused.isVisibleTo(page)
    done(qtbot, shelf, lambda: shelf.install(models / "packs" / LANGUAGE_MODEL / "1.0"))
    done(qtbot, shelf, shelf.look)
    page.measure_button.click()
    assert not page.measure_button.isEnabled()
    assert page.header.subtitle().startswith("Measuring")
    qtbot.waitUntil(lambda: not shelf.view.busy_with, timeout=MEASURING_MS)
    assert page.measure_button.isEnabled()
    told = re.fullmatch(
        r"SmolLM2\S+: reads (\d+) and writes (\d+) tokens a second with \d thread\(s\); it writes (\S+) times as fast "
        r"as bare llama\.cpp\.( Other programs kept \d+ of \d+ cores busy, so it can be faster\.)?", page.said.text(),
    )
    assert told, page.said.text()
    assert all(float(number) > 0 for number in told.groups()[:3])


def test_a_changed_pack_is_refused_and_nothing_is_installed(
    qtbot: QtBot, shelf: ModelShelf, models: Path, tmp_path: Path
) -> None:
    stick = Path(shutil.copytree(models / "packs" / NAME / "1.0", tmp_path / "stick"))
    weights = next(stick.glob("*.gguf"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    done(qtbot, shelf, lambda: shelf.install(stick))
    assert shelf.view.failure_code == "model_damaged"
    done(qtbot, shelf, shelf.look)
    assert shelf.view.report is not None
    assert shelf.view.report.models == []
