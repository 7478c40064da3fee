"""The child process of the desktop: reads requests, runs the pipeline on one thread, answers pings, cancels.

The main thread only reads lines, so a ping is answered while a model runs. One inference thread does the work, one
request after the other. Events go through one locked writer to a private copy of stdout; descriptor 1 itself points at
stderr before any native library loads, so a native print cannot break the protocol. The network is denied before a
model loads. Every request ends in exactly one Done, Failed or Cancelled, whatever happens inside.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from engine import api, errors
from engine.runtime import sandbox

if TYPE_CHECKING:
    from engine.installation import Installation

log = logging.getLogger(__name__)

MAX_WAITING_RUNS = 64
_GOODBYE_S = 2.0
_MAX_MESSAGE_CHARS = 500
TRIPWIRE_ONLY = api.Bilingual(
    "This system offers no complete network block; a tripwire stops Lantern's own code from using the network.",
    "本系统不提供完整的网络阻断；仅由内部检测机制阻止 Lantern 自身代码使用网络。",
)


Build = Callable[[], "Installation"]


def run_worker(build: Build | None = None) -> int:
    """Serve requests from stdin until it ends or `shutdown` comes. Returns 0; the process should end at once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the desktop, which then ends us
    channel = claim_stdout()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    block = sandbox.deny_network()
    if build is None:
        from engine.installation import assemble  # only now: it loads native libraries

        build = assemble
    worker = Worker(Writer(channel), build())
    worker.serve(sys.stdin.buffer, block)
    sys.stderr.flush()
    os._exit(0)  # native threads may still run; nothing here is left to save


def claim_stdout() -> BinaryIO:
    """Return a private copy of stdout and let descriptor 1 point at stderr from now on."""
    sys.stdout.flush()
    copy = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(copy, os.O_BINARY)
    return os.fdopen(copy, "wb")


class Writer:
    """Writes whole events, one line each, from any thread."""

    def __init__(self, channel: BinaryIO) -> None:
        self._channel = channel
        self._lock = threading.Lock()

    def write(self, event: api.Event) -> None:
        """Write one event. Raises TooLarge, and then has written nothing; ends the process when nobody reads."""
        line = api.encode(event)
        try:
            with self._lock:
                self._channel.write(line)
                self._channel.flush()
        except OSError:
            os._exit(0)  # the desktop has gone


@dataclass(slots=True)
class _Job:
    request: api.RunRequest
    cancel: threading.Event = field(default_factory=threading.Event)
    received: float = field(default_factory=time.perf_counter)


class Worker:
    """Takes requests in, gives each to the inference thread, and sees that each has one ending."""

    def __init__(self, writer: Writer, installation: Installation) -> None:
        self._writer = writer
        self._installation = installation
        self._waiting: queue.Queue[_Job | None] = queue.Queue()
        self._jobs: dict[api.RunId, _Job] = {}
        self._jobs_lock = threading.Lock()

    def serve(self, requests: BinaryIO, block: sandbox.NetworkBlock) -> None:
        """Say hello, then answer lines until the input ends or asks to; cancel what still runs."""
        self._writer.write(self._hello(block))
        inference = threading.Thread(target=self._work, name="inference", daemon=True)
        inference.start()
        while (untrusted_line := read_line(requests)) is not None:
            if not self._answer(untrusted_line):
                break
        self._cancel_all()
        self._waiting.put(None)
        inference.join(_GOODBYE_S)

    def _hello(self, block: sandbox.NetworkBlock) -> api.Hello:
        made_of = self._installation
        problems = list(made_of.problems) + ([] if block is sandbox.NetworkBlock.SECCOMP else [TRIPWIRE_ONLY])
        return api.Hello(
            api.PROTOCOL_VERSION, made_of.versions, block.value, made_of.device, made_of.models, problems
        )

    def _answer(self, untrusted_line: bytes) -> bool:
        """Act on one line; return False when the engine shall end."""
        try:
            request = api.decode_request(untrusted_line)
        except errors.InputError as refused:
            self._fail(_run_id_of(untrusted_line), refused)
            return True
        match request:
            case api.PingRequest(token=token):
                self._writer.write(api.Pong(token, busy=bool(self._jobs)))
            case api.CancelRequest(run_id=run_id):
                if job := self._jobs.get(run_id):
                    job.cancel.set()
            case api.ShutdownRequest():
                return False
            case _:
                self._accept(request)
        return True

    def _accept(self, request: api.RunRequest) -> None:
        if request.run_id in self._jobs:
            log.error("a run id that is already in use was ignored")
            return
        if len(self._jobs) >= MAX_WAITING_RUNS:
            self._fail(request.run_id, errors.TooLarge(f"{MAX_WAITING_RUNS} runs are waiting"))
            return
        job = _Job(request)
        with self._jobs_lock:
            self._jobs[request.run_id] = job
        self._waiting.put(job)

    def _cancel_all(self) -> None:
        with self._jobs_lock:
            for job in self._jobs.values():
                job.cancel.set()

    def _work(self) -> None:
        """The inference thread: one job after the other, one ending each."""
        self._warm()
        while (job := self._waiting.get()) is not None:
            ending = self._run(job)
            with self._jobs_lock:
                del self._jobs[job.request.run_id]
            self._writer.write(ending)

    def _warm(self) -> None:
        """Load what every request needs. What fails here fails again, with its code, in the run that needs it."""
        try:
            self._installation.warm()
        except Exception as unfit:  # noqa: BLE001 - no run is there yet that could carry the failure
            _where(unfit)

    def _run(self, job: _Job) -> api.Terminal:
        run_id = job.request.run_id
        if job.cancel.is_set():
            return api.Cancelled(run_id)
        try:
            timings_ms = self._installation.pipeline.run(job.request, self._writer.write, job.cancel.is_set)
        except errors.EngineError as failed:
            return api.Failed(run_id, failed.code, failed.detail[:_MAX_MESSAGE_CHARS])
        except MemoryError:
            return api.Failed(run_id, errors.OutOfMemory.code, "")
        except Exception as bug:  # noqa: BLE001 - the border of the child: a bug ends this run, not the engine
            return api.Failed(run_id, errors.ProgramError.code, _where(bug))
        if job.cancel.is_set():
            return api.Cancelled(run_id)
        elapsed_ms = (time.perf_counter() - job.received) * 1000
        return api.Done(run_id, self._installation.versions, elapsed_ms, timings_ms)

    def _fail(self, run_id: api.RunId, refused: errors.EngineError) -> None:
        self._writer.write(api.Failed(run_id, refused.code, refused.detail[:_MAX_MESSAGE_CHARS]))


def read_line(requests: BinaryIO) -> bytes | None:
    """Return the next line, None at the end. Of a line that is too long only the first MAX_LINE_BYTES + 1 bytes."""
    line = requests.readline(api.MAX_LINE_BYTES + 1)
    if not line:
        return None
    rest = line
    while rest and not rest.endswith(b"\n"):
        rest = requests.readline(api.MAX_LINE_BYTES)
    return line


@dataclass(frozen=True, slots=True)
class _AnyRun:
    run_id: str = ""


def _run_id_of(untrusted_line: bytes) -> api.RunId:
    """Return the run id of a line that is refused, empty where none can be read: its run must end too."""
    try:
        return api.RunId(msgspec.json.decode(untrusted_line, type=_AnyRun).run_id[:100])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return api.RunId("")


def _where(bug: Exception) -> str:
    """Return the kind and place of a bug, without its message, which may hold words of a case."""
    log.error("%s\n%s", type(bug).__name__, "".join(traceback.format_tb(bug.__traceback__)))
    last = traceback.extract_tb(bug.__traceback__)[-1]
    return f"{type(bug).__name__} at {os.path.basename(last.filename)}:{last.lineno}"
