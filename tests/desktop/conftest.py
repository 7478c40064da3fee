"""Desktop tests run without a display, and speak English unless they switch."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
OFFSCREEN_SAYS = "This plugin does not support propagateSizeHints"
"""The offscreen platform has no window manager to hint sizes to, and says so on every window."""


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/desktop" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN_SAYS, extend=True))


@pytest.fixture(autouse=True)
def _english():
    from PySide6.QtCore import QLocale

    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture(scope="session")
def built_translations(tmp_path_factory):
    """The .ts files of the repository, released into a folder of this session."""
    import shutil
    import subprocess
    import sys
    from pathlib import Path

    from desktop.resources import resources

    folder = tmp_path_factory.mktemp("i18n")
    lrelease = shutil.which("pyside6-lrelease", path=str(Path(sys.executable).parent)) or "pyside6-lrelease"
    for source in sorted((resources() / "i18n").glob("*.ts")):
        target = folder / f"{source.stem}.qm"
        subprocess.run([lrelease, "-silent", str(source), "-qm", str(target)], check=True, capture_output=True)
    return folder


@pytest.fixture
def languages(qapp, built_translations):
    """The switch between the languages, back in English at the end."""
    from desktop.i18n import Languages

    languages = Languages(qapp, built_translations)
    languages.use("en")
    yield languages
    languages.use("en")
    languages.remove()


@pytest.fixture
def chinese(languages):
    languages.use("zh")
