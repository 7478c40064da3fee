"""`replay`: run stored results again and say whether the same comes out, or what is different and why.

A result says itself how it was made (`made_by`): command, options, hash of the request, versions. The request stands in
it when it was made with --replayable, or comes from the original file by id. Only times may differ.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine import errors
from engine.assembly import Engine

TIMES = ("elapsed_ms", "timings_ms")
REPLAYED = ("diagnose", "interview", "extract", "plan", "check", "pgx", "genotype-risk", "dose")


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("replay", help="run stored results again: same or different, and why")
    parser.add_argument("--in", dest="source", type=Path, required=True, metavar="FILE", help="stored results")
    parser.add_argument("--requests", type=Path, metavar="FILE", help="the lines they were made from, found by id")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, engine: Engine) -> int:  # noqa: ARG001 - every command has this shape
    """Print one verdict a line. Returns 1 unless every result came out the same."""
    known = {str(line.get("id")): line for line in _objects(arguments.requests)} if arguments.requests else {}
    verdicts = [_replayed(stored, known) for stored in _objects(arguments.source)]
    sys.stdout.writelines(json.dumps(verdict, ensure_ascii=False) + "\n" for verdict in verdicts)
    return 0 if verdicts and all(verdict["status"] == "same" for verdict in verdicts) else 1


def made_by(arguments: argparse.Namespace, line: bytes) -> dict[str, Any]:
    """Return what a result was made by; `options` are the command's own, without files."""
    hidden = ("command", "run", "source", "target", "replayable")
    options = {name: value for name, value in vars(arguments).items() if name not in hidden}
    plain = {name: str(value) if isinstance(value, Path) else value for name, value in options.items()}
    command = getattr(arguments, "command", "")
    return {"command": command, "options": plain, "request_sha256": _hash_of(line), "build": _build()}


def _build() -> str:
    """Return llama.cpp's build and how the model was opened; empty where none was loaded."""
    runtime = sys.modules.get("engine.runtime.gguf")
    return str(runtime.made_with()) if runtime else ""


def _replayed(stored: dict[str, Any], known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    identity, how = stored.get("id"), stored.get("made_by")
    if not isinstance(how, dict) or how.get("command") not in REPLAYED:
        return _verdict(identity, "failed", ["the result does not say which command made it"])
    request = stored.get("request") or known.get(str(identity))
    if request is None:
        return _verdict(identity, "failed", ["the request is not stored; give --requests, or store with --replayable"])
    line = json.dumps(request, ensure_ascii=False).encode()
    if _hash_of(line) != how.get("request_sha256"):
        return _verdict(identity, "different", ["the request is not the one that made this result"])
    return _compared(identity, stored, _again(how, line))


def _again(how: dict[str, Any], line: bytes) -> dict[str, Any]:
    """Run the command once more, through its own front door."""
    from engine.__main__ import main

    with tempfile.TemporaryDirectory(prefix="lantern-replay-") as folder:
        source, target = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        source.write_bytes(line + b"\n")
        main([how["command"], "--in", str(source), "--out", str(target), *_options(how.get("options", {}))])
        fresh: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
        return fresh


def _options(options: dict[str, Any]) -> Iterator[str]:
    for name, value in options.items():
        if value is True:
            yield f"--{name.replace('_', '-')}"
        elif value not in (None, False):
            yield from (f"--{name.replace('_', '-')}", str(value))


def _compared(identity: object, stored: dict[str, Any], fresh: dict[str, Any]) -> dict[str, Any]:
    skipped = {*TIMES, "request", "made_by", "versions"}
    fields = sorted(
        name for name in (set(stored) | set(fresh)) - skipped if stored.get(name) != fresh.get(name)
    )
    if not fields:
        return _verdict(identity, "same", [])
    return _verdict(identity, "different", _reasons(stored, fresh), fields)


def _reasons(stored: dict[str, Any], fresh: dict[str, Any]) -> list[str]:
    """Return what has changed around the result; when nothing has, that is the finding."""
    before, now = stored.get("versions") or {}, fresh.get("versions") or {}
    changed = [f"{name}: {before.get(name)} then, {now.get(name)} now" for name in sorted({*before, *now})
               if before.get(name) != now.get(name)]
    builds = [side.get("made_by", {}).get("build", "") for side in (stored, fresh)]
    if builds[0] != builds[1]:
        changed.append("another build of llama.cpp, another processor, or settings that were calibrated anew")
    return changed or ["same versions, same request, another result: this is a fault, please report it"]


def _verdict(
    identity: object, status: str, reasons: list[str], fields: list[str] | None = None
) -> dict[str, Any]:
    return {"id": identity, "status": status, "reasons": reasons, "fields": fields or []}


def _hash_of(line: bytes) -> str:
    """Return a fingerprint of a request that does not depend on the order or spacing of its JSON."""
    try:
        plain = json.dumps(json.loads(line), sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        plain = line
    return hashlib.sha256(plain).hexdigest()


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                found = json.loads(line)
            except (ValueError, RecursionError) as refused:
                raise errors.BadRequest(f"{path.name}, line {number}: not one JSON object") from refused
            if isinstance(found, dict):
                yield found
