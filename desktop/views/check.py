"""The Check page: every alert in one list by harm, what was not checked and why, and how old each table is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QTabWidget, QVBoxLayout, QWidget

from desktop.case.record import CaseRecord
from desktop.models.alerts import AlertFilter, AlertModel
from desktop.models.records import screen_language
from desktop.models.table_age import TableAge, table_age
from desktop.report.decisions import Decisions
from desktop.views import plan_markup, theme
from desktop.views.check_empty import NoMedication
from desktop.views.check_gaps import GapsPanel
from desktop.views.check_genotypes import GenotypesPanel
from desktop.views.page_header import primary_icon
from desktop.views.result_page import ResultPage
from desktop.views.rich_delegate import rich_list
from desktop.words import ALERT_KINDS, NOT_A_DECISION, SEVERITIES, pick, word
from engine.api import CheckResult, GenotypeReport, Severity


class CheckPage(ResultPage):
    """An empty list says what was checked; it never says only "no alerts"."""

    check_requested = Signal()
    medication_requested = Signal()

    def __init__(self, parent: QWidget | None = None, today: Callable[[], date] = date.today) -> None:
        super().__init__(parent)
        self._today = today
        self._case: CaseRecord | None = None
        self._check: CheckResult | None = None
        self._decisions = Decisions()
        self.model = AlertModel(self)
        self.filter = AlertFilter(self.model, self)
        self.view = rich_list(self.filter, self._markup)
        self.gaps = GapsPanel()
        self.genotypes = GenotypesPanel()
        self.tabs = QTabWidget(documentMode=True, tabBarAutoHide=True)
        self.no_medication = NoMedication()
        self.run_button = QPushButton()
        self.severity_box = QComboBox()
        self.kind_box = QComboBox()
        self.words_field = QLineEdit(clearButtonEnabled=True)
        self._show_label = QLabel()
        self._summary = QLabel(wordWrap=True)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        theme.set_role(self._summary, "muted")
        theme.set_role(self._show_label, "label")
        theme.set_role(self.run_button, "primary")
        self.run_button.setIcon(primary_icon("shield-check"))
        self._show_label.setBuddy(self.severity_box)
        self.header.add_button(self.run_button)
        self._narrowing = QWidget()
        narrowing = QHBoxLayout(self._narrowing)
        narrowing.setContentsMargins(0, 0, 0, 0)
        for widget in (self._show_label, self.severity_box, self.kind_box):
            narrowing.addWidget(widget)
        narrowing.addWidget(self.words_field, 1)
        lists = QWidget()
        inside = QVBoxLayout(lists)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.view, 3)
        inside.addWidget(self.gaps, 2)
        for widget in (self._summary, self._narrowing):
            self.add(widget)
        self.add(self.no_medication)
        self.tabs.addTab(lists, "")
        self.add(self.tabs, 1)

    def _connect(self) -> None:
        self.run_button.clicked.connect(self.check_requested)
        self.no_medication.add_requested.connect(self.medication_requested)
        self.state.run_requested.connect(self.check_requested)
        self.severity_box.currentIndexChanged.connect(self._narrow)
        self.kind_box.currentIndexChanged.connect(self._narrow)
        self.words_field.textChanged.connect(self._narrow)
        self.bind({"Esc": self.stop_requested.emit})

    # ------------------------------------------------------------------------------------------- slots

    def show_case(self, record: CaseRecord) -> None:
        """Start afresh with a case: nothing has been checked yet."""
        self._case = record
        self._check = None
        self._show_genotypes(None)
        self.model.set_alerts([])
        self.state.set_stale(False)
        self.state.show_empty()
        self._refresh()

    def update_case(self, record: CaseRecord) -> None:
        """Follow the case while it is edited; a result stays until it is made again."""
        self._case = record
        self._refresh()

    def show_check(self, result: CheckResult) -> None:
        """Show what the safety tables found, and what they could not check."""
        self._check = result
        self._show_genotypes(result.genotypes)
        self.model.set_alerts(result.alerts, result.sources)
        if self.model.rowCount():
            self.view.setCurrentIndex(self.filter.index(0, 0))
        self.state.set_stale(False)
        self.state.show_ready()
        self._refresh()

    def _show_genotypes(self, report: GenotypeReport | None) -> None:
        """Offer the tab on genotypes only where the case holds some."""
        self.genotypes.show_report(report)
        place = self.tabs.indexOf(self.genotypes)
        if report is not None and place < 0:
            self.tabs.addTab(self.genotypes, self.tr("Genotypes"))
        elif report is None and place >= 0:
            self.tabs.removeTab(place)

    def show_decisions(self, decisions: Decisions) -> None:
        """Show which alerts the clinician has set aside, and why."""
        self._decisions = decisions
        self.view.doItemsLayout()

    # ------------------------------------------------------------------------------------------- showing

    def _narrow(self) -> None:
        severity = self.severity_box.currentData()
        kind = self.kind_box.currentData()
        self.filter.narrow(severity or Severity.NOTE, kind or "", self.words_field.text())
        self._refresh_summary()

    def _fill_boxes(self) -> None:
        language = screen_language()
        for box, entries in (
            (self.severity_box, [(level, word(SEVERITIES, level, language)) for level in reversed(Severity)]),
            (self.kind_box, [("", self.tr("Every kind")), *((k, word(ALERT_KINDS, k, language)) for k in ALERT_KINDS)]),
        ):
            chosen = max(0, box.currentIndex())
            box.blockSignals(True)
            box.clear()
            for data, text in entries:
                box.addItem(text, data)
            box.setCurrentIndex(chosen)
            box.blockSignals(False)

    def retranslate(self) -> None:
        """Speak the language in use."""
        self._fill_boxes()
        self._refresh()

    def _refresh(self) -> None:
        language = screen_language()
        self.model.set_language(language)
        self.header.say(self.tr("Check"), pick(NOT_A_DECISION, language))
        self.run_button.setText(self.tr("Check the medication"))
        self._show_label.setText(self.tr("&Show down to"))
        self.severity_box.setAccessibleName(self.tr("Mildest severity shown"))
        self.kind_box.setAccessibleName(self.tr("Kind of alert"))
        self.words_field.setAccessibleName(self.tr("Search in the alerts"))
        self.words_field.setPlaceholderText(self.tr("Search in the alerts"))
        self.view.setAccessibleName(self.tr("Alerts, worst first"))
        self.tabs.setTabText(0, self.tr("Alerts"))
        self.tabs.setTabText(self.tabs.indexOf(self.genotypes), self.tr("Genotypes"))
        self.gaps.show_check(self._check, self._ages())
        self._refresh_summary()

    def _refresh_summary(self) -> None:
        self._summary.setText(self.summary())
        self._summary.setVisible(self._has_medication)
        self.no_medication.setVisible(not self._has_medication)
        self.run_button.setEnabled(self._has_medication)
        self.view.setVisible(self.filter.rowCount() > 0)
        self._narrowing.setVisible(self.model.rowCount() > 0)

    @property
    def _has_medication(self) -> bool:
        return self._case is not None and bool(self._case.medications)

    def summary(self) -> str:
        """Return in words what was checked and how many alerts are shown."""
        drugs = [drug.name for drug in self._case.medications] if self._case is not None else []
        if self._check is None:
            if not drugs:
                return self.tr("Nothing has been checked: no medication is recorded.")
            return self.tr("Nothing has been checked yet: {drugs}.").format(drugs=", ".join(drugs))
        if not drugs:
            return self.tr("No medication is recorded, so there was nothing to check.")
        known = self._check.names
        checked = [pick(known[name], screen_language()) if name in known else name
                   for name in drugs if name not in self._check.not_checked]
        parts = [self.tr("Checked: {drugs}.").format(drugs=", ".join(checked) or self.tr("no drug"))]
        total, shown = self.model.rowCount(), self.filter.rowCount()
        if not total:
            parts.append(self.tr("None of the tables named below raised an alert on these.") if self._check.tables
                         else self.tr("No row of the installed tables raised an alert on these."))
        elif shown < total:
            parts.append(self.tr("{shown} of {total} alerts shown; the filter hides the others.").format(
                shown=shown, total=total))
        else:
            parts.append(self.tr("%n alert(s), worst first.", "", total))
        return " ".join(parts)

    def _ages(self) -> list[TableAge]:
        alerts = self._check.alerts if self._check is not None else []
        tables = self._check.tables.values() if self._check is not None and self._has_medication else ()
        pairs = dict.fromkeys([*((table.title, table.edition) for table in tables),
                               *(self.model.source(alert) for alert in alerts)])
        return [table_age(source, edition, self._today()) for source, edition in pairs]

    def _markup(self, index: QModelIndex | QPersistentModelIndex) -> str:
        alert = self.model.record(self.filter.mapToSource(index))
        if alert is None:
            return ""
        return plan_markup.alert(self.model, alert, self._decisions.override_of(alert), self._today())
