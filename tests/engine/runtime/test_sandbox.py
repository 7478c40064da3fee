"""The network block is tried from outside Lantern's own word: by real calls in a real process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.runtime import sandbox

PROJECT = Path(__file__).resolve().parents[3]
LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="seccomp is a Linux call")


def in_a_child(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


TRY_ALL = """
import socket
for family in ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET"):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            socket.socket(getattr(socket, family), kind)
            print(family, "open")
        except PermissionError:
            pass
try:
    socket.getaddrinfo("localhost", 80)
    socket.create_connection(("127.0.0.1", 9))
    print("connected")
except PermissionError:
    print("refused")
"""


@LINUX_ONLY
def test_no_family_of_sockets_opens_under_seccomp() -> None:
    assert in_a_child("from engine.runtime import sandbox; print(sandbox.deny_network())\n" + TRY_ALL) == (
        "seccomp\nrefused"
    )


@LINUX_ONLY
def test_programs_started_from_the_child_are_refused_too() -> None:
    code = (
        "import subprocess, sys; from engine.runtime import sandbox; sandbox.deny_network()\n"
        f"print(subprocess.run([sys.executable, '-c', {TRY_ALL!r}], capture_output=True, text=True).stdout)"
    )
    assert in_a_child(code) == "refused"


@LINUX_ONLY
def test_threads_that_already_run_are_refused_too() -> None:
    code = """
import socket, threading
from engine.runtime import sandbox
go, answers = threading.Event(), []
def late():
    go.wait()
    try:
        socket.socket()
        answers.append("open")
    except PermissionError:
        answers.append("refused")
thread = threading.Thread(target=late)
thread.start()
sandbox.deny_network()
go.set()
thread.join()
print(answers)
"""
    assert in_a_child(code) == "['refused']"


@LINUX_ONLY
def test_rings_that_could_open_sockets_are_refused() -> None:
    code = (
        "import ctypes; from engine.runtime import sandbox; sandbox.deny_network()\n"
        "libc = ctypes.CDLL(None, use_errno=True); print(libc.syscall(425, 8, None), ctypes.get_errno())"
    )
    assert in_a_child(code) == "-1 1"


def test_where_no_filter_can_be_installed_the_hook_is_reported_under_its_own_name() -> None:
    code = (
        "from engine.runtime import sandbox; sandbox._install_filter = lambda: False\n"
        "print(sandbox.deny_network(), sandbox.probe())\n" + TRY_ALL
    )
    assert in_a_child(code) == "audit_hook False\nrefused"


def test_a_filter_that_does_not_hold_is_not_called_seccomp() -> None:
    code = "from engine.runtime import sandbox; sandbox._install_filter = lambda: True; print(sandbox.deny_network())"
    assert in_a_child(code) == "audit_hook"


def test_files_and_pipes_still_work() -> None:
    code = (
        "import os, tempfile; from engine.runtime import sandbox; sandbox.deny_network()\n"
        "r, w = os.pipe(); os.write(w, b'x'); f = tempfile.TemporaryFile(); f.write(b'y'); print(os.read(r, 1))"
    )
    assert in_a_child(code) == "b'x'"


def test_this_process_is_not_blocked_by_importing_the_module() -> None:
    assert not sandbox.probe()
