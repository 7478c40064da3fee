"""Bytes of the child become messages or a protocol error, however they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.engine_client.framing import LineSplitter, check_hello, decode_event
from engine import api, errors


@given(
    lines=st.lists(st.binary(max_size=30).filter(lambda line: b"\n" not in line), max_size=8),
    cuts=st.lists(st.integers(0, 300), max_size=8),
)
def test_lines_are_the_same_wherever_the_stream_is_cut(lines: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    splitter, got, at = LineSplitter(), [], 0
    for cut in [*sorted(min(cut, len(stream)) for cut in cuts), len(stream)]:
        got += splitter.feed(stream[at:cut])
        at = cut
    assert got == lines


def test_half_a_line_waits() -> None:
    splitter = LineSplitter()
    assert splitter.feed(b'{"kind"') == []
    assert splitter.feed(b":1}\n{") == [b'{"kind":1}']


def test_the_longest_line_of_the_engine_passes_and_one_byte_more_does_not() -> None:
    longest = b"x" * (api.MAX_LINE_BYTES - 1) + b"\n"
    assert len(LineSplitter().feed(longest)[0]) == api.MAX_LINE_BYTES - 1
    with pytest.raises(errors.EngineProtocolError):
        LineSplitter().feed(b"x" + longest)


def test_a_line_without_end_is_refused_before_it_fills_the_memory() -> None:
    splitter, piece = LineSplitter(), b"x" * 65_536
    for _ in range(api.MAX_LINE_BYTES // len(piece) - 1):
        assert splitter.feed(piece) == []
    with pytest.raises(errors.EngineProtocolError):
        splitter.feed(piece)


@pytest.mark.parametrize(
    "untrusted_line",
    [b"", b"null", b"[]", b"{}", b'{"kind":"run"}', b'{"kind":"ping","token":"a"}', b'{"kind":"done"}', b"\xff"],
)
def test_whatever_is_no_event_is_a_protocol_error(untrusted_line: bytes) -> None:
    with pytest.raises(errors.EngineProtocolError):
        decode_event(untrusted_line)


@given(untrusted_line=st.binary(max_size=200))
def test_random_bytes_are_a_protocol_error(untrusted_line: bytes) -> None:
    with pytest.raises(errors.EngineProtocolError):
        decode_event(untrusted_line)


def test_an_event_comes_back_as_it_was_written() -> None:
    event = api.Stage(api.RunId("r"), "诊断")
    assert decode_event(api.encode(event)) == event


def test_only_a_hello_of_this_protocol_opens_the_conversation() -> None:
    hello = api.Hello(api.PROTOCOL_VERSION, api.Versions("1", "1"), "seccomp", "CPU", {})
    assert check_hello(hello) is hello
    for other in (api.Hello(2, hello.versions, "none", "CPU", {}), api.Pong("a", False)):
        with pytest.raises(errors.EngineProtocolError):
            check_hello(other)
