"""The settings of this machine: typed, with a default for everything, written in one step.

An unreadable file never stops the start: defaults are used, the damaged file is kept under another name, and the
caller gets a SettingsDamaged to show. Nothing about patients or keys is in here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from desktop import errors, paths

FORMAT = 1
_MAX_FILE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user or the clinic can choose. Fields may be added with a default; unknown ones are ignored."""

    format: int = FORMAT
    language: Literal["en", "zh"] | None = None
    """None follows the system."""
    page_size: Literal["A4", "A5"] = "A4"
    commit_first: bool = True
    """The clinician's own diagnosis is stored before the ranking is shown; the clinical lead can turn it off."""
    lock_after_minutes: Annotated[int, Meta(ge=1, le=240)] = 10
    font_percent: Annotated[int, Meta(ge=80, le=200)] = 100
    last_login: Annotated[str, Meta(max_length=200)] = ""
    window_geometry: Annotated[str, Meta(max_length=4000)] = ""
    """Base64 of what Qt saved."""
    prose: bool = True
    """Let an installed language model word plan sentences."""
    reader: bool = False
    """Let the language model vote in the ranking."""
    genotype_module: bool = False
    """Offer genotypes on the Case page; what is recorded counts in any case. The clinical lead turns it on."""
    own_cases: bool = False
    """Let the clinic's own signed diagnoses move the ranking of common conditions; the clinical lead turns it on."""
    backup_folder: Annotated[str, Meta(max_length=4000)] = ""
    """Empty means beside the case file."""
    clinic_name: Annotated[str, Meta(max_length=200)] = ""
    region: Annotated[str, Meta(max_length=200)] = ""


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """`damaged` is to be shown when it is not None; the settings are then the defaults."""

    settings: Settings
    damaged: errors.SettingsDamaged | None = None


def load_settings(path: Path) -> LoadedSettings:
    """Return the settings in `path`; a missing file gives the defaults, a damaged one gives them with the reason."""
    try:
        untrusted = path.read_bytes()
    except FileNotFoundError:
        return LoadedSettings(Settings())
    except OSError as error:
        return LoadedSettings(Settings(), errors.SettingsDamaged(f"cannot be read: {error.strerror}"))
    try:
        if len(untrusted) > _MAX_FILE_BYTES:
            raise msgspec.ValidationError(f"{len(untrusted)} bytes")
        return LoadedSettings(msgspec.json.decode(untrusted, type=Settings))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return LoadedSettings(Settings(), errors.SettingsDamaged(_kept_aside(path, str(error))))


def save_settings(path: Path, settings: Settings) -> None:
    """Replace the settings file in one step. Raises DiskFull; the old settings then stay."""
    paths.make_private_folder(path.parent)
    paths.write_durably(path, msgspec.json.format(msgspec.json.encode(settings), indent=2) + b"\n")


def _kept_aside(path: Path, reason: str) -> str:
    """Keep the damaged file, so that the next save does not destroy what somebody may want to read."""
    aside = path.with_suffix(".damaged.json")
    try:
        path.replace(aside)
    except OSError:
        return reason
    return f"{reason}; kept as {aside.name}"
