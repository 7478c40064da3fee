"""The look of every window: colour roles, one style sheet filled from them, and icons tinted at load.

A widget asks for a role (`muted`, `danger`), never for a colour, so a dark palette is a second table and nothing else.
"""

from __future__ import annotations

from functools import lru_cache
from string import Template

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from desktop.resources import resources

SPACE_PX = 8
"""The grid: every margin and gap is a multiple of it (half of it inside small controls)."""
BODY_PT = 10.5
ICON_PX = 20
MARK_PX = 16

FONT_STACK = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans", "Microsoft YaHei UI", "PingFang SC",
              "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei")
"""Latin faces first, then Chinese ones; Qt takes each missing glyph from the next family that has it."""

LIGHT: dict[str, str] = {
    "background": "#f4f6f7",
    "surface": "#ffffff",
    "surface_alt": "#ebf0f2",
    "text": "#18242c",
    "muted": "#4e5d68",
    "border": "#cfd8dd",
    "control": "#75848f",
    "accent": "#0a6a73",
    "accent_hover": "#08565e",
    "accent_soft": "#dcf0f1",
    "on_accent": "#ffffff",
    "focus": "#0b57d0",
    "danger": "#a8231b",
    "danger_soft": "#fcebe9",
    "warning": "#7d4a00",
    "warning_soft": "#fff2da",
    "ok": "#1d6136",
    "ok_soft": "#e2f3e7",
    "info": "#1b5793",
    "info_soft": "#e4effa",
    "disabled": "#5d6a73",
}

TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    ("text", "background"), ("text", "surface"), ("text", "surface_alt"), ("text", "accent_soft"),
    ("text", "danger_soft"), ("text", "warning_soft"), ("text", "ok_soft"), ("text", "info_soft"),
    ("muted", "background"), ("muted", "surface"), ("muted", "surface_alt"), ("muted", "accent_soft"),
    ("accent", "surface"), ("accent", "background"), ("accent", "accent_soft"), ("accent", "surface_alt"),
    ("on_accent", "accent"), ("on_accent", "accent_hover"), ("on_accent", "danger"),
    ("danger", "surface"), ("danger", "background"), ("danger", "danger_soft"),
    ("warning", "surface"), ("warning", "background"), ("warning", "warning_soft"),
    ("ok", "surface"), ("ok", "background"), ("ok", "ok_soft"),
    ("info", "surface"), ("info", "background"), ("info", "info_soft"), ("disabled", "surface_alt"),
)
"""Foreground and background roles that meet on a screen; each pair keeps a contrast of 4.5:1 or more."""
EDGE_PAIRS: tuple[tuple[str, str], ...] = (
    ("control", "surface"), ("control", "background"), ("focus", "surface"), ("focus", "background"),
    ("focus", "surface_alt"), ("accent", "surface"),
)
"""Edges that say what a control is or that it has the focus; 3:1 or more."""


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two `#rrggbb` colours (WCAG 2.2, relative luminance)."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place:place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def style_sheet(palette: dict[str, str] = LIGHT, scale: float = 1.0) -> str:
    """Return the style sheet with its `$roles` and `$sizes` filled in. `scale` 2.0 doubles every text."""
    body_pt = BODY_PT * scale
    sizes = {"body_pt": body_pt, "small_pt": body_pt * 0.9, "heading_pt": body_pt * 1.15, "title_pt": body_pt * 1.6}
    values = palette | {name: f"{size:.2f}pt" for name, size in sizes.items()}
    values |= {"icon_px": f"{ICON_PX * scale:.0f}px", "mark_px": f"{MARK_PX * scale:.0f}px"}
    values["radio_px"] = f"{MARK_PX * scale / 2 + 1:.0f}px"  # half of the mark and its edge: a circle
    values["icons"] = (resources() / "icons").as_posix()
    return Template((resources() / "styles" / "lantern.qss").read_text(encoding="utf-8")).substitute(values)


def apply(app: QApplication, scale: float = 1.0) -> None:
    """Give `app` the font stack and the style sheet; one style (Fusion) on every platform."""
    sheet = style_sheet(scale=scale)
    if app.styleSheet() == sheet:
        return  # every widget would be styled anew
    font = QFont(list(FONT_STACK))
    font.setPointSizeF(BODY_PT * scale)
    app.setStyle("Fusion")
    app.setFont(font)
    app.setStyleSheet(sheet)


def colour(role: str) -> QColor:
    """Return the colour of `role`, for delegates that paint themselves."""
    return QColor(LIGHT[role])


@lru_cache(maxsize=256)
def icon(name: str, role: str = "text") -> QIcon:
    """Return the icon `name` in the colour of `role`. Raises FileNotFoundError for an icon that does not ship."""
    return QIcon(pixmap(name, role, ICON_PX * 2))


def pixmap(name: str, role: str = "text", size_px: int = ICON_PX) -> QPixmap:
    """Return the icon `name` as a square picture of `size_px`."""
    svg = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", LIGHT[role])
    image = QImage(QSize(size_px, size_px), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return QPixmap.fromImage(image)


def line_px(widget: QWidget) -> int:
    """Return the height of a line of the widget's text: the size of a picture that stands beside it."""
    widget.ensurePolished()
    return widget.fontMetrics().height()


def set_role(widget: QWidget, role: str) -> None:
    """Give `widget` the style-sheet role `role` and repaint it."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
