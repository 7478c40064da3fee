"""`models`: list, show, verify, install and roll back the signed packs of this machine."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine import errors
from engine.commands.next_steps import told
from engine.runtime import hardware, packs, tiers
from engine.runtime.card_trials import Offload


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("models", help="list, show, verify, install or roll back model packs")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="installed packs, one a line")
    actions.add_parser("device", help="this machine, what it is fit for, and a new trial of the graphics card")
    for name, text in (
        ("show", "manifest and model card"),
        ("verify", "hash every file again"),
        ("rollback", "go back one version"),
    ):
        actions.add_parser(name, help=text).add_argument("name")
    actions.add_parser("install", help="install a pack from a folder or USB stick").add_argument("pack", type=Path)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do it and return 0, or 1 with the reason on stderr."""
    models_dir = packs.models_dir()
    try:
        for line in _answer(arguments, models_dir):
            sys.stdout.write(line + "\n")
    except errors.EngineError as failed:
        sys.stderr.write(told("lantern-engine models", failed.code, str(failed)))
        return 1
    return 0


def _answer(arguments: argparse.Namespace, models_dir: Path) -> list[str]:
    match arguments.action:
        case "list":
            return [f"{pack.name}\t{pack.version}\t{pack.task}\t{pack.trust}" for pack in packs.installed(models_dir)]
        case "device":
            return _device(models_dir)
        case "show":
            return packs.describe(models_dir, arguments.name).splitlines()
        case "verify":
            pack = packs.verify(models_dir, arguments.name)
            return [f"{pack.name} {pack.version}: every file matches its signed manifest ({pack.trust})"]
        case "install":
            pack = packs.install(arguments.pack, models_dir)
            return [f"installed {pack.name} {pack.version} ({pack.trust})"]
        case _:
            pack = packs.rollback(models_dir, arguments.name)
            return [f"{pack.name} is back at {pack.version}"]


def _device(models_dir: Path) -> list[str]:
    """Return the machine, its tier with what every tier does, and what a trial of the graphics card gave."""
    machine, offload = hardware.detect(), _offload(models_dir)
    reached = tiers.tier_of(machine, gpu_works=offload.layers > 0)
    lines = [
        f"processor\t{machine.machine}, {machine.cores} cores, {' '.join(machine.features)}",
        f"memory\t{machine.memory_bytes >> 20} MB, {machine.available_bytes >> 20} MB free",
        f"card\t{offload.reason}",
        f"tier\t{reached.name}",
    ]
    marks = ("-> " if tier == reached else "   " for tier in tiers.TIERS)
    told = zip(marks, tiers.TIERS, strict=True)
    return lines + [f"{mark}{tier.name}\t{tier.model}\t{tier.does.en}" for mark, tier in told]


def _offload(models_dir: Path) -> Offload:
    try:
        return packs.try_card_anew(models_dir)
    except errors.InstallationError as absent:
        return Offload(0, f"not tried: {absent}")
