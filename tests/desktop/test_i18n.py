"""Every string of every screen is translated, finished, and keeps its placeholders; the switch is live."""

import logging
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

import desktop
from desktop.i18n import LANGUAGES, Languages, in_language, language
from desktop.resources import resources
from engine.api import Bilingual

I18N = resources() / "i18n"
SOURCES = sorted(Path(desktop.__file__).parent.rglob("*.py"))


def messages(path):
    """Return {(context, source): (translations, finished)} of a .ts file."""
    found = {}
    for context in ElementTree.parse(path).iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            forms = [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]
            finished = translation.get("type") not in ("unfinished", "obsolete", "vanished")
            found[(context.findtext("name"), message.findtext("source"))] = (forms, finished)
    return found


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    """Every (context, source) that the code asks to translate."""
    target = tmp_path_factory.mktemp("lupdate") / "all_zh_CN.ts"
    lupdate = shutil.which("pyside6-lupdate", path=str(Path(sys.executable).parent)) or "pyside6-lupdate"
    subprocess.run([lupdate, *map(str, SOURCES), "-ts", str(target)], check=True, capture_output=True)
    return messages(target)


@pytest.fixture(scope="module")
def chinese_messages():
    return {key: found for path in I18N.glob("*_zh_CN.ts") for key, found in messages(path).items()}


def test_every_string_has_a_finished_chinese_translation(spoken, chinese_messages):
    assert len(spoken) > 200
    missing = [key for key in spoken if key not in chinese_messages]
    unfinished = [key for key, (forms, finished) in chinese_messages.items() if not finished or not all(forms)]
    assert (missing, unfinished) == ([], [])


def test_no_translation_is_left_over(spoken, chinese_messages):
    assert [key for key in chinese_messages if key not in spoken] == []


def test_placeholders_survive_translation(chinese_messages):
    marks = re.compile(r"\{\w*\}|%n|%\d")
    for (context, source), (forms, _) in chinese_messages.items():
        for form in forms:
            assert sorted(marks.findall(form)) == sorted(marks.findall(source)), (context, source)


def test_english_plurals_have_both_forms():
    for path in I18N.glob("*_en.ts"):
        for key, (forms, finished) in messages(path).items():
            assert finished, key
            assert len(forms) == 2, key


def test_switching_changes_words_plurals_and_the_language_in_use(languages):
    def words(count):
        return QCoreApplication.translate("TodayPage", "%n case(s)", "", count)

    assert (words(1), words(3), language()) == ("1 case", "3 cases", "en")
    languages.use("zh")
    assert (words(3), language()) == ("3 个病例", "zh")
    assert in_language(Bilingual("fever", "发热")) == "发热"
    languages.use("en")
    assert (words(1), in_language(Bilingual("fever", "发热"))) == ("1 case", "fever")


def test_translation_that_was_not_built_is_logged_named_and_falls_back(qapp, tmp_path, caplog):
    languages = Languages(qapp, tmp_path)
    with caplog.at_level(logging.WARNING):
        languages.use("zh")
    assert "shell_zh_CN.qm" in languages.missing
    assert "not built" in caplog.text
    assert (languages.current, language()) == ("en", "en")
    assert QCoreApplication.translate("TodayPage", "Today") == "Today"
    languages.use("en")
    languages.remove()


def test_unknown_language_is_refused(languages):
    with pytest.raises(KeyError):
        languages.use("fr")
    assert set(LANGUAGES) == {"en", "zh"}
