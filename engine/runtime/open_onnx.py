"""Open the ONNX model in a pack's folder as the runtime that its task asks for; the caller has verified the files."""

from __future__ import annotations

from pathlib import Path

from engine import errors
from engine.runtime.onnx import OnnxEncoder
from engine.runtime.onnx_head import OnnxHead
from engine.runtime.onnx_seq2seq import OnnxSeq2Seq, Seq2SeqFiles
from engine.runtime.pack_manifest import Manifest

HEADS = ("classifier", "tagger", "answer")
VECTORS = ("encoder", "ranker")


def open_head(folder: Path, manifest: Manifest, threads: int) -> OnnxHead:
    """Return a classifier, tagger or answering model. Raises ModelDamaged."""
    labels = folder / manifest.parts["labels"] if "labels" in manifest.parts else None
    return OnnxHead(folder / manifest.model, _tokenizer(folder, manifest), manifest.title, labels, threads)


def open_seq2seq(folder: Path, manifest: Manifest, threads: int) -> OnnxSeq2Seq:
    """Return a text-from-text model. Raises ModelDamaged."""
    absent = {"decoder", "decoder_cached", "settings"} - set(manifest.parts)
    if absent:
        raise errors.ModelDamaged(f"a text-from-text model without its {min(absent)}")
    parts = {name: folder / file for name, file in manifest.parts.items()}
    files = Seq2SeqFiles(
        folder / manifest.model, parts["decoder"], parts["decoder_cached"], _tokenizer(folder, manifest),
        parts["settings"],
    )
    return OnnxSeq2Seq(files, manifest.title, threads)


def open_encoder(folder: Path, manifest: Manifest, threads: int) -> OnnxEncoder:
    """Return a model that makes sentence vectors. Raises ModelDamaged."""
    return OnnxEncoder(folder / manifest.model, _tokenizer(folder, manifest), manifest.title, threads)


def open_model(folder: Path, manifest: Manifest, threads: int) -> OnnxHead | OnnxSeq2Seq | OnnxEncoder:
    """Return the runtime for the manifest's task. Raises ModelDamaged, also where the task has none of these."""
    if manifest.task in HEADS:
        return open_head(folder, manifest, threads)
    if manifest.task == "seq2seq":
        return open_seq2seq(folder, manifest, threads)
    if manifest.task in VECTORS:
        return open_encoder(folder, manifest, threads)
    raise errors.ModelDamaged(f"no such runtime for {manifest.task}")


def _tokenizer(folder: Path, manifest: Manifest) -> Path:
    if manifest.tokenizer is None:
        raise errors.ModelDamaged(f"{manifest.name} has no tokenizer")
    return folder / manifest.tokenizer
