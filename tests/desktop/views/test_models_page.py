"""The Models page: what is installed and vouched for, what is refused and why, and controls only for those who may."""

import pytest

from desktop.models.model_view import ModelView
from desktop.views.models_page import ModelsPage
from engine import api

GOOD = api.InstalledModel("smollm2", "1.1", "text", "SmolLM2 Q4_1", "local", 98_362_432, "Apache-2.0", "A card.", True,
                          "1.0")
BAD = api.InstalledModel("tagger", "", "unknown", "signature", "model_untrusted", 0, "", "", None, "")
TIERS = [api.Tier("tables", "none", api.Bilingual("Tables.", "表格。")),
         api.Tier("small", "1 B", api.Bilingual("Rewords.", "改写。"))]


def report(said=("", "")):
    return api.ModelsReported(api.RunId("r"), [GOOD, BAD], "CPU, 2 x avx2", "small", TIERS, api.Bilingual(*said))


@pytest.fixture
def page(qtbot, languages):
    page = ModelsPage()
    qtbot.addWidget(page)
    return page


def test_a_pack_shows_what_vouches_for_it(page):
    page.show_models(ModelView(report=report()))
    facts = page.cards[0].facts.text()
    assert page.cards[0].title.text().replace("\u00a0", " ") == "SmolLM2 Q4_1  ·  1.1"
    for said in ("writes words", "98 MB", "Apache-2.0", "signed on this machine", "passed"):
        assert said in facts
    assert not page.cards[0].warning.isVisibleTo(page)


def test_a_pack_that_cannot_be_used_says_its_code(page):
    page.show_models(ModelView(report=report()))
    assert "model_untrusted" in page.cards[1].warning.text()
    assert page.cards[1].warning.isVisibleTo(page)
    assert not page.cards[1].card_button.isEnabled()


def test_only_those_who_may_change_models_can(qtbot, page):
    page.show_models(ModelView(report=report()))
    assert not page.install_button.isEnabled()
    assert not page.cards[0].back_button.isEnabled()
    assert page.cards[0].verify_button.isEnabled()
    page.show_models(ModelView(report=report(), may_change=True))
    assert page.install_button.isEnabled()
    with qtbot.waitSignal(page.rollback_requested) as asked:
        page.cards[0].back_button.click()
    assert asked.args == ["smollm2"]


def test_while_something_runs_nothing_else_starts_and_the_page_says_what(page):
    page.show_models(ModelView(report=report(), may_change=True, busy_with="verify"))
    assert not any(each.isEnabled() for each in (page.install_button, page.measure_button,
                                                 page.cards[0].verify_button))
    assert page.header.subtitle() == "Checking every byte…"


def test_a_refusal_is_told_in_the_engines_words(page):
    page.show_models(ModelView(report=report(("Installed x.", "已安装 x。")), failure="golden prompt: wrong tokenizer"))
    assert "golden prompt: wrong tokenizer" in page.refused.text()
    assert not page.said.isVisibleTo(page)


def test_device_and_tier_are_named_in_the_language_in_use(page, languages):
    page.show_models(ModelView(report=report(("Checked.", "已校验。"))))
    assert "CPU, 2 x avx2" in page.device.text()
    assert [line.text() for line in page.tiers.lines] == ["Tables only: Tables.", "Small (1 B): Rewords."]
    assert [line.accessibleName() for line in page.tiers.lines] == ["", "This machine: Small (1 B): Rewords."]
    languages.use("zh")
    page.retranslate()
    assert page.said.text() == "已校验。"
    assert page.tiers.lines[1].text() == "小型（1 B）：改写。"
    languages.use("en")
