"""Kills, full disks and prying eyes: what was said to be saved is there, and nothing of it is readable on the disk."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop import errors
from desktop.case.record import CaseId
from desktop.store.backup import back_up
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.session import Session, sign_in
from tests.desktop.store.conftest import MARKER, PASSWORD, a_case

ROUNDS = 30
SEED = 20260301


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_thirty_kills_lose_nothing_that_was_called_saved(session: Session, files: CaseFiles) -> None:
    session.case_file.close()
    chance = random.Random(SEED)
    promised: dict[str, int] = {}
    for _ in range(ROUNDS):
        output = killed_writer(files, delay_s=chance.uniform(0.0, 0.25))
        promised |= revisions_in(output)
        opened = sign_in(files, "lead", PASSWORD)
        cases = Cases(opened)
        for case_id, revision in promised.items():
            assert len(cases.revisions(CaseId(case_id))) >= revision
        drafts = [(what, int(number)) for what, number in output if what.startswith("draft-")]
        for what, number in drafts[-1:]:
            assert newest_number(cases, CaseId(what.removeprefix("draft-"))) >= number
        opened.case_file.close()
    assert len(promised) > ROUNDS


def revisions_in(output: list[tuple[str, str]]) -> dict[str, int]:
    """Return the newest revision that was reported as saved for each case."""
    return {what: int(number) for what, number in output if what not in {"ready", "full"} and "draft" not in what}


def newest_number(cases: Cases, case_id: CaseId) -> int:
    """Return the writer's number in the newest draft of a case, or in the save that came after it."""
    draft = cases.load_draft(case_id)
    newest = cases.load(case_id)
    assert newest is not None
    words = draft.record.text.removeprefix("draft ") if draft is not None else newest.text
    return int(words.split(" ")[0])


def killed_writer(files: CaseFiles, delay_s: float) -> list[tuple[str, str]]:
    """Run the writer, kill it some time after it is ready, and return what it had reported."""
    command = [sys.executable, "-m", "tests.desktop.store.writer", str(files.folder), PASSWORD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        ready = writer.stdout.readline()
        time.sleep(delay_s)
        writer.send_signal(signal.SIGKILL)
        reported = writer.stdout.read()
    lines = (ready + reported).split("\n")[:-1]  # the kill may have cut the last line
    return [(what, number) for what, _, number in (line.partition(" ") for line in lines)]


@pytest.mark.parametrize("more_bytes", [0, 30_000, 300_000])
def test_a_file_that_may_not_grow_is_a_full_disk_and_loses_nothing(
    session: Session, files: CaseFiles, more_bytes: int
) -> None:
    limit = max(path.stat().st_size for path in files.folder.iterdir()) + more_bytes
    session.case_file.close()
    command = [sys.executable, "-m", "tests.desktop.store.writer", str(files.folder), PASSWORD, str(limit)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    lines = [(what, number) for what, _, number in (line.partition(" ") for line in ended.stdout.splitlines())]
    assert lines[-1][0] == "full"
    promised = revisions_in(lines)
    opened = sign_in(files, "lead", PASSWORD)
    cases = Cases(opened)
    assert {case_id: len(cases.revisions(CaseId(case_id))) for case_id in promised} == promised
    opened.case_file.close()


def test_a_full_database_keeps_the_case_the_draft_and_the_session(session: Session) -> None:
    cases = Cases(session)
    saved = cases.save(a_case())
    cases.save_draft(a_case(text="typed", id=saved.id, revision=1))
    pages = session.case_file.rows("PRAGMA page_count")[0]["page_count"]
    session.case_file.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(errors.DiskFull):
        cases.save(a_case(text="x" * 200_000))
    with pytest.raises(errors.DiskFull):
        cases.save_draft(a_case(text="y" * 200_000, id=saved.id, revision=1))
    draft = cases.load_draft(saved.id)
    assert draft is not None
    assert draft.record.text == "typed"
    session.case_file.rows("PRAGMA max_page_count = 1000000")
    assert cases.save(a_case(text="x" * 200_000)).revision == 1


def test_a_backup_onto_a_full_disk_leaves_nothing_half_made(session: Session, files: CaseFiles) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    Cases(session).save(a_case(text="x" * 200_000))
    script = (
        "import resource, sys; from pathlib import Path; from desktop import errors\n"
        "from desktop.store.backup import back_up; from desktop.store.files import CaseFiles\n"
        "from desktop.store.session import sign_in\n"
        "session = sign_in(CaseFiles(Path(sys.argv[1])), 'lead', sys.argv[2])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: back_up(session)\n"
        "except errors.DiskFull: sys.exit(7)"
    )
    session.case_file.close()
    command = [sys.executable, "-c", script, str(files.folder), PASSWORD]
    assert subprocess.run(command, check=False).returncode == 7
    assert list(files.backups.iterdir()) == []


def test_no_name_is_readable_anywhere_on_the_disk(session: Session, files: CaseFiles, tmp_path: Path) -> None:
    cases = Cases(session)
    saved = cases.save(a_case(text=f"{MARKER} coughs " * 3000))
    cases.save_draft(a_case(text=f"{MARKER} draft"))
    cases.search(MARKER)
    session.case_file.rows("SELECT record FROM case_revisions ORDER BY hex(record) DESC")  # sorts: a temporary file
    made = back_up(session)
    assert files.wal.stat().st_size > 0
    for path in (*tmp_path.rglob("*"), *opened_files()):
        if path.is_file():
            content = path.read_bytes()
            for known in (MARKER, MARKER.lower(), "Quartermaine", saved.id, saved.patient.id, "append-only"):
                assert known.encode() not in content, path
                assert known.encode("utf-16-le") not in content, path
    assert made.folder.is_dir()


def opened_files() -> list[Path]:
    """Return what this process has open below the system's folder for temporary files, deleted files too."""
    handles = Path("/proc/self/fd")
    if not handles.is_dir():
        return []
    links = {handle: os.readlink(handle) for handle in handles.iterdir() if handle.is_symlink()}
    return [handle for handle, target in links.items() if "etilqs" in target or "lantern" in target]


def test_no_name_is_readable_after_a_clean_close(session: Session, files: CaseFiles) -> None:
    Cases(session).save(a_case())
    session.case_file.close()
    for path in files.folder.iterdir():
        assert MARKER.encode() not in path.read_bytes()
