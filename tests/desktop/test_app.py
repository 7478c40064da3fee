"""The wired application over a real case file: first start, work, lock, next start; and an engine that cannot start."""

import pytest

from desktop.__main__ import main
from desktop.app import Arguments, build
from desktop.engine_client.command import ChildCommand
from desktop.settings import load_settings
from desktop.store.keys import HashingCost

QUICK = HashingCost(memory_kib=1024, iterations=1, lanes=1)
NO_ENGINE = ChildCommand("/no/such/program", ())
PASSWORD = "three odd words"


class Clinic:
    """One data folder; `start` stands for starting Lantern on it."""

    def __init__(self, folder, qtbot):
        self.folder, self.qtbot, self.app = folder, qtbot, None

    def start(self, language="en"):
        self.stop()
        self.app = build(Arguments(self.folder, language, NO_ENGINE, QUICK))
        self.qtbot.addWidget(self.app.window)
        self.app.start()
        return self.app.window

    def set_up(self):
        window = self.start()
        setup = window.setup
        for field, text in ((setup.user_name, "Dr Lin"), (setup.password, PASSWORD), (setup.repeated, PASSWORD)):
            field.editor.setText(text)
        with self.qtbot.waitSignal(self.app.access.created):
            setup.create_button.click()
        setup.confirmation.editor.setText(setup.code.text()[-4:])
        setup.finish_button.click()
        return window

    def unlock(self, password=PASSWORD):
        self.app.window.unlock.password.editor.setText(password)
        self.app.window.unlock.unlock_button.click()

    def stop(self):
        if self.app is not None:
            self.app.close()
            self.app.languages.remove()
            self.app.deleteLater()
            self.app = None


@pytest.fixture
def clinic(qtbot, tmp_path):
    clinic = Clinic(tmp_path / "data", qtbot)
    yield clinic
    clinic.stop()


def test_first_start_leads_through_set_up_to_an_empty_today(qtbot, clinic):
    window = clinic.set_up()
    assert (window.is_at_work, window.page) == (True, "today")
    qtbot.waitUntil(lambda: window.pages.today._content.currentIndex() == 1)
    assert window.navigation.user.text().startswith("Dr Lin")


def test_new_case_is_named_in_the_status_line_and_listed_today(qtbot, clinic):
    window = clinic.set_up()
    window.new_case_requested.emit()
    assert window.page == "case"
    window.pages.case.form.fields["name"].editor.setText("Li Wei")
    window.pages.case.flush()
    assert window.status.patient.words.text() == "Li Wei"
    window.show_page("today")
    qtbot.waitUntil(lambda: window.pages.today.model.rowCount() == 1)
    assert window.pages.today.model.row(0).name == "Li Wei"


def test_next_start_asks_for_the_password_and_goes_on_with_the_case(qtbot, clinic):
    window = clinic.set_up()
    window.new_case_requested.emit()
    window.pages.case.story.setPlainText("Cough. 咳嗽")
    window = clinic.start()
    qtbot.waitUntil(lambda: window.unlock.user.editor.count() == 1)
    assert not window.is_at_work
    clinic.unlock()
    qtbot.waitUntil(lambda: window.pages.today.model.rowCount() == 1)
    window.pages.today.case_chosen.emit(window.pages.today.model.row(0).case_id)
    qtbot.waitUntil(lambda: window.pages.case.story.toPlainText() == "Cough. 咳嗽")


def test_wrong_password_is_said_on_the_unlock_page(qtbot, clinic):
    clinic.set_up()
    window = clinic.start()
    qtbot.waitUntil(lambda: window.unlock.user.editor.count() == 1)
    clinic.unlock("three even words")
    qtbot.waitUntil(lambda: window.unlock.banner.code == "wrong_password")
    assert not window.is_at_work
    assert window.unlock.unlock_button.isEnabled()


def test_lock_hides_the_work_keeps_the_case_and_the_password_brings_it_back(qtbot, clinic):
    window = clinic.set_up()
    window.new_case_requested.emit()
    window.pages.case.story.setPlainText("Cough.")
    with qtbot.waitSignal(clinic.app.access.users_listed):
        window.lock_requested.emit()
    assert not window.pages.case.isVisible()
    clinic.unlock()
    qtbot.waitUntil(lambda: window.is_at_work)
    assert (window.page, window.pages.case.story.toPlainText()) == ("case", "Cough.")


def test_engine_that_cannot_start_is_said_and_recording_goes_on(qtbot, clinic):
    window = clinic.set_up()
    window.new_case_requested.emit()
    window.pages.case.story.setPlainText("Cough.")
    window.pages.case.ask_run()
    qtbot.waitUntil(lambda: window.pages.case.banner.code == "engine_start_failed")
    assert window.status.engine.words.text() in ("Engine stopped", "Engine starting…")
    assert clinic.app.consultation.record.text == "Cough."


def test_damaged_file_is_said_with_a_next_step_and_left_untouched(qtbot, clinic):
    clinic.set_up()
    clinic.stop()
    database = clinic.folder / "case" / "lantern.db"
    damaged = bytearray(database.read_bytes())
    damaged[5000:5100] = bytes(100)
    database.write_bytes(damaged)
    window = clinic.start()
    qtbot.waitUntil(lambda: window.unlock.user.editor.count() == 1)
    clinic.unlock()
    qtbot.waitUntil(lambda: window.unlock.banner.code == "file_damaged")
    assert window.unlock.retry_button.isVisible()
    assert database.read_bytes() == bytes(damaged)


def test_language_is_switched_live_and_remembered(qtbot, clinic):
    window = clinic.set_up()
    window.language_requested.emit()
    assert clinic.app.languages.current == "zh"
    assert load_settings(clinic.app.paths.settings).settings.language == "zh"
    window.language_requested.emit()
    assert clinic.app.languages.current == "en"


def test_damaged_settings_are_said_and_the_defaults_used(clinic):
    clinic.folder.mkdir()
    (clinic.folder / "settings.json").write_text("{not json")
    window = clinic.start()
    assert window.banner.code in ("settings_damaged", "translation_missing")
    assert clinic.app.settings.commit_first


def test_closing_twice_is_harmless(clinic):
    clinic.set_up()
    clinic.app.close()
    clinic.app.close()


def test_help_shows_examples_and_needs_no_window(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "--data-dir" in capsys.readouterr().out


def test_unknown_language_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "fr"])
    assert ended.value.code == 2


def test_failure_of_the_store_is_said_on_whatever_page_is_open(clinic):
    window = clinic.set_up()
    window.new_case_requested.emit()
    clinic.app.consultation.failed.emit("disk_full")
    assert window.pages.case.banner.code == "disk_full"
    window.show_page("plan")
    clinic.app.consultation.failed.emit("disk_full")
    assert window.banner.code == "disk_full"
