"""Fields flow into as many columns as fit; lines wrap and nothing is cut."""

import pytest
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.views.field_grid import FieldGrid, WrappedLine, _lines


@pytest.fixture
def shown(qtbot):
    """Show a widget of a given width inside a page, as the form does; a window of its own would refuse to be narrow."""
    holder = QWidget()
    qtbot.addWidget(holder)

    def show(widget, width_px):
        widget.setParent(holder)
        widget.resize(width_px, 300)
        holder.resize(1300, 400)
        holder.show()
        widget.layout().activate()
        return widget

    return show


@pytest.mark.parametrize(("width_px", "columns"), [(1200, 4), (100, 1)])
def test_columns_follow_the_width(shown, width_px, columns):
    fields = [QLineEdit() for _ in range(8)]
    shown(FieldGrid(fields), width_px)
    assert len({field.x() for field in fields}) == columns


def test_wide_field_takes_two_columns(shown):
    fields = [QLineEdit(), QLineEdit(), QLineEdit()]
    shown(FieldGrid(fields, frozenset({fields[0]})), 1200)
    assert fields[0].width() > fields[1].width() * 1.8


@pytest.mark.parametrize(("units", "capacity", "lines"), [
    ([5, 2, 2], 9, [[0, 1, 2]]), ([5, 2, 2], 7, [[0, 1], [2]]), ([5, 2, 2], 5, [[0], [1, 2]]), ([6, 6], 6, [[0], [1]])])
def test_inputs_wrap_like_words(units, capacity, lines):
    assert _lines(units, capacity) == lines


def test_every_wrapped_input_stays_inside(shown):
    inputs = [QLineEdit() for _ in range(6)]
    line = shown(WrappedLine(inputs, (5, 2, 2, 3, 2, 2)), 320)
    assert len({edit.y() for edit in inputs}) > 1
    assert all(edit.geometry().right() <= line.width() for edit in inputs)
