"""The structured half of a case: sections of fields and lists that show one CaseRecord and read it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from desktop.case.record import CaseRecord, Lifestyle, Sex
from desktop.i18n import in_language, language
from desktop.views import case_tables as tables
from desktop.views import theme
from desktop.views.card import Card
from desktop.views.field_grid import FieldGrid
from desktop.views.fields import ChoiceBox, Field, NumberEdit
from desktop.views.genotypes import GenotypesSection
from desktop.views.outcomes import OutcomesSection
from desktop.views.rows import RowsEditor
from desktop.words import CASE_FIELDS, word
from engine.api import Outcome

_CHOICES = {
    "sex": tables.SEX_CHOICES, "pregnant": tables.YES_NO, "lactating": tables.YES_NO,
    "consciousness": tables.CONSCIOUSNESS_CHOICES, "child_pugh": tables.CHILD_PUGH,
}
_UNITS = dict(tables.VITALS + tables.BODY)
_YES_NO = {"": None, "yes": True, "no": False}


class CaseForm(QWidget):
    """Sections in the order in which a clinician asks. It knows the record, not the store and not the engine."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loading = False
        self.fields: dict[str, Field] = {}
        self.lists = {name: RowsEditor(new, columns) for name, (new, columns) in tables.LISTS.items()}
        self.outcomes = OutcomesSection()
        self.genotypes = GenotypesSection()
        self._offers_genotypes = False
        self.emergency = QCheckBox()
        self.no_known_allergies = QCheckBox()
        self._cards: dict[str, Card] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, theme.SPACE_PX, 0)
        self._column.setSpacing(theme.SPACE_PX + theme.SPACE_PX // 2)
        self._build()
        self._connect()
        self.retranslate()

    def _build(self) -> None:
        texts = ("name", "birth_date", "local_number", "visit_date", "region", "travel")
        edits: dict[str, QWidget] = {name: QLineEdit() for name in texts}
        edits |= {name: QLineEdit() for name, _ in tables.LIFESTYLE}
        edits |= {name: NumberEdit(name) for name in ("age_years", *_UNITS)}
        edits |= {name: ChoiceBox([value for value, _ in choices]) for name, choices in _CHOICES.items()}
        self.fields = {name: Field(edit) for name, edit in edits.items()}
        self._grid_card("patient", ("name", "birth_date", "age_years", "sex", "pregnant", "lactating", "local_number",
                                    "visit_date"), wide="name").body.addWidget(self.emergency)
        self._grid_card("vitals", (*(name for name, _ in tables.VITALS), "consciousness"))
        self._grid_card("body", (*(name for name, _ in tables.BODY), "child_pugh"))
        self._list_card("medications")
        self._list_card("allergies").body.addWidget(self.no_known_allergies)
        for name in ("history", "labs", "family_history"):
            self._list_card(name)
        self._grid_card("lifestyle", tuple(name for name, _ in tables.LIFESTYLE))
        self._grid_card("travel", ("travel", "region"), wide="travel")
        self._list_card("follow_up")
        self._card("outcomes", self.outcomes).hide()
        self._card("genotypes", self.genotypes).hide()
        self._column.addStretch(1)

    def _grid_card(self, title: str, names: tuple[str, ...], wide: str = "") -> Card:
        shown: list[QWidget] = [self.fields[name] for name in names]
        return self._card(title, FieldGrid(shown, frozenset({self.fields[wide]}) if wide else frozenset()))

    def _list_card(self, name: str) -> Card:
        return self._card(name, self.lists[name])

    def _card(self, title: str, content: QWidget) -> Card:
        card = Card()
        card.body.addWidget(content)
        self._cards[title] = card
        self._column.addWidget(card)
        return card

    def _connect(self) -> None:
        for source in (*self.fields.values(), *self.lists.values(), self.outcomes, self.genotypes):
            source.edited.connect(self._changed)
        for box in (self.emergency, self.no_known_allergies):
            box.toggled.connect(self._changed)

    def _changed(self) -> None:
        if not self._loading:
            self.edited.emit()

    def show_record(self, record: CaseRecord) -> None:
        """Show `record`; this is not an edit."""
        self._loading = True
        for name, value in _flat(record).items():
            _show(self.fields[name].editor, value)
        for name, rows in self.lists.items():
            rows.show_items(getattr(record, name))
        self.outcomes.show_record(record)
        self._cards["outcomes"].setVisible(self.outcomes.says_something())
        self.genotypes.show_record(record)
        self._show_genotypes(bool(record.vcf_path or record.outside_calls))
        self.emergency.setChecked(record.emergency)
        self.no_known_allergies.setChecked(record.no_known_allergies)
        self._loading = False

    def offer_genotypes(self, offered: bool) -> None:
        """Show the section on genotypes, or only where a record holds some: what counts is never out of sight."""
        self._offers_genotypes = offered
        self._show_genotypes(bool(self.genotypes.vcf_path or self.genotypes.calls()))

    def show_measures(self, asked: Sequence[Outcome]) -> None:
        """Ask at this visit for what the plan wants measured; none before there is a plan."""
        self.outcomes.ask(asked)
        self._cards["outcomes"].setVisible(self.outcomes.says_something())

    def _show_genotypes(self, any_recorded: bool) -> None:
        self._cards["genotypes"].setVisible(self._offers_genotypes or any_recorded)

    def record(self, base: CaseRecord) -> CaseRecord:
        """Return `base` with everything that this form asks for as it stands on the screen."""
        said = {name: _read(field.editor) for name, field in self.fields.items()}
        numbers = {name: said[name] for name in ("age_years", *dict(tables.BODY))}
        vitals: dict[str, Any] = {name: said[name] for name, _ in tables.VITALS}
        return replace(
            base, **numbers, **{name: rows.items() for name, rows in self.lists.items()},
            patient=replace(base.patient, name=said["name"] or "", birth_date=said["birth_date"], sex=Sex(said["sex"]),
                            local_number=said["local_number"] or ""),
            visit_date=said["visit_date"] or "", region=said["region"],
            vitals=replace(base.vitals, **vitals, consciousness=said["consciousness"]),
            lifestyle=Lifestyle(**{name: said[name] for name, _ in tables.LIFESTYLE}),
            travel=_parts(said["travel"] or ""),
            child_pugh=said["child_pugh"], pregnant=_YES_NO[said["pregnant"] or ""],
            lactating=_YES_NO[said["lactating"] or ""], emergency=self.emergency.isChecked(),
            no_known_allergies=self.no_known_allergies.isChecked(),
            outcomes=self.outcomes.values(), outside_calls=self.genotypes.calls(), vcf_path=self.genotypes.vcf_path,
        )

    def unreadable(self) -> tuple[str, ...]:
        """Return the names of the number fields that hold something else than a number."""
        return tuple(name for name, field in self.fields.items()
                     if isinstance(field.editor, NumberEdit) and field.editor.is_unreadable())

    def show_problems(self, problems: dict[str, str]) -> None:
        """Write each problem under its field or list (name to text) and take the others away."""
        for name, part in (*self.fields.items(), *self.lists.items(), ("outcomes", self.outcomes)):
            part.set_problem(problems.get(name, ""))

    def show_age(self, age_years: float | None) -> None:
        """Write the age that follows from the birth date into the empty age field, as a hint."""
        self.fields["age_years"].editor.setPlaceholderText("" if age_years is None else f"{age_years:.3g}")

    def focus_field(self, name: str) -> None:
        """Put the keyboard into the field or list `name`; anything else stays where it is."""
        if name in self.fields:
            self.fields[name].editor.setFocus()
        elif name in self.lists:
            self.lists[name].focus_first()

    def retranslate(self) -> None:
        """Speak the language in use."""
        titles = {
            "patient": self.tr("Patient"), "vitals": self.tr("Vital signs"),
            "body": self.tr("Body and organs"),
            "medications": self.tr("Medications"), "allergies": self.tr("Allergies"),
            "history": self.tr("Past illnesses"), "labs": self.tr("Laboratory values"),
            "family_history": self.tr("Family history"),
            "lifestyle": self.tr("Lifestyle"), "travel": self.tr("Travel and region"),
            "follow_up": self.tr("Follow-up"), "outcomes": self.tr("Measured at each visit"),
            "genotypes": self.tr("Genotypes"),
        }
        for name, title in titles.items():
            self._cards[name].title.setText(title)
        own = {
            "name": self.tr("Name"), "birth_date": self.tr("Birth date (YYYY-MM-DD)"),
            "age_years": self.tr("Age (years)"), "local_number": self.tr("Clinic number"),
            "visit_date": self.tr("Visit (YYYY-MM-DD)"),
            "pregnant": self.tr("Pregnant"), "systolic_mmhg": self.tr("Systolic"),
            "diastolic_mmhg": self.tr("Diastolic"), "spo2_percent": self.tr("O₂ saturation"),
            "egfr_ml_min_1_73m2": self.tr("eGFR"), "travel": self.tr("Places, separated by commas"),
        } | {name: in_language(words) for name, words in tables.LIFESTYLE}
        for name, field in self.fields.items():
            unit = f" ({_UNITS[name]})" if name in _UNITS else ""
            field.name((own.get(name) or word(CASE_FIELDS, name, language())) + unit)
        for name, choices in _CHOICES.items():
            self.fields[name].editor.name_values([in_language(words) for _, words in choices])
        self.emergency.setText(self.tr("Emergency"))
        self.no_known_allergies.setText(self.tr("Asked: none known"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


def _flat(record: CaseRecord) -> dict[str, Any]:
    """Return what each field shows, by field name."""
    flat: dict[str, Any] = {name: getattr(record.vitals, name) for name, _ in tables.VITALS}
    flat["consciousness"] = record.vitals.consciousness
    flat |= {name: getattr(record.lifestyle, name) for name, _ in tables.LIFESTYLE}
    flat |= {name: getattr(record, name) for name in ("age_years", "region", "visit_date", "child_pugh",
                                                      *dict(tables.BODY))}
    flat |= {name: getattr(record.patient, name) for name in ("name", "birth_date", "local_number", "sex")}
    names = {None: "", True: "yes", False: "no"}
    return flat | {"pregnant": names[record.pregnant], "lactating": names[record.lactating],
                   "travel": ", ".join(record.travel)}


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("，", ",").split(",") if part.strip())


def _show(editor: QWidget, value: Any) -> None:
    if isinstance(editor, NumberEdit):
        editor.set_number(value)
    elif isinstance(editor, ChoiceBox):
        editor.set_value(str(value or ""))
    elif isinstance(editor, QLineEdit):
        editor.setText(value or "")


def _read(editor: QWidget) -> Any:
    if isinstance(editor, NumberEdit):
        return editor.number()
    if isinstance(editor, ChoiceBox):
        return editor.value() or None
    return editor.text().strip() or None if isinstance(editor, QLineEdit) else None
