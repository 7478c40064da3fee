"""`trust` and `revoke`: whose packs this machine accepts, and which key or pack it no longer does."""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from pathlib import Path

from engine import errors
from engine.runtime import pack_files, pack_trust, packs

_KEY_ID = re.compile(r"[0-9a-f]{32}")


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    trust = commands.add_parser("trust", help="accept packs signed with the key of this public half")
    trust.add_argument("key", type=Path, metavar="FILE.pub")
    trust.set_defaults(run=_trust)
    revoke = commands.add_parser("revoke", help="no longer accept a key, or a single pack")
    revoke.add_argument("key_id", nargs="?", metavar="KEY_ID", help="as `key` and `trust` print it")
    revoke.add_argument("--manifest", type=Path, metavar="PACK_DIR", help="only this pack")
    revoke.set_defaults(run=_revoke)
    for parser in (trust, revoke):
        parser.add_argument("--models-dir", type=Path, default=packs.models_dir(), help="where packs and keys are")


def _trust(arguments: argparse.Namespace) -> None:
    identity = pack_trust.add_distributor(packs.trust_folder(arguments.models_dir), arguments.key)
    sys.stdout.write(f"{identity}: trusted from now on\n")


def _revoke(arguments: argparse.Namespace) -> None:
    folder = packs.trust_folder(arguments.models_dir)
    if arguments.manifest is not None:
        sha256 = hashlib.sha256(pack_files.read_manifest(arguments.manifest)).hexdigest()
        pack_trust.revoke(folder, manifests=[sha256])
        sys.stdout.write(f"{sha256}: this pack is no longer accepted\n")
    elif arguments.key_id and _KEY_ID.fullmatch(arguments.key_id):
        pack_trust.revoke(folder, key_ids=[arguments.key_id])
        sys.stdout.write(f"{arguments.key_id}: no longer accepted\n")
    else:
        raise errors.BadRequest("give the id of a key (32 hex digits), or --manifest PACK_DIR")
