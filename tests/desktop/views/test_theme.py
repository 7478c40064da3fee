"""The look: contrast of every pair of roles, and every icon that ships loads."""

import re

import pytest

from desktop.resources import resources
from desktop.views import theme


@pytest.mark.parametrize(("front", "back"), theme.TEXT_PAIRS)
def test_text_contrast_is_at_least_four_and_a_half(front, back):
    assert theme.contrast(theme.LIGHT[front], theme.LIGHT[back]) >= 4.5


@pytest.mark.parametrize(("front", "back"), theme.EDGE_PAIRS)
def test_edge_contrast_is_at_least_three(front, back):
    assert theme.contrast(theme.LIGHT[front], theme.LIGHT[back]) >= 3.0


def test_contrast_of_black_on_white_is_twenty_one():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21.0)


def test_style_sheet_leaves_no_role_unfilled_and_uses_no_colour_of_its_own():
    source = (resources() / "styles" / "lantern.qss").read_text(encoding="utf-8")
    assert "$" not in theme.style_sheet()
    assert re.findall(r"#[0-9a-fA-F]{6}\b", source) == []


def test_doubling_the_scale_doubles_the_body_text():
    assert "font-size: 10.50pt" in theme.style_sheet()
    assert "font-size: 21.00pt" in theme.style_sheet(scale=2.0)


@pytest.mark.parametrize("name", sorted(path.stem for path in (resources() / "icons").glob("*.svg")))
def test_every_icon_paints_something(qapp, name):
    picture = theme.pixmap(name, "accent").toImage()
    painted = [picture.pixelColor(x, y).alpha() for x in range(picture.width()) for y in range(picture.height())]
    assert max(painted) > 0


def test_icons_ship_with_their_licence():
    assert "ISC" in (resources() / "icons" / "LICENSE").read_text(encoding="utf-8")


def test_every_icon_that_ships_is_used_and_every_one_used_ships(qapp):
    sources = [path.read_text(encoding="utf-8") for path in (resources().parent / "desktop").rglob("*.py")]
    sources.append((resources() / "styles" / "lantern.qss").read_text(encoding="utf-8"))
    text = "\n".join(sources)
    shipped = {path.stem for path in (resources() / "icons").glob("*.svg")}
    assert {name for name in shipped if not re.search(rf"[\"/]{name}(\.svg)?\"", text)} == set()
    asked = set(re.findall(r"theme\.(?:icon|pixmap)\(\"([a-z0-9-]+)\"", text))
    assert asked - shipped == set()
