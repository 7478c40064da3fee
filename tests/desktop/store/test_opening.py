"""Every way a case file can be damaged, foreign, newer or in use, on real SQLCipher files; nothing may be silent.

The damage is done to a copy taken while the file is open, which is what a power cut leaves behind.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop import errors
from desktop.store import database, keys, migrations
from desktop.store.cases import Cases
from desktop.store.database import DatabaseKey
from desktop.store.files import CaseFiles
from desktop.store.inspection import inspect
from desktop.store.opening import open_case_file
from desktop.store.session import Session, create_clinic, sign_in
from tests.desktop.store.conftest import LEAD, PASSWORD, QUICK, a_case, contents, crash_copy

PAGE_BYTES = 4096


@pytest.fixture
def crashed(session: Session, files: CaseFiles, tmp_path: Path) -> CaseFiles:
    """A copy after a power cut: 30 cases in the main file, three more only in the log."""
    cases = Cases(session)
    for number in range(30):
        cases.save(a_case(name=f"Patient {number}", text="word " * 400))
    session.case_file.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    for number in range(3):
        cases.save(a_case(name=f"Late {number}"))
    return crash_copy(files, tmp_path)


def refused(files: CaseFiles, error: type[errors.CaseFileError] = errors.CaseFileDamaged) -> None:
    """Assert that signing in is refused with `error` and that not one byte of the folder changed."""
    before = contents(files.folder)
    with pytest.raises(error) as raised:
        sign_in(files, LEAD.login, PASSWORD)
    assert type(raised.value) is error
    assert contents(files.folder) == before


def test_a_file_after_a_power_cut_opens_with_everything(crashed: CaseFiles) -> None:
    session = sign_in(crashed, LEAD.login, PASSWORD)
    assert Cases(session).count() == 33
    session.case_file.close()


def test_a_deleted_log_is_noticed(crashed: CaseFiles) -> None:
    crashed.wal.unlink()
    refused(crashed)


@pytest.mark.parametrize("kept_bytes", [0, 32, 5000, 0.5, -1, -PAGE_BYTES - 24])
def test_a_cut_log_is_noticed(crashed: CaseFiles, kept_bytes: float) -> None:
    size = crashed.wal.stat().st_size
    length = int(size * kept_bytes) if isinstance(kept_bytes, float) else kept_bytes % size
    os.truncate(crashed.wal, length)
    refused(crashed)


@pytest.mark.parametrize("place", [0, 20, 32, 60, 5000, 0.5, -1])
def test_a_flipped_bit_in_the_log_is_noticed(crashed: CaseFiles, place: float) -> None:
    flip(crashed.wal, place)
    refused(crashed)


@pytest.mark.parametrize("place", [0, 20, 100, 4090, 5000, 0.5, -1])
def test_a_flipped_bit_in_the_database_is_noticed(session: Session, files: CaseFiles, place: float) -> None:
    for number in range(30):
        Cases(session).save(a_case(name=f"Patient {number}"))
    session.case_file.close()
    flip(files.database, place)
    with pytest.raises(errors.CaseFileDamaged):
        sign_in(files, LEAD.login, PASSWORD)


def test_an_empty_database_is_not_taken_for_a_new_one(session: Session, files: CaseFiles) -> None:
    session.case_file.close()
    os.truncate(files.database, 0)
    refused(files)


def test_an_empty_database_beside_a_full_log_is_noticed(crashed: CaseFiles) -> None:
    os.truncate(crashed.database, 0)
    refused(crashed)


@pytest.mark.parametrize("pages", [1, 2, 10, -1, -5])
def test_a_database_cut_at_a_page_boundary_is_noticed(session: Session, files: CaseFiles, pages: int) -> None:
    for number in range(20):
        Cases(session).save(a_case(name=f"Patient {number}"))
    session.case_file.close()
    os.truncate(files.database, (pages * PAGE_BYTES) % files.database.stat().st_size)
    with pytest.raises(errors.CaseFileDamaged):
        sign_in(files, LEAD.login, PASSWORD)


def test_a_damaged_free_page_is_noticed(session: Session, files: CaseFiles) -> None:
    cases, large = Cases(session), a_case(text="free " * 40_000)
    cases.save_draft(large)
    cases.drop_draft(large.id)
    session.case_file.close()
    flip(files.database, -PAGE_BYTES - 500)  # only the page seals cover what no table uses
    with pytest.raises(errors.CaseFileDamaged):
        sign_in(files, LEAD.login, PASSWORD)


def test_a_table_that_does_not_fit_its_index_is_noticed(session: Session, files: CaseFiles) -> None:
    Cases(session).save(a_case())
    db = session.case_file.db
    db.conn.execute("PRAGMA writable_schema = ON")
    db.conn.execute("DELETE FROM sqlite_master WHERE name = 'results_by_case'")
    session.case_file.close()
    refused(files)


@pytest.mark.parametrize("more_bytes", [1, 100, PAGE_BYTES, PAGE_BYTES + 1])
def test_bytes_behind_the_last_page_are_noticed(session: Session, files: CaseFiles, more_bytes: int) -> None:
    session.case_file.close()
    with files.database.open("ab") as file:
        file.write(bytes(more_bytes))
    with pytest.raises(errors.CaseFileDamaged):
        sign_in(files, LEAD.login, PASSWORD)


def test_a_page_torn_by_a_power_cut_is_healed_from_the_log(session: Session, files: CaseFiles, tmp_path: Path) -> None:
    cases = Cases(session)
    saved = cases.save(a_case())
    session.case_file.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    before = files.database.read_bytes()
    cases.save(replace(saved, text="changed"))
    copy = crash_copy(files, tmp_path)
    session.case_file.close()
    after = files.database.read_bytes()
    torn = next(page for page in range(1, len(before) // PAGE_BYTES) if page_of(before, page) != page_of(after, page))
    with copy.database.open("rb+") as file:  # half of the new page over the old one
        file.seek(torn * PAGE_BYTES)
        file.write(page_of(after, torn)[: PAGE_BYTES // 2])
    healed = sign_in(copy, LEAD.login, PASSWORD)
    loaded = Cases(healed).load(saved.id)
    assert loaded is not None
    assert loaded.text == "changed"
    healed.case_file.close()


@pytest.mark.parametrize("part", ["database", "keys", "head"])
def test_a_missing_part_is_noticed(session: Session, files: CaseFiles, part: str) -> None:
    session.case_file.close()
    getattr(files, part).unlink()
    refused(files)


def test_no_folder_is_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(errors.CaseFileMissing):
        sign_in(CaseFiles(tmp_path / "nothing" / "case"), LEAD.login, PASSWORD)


def test_a_foreign_encrypted_database_is_refused(session: Session, files: CaseFiles) -> None:
    key = session.case_file.key
    session.case_file.close()
    files.database.unlink()
    db = database.connect(files.database, key)
    db.conn.execute("CREATE TABLE something (x)")
    db.close()
    refused(files)


def test_a_database_of_another_case_file_is_refused(session: Session, files: CaseFiles, tmp_path: Path) -> None:
    key = session.case_file.key
    session.case_file.close()
    with pytest.raises(errors.CaseFileDamaged):
        open_case_file(files, key, expected_id="another")


def test_a_plain_sqlite_file_is_refused(session: Session, files: CaseFiles) -> None:
    session.case_file.close()
    files.database.write_bytes(b"SQLite format 3\0" + bytes(PAGE_BYTES - 16))
    refused(files)


def test_a_newer_file_is_refused_and_left_untouched(session: Session, files: CaseFiles) -> None:
    newer = migrations.count(migrations.STEPS) + 1
    session.case_file.db.conn.execute(f"PRAGMA user_version = {newer}")
    session.case_file.close()
    refused(files, errors.CaseFileNewer)


def test_a_newer_file_with_an_open_log_is_left_untouched(session: Session, files: CaseFiles, tmp_path: Path) -> None:
    session.case_file.db.conn.execute("PRAGMA user_version = 99")
    refused(crash_copy(files, tmp_path), errors.CaseFileNewer)


def test_a_newer_key_file_is_refused(session: Session, files: CaseFiles) -> None:
    session.case_file.close()
    files.keys.write_bytes(files.keys.read_bytes().replace(b'"format": 1', b'"format": 2'))
    refused(files, errors.CaseFileNewer)


def test_a_wrong_database_key_is_refused(session: Session, files: CaseFiles) -> None:
    session.case_file.close()
    with pytest.raises(errors.WrongPassword):
        open_case_file(files, keys.new_database_key())


def test_a_file_that_is_open_cannot_be_opened_again(session: Session, files: CaseFiles) -> None:
    with pytest.raises(errors.CaseFileLocked):
        sign_in(files, LEAD.login, PASSWORD)
    assert session.case_file.rows("SELECT 1 AS one") == [{"one": 1}]


def test_another_process_cannot_open_an_open_file(session: Session, files: CaseFiles) -> None:
    script = (
        "import sys; from pathlib import Path; from desktop import errors\n"
        "from desktop.store.files import CaseFiles; from desktop.store.session import sign_in\n"
        "try: sign_in(CaseFiles(Path(sys.argv[1])), 'lead', sys.argv[2])\n"
        "except errors.CaseFileLocked: sys.exit(7)"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(files.folder), PASSWORD], check=False)
    assert ended.returncode == 7


def test_a_refused_opening_leaves_no_lock(session: Session, files: CaseFiles) -> None:
    session.case_file.close()
    with pytest.raises(errors.WrongPassword):
        open_case_file(files, keys.new_database_key())
    sign_in(files, LEAD.login, PASSWORD).case_file.close()


def test_creating_never_touches_an_existing_file(session: Session, files: CaseFiles) -> None:
    session.case_file.close()
    before = contents(files.folder)
    with pytest.raises(errors.CaseFileLocked):
        create_clinic(files, LEAD, cost=QUICK)
    assert contents(files.folder) == before


def test_a_creation_that_was_cut_short_can_be_repeated(files: CaseFiles) -> None:
    files.part.folder.mkdir(parents=True)
    files.part.database.write_bytes(b"half")
    create_clinic(files, LEAD, cost=QUICK).session.case_file.close()
    assert not files.part.folder.exists()


def test_a_failed_piece_of_work_leaves_nothing(session: Session) -> None:
    before = session.case_file.reach()

    def fail_half_way() -> None:
        with session.case_file.transaction() as work:
            work.record(session.user.id, "half", "done")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert session.case_file.reach() == before


def test_commits_are_synced_and_temporary_files_stay_in_memory(session: Session) -> None:
    pragmas = {name: database.fetch_one(session.case_file.db, f"PRAGMA {name}") for name in
               ("journal_mode", "synchronous", "temp_store", "foreign_keys", "cache_size")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "temp_store": 2, "foreign_keys": 1,
                       "cache_size": -65_536}


def test_only_the_owner_can_read_the_files(session: Session, files: CaseFiles) -> None:
    Cases(session).save(a_case())
    modes = {path.name: path.stat().st_mode & 0o077 for path in (files.folder, *files.folder.iterdir())}
    assert set(modes.values()) == {0}


def test_inspecting_a_good_file_changes_nothing(crashed: CaseFiles, session: Session) -> None:
    before = contents(crashed.folder)
    inspect(crashed, session.case_file.key)
    assert contents(crashed.folder) == before


def test_a_database_key_of_the_wrong_length_is_a_bug(files: CaseFiles) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        database.connect(files.database, DatabaseKey(b"short"))


def test_work_goes_on_after_reopening_a_crashed_copy(crashed: CaseFiles, reopen: Callable[[], Session]) -> None:
    first = sign_in(crashed, LEAD.login, PASSWORD)
    Cases(first).save(a_case(name="after"))
    first.case_file.close()
    second = sign_in(crashed, LEAD.login, PASSWORD)
    assert Cases(second).count() == 34
    second.case_file.close()


def flip(path: Path, place: float) -> None:
    content = bytearray(path.read_bytes())
    content[int(len(content) * place) if isinstance(place, float) else place] ^= 0x10
    path.write_bytes(bytes(content))


def page_of(content: bytes, number: int) -> bytes:
    return content[number * PAGE_BYTES : (number + 1) * PAGE_BYTES]


def test_a_copied_folder_opens_elsewhere(session: Session, files: CaseFiles, tmp_path: Path) -> None:
    Cases(session).save(a_case())
    session.case_file.close()
    shutil.copytree(files.folder, tmp_path / "elsewhere" / "case")
    moved = sign_in(CaseFiles(tmp_path / "elsewhere" / "case"), LEAD.login, PASSWORD)
    assert Cases(moved).count() == 1
    moved.case_file.close()
