"""The two languages of the screen, switched live.

Translations are built from `resources/i18n/*.ts` into `.qm` files beside them. A missing file is logged, named in
`missing`, and the text stays English.
"""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

from engine.api import Bilingual

log = logging.getLogger(__name__)

LANGUAGES: dict[str, str] = {"en": "English", "zh": "简体中文"}
"""Code to the language's own name."""
_LOCALES = {"en": "en_GB", "zh": "zh_CN"}
_SUFFIXES = {"en": "_en", "zh": "_zh_CN"}
PARTS = ("shell", "results")
"""One translation file for each half of the screens; the English one holds the plurals."""


class Languages(QObject):
    """Installs and removes translators; Qt then sends LanguageChange to every widget."""

    changed = Signal(str)

    def __init__(self, app: QCoreApplication, folder: Path) -> None:
        super().__init__(app)
        self._app = app
        self._folder = folder
        self._installed: list[QTranslator] = []
        self.current = "en"
        self.missing: tuple[str, ...] = ()

    def use(self, language: str) -> None:
        """Switch every text to `language` (`en` or `zh`). Raises KeyError for any other.

        With a translation missing everything stays English: half a screen in each language would be misread.
        """
        self.remove()
        self.missing = self._missing_of(language)
        self.current = "en" if self.missing else language
        QLocale.setDefault(QLocale(_LOCALES[self.current]))
        if self.current != language:
            self.remove()
            self._missing_of(self.current)
        if self.current == "zh":
            self._install(Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)), "qtbase_zh_CN.qm")
        self.changed.emit(language)

    def _missing_of(self, language: str) -> tuple[str, ...]:
        """Install the files of a language and return the names of those that cannot be loaded."""
        files = (f"{part}{_SUFFIXES[language]}.qm" for part in PARTS)
        return tuple(name for name in files if not self._install(self._folder, name))

    def remove(self) -> None:
        """Take every translation out again."""
        for translator in self._installed:
            self._app.removeTranslator(translator)
        self._installed = []

    def _install(self, folder: Path, name: str) -> bool:
        translator = QTranslator(self)
        if not translator.load(str(folder / name)):
            log.warning("translation %s is not built; the screen stays in English", name)
            return False
        self._app.installTranslator(translator)
        self._installed.append(translator)
        return True


def language() -> str:
    """Return the language in use, `en` or `zh`."""
    return "zh" if QLocale().language() == QLocale.Language.Chinese else "en"


def in_language(text: Bilingual) -> str:
    """Return `text` in the language in use."""
    return text.zh if language() == "zh" else text.en
