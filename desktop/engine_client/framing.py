"""Bytes of the child to messages and back. Whatever the child writes is untrusted until it has passed here."""

from __future__ import annotations

from engine import api, errors


class LineSplitter:
    """Cut a stream of bytes into lines of at most MAX_LINE_BYTES."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, untrusted_data: bytes) -> list[bytes]:
        """Return the lines that are complete now. Raises EngineProtocolError for a line without end."""
        *lines, self._rest = (self._rest + untrusted_data).split(b"\n")
        if any(len(line) >= api.MAX_LINE_BYTES for line in (*lines, self._rest)):
            raise errors.EngineProtocolError("a line over the limit")
        return lines


def decode_event(untrusted_line: bytes) -> api.Event:
    """Return the event in one line. Raises EngineProtocolError for anything else than a known, valid message."""
    try:
        return api.decode_event(untrusted_line)
    except errors.InputError as refused:
        raise errors.EngineProtocolError(refused.detail) from refused


def check_hello(event: api.Event) -> api.Hello:
    """Return the first event as a Hello of this protocol. Raises EngineProtocolError for any other."""
    if not isinstance(event, api.Hello):
        raise errors.EngineProtocolError(f"{event.kind} before hello")
    if event.protocol != api.PROTOCOL_VERSION:
        raise errors.EngineProtocolError(f"protocol {event.protocol}, this Lantern speaks {api.PROTOCOL_VERSION}")
    return event
