"""Random damage to any file of a case folder: it opens with everything or is refused with a code, nothing between."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from desktop import errors
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.session import Session, sign_in
from tests.desktop.store.conftest import PASSWORD, a_case, contents, crash_copy

SEED = 20260302
TRIES = 25
CASES = 6


@pytest.fixture
def crashed(session: Session, files: CaseFiles, tmp_path: Path) -> CaseFiles:
    for number in range(CASES):
        Cases(session).save(a_case(name=f"Patient {number}"))
        if number == CASES // 2:
            session.case_file.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return crash_copy(files, tmp_path)


def damage(content: bytes, chance: random.Random) -> bytes:
    """Return `content` with one thing wrong: a bit, a run of zeros, a cut, an insertion or a repeated piece."""
    place = chance.randrange(len(content))
    length = chance.choice([1, 16, 512, 4096])
    match chance.randrange(5):
        case 0:
            return content[:place] + bytes([content[place] ^ (1 << chance.randrange(8))]) + content[place + 1 :]
        case 1:
            return content[:place] + bytes(len(content[place : place + length])) + content[place + length :]
        case 2:
            return content[:place]
        case 3:
            return content[:place] + chance.randbytes(length) + content[place:]
    return content[:place] + content[: len(content) - place]


@pytest.mark.parametrize("part", ["database", "wal", "keys", "head"])
def test_any_damage_is_harmless_or_refused(crashed: CaseFiles, tmp_path: Path, part: str) -> None:
    chance = random.Random(f"{SEED} {part}")
    outcomes = set()
    for number in range(TRIES):
        files = CaseFiles(tmp_path / str(number))
        shutil.copytree(crashed.folder, files.folder)
        path: Path = getattr(files, part)
        path.write_bytes(damage(path.read_bytes(), chance))
        before = contents(files.folder)
        try:
            opened = sign_in(files, "lead", PASSWORD)
        except errors.CaseFileError as error:
            outcomes.add(error.code)
            if part == "wal":
                assert contents(files.folder) == before
            continue
        outcomes.add("whole")
        assert Cases(opened).count() == CASES
        assert len(Cases(opened).search("Patient")) == CASES
        opened.case_file.close()
    assert outcomes - {"whole"}  # some of it must have been bad enough to be refused
