"""Every code has a title, a text and a next step, in both languages."""

import pytest

from desktop import errors as desktop_errors
from desktop.views.banner import Banner
from desktop.views.messages import TABLE, Message, Tone, finding_unknown, message, report_saved
from engine import errors as engine_errors

CODES = sorted(desktop_errors.every_code() | engine_errors.every_code())


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_words(code):
    shown = message(code)
    assert code in TABLE
    assert shown.code == code
    assert all(len(part) > 5 for part in (shown.title, shown.text, shown.next_step))


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_chinese_words(chinese, code):
    shown = message(code)
    for part in (shown.title, shown.text, shown.next_step):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in part), part


def test_unknown_code_still_says_what_to_do():
    shown = message("never_heard_of")
    assert shown.code == "never_heard_of"
    assert "log file" in shown.next_step


def test_words_for_results_of_an_action():
    assert "dyspnoae" in finding_unknown("dyspnoae").title
    assert report_saved("/reports/x.pdf").text == "/reports/x.pdf"


def test_banner_shows_code_text_and_next_step(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_code("disk_full")
    assert not banner.isHidden()
    assert banner.code == "disk_full"
    spoken = banner.accessibleName()
    assert "disk is full" in spoken
    assert "Free some space" in spoken


def test_banner_without_code_is_no_error_and_can_be_closed(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_message(Message("", Tone.OK, "Saved", "", ""))
    assert banner.code is None
    banner.clear()
    assert banner.isHidden()


def test_banner_speaks_the_new_language_after_a_switch(qtbot, languages):
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_code("wrong_password")
    languages.use("zh")
    qtbot.waitUntil(lambda: "密码" in banner.accessibleName())
    languages.use("en")
    qtbot.waitUntil(lambda: "password" in banner.accessibleName())


def test_a_message_without_a_code_speaks_the_new_language_too(qtbot, languages):
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_made(lambda: finding_unknown("dyspnoae"))
    languages.use("zh")
    qtbot.waitUntil(lambda: "词典" in banner.accessibleName() or "字典" in banner.accessibleName())
    assert banner.code is None
