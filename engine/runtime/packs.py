"""The installed model packs of this machine: list, verify, install, roll back, and open them as runtimes.

Opening always verifies first (signature, sizes, SHA-256, header): a tenth of a second for a 100 MB model, every time.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import platformdirs

from engine import errors
from engine.runtime import (
    calibration,
    footprint,
    gpu,
    hardware,
    pack_install,
    pack_manifest,
    pack_trust,
    prompts,
    trial_onnx,
)
from engine.runtime.base import Encoder, Tagger, TextRuntime
from engine.runtime.calibration import Calibration
from engine.runtime.card_trials import CardTrials, Offload
from engine.runtime.pack_install import Verified
from engine.runtime.pack_manifest import Manifest, Task
from engine.runtime.prefix_cache import PrefixCache

if TYPE_CHECKING:
    from engine.runtime.onnx_head import OnnxHead

log = logging.getLogger(__name__)

DEFAULT_CONTEXT_TOKENS = 4096
AdapterUse = Literal["gated", "any", "none"]
"""An adapter only where it passed its gate; "any" and "none" are for measuring."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One installed pack. `trust` is "local", "distributor", or in a listing the code of why it cannot be used."""

    name: str
    version: str
    task: str
    title: str
    trust: str
    size_bytes: int


def models_dir() -> Path:
    """Return where this machine keeps its packs: $LANTERN_MODELS_DIR, else `models` in the user's data folder."""
    override = os.environ.get("LANTERN_MODELS_DIR")
    return Path(override) if override else Path(platformdirs.user_data_dir("lantern", appauthor=False)) / "models"


def trust_folder(models: Path) -> Path:
    return models / "trust"


def packs_folder(models: Path) -> Path:
    return models / "packs"


def installed(models: Path) -> list[Pack]:
    """Return the packs in use, by name. Signatures are checked, hashes are not (see `verify`)."""
    return [_listed(models, home) for home in _homes(models)]


def verify(models: Path, name: str) -> Pack:
    """Check every byte of an installed pack. Raises ModelMissing, ModelDamaged or ModelUntrusted."""
    verified = _verified(models, name)
    return _pack(verified.manifest, verified.trust)


def install(source: Path, models: Path) -> Pack:
    """Install the pack in a folder. Raises ModelUntrusted, ModelDamaged or ModelTooLarge, and then changes nothing."""
    trust = pack_trust.load_trust(trust_folder(models))
    verified = pack_install.install(source, packs_folder(models), trust, prove)
    return _pack(verified.manifest, verified.trust)


def prove(verified: Verified) -> None:
    """Let a throw-away child open a model and read the golden texts. Raises ModelDamaged, ModelTooLarge.

    Models that make vectors say nothing that could be compared; their header is checked, and their sizes when opened.
    """
    manifest = verified.manifest
    if manifest.task in trial_onnx.TASKS:
        if problem := trial_onnx.run(verified.folder, manifest).problem:
            raise errors.ModelDamaged(problem)
        return
    if manifest.task != "text" or not manifest.model.endswith(".gguf"):
        return
    hardware.check_room_for(verified.model_path, footprint.TRIAL_CONTEXT_TOKENS)
    golden = verified.folder / manifest.golden if manifest.golden else None
    found = footprint.run(
        verified.model_path, footprint.TRIAL_CONTEXT_TOKENS, golden=golden, template=manifest.template
    )
    if found.problem:
        raise errors.ModelDamaged(f"golden prompt: {found.problem}")


def rollback(models: Path, name: str) -> Pack:
    """Go back to the version before. Raises ModelMissing where there is none."""
    pack_manifest.check_pack_name(name)
    trust = pack_trust.load_trust(trust_folder(models))
    verified = pack_install.rollback(packs_folder(models) / name, trust)
    return _pack(verified.manifest, verified.trust)


def describe(models: Path, name: str) -> str:
    """Return a pack's manifest and model card as text, after verifying it."""
    verified = _verified(models, name)
    card = verified.manifest.card
    text = (verified.folder / card).read_text(encoding="utf-8") if card else "This pack has no model card."
    return pack_manifest.encode(verified.manifest).decode() + "\n\n" + text


def versions(models: Path) -> dict[str, str]:
    """Return pack name to version, for results; of a pack that cannot be used, the code of why."""
    return {pack.name: pack.version or pack.trust for pack in installed(models)}


def text_model(models: Path) -> Verified:
    """Return the verified language model that this machine uses now. Raises ModelMissing where none is installed."""
    return choose_text_model(models)[0]


def manifest_of(models: Path, name: str) -> Manifest:
    """Return the signed manifest in use; reads no weights. Raises like `verify`."""
    pack_manifest.check_pack_name(name)
    return _signed(models, packs_folder(models) / name)[0]


def previous_version(models: Path, name: str) -> str:
    """Return the version that a roll-back would go to; empty where there is none or the state cannot be read."""
    try:
        state = pack_install.read_state(packs_folder(models) / name)
    except errors.ModelDamaged:
        return ""
    return state.previous or "" if state else ""


def fitting_text_model(models: Path) -> Manifest:
    """Return the manifest of the language model that fits the free memory, reading headers but hashing nothing.

    For Hello, which must not wait for gigabytes; opening verifies every byte. Raises like choose_text_model.
    """
    for manifest in sorted(_of_task(models, "text"), key=_model_bytes, reverse=True):
        model = packs_folder(models) / manifest.name / manifest.version / manifest.model
        try:
            hardware.check_room_for(model, manifest.context_tokens or DEFAULT_CONTEXT_TOKENS)
        except errors.ModelTooLarge:
            continue
        except OSError as absent:
            raise errors.ModelDamaged(manifest.model) from absent
        return manifest
    raise errors.ModelTooLarge("no installed language model fits the free memory")


def choose_text_model(models: Path) -> tuple[Verified, str]:
    """Return the largest installed language model that fits the free memory, and one line when that is a step down.

    Raises ModelMissing where none is installed, ModelTooLarge where none fits, and what an unfit pack raises.
    """
    ordered = sorted(_of_task(models, "text"), key=_model_bytes, reverse=True)
    too_large: list[str] = []
    for manifest in ordered:
        verified = _verified(models, manifest.name)
        context = manifest.context_tokens or DEFAULT_CONTEXT_TOKENS
        try:
            hardware.check_room_for(verified.model_path, context)
        except errors.ModelTooLarge as short:
            too_large.append(f"{manifest.title}: {short.detail}")
            continue
        return verified, f"memory is short ({too_large[0]}); {manifest.title} is used instead" if too_large else ""
    raise errors.ModelTooLarge("; ".join(too_large))


def _model_bytes(manifest: Manifest) -> int:
    return next(file.size_bytes for file in manifest.files if file.name == manifest.model)


def open_text_runtime(models: Path, threads: int | None = None, *, adapter: AdapterUse = "gated") -> TextRuntime:
    """Load the installed language model and the adapter for exactly that file, where one passed its gate.

    Raises ModelMissing, ModelDamaged, ModelUntrusted or ModelTooLarge.
    """
    verified, step_down = choose_text_model(models)
    if step_down:
        log.warning("%s", step_down)
    from engine.runtime.gguf import GgufRuntime  # loads llama.cpp, which most requests never need
    from engine.runtime.llama_native import build

    context = verified.manifest.context_tokens or DEFAULT_CONTEXT_TOKENS
    weights = _main_sha256(verified.manifest)
    trials = CardTrials(models, weights, build(), context)
    offload = gpu.choose_once(verified.model_path, context, trials)
    log.info("%s: %s", _title(verified), offload.reason)
    idle = hardware.threads()
    fitted = calibration.kept(models, calibration.key(weights, build(), hardware.processor())) or Calibration(idle)
    made_with = (
        f"{weights} {build()} prompts {prompts.VERSION} context {context} on card {offload.layers} "
        f"pass {fitted.pass_tokens}"
    )
    runtime = GgufRuntime(
        verified.model_path, _title(verified), context, threads or min(fitted.threads, idle), offload.layers,
        prefixes=PrefixCache(models / "heads", made_with), pass_tokens=fitted.pass_tokens,
        guessed_tokens=0 if offload.layers else fitted.guessed_tokens,
    )
    gpu.remember(offload, trials)
    if lora := _adapter_for(models, weights, adapter):
        heads = PrefixCache(models / "heads", f"{made_with} adapter {_main_sha256(lora.manifest)}")
        runtime.add_adapter(lora.model_path, _title(lora), heads)
    return runtime


def try_card_anew(models: Path) -> Offload:
    """Try the graphics card with the installed language model, whatever is known of it, and keep what comes out.

    Raises like open_text_runtime.
    """
    verified = text_model(models)
    from engine.runtime.llama_native import build

    context = verified.manifest.context_tokens or DEFAULT_CONTEXT_TOKENS
    offload = gpu.choose(verified.model_path, context)
    gpu.remember(offload, CardTrials(models, _main_sha256(verified.manifest), build(), context))
    return offload


def _adapter_for(models: Path, weights: str, use: AdapterUse) -> Verified | None:
    """Return the installed adapter made for these weights. One that is unfit is named in the log and not used."""
    if use == "none":
        return None
    try:
        manifests = _of_task(models, "adapter")
    except errors.InstallationError:
        return None
    for manifest in manifests:
        if manifest.base_sha256 != weights:
            continue
        if not (manifest.gate_passed or use == "any"):
            log.info("%s stays off: it did not pass its gate", manifest.name)
            continue
        try:
            return _verified(models, manifest.name)
        except errors.InstallationError as unfit:
            log.warning("the adapter %s is not used: %s: %s", manifest.name, unfit.code, unfit)
    return None


def _main_sha256(manifest: Manifest) -> str:
    return next(file.sha256 for file in manifest.files if file.name == manifest.model)


def open_encoder(models: Path, threads: int | None = None) -> Encoder | None:
    """Load the installed sentence encoder, or return None where none is installed. Raises like open_text_runtime."""
    return _open_vectors(models, "encoder", threads)


def open_ranker(models: Path, threads: int | None = None) -> Encoder | None:
    """Load the installed ranker of conditions, an encoder of its own; None and errors like open_encoder."""
    return _open_vectors(models, "ranker", threads)


def _open_vectors(models: Path, task: Task, threads: int | None) -> Encoder | None:
    if (pack := _optional(models, task)) is None:
        return None
    from engine.runtime.onnx import OnnxEncoder  # loads ONNX Runtime

    return OnnxEncoder(pack.model_path, _tokenizer(pack), _title(pack), threads or hardware.threads())


def open_multilingual(models: Path, threads: int | None = None) -> Encoder | None:
    """Load the installed multilingual encoder, or return None where none is installed. Raises like open_encoder."""
    if (pack := _optional(models, "multilingual")) is None:
        return None
    from engine.runtime.onnx_bag import OnnxBagEncoder  # loads ONNX Runtime

    return OnnxBagEncoder(pack.model_path, _tokenizer(pack), _title(pack), threads or hardware.threads())


def open_seq2seq(models: Path, threads: int | None = None) -> TextRuntime:
    """Load the installed text-from-text model. Raises like open_text_runtime."""
    verified = _only(models, "seq2seq")
    from engine.runtime.onnx_seq2seq import OnnxSeq2Seq, Seq2SeqFiles  # loads ONNX Runtime

    parts = verified.manifest.parts
    needed = {"decoder": parts.get("decoder"), "decoder_cached": parts.get("decoder_cached"),
              "settings": parts.get("settings"), "tokenizer": verified.manifest.tokenizer}
    for what, name in needed.items():
        if name is None:
            raise errors.ModelDamaged(f"a text-from-text model without its {what}")
    files = Seq2SeqFiles(verified.model_path, **{what: verified.folder / str(name) for what, name in needed.items()})
    return OnnxSeq2Seq(files, _title(verified), threads or hardware.threads())


def open_head(models: Path, task: Task, threads: int | None = None) -> OnnxHead:
    """Load the installed classifier, tagger or answering model. Raises like open_text_runtime."""
    verified = _only(models, task)
    from engine.runtime.onnx_head import OnnxHead  # loads ONNX Runtime

    parts = verified.manifest.parts
    labels = verified.folder / parts["labels"] if "labels" in parts else None
    return OnnxHead(
        verified.model_path, _tokenizer(verified), _title(verified), labels, threads or hardware.threads()
    )


def open_tagger(models: Path, threads: int | None = None) -> Tagger | None:
    """Load the installed entity tagger, or return None where none is installed. Raises like open_text_runtime."""
    if (pack := _optional(models, "entities")) is None:
        return None
    from engine.runtime.onnx_tagger import OnnxTagger  # loads ONNX Runtime

    return OnnxTagger(pack.model_path, _tokenizer(pack), _title(pack), threads or hardware.threads())


def reference_packs(models: Path) -> tuple[list[Verified], list[Pack]]:
    """Return the verified reference packs, and those that cannot be used (`trust` says why)."""
    fit: list[Verified] = []
    unfit: list[Pack] = []
    for home in _homes(models):
        listed = _listed(models, home)
        if listed.trust not in ("local", "distributor"):
            unfit.append(listed)
        elif listed.task == "reference":
            try:
                fit.append(_verified(models, listed.name))
            except errors.InstallationError as refused:
                unfit.append(Pack(listed.name, listed.version, listed.task, refused.detail, refused.code, 0))
    return fit, unfit


def _optional(models: Path, task: Task) -> Verified | None:
    """Return the first pack for `task`, verified, or None where none is installed. An unfit pack raises."""
    try:
        return _only(models, task)
    except errors.ModelMissing:
        return None


def _tokenizer(pack: Verified) -> Path:
    if pack.manifest.tokenizer is None:
        raise errors.ModelDamaged(f"{pack.manifest.name} has no tokenizer")
    return pack.folder / pack.manifest.tokenizer


def _only(models: Path, task: str) -> Verified:
    """Return the first pack for `task`, verified. A pack that cannot be read is an error, not an absence."""
    return _verified(models, _of_task(models, task)[0].name)


def _of_task(models: Path, task: str) -> list[Manifest]:
    """Return the signed manifests for a task, at least one; reads no weights. Raises like `_only`."""
    unfit: errors.EngineError | None = None
    found: list[Manifest] = []
    for home in _homes(models):
        try:
            manifest, _ = _signed(models, home)
        except (errors.ModelUntrusted, errors.ModelDamaged) as refused:
            unfit = unfit or refused
            continue
        if manifest.task == task:
            found.append(manifest)
    if not found:
        raise unfit or errors.ModelMissing(f"no {task} pack is installed")
    return found


def _verified(models: Path, name: str) -> Verified:
    pack_manifest.check_pack_name(name)
    home = packs_folder(models) / name
    state = pack_install.read_state(home)
    if state is None:
        raise errors.ModelMissing(name)
    verified = pack_install.verify_folder(home / state.current, pack_trust.load_trust(trust_folder(models)))
    if (verified.manifest.name, verified.manifest.version) != (name, state.current):
        raise errors.ModelDamaged(f"{name} {state.current} holds {verified.manifest.name} {verified.manifest.version}")
    return verified


def _homes(models: Path) -> list[Path]:
    return [state.parent for state in sorted(packs_folder(models).glob("*/state.json"))]


def _signed(models: Path, home: Path) -> tuple[Manifest, str]:
    """Return the manifest in use and who signed it. Raises ModelUntrusted or ModelDamaged; reads no weights."""
    state = pack_install.read_state(home)
    if state is None:
        raise errors.ModelMissing(home.name)
    trust = pack_trust.load_trust(trust_folder(models))
    manifest, _, who = pack_install.signed_manifest(home / state.current, trust)
    return manifest, who


def _listed(models: Path, home: Path) -> Pack:
    """Return a pack for the list; one that cannot be used is listed with the reason, not left out."""
    try:
        return _pack(*_signed(models, home))
    except errors.InstallationError as unfit:
        return Pack(home.name, "", "unknown", unfit.detail, unfit.code, 0)


def _pack(manifest: Manifest, trust: str) -> Pack:
    size_bytes = sum(file.size_bytes for file in manifest.files)
    return Pack(manifest.name, manifest.version, manifest.task, manifest.title, trust, size_bytes)


def _title(verified: Verified) -> str:
    return f"{verified.manifest.name} {verified.manifest.version}"
