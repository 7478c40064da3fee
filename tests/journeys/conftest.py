"""What the journeys share: a small clinic's case file, Lantern at work on it, and how its words are looked at."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.app import Application, Arguments, build
from desktop.case.record import CaseRecord, Role
from desktop.case.suggestions import chips, confirmed_state
from desktop.demo_file import demo_cases
from desktop.engine_client.command import ChildCommand
from desktop.kept_run import RunEnding
from desktop.paths import data_paths
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.keys import HashingCost
from desktop.store.session import NewUser, create_clinic
from desktop.views.banner import Banner
from desktop.views.messages import message
from desktop.views.unlock import Credentials
from tests.desktop.conftest import built_translations

__all__ = ["built_translations"]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_MS = 60_000
LOGIN, PASSWORD = "demo", "lantern demonstration"
QUICK = HashingCost(memory_kib=1024, iterations=1, lanes=1)
WINDOWS_SAY = ("This plugin does not support propagateSizeHints", "translation .* is not built")


@dataclass(slots=True)
class Desk:
    """One Lantern with its window, and what a clinician does with it."""

    app: Application
    qtbot: QtBot

    def unlock(self, password: str = PASSWORD) -> None:
        with self.qtbot.waitSignal(self.app.access.entered, timeout=PATIENCE_MS):
            self.app.access.unlock(Credentials(LOGIN, password))

    def refused(self, password: str = PASSWORD) -> str:
        """Try to unlock and return the code of why it did not work."""
        with self.qtbot.waitSignal(self.app.access.failed, timeout=PATIENCE_MS) as blocker:
            self.app.access.unlock(Credentials(LOGIN, password))
        assert blocker.args is not None
        return str(blocker.args[0])

    def open(self, name: str) -> CaseRecord:
        """Open a stored case, read and confirmed."""
        session = self.app.access.session
        assert session is not None
        (found, *_) = self.app.lane.submit(Cases(session).search, name).result()
        with self.qtbot.waitSignal(self.app.consultation.opened, timeout=PATIENCE_MS):
            self.app.consultation.open(found.id)
        record = self.record
        if not record.findings:
            self.qtbot.waitUntil(lambda: bool(self.record.findings), timeout=PATIENCE_MS)
        for chip in chips(self.record.findings):
            self.app.consultation.decide_findings(chip.ids, confirmed_state(chip))
        return self.record

    def new_case(self, text: str = "") -> None:
        """Begin a case and type its story into the page."""
        self.app.consultation.new_case()
        if text:
            self.type(text)

    def type(self, text: str) -> None:
        """Type a story and wait until it is kept."""
        with self.qtbot.waitSignal(
            self.app.consultation.draft_kept, timeout=PATIENCE_MS, check_params_cb=lambda kept: kept
        ):
            self.app.window.pages.case.story.setPlainText(text)
            self.app.window.pages.case.flush()

    def run(self, kind: str, start: Callable[[], object]) -> RunEnding:
        """Start a run and return how it ended."""
        with self.qtbot.waitSignal(
            self.app.consultation.run_ended, timeout=PATIENCE_MS, check_params_cb=lambda ending: ending.kind == kind
        ) as blocker:
            start()
        assert blocker.args is not None
        ending = blocker.args[0]
        assert isinstance(ending, RunEnding)
        return ending

    def settle(self) -> None:
        """Wait until the store has done everything that it was asked for."""
        self.app.lane.submit(lambda: None).result()
        self.qtbot.wait(1)

    def stored(self) -> CaseRecord | None:
        """Return the open case as the store has it: the draft, else the newest revision."""
        session = self.app.access.session
        assert session is not None
        cases, case_id = Cases(session), self.record.id
        draft = self.app.lane.submit(cases.load_draft, case_id).result()
        return draft.record if draft else self.app.lane.submit(cases.load, case_id).result()

    @property
    def record(self) -> CaseRecord:
        assert self.app.consultation.record is not None
        return self.app.consultation.record

    def says(self, where: QWidget, code: str) -> None:
        """Assert that a banner under `where` shows `code` with its text and next step, in both languages."""
        for language in ("zh", "en"):
            self.app.use_language(language)
            spoken = {banner.code: banner.accessibleName() for banner in visible_banners(where)}
            assert code in spoken, f"{code} is not on the screen; there is {spoken}"
            words = message(code)
            assert words.text in spoken[code]
            assert words.next_step in spoken[code]
            assert is_chinese(words.title + words.next_step) == (language == "zh")


def visible_banners(where: QWidget) -> list[Banner]:
    """Return the banners that show something when `where` is on the screen."""
    banners = [where] if isinstance(where, Banner) else where.findChildren(Banner)
    return [banner for banner in banners if banner.isVisibleTo(where) or (banner is where and not banner.isHidden())]


def is_chinese(words: str) -> bool:
    return any("一" <= sign <= "鿿" for sign in words)


@pytest.fixture(scope="session")
def whole_clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the invented cases; the password is quick to check."""
    root = tmp_path_factory.mktemp("clinic")
    first = NewUser(LOGIN, "Dr. Demo", Role.CLINICAL_LEAD, PASSWORD)
    made = create_clinic(CaseFiles(data_paths(root).case_folder), first, cost=QUICK)
    for record in demo_cases(date.today()):
        Cases(made.session).save(record)
    made.session.case_file.close()
    return root


@pytest.fixture
def clinic(whole_clinic: Path, tmp_path: Path) -> Path:
    """A copy of the data folder, to be damaged at will."""
    return Path(shutil.copytree(whole_clinic, tmp_path / "data"))


Start = Callable[..., Desk]


@pytest.fixture
def start(
    qtbot: QtBot, clinic: Path, knowledge_path: Path, built_translations: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Start]:
    """Start Lantern on a data folder; its engine is the real child over the tables, without a model."""
    shown = tmp_path / "resources"
    shown.mkdir()
    (shown / "i18n").symlink_to(built_translations)
    monkeypatch.setattr("desktop.app.resources", lambda: shown)
    monkeypatch.setenv("LANTERN_MODELS_DIR", str(tmp_path / "no-models"))
    started: list[Application] = []

    def start_on(folder: Path = clinic, *, child: str = "plain_child.py", knowledge: Path = knowledge_path,
                 models: Path | None = None) -> Desk:
        monkeypatch.setenv("LANTERN_MODELS_DIR", str(models or tmp_path / "no-models"))
        command = ChildCommand(sys.executable, (str(Path(__file__).parent / child), str(knowledge)), str(ROOT))
        application = build(Arguments(folder, "en", engine=command, cost=QUICK))
        started.append(application)
        application.start()
        return Desk(application, qtbot)

    yield start_on
    for application in reversed(started):
        application.window.close()
        application.languages.remove()
        application.deleteLater()


@pytest.fixture
def desk(start: Start) -> Desk:
    """Lantern, unlocked."""
    started = start()
    started.unlock()
    return started
