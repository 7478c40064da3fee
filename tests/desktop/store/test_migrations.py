"""Migrations: frozen, transactional, backed up first, and harmless when cut short."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop import errors
from desktop.store import database, migrations
from desktop.store.audit import Audit
from desktop.store.backup import list_backups
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.opening import open_case_file
from desktop.store.session import Session, sign_in
from tests.desktop.store.conftest import LEAD, PASSWORD, a_case, contents

FROZEN = {"0001_case_file": "81433f2efc7d4a60"}


def with_step(step: Callable[[Any], None]) -> Any:
    """Return the released steps and one more, as a later Lantern would have."""
    later = database.Migrations("lantern")
    later._migrations = list(migrations.STEPS._migrations)
    later(name="9999_later")(step)
    return later


def add_column(db: Any) -> None:
    db.execute("ALTER TABLE users ADD COLUMN phone TEXT")
    db.execute("PRAGMA user_version = 2")


def test_released_steps_are_frozen(tmp_path: Path) -> None:
    db = database.connect(tmp_path / "schema.db", database.DatabaseKey(bytes(32)))
    found = {}
    for step in migrations.STEPS._migrations:
        step.fn(db)
        rows = db.conn.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
        found[step.name] = hashlib.sha256("\n".join(row[0] for row in rows).encode()).hexdigest()[:16]
    db.close()
    assert found == FROZEN


def test_the_version_counts_the_steps(session: Session) -> None:
    version = database.fetch_one(session.case_file.db, "PRAGMA user_version")
    assert version == migrations.count(migrations.STEPS)


def test_a_pending_step_backs_up_first_then_runs(session: Session, files: CaseFiles) -> None:
    Cases(session).save(a_case())
    key = session.case_file.key
    session.case_file.close()
    migrated = open_case_file(files, key, steps=with_step(add_column))
    assert migrated.rows("SELECT phone FROM users") == [{"phone": None}]
    assert Audit(migrated).latest(1)[0].action == "migrated"
    migrated.close()
    (made,) = list_backups(files.backups)
    old = sign_in(CaseFiles(made.folder), LEAD.login, PASSWORD)
    assert Cases(old).count() == 1
    old.case_file.close()


def test_an_older_lantern_refuses_the_migrated_file(session: Session, files: CaseFiles) -> None:
    key = session.case_file.key
    session.case_file.close()
    open_case_file(files, key, steps=with_step(add_column)).close()
    before = contents(files.folder)
    with pytest.raises(errors.CaseFileNewer):
        sign_in(files, LEAD.login, PASSWORD)
    assert contents(files.folder) == before


def test_a_failing_step_leaves_the_file_as_it_was(session: Session, files: CaseFiles) -> None:
    def fail(db: Any) -> None:
        add_column(db)
        raise ZeroDivisionError

    key = session.case_file.key
    Cases(session).save(a_case())
    session.case_file.close()
    with pytest.raises(ZeroDivisionError):
        open_case_file(files, key, steps=with_step(fail))
    unchanged = sign_in(files, LEAD.login, PASSWORD)
    assert Cases(unchanged).count() == 1
    assert "phone" not in unchanged.case_file.db["users"].columns_dict
    unchanged.case_file.close()


def test_no_backup_no_migration(session: Session, files: CaseFiles) -> None:
    key = session.case_file.key
    session.case_file.close()
    files.backups.write_text("in the way")
    with pytest.raises(errors.FolderUnwritable):
        open_case_file(files, key, steps=with_step(add_column))
    sign_in(files, LEAD.login, PASSWORD).case_file.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from desktop.store.files import CaseFiles
from desktop.store.opening import open_case_file
from tests.desktop.store.test_migrations import add_column, with_step

def killed(db):
    add_column(db)
    for number in range(int(sys.argv[3])):
        db.execute("INSERT INTO drafts VALUES (?, hex(randomblob(2000)), '', (SELECT id FROM users))", [str(number)])
    os.kill(os.getpid(), signal.SIGKILL)

open_case_file(CaseFiles(Path(sys.argv[1])), bytes.fromhex(sys.argv[2]), steps=with_step(killed))
"""


@pytest.mark.parametrize("rows", [0, 3])
def test_a_step_killed_midway_is_rolled_back_and_runs_again(session: Session, files: CaseFiles, rows: int) -> None:
    key = session.case_file.key
    Cases(session).save(a_case())
    session.case_file.close()
    command = [sys.executable, "-c", KILLED, str(files.folder), key.hex(), str(rows)]
    ended = subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert ended.returncode == -signal.SIGKILL
    unchanged = sign_in(files, LEAD.login, PASSWORD)
    assert Cases(unchanged).count() == 1
    assert "phone" not in unchanged.case_file.db["users"].columns_dict
    unchanged.case_file.close()
    migrated = open_case_file(files, key, steps=with_step(add_column))
    assert migrated.rows("SELECT phone FROM users") == [{"phone": None}]
    migrated.close()
