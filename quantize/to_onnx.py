"""From a Hugging Face folder to an ONNX pack, in 32 bits or int8, that only lacks its signature.

What each task needs lies in one table: optimum's name for it, the files that it gives, and what the engine calls
it. Every exported file passes the engine's own header check before it may become part of a pack.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from engine import errors
from engine.runtime import onnx_header
from engine.runtime.pack_manifest import Manifest, Task
from quantize import hf_folder, onnx_export
from quantize.hf_folder import HfFolder
from quantize.output import pack_name, prepared_out, stated_licence, work_folder
from quantize.pack import listed_files, write_unsigned
from quantize.steps import Steps, check_disk, check_memory, to_stderr

Method = Literal["none", "dynamic", "static"]


@dataclass(frozen=True, slots=True)
class OnnxTask:
    """`exported` are optimum's file names, in the order of `roles`; the first is the pack's main model."""

    optimum: str
    task: Task
    exported: tuple[str, ...] = ("model.onnx",)
    roles: tuple[str, ...] = ("model",)


TASKS = {
    "text-classification": OnnxTask("text-classification", "classifier"),
    "token-classification": OnnxTask("token-classification", "tagger"),
    "question-answering": OnnxTask("question-answering", "answer"),
    "feature-extraction": OnnxTask("feature-extraction", "encoder"),
    "text2text-generation": OnnxTask(
        "text2text-generation-with-past", "seq2seq",
        ("encoder_model.onnx", "decoder_model.onnx", "decoder_with_past_model.onnx"),
        ("encoder", "decoder", "decoder_cached"),
    ),
}
ALIASES = {
    "sequence-classification": "text-classification", "seq2seq": "text2text-generation",
    "tagger": "token-classification",
    "answer": "question-answering", "encoder": "feature-extraction", "classifier": "text-classification",
}


@dataclass(frozen=True, slots=True)
class OnnxRequest:
    """What to make; `method` "none" keeps 32 bits, the reference that a gate compares with."""

    folder: Path
    task: str
    out: Path
    method: Method = "dynamic"
    family: str = "any"
    name: str | None = None
    version: str = "1.0"
    licence: str | None = None
    force: bool = False


def convert(request: OnnxRequest, say: Callable[[str], None] = to_stderr) -> Manifest:
    """Make the folder `request.out`. Raises EngineError with the reason; a second run goes on where this one ended."""
    wanted = _task(request.task)
    if request.method == "static" and len(wanted.exported) > 1:
        raise errors.BadRequest("static int8 is for one-file models; take dynamic int8 for text from text")
    source = hf_folder.read(request.folder)
    name, licence = pack_name(request.name or source.name), stated_licence(source, request.licence)
    tokenizer = source.path / "tokenizer.json"
    if not tokenizer.is_file():
        raise errors.ModelMissing(f"no tokenizer.json in {source.name}; save the fast tokenizer with the model first")
    check_disk(request.out, 3 * 4 * source.parameters * len(wanted.exported))
    check_memory(3 * 4 * source.parameters + (1 << 30), "export")
    out = prepared_out(request.out, force=request.force)
    say(f"{source.name}: {source.architecture}, {source.parameters / 1e6:,.1f} M parameters, licence {licence}")
    steps = Steps(work_folder(request.out), say)
    files = [_made(steps, source, wanted, place, request) for place in range(len(wanted.exported))]
    for place, file in enumerate(files):
        onnx_header.read(file)
        shutil.copyfile(file, out / f"{wanted.roles[place]}.onnx")
    shutil.copyfile(tokenizer, out / "tokenizer.json")
    return _described(source, wanted, request, out, name, licence)


def _task(name: str) -> OnnxTask:
    known = ALIASES.get(name, name)
    if known not in TASKS:
        raise errors.BadRequest(f"no task is called {name}; there are: {', '.join(sorted((*TASKS, *ALIASES)))}")
    return TASKS[known]


def _made(steps: Steps, source: HfFolder, wanted: OnnxTask, place: int, request: OnnxRequest) -> Path:
    """Return one finished model file; the export gives all of them at once and is kept for the next."""
    stamp = source.fingerprint()
    exported = wanted.exported[place]

    def export(part: Path) -> None:
        folder = part.parent / "export"
        marker = folder / "made_from"
        if not marker.is_file() or marker.read_text() != stamp:
            shutil.rmtree(folder, ignore_errors=True)
            if _is_fusible(source, wanted):
                onnx_export.run("encoder", source.path, folder)
            else:
                onnx_export.run("export", source.path, folder, wanted.optimum)
            marker.write_text(stamp)
        if not (folder / exported).is_file():
            raise errors.ModelDamaged(f"the export has no {exported}")
        shutil.copyfile(folder / exported, part)

    full = steps.file(f"fp32-{exported}", stamp, export)
    if request.method == "none":
        return full
    name = f"{request.method}-{request.family}-{exported}"
    return steps.file(name, f"{stamp} {name}", lambda part: _to_int8(full, part, source, wanted, request))


def _to_int8(full: Path, part: Path, source: HfFolder, wanted: OnnxTask, request: OnnxRequest) -> None:
    tokenizer = source.path / "tokenizer.json"
    if _is_fusible(source, wanted) and request.method == "dynamic":
        shape = [str(source.config[key]) for key in ("num_attention_heads", "hidden_size")]
        onnx_export.run("careful", full, part, request.family, tokenizer, *shape)
        return
    more = (tokenizer,) if request.method == "static" else ()
    onnx_export.run("int8", full, part, request.method, request.family, *more)


def _is_fusible(source: HfFolder, wanted: OnnxTask) -> bool:
    """Whether this is an encoder whose layers ONNX Runtime can fuse: int8 then loses least and gains most."""
    return wanted.task == "encoder" and source.config.get("model_type") == "bert"


def _described(
    source: HfFolder, wanted: OnnxTask, request: OnnxRequest, out: Path, name: str, licence: str
) -> Manifest:
    """Write labels, settings, card, licence and the unsigned manifest."""
    parts = {role: f"{role}.onnx" for role in wanted.roles[1:]}
    if wanted.task in ("classifier", "tagger"):
        (out / "labels.json").write_bytes(msgspec.json.encode(_labels(source.config)))
        parts["labels"] = "labels.json"
    if wanted.task == "seq2seq":
        (out / "settings.json").write_bytes(msgspec.json.encode(_settings(source.config)))
        parts["settings"] = "settings.json"
    kind = "fp32" if request.method == "none" else f"int8 ({request.method}, {request.family})"
    if source.licence_text:
        (out / "LICENSE.txt").write_text(source.licence_text, encoding="utf-8")
    head = f"# {source.name}, ONNX {kind}\n\nTask {request.task}, licence {licence}.\n\n---\n\n"
    (out / "CARD.md").write_text(head + source.card, encoding="utf-8")
    manifest = Manifest(
        name=name, version=request.version, task=wanted.task, title=f"{source.name} {kind}", licence=licence,
        model=f"{wanted.roles[0]}.onnx", files=listed_files(out), tokenizer="tokenizer.json", card="CARD.md",
        licence_file="LICENSE.txt" if source.licence_text else None, parts=parts,
        origin=f"{source.name} ({source.architecture}), exported and quantized by lantern-quantize"[:500],
    )
    write_unsigned(out, manifest)
    return manifest


def _labels(config: dict[str, Any]) -> list[str]:
    named = config.get("id2label") or {}
    return [str(named[key]) for key in sorted(named, key=int)] or ["LABEL_0", "LABEL_1"]


def _settings(config: dict[str, Any]) -> dict[str, Any]:
    """Return what generation needs, from the model's own config."""
    end = config.get("eos_token_id")
    start = config.get("decoder_start_token_id", config.get("pad_token_id"))
    if end is None or start is None:
        raise errors.ModelDamaged("the config names no start or end token")
    reads = config.get("n_positions") or config.get("max_position_embeddings") or 512
    return {
        "start_token": int(start), "end_tokens": [int(each) for each in (end if isinstance(end, list) else [end])],
        "input_tokens": int(reads), "output_tokens": int(reads),
    }
