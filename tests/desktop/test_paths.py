"""Where Lantern keeps its files, who may read them, and what a cut leaves."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from desktop import errors, paths
from desktop.store.files import CaseFiles


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_override_holds_everything(tmp_path: Path) -> None:
    here = paths.data_paths(tmp_path)
    places = (here.case_folder, here.backups, here.models, here.reports, here.logs, here.settings)
    assert all(place.parent == tmp_path for place in places)
    assert len(set(places)) == len(places)


def test_a_relative_override_does_not_move_with_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths.data_paths(Path("data")).root == tmp_path / "data"


def test_without_override_the_platform_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert paths.data_paths().root.name == "lantern"
    assert tmp_path in paths.data_paths().root.parents


def test_the_layout_creates_nothing(tmp_path: Path) -> None:
    assert paths.data_paths(tmp_path / "new").case_folder.parent.name == "new"
    assert list(tmp_path.iterdir()) == []


def test_backups_of_the_case_file_are_where_the_layout_says(tmp_path: Path) -> None:
    here = paths.data_paths(tmp_path)
    assert CaseFiles(here.case_folder).backups == here.backups


def test_folders_and_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    before = os.umask(0)
    try:
        paths.make_private_folder(folder)
        paths.write_durably(folder / "f", b"x")
    finally:
        os.umask(before)
    assert (mode(folder), mode(folder / "f")) == (0o700, 0o600)


def test_an_existing_wide_folder_is_narrowed(tmp_path: Path) -> None:
    wide = tmp_path / "wide"
    wide.mkdir(mode=0o755)
    paths.make_private_folder(wide)
    assert mode(wide) == 0o700


def test_a_write_replaces_the_whole_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "f"
    paths.write_durably(target, b"a long first content")
    paths.write_durably(target, b"short")
    assert target.read_bytes() == b"short"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "f"
    paths.write_durably(target, b"old")

    def refuse(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(paths.os, "fsync", refuse)
    with pytest.raises(errors.DiskFull):
        paths.write_durably(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(errors.FolderUnwritable):
        paths.make_private_folder(tmp_path / "file" / "below")
    with pytest.raises(errors.FolderUnwritable):
        paths.write_durably(tmp_path / "file" / "below", b"x")
