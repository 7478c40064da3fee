"""What the Models page asks of the engine: the installed packs with their cards, verify, install, roll back, measure.

The child does it, because the child knows the packs; the desktop only shows what comes back. Paths come from the
person at the window, and a pack from any of them is trusted no more than one from a stick.
"""

from __future__ import annotations

from pathlib import Path

from engine import api, errors
from engine.runtime import card_trials, gpu, hardware, pack_files, packs, tiers

CARD_CHARS = 6000


def act(request: api.ModelsRequest, models: Path) -> api.ModelsReported:
    """Do what was asked and return how things stand then. Raises EngineError; what fails changes nothing."""
    match request.action:
        case "list":
            said = api.Bilingual("", "")
        case "verify":
            pack = packs.verify(models, request.name)
            said = api.Bilingual(
                f"{pack.name} {pack.version}: every file matches its signed manifest.",
                f"{pack.name} {pack.version}：所有文件与已签名的清单一致。",
            )
        case "install":
            pack = packs.install(Path(request.folder), models)
            said = api.Bilingual(f"Installed {pack.name} {pack.version}.", f"已安装 {pack.name} {pack.version}。")
        case "rollback":
            pack = packs.rollback(models, request.name)
            said = api.Bilingual(
                f"{pack.name} is back at version {pack.version}.", f"{pack.name} 已回到版本 {pack.version}。"
            )
        case "bench":
            said = _measured(models)
    return _report(request.run_id, models, said)


def _report(run_id: api.RunId, models: Path, said: api.Bilingual) -> api.ModelsReported:
    listed = [_described(models, pack) for pack in packs.installed(models)]
    tier = tiers.tier_of(hardware.detect(), gpu_works=card_trials.works(models))
    known = [api.Tier(each.name, each.model, each.does) for each in tiers.TIERS]
    return api.ModelsReported(run_id, listed, gpu.device_line(models), tier.name, known, said)


def _described(models: Path, pack: packs.Pack) -> api.InstalledModel:
    usable = pack.trust in ("local", "distributor")
    manifest = packs.manifest_of(models, pack.name) if usable else None
    card = ""
    if manifest is not None and manifest.card:
        folder = packs.packs_folder(models) / pack.name / pack.version
        try:
            pack_files.check_file(folder, next(file for file in manifest.files if file.name == manifest.card))
            card = (folder / manifest.card).read_text(encoding="utf-8", errors="replace")[:CARD_CHARS]
        except (errors.EngineError, OSError):
            card = ""  # a card that was changed is not shown; `verify` says so
    return api.InstalledModel(
        name=pack.name, version=pack.version, task=pack.task, title=pack.title[:500], trust=pack.trust,
        size_bytes=pack.size_bytes, licence=manifest.licence if manifest else "", card=card,
        gate_passed=manifest.gate_passed if manifest else None, previous=packs.previous_version(models, pack.name),
    )


def _measured(models: Path) -> api.Bilingual:
    from engine import bench  # loads llama.cpp

    found = bench.measure(packs.text_model(models).model_path, rounds=2)
    reads, writes, ratio = found.prefill_tps, found.decode_tps, found.decode_ratio.clock
    busy, cores = min(found.busy_cores, hardware.cores()), hardware.cores()
    return api.Bilingual(
        f"{found.model}: reads {reads:.0f} and writes {writes:.0f} tokens a second with {found.threads} thread(s); "
        f"it writes {ratio:.2f} times as fast as bare llama.cpp."
        + (f" Other programs kept {busy} of {cores} cores busy, so it can be faster." if busy else ""),
        f"{found.model}：每秒读取 {reads:.0f}、生成 {writes:.0f} 个词元，{found.threads} 个线程；"
        f"生成速度为裸 llama.cpp 的 {ratio:.2f} 倍。"
        + (f"其他程序占用了 {cores} 个核心中的 {busy} 个，空闲时会更快。" if busy else ""),
    )

