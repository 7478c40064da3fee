"""Engine children that misbehave in one named way; started by tests as a program."""

from __future__ import annotations

import os
import signal
import sys
import time

from engine import api

HELLO = api.Hello(api.PROTOCOL_VERSION, api.Versions("test", "test"), "none", "CPU", {})


def write(data: bytes) -> None:
    os.write(1, data)


def hello() -> None:
    write(api.encode(HELLO))


def sleep_for_ever() -> None:
    while True:
        time.sleep(1)


def silent() -> None:
    sleep_for_ever()


def dies_at_once() -> None:
    sys.exit(3)


def other_protocol() -> None:
    write(api.encode(api.Hello(99, HELLO.versions, "none", "CPU", {})))
    sleep_for_ever()


def no_hello_first() -> None:
    write(api.encode(api.Pong("x", False)))
    sleep_for_ever()


def two_hellos() -> None:
    hello()
    hello()
    sleep_for_ever()


def garbage_on_request() -> None:
    hello()
    sys.stdin.buffer.readline()
    write(b"Segmentation fault (core dumped)\n")
    sleep_for_ever()


def oversize_on_request() -> None:
    hello()
    sys.stdin.buffer.readline()
    for _ in range(20):
        write(b"x" * 100_000)
    sleep_for_ever()


def no_utf8_on_request() -> None:
    hello()
    sys.stdin.buffer.readline()
    write(b'{"kind":"stage","run_id":"r","name":"\xff\xfe"}\n')
    sleep_for_ever()


def segfault_on_request() -> None:
    hello()
    sys.stdin.buffer.readline()
    os.kill(os.getpid(), signal.SIGSEGV)


def leaves_on_request() -> None:
    hello()
    sys.stdin.buffer.readline()


def half_a_line_on_request() -> None:
    hello()
    sys.stdin.buffer.readline()
    write(b'{"kind":"done","run_id"')


def deaf() -> None:
    hello()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sleep_for_ever()


def ends_twice() -> None:
    hello()
    sys.stdin.buffer.readline()
    done = api.encode(api.Done(api.RunId("r"), HELLO.versions, 1.0))
    write(done + api.encode(api.Failed(api.RunId("r"), "internal", "late")) + done)
    for line in sys.stdin.buffer:
        if b"ping" in line:
            write(api.encode(api.Pong("ping", False)))


if __name__ == "__main__":
    globals()[sys.argv[1]]()
