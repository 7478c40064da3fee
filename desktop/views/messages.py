"""What a clinician reads when something goes wrong: each code's title, plain text and next step.

The table covers every code of desktop.errors and engine.errors; a test holds it complete in both languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication


class Tone(StrEnum):
    """How a banner looks; the icon and the title carry the same meaning as the colour."""

    DANGER = "danger"
    WARNING = "warning"
    INFO = "info"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Message:
    """One calm message. `next_step` says what the reader can do now."""

    code: str
    tone: Tone
    title: str
    text: str
    next_step: str


_Row = tuple[Tone, str, str, str]

TABLE: dict[str, _Row] = {
    "wrong_password": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "The password does not fit"),
        QT_TRANSLATE_NOOP("Messages", "Nothing was opened and nothing was changed."),
        QT_TRANSLATE_NOOP("Messages", "Check Caps Lock and the user name, then try again, or use the recovery code.")),
    "file_damaged": (
        Tone.DANGER, QT_TRANSLATE_NOOP("Messages", "The case file is damaged"),
        QT_TRANSLATE_NOOP("Messages",
                          "A check of the file failed, so Lantern did not open it. The file was left as it is."),
        QT_TRANSLATE_NOOP("Messages", "Copy the whole data folder to a safe place, then restore the latest backup.")),
    "file_newer": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "This case file belongs to a newer Lantern"),
        QT_TRANSLATE_NOOP("Messages", "It was written by a newer version and was left untouched."),
        QT_TRANSLATE_NOOP("Messages",
                          "Install the newer Lantern on this computer, or open the backup made before the update.")),
    "file_missing": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "There is no case file here"),
        QT_TRANSLATE_NOOP("Messages", "The data folder holds no case file, or part of it is missing."),
        QT_TRANSLATE_NOOP("Messages",
                          "Check that the drive is connected, choose another data folder, or restore a backup.")),
    "file_locked": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "The case file is in use"),
        QT_TRANSLATE_NOOP("Messages", "Another Lantern has it open. Two at once could lose work."),
        QT_TRANSLATE_NOOP("Messages", "Close the other Lantern window, then try again.")),
    "disk_full": (
        Tone.DANGER, QT_TRANSLATE_NOOP("Messages", "The disk is full"),
        QT_TRANSLATE_NOOP("Messages", "The last change is not saved yet. It is still on the screen."),
        QT_TRANSLATE_NOOP("Messages",
                          "Free some space on the disk, then go on typing: Lantern saves again by itself.")),
    "folder_unwritable": (
        Tone.DANGER, QT_TRANSLATE_NOOP("Messages", "Lantern cannot write into its data folder"),
        QT_TRANSLATE_NOOP("Messages",
                          "It is read-only, belongs to another user, or is no folder. Nothing there was changed."),
        QT_TRANSLATE_NOOP("Messages", "Ask IT to make the folder writable, or start Lantern with another one.")),
    "backup_failed": (
        Tone.DANGER, QT_TRANSLATE_NOOP("Messages", "The backup failed its own check"),
        QT_TRANSLATE_NOOP("Messages", "The new backup was thrown away. The case file itself is unharmed."),
        QT_TRANSLATE_NOOP("Messages", "Make the backup again to another drive.")),
    "stale_revision": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "This case was changed elsewhere"),
        QT_TRANSLATE_NOOP("Messages", "A newer revision was saved meanwhile. Yours is kept as a draft."),
        QT_TRANSLATE_NOOP("Messages", "Open the case again from Today, compare, and enter what is missing.")),
    "not_allowed": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "Your role does not allow this"),
        QT_TRANSLATE_NOOP("Messages", "Nothing was changed."),
        QT_TRANSLATE_NOOP("Messages",
                          "Ask a clinician or the clinical lead to do it, or switch the user with Ctrl+L.")),
    "report_failed": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "The report could not be made"),
        QT_TRANSLATE_NOOP("Messages", "The printer or the folder refused it. The case is saved."),
        QT_TRANSLATE_NOOP("Messages", "Check the printer or choose another folder, then print again.")),
    "priors_refused": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "The clinic's own rates cannot be used"),
        QT_TRANSLATE_NOOP("Messages", "The file does not fit the tables. Rankings start from the published rates."),
        QT_TRANSLATE_NOOP("Messages", "Ask the clinical lead to choose the file again on the Clinic page.")),
    "settings_damaged": (
        Tone.INFO, QT_TRANSLATE_NOOP("Messages", "The settings could not be read"),
        QT_TRANSLATE_NOOP("Messages", "Lantern started with its standard settings. No case is affected."),
        QT_TRANSLATE_NOOP("Messages", "Set the language and text size again; they will be saved anew.")),
    "bad_request": (
        Tone.DANGER, QT_TRANSLATE_NOOP("Messages", "The engine did not understand the case"),
        QT_TRANSLATE_NOOP("Messages", "The case is saved, but this entry could not be worked on."),
        QT_TRANSLATE_NOOP("Messages",
                          "Look for an unusual entry in the form and run again; if it stays, report this code.")),
    "out_of_range": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "A value is outside what is possible"),
        QT_TRANSLATE_NOOP("Messages", "An age, a measurement or a dose in the case cannot be right."),
        QT_TRANSLATE_NOOP("Messages", "Correct the fields marked in the form, then run again.")),
    "too_large": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "The text is too long"),
        QT_TRANSLATE_NOOP("Messages",
                          "Lantern reads up to 250,000 characters of a case. Nothing was cut off; nothing was read."),
        QT_TRANSLATE_NOOP("Messages", "Shorten the text or split it into two visits, then run again.")),
    "unknown_diagnosis": (
        Tone.INFO, QT_TRANSLATE_NOOP("Messages", "No table knows this diagnosis"),
        QT_TRANSLATE_NOOP("Messages", "Lantern has no sourced treatment for it, so it proposes none."),
        QT_TRANSLATE_NOOP("Messages", "Choose a diagnosis from the list, or use your own guideline.")),
    "vcf_refused": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "The variant file cannot be used"),
        QT_TRANSLATE_NOOP("Messages", "It is damaged, for another genome build, or holds more than one person."),
        QT_TRANSLATE_NOOP("Messages", "Ask the laboratory for a GRCh38 file of this patient alone.")),
    "empty_case": (
        Tone.INFO, QT_TRANSLATE_NOOP("Messages", "There is nothing to work on yet"),
        QT_TRANSLATE_NOOP("Messages", "The case has no text and no findings."),
        QT_TRANSLATE_NOOP("Messages", "Write what the patient tells you, or add a finding, then run again.")),
    "knowledge_missing": (
        Tone.DANGER, QT_TRANSLATE_NOOP("Messages", "The knowledge tables are missing"),
        QT_TRANSLATE_NOOP("Messages", "Without them Lantern cannot rank, plan or check. Cases can still be recorded."),
        QT_TRANSLATE_NOOP("Messages", "Ask IT to install Lantern again; the cases stay as they are.")),
    "knowledge_damaged": (
        Tone.DANGER, QT_TRANSLATE_NOOP("Messages", "The knowledge tables are damaged"),
        QT_TRANSLATE_NOOP("Messages", "They do not match their seal, so Lantern does not use them."),
        QT_TRANSLATE_NOOP("Messages", "Ask IT to install Lantern again; the cases stay as they are.")),
    "model_missing": (
        Tone.INFO, QT_TRANSLATE_NOOP("Messages", "No language model is installed"),
        QT_TRANSLATE_NOOP("Messages", "Ranking, plan table and drug checks work without it; worded sentences do not."),
        QT_TRANSLATE_NOOP("Messages", "Ask IT to install a model pack.")),
    "model_damaged": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "The language model is damaged"),
        QT_TRANSLATE_NOOP("Messages",
                          "Its files differ from the signed list, so it was not loaded. Tables still work."),
        QT_TRANSLATE_NOOP("Messages", "Ask IT to install the model pack again.")),
    "model_untrusted": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "The language model is not signed by a known key"),
        QT_TRANSLATE_NOOP("Messages", "It was not loaded. Tables still work."),
        QT_TRANSLATE_NOOP("Messages",
                          "Ask the clinical lead to add the distributor's key, or IT to install another pack.")),
    "model_too_large": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "The language model is too large for this computer"),
        QT_TRANSLATE_NOOP("Messages", "It would not fit in memory and was not loaded. Tables still work."),
        QT_TRANSLATE_NOOP("Messages", "Close other programs, or ask IT to install a smaller model pack.")),
    "out_of_memory": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "The computer ran out of memory"),
        QT_TRANSLATE_NOOP("Messages", "The run was stopped. Everything entered is saved."),
        QT_TRANSLATE_NOOP("Messages", "Close other programs and run again.")),
    "engine_crashed": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "The engine stopped in the middle of the run"),
        QT_TRANSLATE_NOOP("Messages", "Everything entered is saved; the result is kept as interrupted."),
        QT_TRANSLATE_NOOP("Messages",
                          "Run again: the engine starts by itself. If it happens twice, tell IT this code.")),
    "engine_hung": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "The engine did not answer any more"),
        QT_TRANSLATE_NOOP("Messages",
                          "It was stopped. Everything entered is saved; the result is kept as interrupted."),
        QT_TRANSLATE_NOOP("Messages",
                          "Run again: the engine starts by itself. If it happens twice, tell IT this code.")),
    "engine_protocol": (
        Tone.DANGER, QT_TRANSLATE_NOOP("Messages", "The engine sent something unreadable"),
        QT_TRANSLATE_NOOP("Messages", "The run was stopped and nothing of it was used. Everything entered is saved."),
        QT_TRANSLATE_NOOP("Messages", "Run again. If it happens twice, ask IT to install Lantern again.")),
    "engine_start_failed": (
        Tone.DANGER, QT_TRANSLATE_NOOP("Messages", "The engine could not start"),
        QT_TRANSLATE_NOOP("Messages", "Cases can be recorded and read, but not ranked, planned or checked."),
        QT_TRANSLATE_NOOP("Messages", "Restart the computer. If it stays, ask IT to install Lantern again.")),
    "tour_failed": (
        Tone.WARNING, QT_TRANSLATE_NOOP("Messages", "The guided run did not come to its end"),
        QT_TRANSLATE_NOOP("Messages", "A step of the demonstration failed. No clinic's case is affected."),
        QT_TRANSLATE_NOOP("Messages", "Run it again; if it stays, report this code with what was printed.")),
    "translation_missing": (
        Tone.INFO, QT_TRANSLATE_NOOP("Messages", "The translation is not installed"),
        QT_TRANSLATE_NOOP("Messages", "The screen stays in English; no case is affected."),
        QT_TRANSLATE_NOOP("Messages", "Ask IT to install Lantern again.")),
    "interrupted": (
        Tone.INFO, QT_TRANSLATE_NOOP("Messages", "The last run was interrupted"),
        QT_TRANSLATE_NOOP("Messages", "Lantern was closed or lost power before it ended. What had arrived is shown."),
        QT_TRANSLATE_NOOP("Messages", "Run again for a complete result.")),
    "internal": (
        Tone.DANGER, QT_TRANSLATE_NOOP("Messages", "Lantern made a mistake"),
        QT_TRANSLATE_NOOP("Messages",
                          "This action was stopped. Everything saved before is safe; details are in the log."),
        QT_TRANSLATE_NOOP("Messages", "Try once more, and report this code with the log file.")),
}
_UNKNOWN: _Row = (
    Tone.DANGER, QT_TRANSLATE_NOOP("Messages", "Something failed that Lantern has no words for"),
    QT_TRANSLATE_NOOP("Messages", "This action was stopped. Everything saved before is safe."),
    QT_TRANSLATE_NOOP("Messages", "Report this code with the log file."))


def message(code: str) -> Message:
    """Return what to show for `code`, in the language in use; an unknown code still gets words and a next step."""
    tone, title, text, next_step = TABLE.get(code, _UNKNOWN)
    return Message(code, tone, _words(title), _words(text), _words(next_step))


def finding_unknown(typed: str) -> Message:
    """Return what to say when no dictionary knows a finding that was typed."""
    return Message("", Tone.INFO, _words(QT_TRANSLATE_NOOP("Messages", "“{typed}” is not in the dictionary")).format(
        typed=typed), "", _words(QT_TRANSLATE_NOOP(
            "Messages", "Write it into the story instead: it is kept, but the tables do not use it.")))


def report_saved(path: str) -> Message:
    """Return what to say when a report was written."""
    return Message("", Tone.OK, _words(QT_TRANSLATE_NOOP("Messages", "The report is saved")), path, "")


def _words(source: str) -> str:
    return QCoreApplication.translate("Messages", source)
