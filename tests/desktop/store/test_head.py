"""The sealed head: what a crash may leave, and what must never pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop import errors
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.head import Reach, SealedHead, require_reach
from desktop.store.session import Session, sign_in
from tests.desktop.store.conftest import LEAD, PASSWORD, a_case, crash_copy

KEY = bytes(range(32))
REACH = Reach("id", 10, 4, "mac4")


@pytest.fixture
def head(tmp_path: Path) -> SealedHead:
    made = SealedHead(tmp_path / "head", KEY)
    made.create(REACH)
    return made


def later(commits: int) -> Reach:
    return replace(REACH, commits=REACH.commits + commits)


def test_the_newest_of_both_slots_is_read(head: SealedHead) -> None:
    for commits in range(1, 4):
        head.write(later(commits))
        assert head.read() == later(commits)


def test_a_torn_slot_leaves_the_one_before(head: SealedHead, tmp_path: Path) -> None:
    head.write(later(1))
    head.write(later(2))
    content = bytearray((tmp_path / "head").read_bytes())
    newest = later(2).commits % 2 * 4096
    content[newest + 20 : newest + 400] = bytes(380)
    (tmp_path / "head").write_bytes(content)
    assert head.read() == later(1)


def test_a_head_without_a_valid_slot_is_damaged(head: SealedHead, tmp_path: Path) -> None:
    (tmp_path / "head").write_bytes(bytes(8192))
    with pytest.raises(errors.CaseFileDamaged):
        head.read()


def test_a_head_sealed_with_another_key_is_damaged(head: SealedHead, tmp_path: Path) -> None:
    with pytest.raises(errors.CaseFileDamaged):
        SealedHead(tmp_path / "head", bytes(32)).read()


def test_writing_never_makes_the_file_longer(head: SealedHead, tmp_path: Path) -> None:
    size = (tmp_path / "head").stat().st_size
    for commits in range(1, 4):
        head.write(later(commits))
    assert (tmp_path / "head").stat().st_size == size


def test_an_unwritable_head_is_reported(head: SealedHead, tmp_path: Path) -> None:
    (tmp_path / "head").unlink()
    with pytest.raises(errors.DiskFull):
        head.write(later(1))


def test_one_commit_ahead_is_what_a_crash_leaves() -> None:
    require_reach(REACH, replace(later(1), audit_records=6), "mac4")


@pytest.mark.parametrize(
    ("found", "mac_at_head"),
    [
        (later(-1), "mac4"),
        (later(2), "mac4"),
        (replace(REACH, audit_records=3), None),
        (replace(REACH, audit_records=5), "mac4"),
        (REACH, "other"),
        (later(1), None),
        (replace(REACH, database_id="other"), "mac4"),
    ],
)
def test_any_other_distance_is_a_loss_or_a_forgery(found: Reach, mac_at_head: str | None) -> None:
    with pytest.raises(errors.CaseFileDamaged):
        require_reach(REACH, found, mac_at_head)


def test_power_lost_between_commit_and_head_loses_nothing(session: Session, files: CaseFiles, tmp_path: Path) -> None:
    before = files.head.read_bytes()
    Cases(session).save(a_case())
    copy = crash_copy(files, tmp_path)
    copy.head.write_bytes(before)
    reopened = sign_in(copy, LEAD.login, PASSWORD)
    assert Cases(reopened).count() == 1
    reopened.case_file.close()


def test_an_older_head_with_a_shorter_database_is_refused(session: Session, files: CaseFiles, tmp_path: Path) -> None:
    Cases(session).save(a_case())
    shorter = files.wal.read_bytes()
    Cases(session).save(a_case())
    Cases(session).save(a_case())
    copy = crash_copy(files, tmp_path)
    copy.wal.write_bytes(shorter)
    with pytest.raises(errors.CaseFileDamaged):
        sign_in(copy, LEAD.login, PASSWORD)


def test_an_older_head_alone_is_refused(session: Session, files: CaseFiles, tmp_path: Path) -> None:
    older = files.head.read_bytes()
    for _ in range(2):
        Cases(session).save(a_case())
    copy = crash_copy(files, tmp_path)
    copy.head.write_bytes(older)
    with pytest.raises(errors.CaseFileDamaged):
        sign_in(copy, LEAD.login, PASSWORD)


def test_a_head_that_could_not_be_written_is_written_before_the_next_work(session: Session, files: CaseFiles) -> None:
    cases, hidden = Cases(session), files.folder / "hidden"
    first = a_case()
    files.head.rename(hidden)
    with pytest.raises(errors.DiskFull):
        cases.save(first)
    with pytest.raises(errors.DiskFull):
        cases.save(a_case())
    hidden.rename(files.head)
    assert cases.save(first).revision == 1
    assert cases.count() == 1


def test_a_lost_draft_is_noticed_too(session: Session, files: CaseFiles, tmp_path: Path) -> None:
    before = files.wal.read_bytes()
    Cases(session).save_draft(a_case())
    copy = crash_copy(files, tmp_path)
    copy.wal.write_bytes(before)
    with pytest.raises(errors.CaseFileDamaged):
        sign_in(copy, LEAD.login, PASSWORD)
