"""One JSON object a line in, one a line out, in order; a bad line becomes a failed result and the run goes on."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from engine import api, errors
from engine.commands.next_steps import next_step
from engine.commands.replay import made_by

Work = Callable[[bytes], dict[str, Any]]
"""From one untrusted line to the fields of its result, `status` included. Raises EngineError."""

LONGEST_LINE_BYTES = 4 * api.MAX_LINE_BYTES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--in", dest="source", default="-", metavar="FILE", help="JSON lines to read; - is stdin")
    parser.add_argument("--out", dest="target", default="-", metavar="FILE", help="JSON lines to write; - is stdout")
    parser.add_argument("--replayable", action="store_true", help="keep each request in its result, for `replay`")


def process(arguments: argparse.Namespace, work: Work, versions: api.Versions) -> int:
    """Run `work` over every line and return the exit status. Raises BadRequest when input and output are one file."""
    if arguments.target != "-" and arguments.source != "-" and _is_same(Path(arguments.source), Path(arguments.target)):
        raise errors.BadRequest("--out would overwrite --in")
    with _reading(arguments.source) as source, _writing(arguments.target) as target:
        progress = _Progress()
        for line in _lines(source):
            result = _answer(line, work, versions)
            result["made_by"] = made_by(arguments, line)
            if getattr(arguments, "replayable", False):
                result["request"] = _request(line)
            target.write(msgspec.json.encode(result) + b"\n")
            target.flush()
            progress.step()
        progress.close()
    return 0


def _answer(line: bytes, work: Work, versions: api.Versions) -> dict[str, Any]:
    start = time.perf_counter()
    identity = _identity(line)
    try:
        if len(line) > LONGEST_LINE_BYTES:
            raise errors.TooLarge(f"line longer than {LONGEST_LINE_BYTES} bytes")
        result = {"id": identity, **work(line)}
    except errors.EngineError as failed:
        result = _failure(identity, failed.code, str(failed))
    except Exception as bug:  # noqa: BLE001 - the border of the command line: one bad line must not end the run
        _log(f"internal error on id {identity!r}: {type(bug).__name__}: {bug}")
        result = _failure(identity, "internal", type(bug).__name__)
    result["versions"] = versions
    result["elapsed_ms"] = round((time.perf_counter() - start) * 1000, 3)
    return result


def _failure(identity: Any, code: str, message: str) -> dict[str, Any]:
    return {"id": identity, "status": "failed", "error": fault(code, message)}


def fault(code: str, message: str) -> dict[str, Any]:
    """Return an error as a result carries it."""
    return {"code": code, "message": message, "next_step": next_step(code)}


def _request(line: bytes) -> Any:
    """Return the line as JSON, None where it is none."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _identity(line: bytes) -> Any:
    """Return the line's id as far as it can be read, else None."""
    try:
        untrusted = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return untrusted.get("id") if isinstance(untrusted, dict) else None


def ignored_fields(line: bytes, kind: type[Any]) -> list[str]:
    """Return the names at the top level that `kind` does not have, so that a misspelt field is never lost silently."""
    untrusted = json.loads(line)
    return sorted(set(untrusted) - set(kind.__dataclass_fields__)) if isinstance(untrusted, dict) else []


_NAMED = ("findings", "medications", "allergies", "history", "family_history")


def normalised(line: bytes) -> bytes:
    """Return `line` in the strict shape of the contract, from the small liberties callers take.

    A numeric id becomes text, a null field is left out, and a bare name stands for `{"name": ...}`.
    Raises BadRequest when the line is not one JSON object.
    """
    try:
        untrusted = json.loads(line)
    except (ValueError, RecursionError) as refused:
        raise errors.BadRequest("not one JSON object") from refused
    if not isinstance(untrusted, dict):
        raise errors.BadRequest("not one JSON object")
    case = {key: value for key, value in untrusted.items() if value is not None}
    if isinstance(case.get("id"), int | float):
        case["id"] = str(case["id"])
    for key in _NAMED:
        if isinstance(case.get(key), list):
            case[key] = [{"name": item} if isinstance(item, str) else item for item in case[key]]
    return json.dumps(case, ensure_ascii=False).encode("utf-8", "replace")


def _lines(source: BinaryIO) -> Iterator[bytes]:
    return (line for line in source if line.strip())


def _is_same(source: Path, target: Path) -> bool:
    return source.exists() and target.exists() and source.samefile(target)


def _reading(name: str) -> contextlib.AbstractContextManager[BinaryIO]:
    return contextlib.nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb")


def _writing(name: str) -> contextlib.AbstractContextManager[BinaryIO]:
    return contextlib.nullcontext(sys.stdout.buffer) if name == "-" else Path(name).open("wb")


def _log(text: str) -> None:
    sys.stderr.write(f"lantern-engine: {text}\n")


class _Progress:
    """A count on stderr, only where a person watches."""

    def __init__(self) -> None:
        self._watched = sys.stderr.isatty()
        self._count = 0

    def step(self) -> None:
        self._count += 1
        if self._watched and self._count % 10 == 0:
            sys.stderr.write(f"\r{self._count} cases")
            sys.stderr.flush()

    def close(self) -> None:
        if self._watched and self._count >= 10:
            sys.stderr.write(f"\r{self._count} cases\n")
