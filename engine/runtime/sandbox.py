"""Deny this process the network, and say truthfully which block is in force.

Linux: a seccomp filter refuses the system calls socket and io_uring_setup for every family and every thread, now and in
all children; Python and native code alike get EPERM. The engine speaks over pipes and needs no socket of any kind, so
there is no exception for local ones: a local socket would lead to other programs that have a network.
Elsewhere: an audit hook, a tripwire that stops Python code only; native code could pass it, so it has its own name.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from dataclasses import dataclass
from enum import StrEnum

_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_FILTER_FLAG_TSYNC = 1  # all threads, also those a library has already started
_LOAD_WORD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET = 0, 4  # in struct seccomp_data
_X32_FIRST = 0x40000000
_FAMILIES = (1, 2, 10, 16, 17)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET


class NetworkBlock(StrEnum):
    """What stops this process from reaching a network; the value goes into Hello."""

    SECCOMP = "seccomp"
    AUDIT_HOOK = "audit_hook"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class _Architecture:
    """Numbers of the Linux kernel's ABI for one processor (linux/audit.h and the system call tables)."""

    audit: int
    seccomp: int
    socket: int
    io_uring_setup: int


_ARCHITECTURES = {
    "x86_64": _Architecture(audit=0xC000003E, seccomp=317, socket=41, io_uring_setup=425),
    "aarch64": _Architecture(audit=0xC00000B7, seccomp=277, socket=198, io_uring_setup=425),
}


def deny_network() -> NetworkBlock:
    """Set up the strongest block this system has and return which one holds. It cannot be taken back."""
    if _install_filter() and probe():
        return NetworkBlock.SECCOMP
    sys.addaudithook(_refuse_sockets)
    return NetworkBlock.AUDIT_HOOK


def probe() -> bool:
    """Return whether the system refuses this process a socket of every family, asked through libc itself."""
    libc = ctypes.CDLL(None, use_errno=True)
    return all(_is_refused(libc, family) for family in _FAMILIES)


def _is_refused(libc: ctypes.CDLL, family: int) -> bool:
    for kind in (1, 2, 3):  # SOCK_STREAM, SOCK_DGRAM, SOCK_RAW
        ctypes.set_errno(0)
        if libc.socket(family, kind, 0) >= 0 or ctypes.get_errno() != errno.EPERM:
            return False  # a descriptor that was opened stays open; the caller then reports the weaker block
    return True


def _install_filter() -> bool:
    """Put the filter in force for all threads; return False where this system has none."""
    architecture = _ARCHITECTURES.get(platform.machine())
    if not sys.platform.startswith("linux") or architecture is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    program = _program(architecture)
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.syscall(architecture.seccomp, _SECCOMP_SET_MODE_FILTER, _FILTER_FLAG_TSYNC, header) == 0)


def _program(architecture: _Architecture) -> bytes:
    """Return the filter: eight bytes an instruction (code, jump if true, jump if false, value)."""
    instructions = [
        (_LOAD_WORD, 0, 0, _ARCHITECTURE_OFFSET),
        (_JUMP_EQUAL, 0, 5, architecture.audit),  # another ABI of this processor: refuse everything
        (_LOAD_WORD, 0, 0, _NUMBER_OFFSET),
        (_JUMP_AT_LEAST, 3, 0, _X32_FIRST),
        (_JUMP_EQUAL, 2, 0, architecture.socket),
        (_JUMP_EQUAL, 1, 0, architecture.io_uring_setup),  # its rings can open sockets without the call
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in instructions)


def _refuse_sockets(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith("socket."):
        raise PermissionError(errno.EPERM, f"{event}: the engine has no network")
