"""Locks the screen when nobody has touched keyboard or mouse for a while: a shared PC shows no patient to the next."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

_SIGNS_OF_LIFE = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove,
                            QEvent.Type.Wheel, QEvent.Type.TouchBegin, QEvent.Type.InputMethod})


class IdleLock(QObject):
    """Says once that nobody is there; counts again from the next sign of life."""

    idle = Signal()

    def __init__(self, app: QCoreApplication, minutes: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._timer = QTimer(self, singleShot=True, interval=int(minutes * 60_000))
        self._timer.timeout.connect(self.idle)
        self._timer.start()
        app.installEventFilter(self)

    def stop(self) -> None:
        """Watch no longer."""
        self._timer.stop()
        self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE:
            self._timer.start()
        return super().eventFilter(watched, event)
