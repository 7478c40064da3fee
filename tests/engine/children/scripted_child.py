"""A real engine child around a pipeline that does what the case's text says; started by tests as a program."""

from __future__ import annotations

import ctypes
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from engine import api, errors
from engine.installation import Installation
from engine.worker import run_worker

VERSIONS = api.Versions("test", "test", {"text": "scripted 1"})
NATIVE = ctypes.CDLL(None)


class ObedientPipeline:
    """`text` names what happens: quick, wait, busy, print, bug, memory, unfit, huge, emit_huge, socket, threads."""

    def run(
        self, request: api.RunRequest, emit: Callable[[api.RunEvent], None], cancelled: Callable[[], bool]
    ) -> dict[str, float]:
        assert isinstance(request, api.ExtractRequest)
        emit(api.Stage(request.run_id, "extract"))
        getattr(self, request.text)(request.run_id, emit, cancelled)
        return {"extract": 1.0}

    def quick(self, *_: object) -> None: ...

    def wait(self, _run_id: api.RunId, _emit: object, cancelled: Callable[[], bool]) -> None:
        while not cancelled():
            time.sleep(0.005)

    def busy(self, _run_id: api.RunId, _emit: object, cancelled: Callable[[], bool]) -> None:
        while not cancelled():
            sum(range(10_000))

    def print(self, *_: object) -> None:
        print("a Python print")  # noqa: T201 - what a careless library does
        NATIVE.puts(b"a native print")
        NATIVE.fflush(None)
        os.write(1, b"a write to descriptor 1\n")

    def bug(self, *_: object) -> None:
        raise KeyError("".join(["Mrs M", "iller"]))  # put together, so that no source line holds the name

    def memory(self, *_: object) -> None:
        raise MemoryError

    def unfit(self, *_: object) -> None:
        raise errors.ModelDamaged("model.gguf")

    def emit_huge(self, run_id: api.RunId, emit: Callable[[api.RunEvent], None], _cancelled: object) -> None:
        emit(api.Stage(run_id, "x" * (api.MAX_LINE_BYTES + 1)))

    def socket(self, run_id: api.RunId, emit: Callable[[api.RunEvent], None], _cancelled: object) -> None:
        ctypes.set_errno(0)
        libc = ctypes.CDLL(None, use_errno=True)
        made = [libc.socket(family, 1, 0) for family in (1, 2, 10)]
        emit(api.Stage(run_id, f"{made} {ctypes.get_errno()}"))

    def threads(self, run_id: api.RunId, emit: Callable[[api.RunEvent], None], _cancelled: object) -> None:
        filtered = {
            line.split()[1]
            for task in Path("/proc/self/task").iterdir()
            for line in (task / "status").read_text().splitlines()
            if line.startswith("Seccomp:")
        }
        emit(api.Stage(run_id, f"{threading.active_count() > 1} {sorted(filtered)}"))


def build() -> Installation:
    return Installation(ObedientPipeline(), VERSIONS, "CPU of the test", {"text": "scripted 1"})


if __name__ == "__main__":
    run_worker(build)
