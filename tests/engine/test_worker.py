"""The child as a real process: pipes, signals and system calls are the ones of the product."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import api
from engine.runtime import sandbox
from engine.worker import TRIPWIRE_ONLY, Worker, Writer, read_line
from tests.engine.children.scripted_child import build

PROJECT = Path(__file__).resolve().parents[2]
CHILD = Path(__file__).parent / "children" / "scripted_child.py"


class Child:
    """Both ends of a running child."""

    def __init__(self, program: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )

    def send(self, *requests: api.Request) -> None:
        self.send_raw(b"".join(api.encode(request) for request in requests))

    def send_raw(self, data: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def receive(self) -> api.Event:
        assert self.process.stdout
        return api.decode_event(self.process.stdout.readline())

    def until_end(self) -> list[api.Event]:
        events = [self.receive()]
        while not isinstance(events[-1], api.Terminal):
            events.append(self.receive())
        return events

    def run(self, text: str, run_id: str = "r") -> list[api.Event]:
        self.send(extract(text, run_id))
        return self.until_end()

    def end(self) -> tuple[bytes, bytes]:
        """Close the child's input and return what else it wrote to stdout and stderr."""
        out, err = self.process.communicate(timeout=30)
        return out, err


def extract(text: str, run_id: str = "r") -> api.ExtractRequest:
    return api.ExtractRequest(api.RunId(run_id), text)


@pytest.fixture
def child() -> Iterator[Child]:
    started = Child(CHILD)
    try:
        yield started
    finally:
        started.process.kill()
        started.process.communicate()


@pytest.fixture
def ready(child: Child) -> Child:
    assert isinstance(child.receive(), api.Hello)
    return child


def test_hello_comes_first_with_protocol_and_block(child: Child) -> None:
    hello = child.receive()
    assert isinstance(hello, api.Hello)
    assert hello.protocol == api.PROTOCOL_VERSION
    assert hello.models == {"text": "scripted 1"}
    assert hello.network_block == ("seccomp" if sys.platform == "linux" else "audit_hook")


@pytest.mark.parametrize("block", list(sandbox.NetworkBlock))
def test_anything_weaker_than_the_system_block_is_a_problem_line(block: sandbox.NetworkBlock) -> None:
    stream = io.BytesIO()
    Worker(Writer(stream), build()).serve(io.BytesIO(), block)
    hello = api.decode_event(stream.getvalue())
    assert isinstance(hello, api.Hello)
    assert hello.network_block == block.value
    assert (TRIPWIRE_ONLY in hello.problems) == (block is not sandbox.NetworkBlock.SECCOMP)


def test_a_run_ends_once_with_versions_and_times(ready: Child) -> None:
    stage, done = ready.run("quick")
    assert stage == api.Stage(api.RunId("r"), "extract")
    assert isinstance(done, api.Done)
    assert done.versions.knowledge == "test"
    assert done.timings_ms == {"extract": 1.0}
    assert ready.end()[0] == b""


@pytest.mark.parametrize("work", ["wait", "busy"])
def test_a_ping_is_answered_while_a_run_is_busy(ready: Child, work: str) -> None:
    ready.send(extract(work))
    ready.receive()
    ready.send(api.PingRequest("still there?"))
    assert ready.receive() == api.Pong("still there?", busy=True)
    ready.send(api.CancelRequest(api.RunId("r")))
    assert ready.until_end() == [api.Cancelled(api.RunId("r"))]


def test_a_waiting_run_can_be_cancelled_before_it_begins(ready: Child) -> None:
    ready.send(extract("wait", "first"), extract("quick", "second"))
    ready.receive()
    ready.send(api.CancelRequest(api.RunId("second")), api.CancelRequest(api.RunId("first")))
    assert ready.until_end() == [api.Cancelled(api.RunId("first"))]
    assert ready.until_end() == [api.Cancelled(api.RunId("second"))]


def test_cancelling_an_unknown_run_does_nothing(ready: Child) -> None:
    ready.send(api.CancelRequest(api.RunId("nobody")))
    assert isinstance(ready.run("quick")[-1], api.Done)


def test_prints_of_python_and_native_code_do_not_touch_the_protocol(ready: Child) -> None:
    assert isinstance(ready.run("print")[-1], api.Done)
    out, err = ready.end()
    assert out == b""
    assert {b"a Python print", b"a native print", b"a write to descriptor 1"} <= set(err.splitlines())


@pytest.mark.parametrize(
    ("work", "code"),
    [("bug", "internal"), ("memory", "out_of_memory"), ("unfit", "model_damaged"), ("emit_huge", "too_large")],
)
def test_a_failing_run_ends_with_its_code_and_the_next_one_runs(ready: Child, work: str, code: str) -> None:
    failed = ready.run(work)[-1]
    assert isinstance(failed, api.Failed)
    assert failed.code == code
    assert isinstance(ready.run("quick", "next")[-1], api.Done)


def test_a_bug_leaves_no_words_of_a_case_in_event_or_log(ready: Child) -> None:
    failed = ready.run("bug")[-1]
    assert isinstance(failed, api.Failed)
    assert failed.message.startswith("KeyError at scripted_child.py:")
    assert b"Miller" not in ready.end()[1]


@pytest.mark.parametrize(
    ("line", "run_id", "code"),
    [
        (b"garbage\n", "", "bad_request"),
        (b"\xff\xfe\n", "", "bad_request"),
        (b"\n", "", "bad_request"),
        (b'{"kind":"pickle","run_id":"r"}\n', "r", "bad_request"),
        (b'{"kind":"check","run_id":"r","case":{"age_years":400}}\n', "r", "out_of_range"),
        (b'{"kind":"check","run_id":"r","case":{"weight_kg":-3}}\n', "r", "out_of_range"),
        (b"[" * 100_000 + b"\n", "", "bad_request"),
        (b'{"kind":"extract","run_id":"r","text":"' + b"x" * (2 * api.MAX_LINE_BYTES) + b'"}\n', "", "too_large"),
    ],
    ids=["words", "no UTF-8", "empty", "unknown kind", "age", "weight", "nested", "oversize"],
)
def test_a_bad_line_is_refused_with_a_code_and_the_child_goes_on(
    ready: Child, line: bytes, run_id: str, code: str
) -> None:
    ready.send_raw(line)
    refused = ready.receive()
    assert isinstance(refused, api.Failed)
    assert (refused.run_id, refused.code) == (run_id, code)
    assert isinstance(ready.run("quick")[-1], api.Done)


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is a Linux call")
def test_no_socket_of_any_family_can_be_made_in_the_child(ready: Child) -> None:
    assert ready.run("socket")[1] == api.Stage(api.RunId("r"), "[-1, -1, -1] 1")


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is a Linux call")
def test_every_thread_of_the_child_is_under_the_filter(ready: Child) -> None:
    assert ready.run("threads")[1] == api.Stage(api.RunId("r"), "True ['2']")


def test_shutdown_cancels_what_runs_and_exits_with_zero(ready: Child) -> None:
    ready.send(extract("wait"))
    ready.receive()
    ready.send(api.ShutdownRequest())
    assert ready.until_end() == [api.Cancelled(api.RunId("r"))]
    assert ready.process.wait(timeout=10) == 0


def test_the_child_ends_when_the_desktop_has_gone(ready: Child) -> None:
    ready.send(extract("wait"))
    ready.receive()
    ready.end()
    assert ready.process.returncode == 0


def test_too_many_waiting_runs_are_refused(ready: Child) -> None:
    ready.send(extract("wait", "first"))
    ready.receive()
    ready.send(*(extract("quick", f"waiting {n}") for n in range(64)))
    refused = ready.receive()
    assert refused == api.Failed(api.RunId("waiting 63"), "too_large", "64 runs are waiting")


def test_read_line_gives_back_no_more_than_the_limit_and_skips_the_rest() -> None:
    stream = io.BytesIO(b"x" * (3 * api.MAX_LINE_BYTES) + b"\nnext\n")
    assert len(read_line(stream) or b"") == api.MAX_LINE_BYTES + 1
    assert read_line(stream) == b"next\n"
    assert read_line(stream) is None


def test_a_writer_without_a_reader_ends_the_process() -> None:
    code = (
        "import os; from engine import api; from engine.worker import Writer\n"
        "r, w = os.pipe(); os.close(r)\n"
        "Writer(os.fdopen(w, 'wb')).write(api.Pong('a', False)); raise SystemExit(7)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, timeout=30).returncode == 0


def test_events_of_many_threads_are_whole_lines() -> None:
    stream = io.BytesIO()
    writer = Writer(stream)
    threads = [
        threading.Thread(target=lambda: [writer.write(api.Pong("x" * 5000, True)) for _ in range(50)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = stream.getvalue().splitlines()
    assert len(lines) == 200
    assert {api.decode_event(line) for line in lines} == {api.Pong("x" * 5000, True)}
