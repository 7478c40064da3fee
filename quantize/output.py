"""The folder that a conversion writes: its name, its licence, and that nothing is written over unasked."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine import errors
from engine.runtime.pack_manifest import check_pack_name
from quantize.hf_folder import HfFolder


def work_folder(out: Path) -> Path:
    """Return where intermediate files lie: beside the result, because a pack holds nothing but its own files."""
    return out.parent / f".{out.name}.work"


def pack_name(raw: str) -> str:
    """Return the pack's name made of a folder's. Raises ModelDamaged when it cannot name a folder everywhere."""
    name = raw.lower().replace(" ", "-")
    check_pack_name(name)
    return name


def stated_licence(source: HfFolder, given: str | None) -> str:
    """Return the licence that was given or that the card states. Raises BadRequest where there is neither."""
    licence = given or source.licence
    if not licence:
        raise errors.BadRequest("the model card states no licence; find out and give it with --licence")
    return licence


def refuse_full(out: Path, *, force: bool) -> None:
    """Raise BadRequest when the folder holds something that nobody allowed to be written over."""
    if out.exists() and any(out.iterdir()) and not force:
        raise errors.BadRequest(f"{out} is not empty; --force writes over it")


def prepared_out(out: Path, *, force: bool) -> Path:
    """Return the folder of the result, there and empty. Raises BadRequest like refuse_full."""
    refuse_full(out, force=force)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    return out
