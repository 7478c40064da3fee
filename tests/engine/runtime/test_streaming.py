"""However the bytes arrive, the text that comes out is the text up to the first stop string."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.runtime.streaming import TextStream

TEXTS = st.text(alphabet="ab|<>发热🌡", max_size=40)


def stream(data: bytes, cuts: list[int], stop: list[str]) -> str:
    made, out, at = TextStream(stop), "", 0
    for cut in [*sorted(cut % (len(data) + 1) for cut in cuts), len(data)]:
        out += made.feed(data[at:cut])
        at = cut
    return out + made.finish()


def first_stop(text: str, stop: list[str]) -> str:
    """Return what comes before the stop string that is complete first, the earliest of those that end together."""
    for end in range(1, len(text) + 1):
        begins = [text.find(each, 0, end) for each in stop if each and text.find(each, 0, end) >= 0]
        if begins:
            return text[: min(begins)]
    return text


@given(text=TEXTS, cuts=st.lists(st.integers(0, 200), max_size=12))
def test_without_stop_strings_the_text_is_whole(text: str, cuts: list[int]) -> None:
    assert stream(text.encode(), cuts, []) == text


@given(text=TEXTS, stop=st.lists(st.text(alphabet="ab|<>", max_size=4), max_size=1))
def test_text_ends_before_a_stop_string_wherever_the_cuts_are(text: str, stop: list[str]) -> None:
    data = text.encode()
    expected = first_stop(text, stop)
    assert stream(data, list(range(len(data))), stop) == expected
    assert stream(data, [], stop) == expected


def test_text_that_may_begin_a_stop_string_is_held_back() -> None:
    made = TextStream(["<|end|>"])
    assert made.feed(b"well <|e") == "well "
    assert made.feed(b"xit") == "<|exit"
    assert not made.stopped


def test_a_character_in_three_tokens_comes_out_once_and_whole() -> None:
    made = TextStream()
    assert [made.feed(bytes([byte])) for byte in "热".encode()] == ["", "", "热"]


def test_bytes_that_are_no_text_become_a_mark_and_the_rest_survives() -> None:
    made = TextStream()
    assert made.feed(b"a\xff\xfeb") + made.finish() == "a��b"
    cut_short = TextStream()
    assert cut_short.feed("热".encode()[:2]) + cut_short.finish() == "�"


def test_nothing_comes_after_a_stop() -> None:
    made = TextStream(["."])
    assert made.feed(b"one. two") == "one"
    assert made.stopped
    assert made.feed(b"three") + made.finish() == ""
