"""The unlock page asks, says what is wrong, and forgets what was typed."""

import pytest

from desktop.views.unlock import Credentials, Recovery, UnlockPage


@pytest.fixture
def page(qtbot):
    page = UnlockPage()
    qtbot.addWidget(page)
    page.show()
    page.show_users(("lin", "okafor"))
    return page


def test_enter_in_the_password_field_asks_to_unlock_and_clears_it(qtbot, page):
    page.user.editor.setCurrentText("okafor")
    page.password.editor.setText("secret words")
    with qtbot.waitSignal(page.unlock_requested) as asked:
        page.password.editor.returnPressed.emit()
    assert asked.args == [Credentials("okafor", "secret words")]
    assert page.password.editor.text() == ""


def test_empty_password_is_not_sent(qtbot, page):
    with qtbot.assertNotEmitted(page.unlock_requested):
        page.unlock_button.click()
    assert page.password.problem != ""


def test_wrong_password_keeps_the_fields_and_says_what_to_do(page):
    page.show_failed("wrong_password")
    assert page.banner.code == "wrong_password"
    assert page.password.isVisible()
    assert not page.retry_button.isVisible()


@pytest.mark.parametrize("code", ["file_damaged", "file_newer", "file_locked", "file_missing"])
def test_faults_of_the_file_put_the_fields_away_and_offer_to_try_again(qtbot, page, code):
    page.show_failed(code)
    assert page.banner.code == code
    assert not page.password.isVisible()
    with qtbot.waitSignal(page.retry_requested):
        page.retry_button.click()


def test_after_trying_again_the_fields_are_back(page):
    page.show_failed("file_locked")
    page.show_users(("lin",))
    assert page.password.isVisible()
    assert page.banner.isHidden()


def test_while_opening_nothing_can_be_sent_twice(page):
    page.show_working()
    assert not page.unlock_button.isEnabled()
    page.show_idle()
    assert page.unlock_button.isEnabled()


def test_recovery_needs_code_and_two_equal_long_passwords(qtbot, page):
    page.forgot_button.click()
    page.new_password.editor.setText("short")
    page.repeated.editor.setText("other")
    with qtbot.assertNotEmitted(page.recovery_requested):
        page.recover_button.click()
    assert all(field.problem for field in (page.recovery_code, page.new_password, page.repeated))
    page.recovery_code.editor.setText(" AAAA-BBBB ")
    for field in (page.new_password, page.repeated):
        field.editor.setText("long enough now")
    with qtbot.waitSignal(page.recovery_requested) as asked:
        page.recover_button.click()
    assert asked.args == [Recovery("AAAA-BBBB", "long enough now")]
    assert page.new_password.editor.text() == page.repeated.editor.text() == ""


def test_secrets_never_show_in_a_repr():
    assert "secret" not in repr(Credentials("lin", "secret")) + repr(Recovery("secret", "secret"))


def test_chosen_user_stays_chosen(page):
    page.user.editor.setCurrentText("okafor")
    page.show_users(("lin", "okafor", "meier"))
    assert page.user.editor.currentText() == "okafor"
