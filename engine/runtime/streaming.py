"""From a model's bytes to text that may be shown: whole characters only, and nothing of a stop string.

Tokens are pieces of bytes: a Chinese character may come in three tokens, a stop string in five.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class TextStream:
    """Turn bytes into text. Bytes that are no UTF-8 become U+FFFD; text that may begin a stop string is held back."""

    def __init__(self, stop: Sequence[str] = ()) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stop = tuple(text for text in stop if text)
        self._held = ""
        self.stopped = False

    def feed(self, data: bytes) -> str:
        """Return the text that is now certain. After `stopped` is True it is empty for ever."""
        return self._release(self._decoder.decode(data))

    def finish(self) -> str:
        """Return what was held back, once no more bytes come."""
        text = self._release(self._decoder.decode(b"", final=True)) + self._held
        self._held = ""
        return text

    def _release(self, text: str) -> str:
        if self.stopped:
            return ""
        if not self._stop:
            return text
        pending = self._held + text
        cuts = [at for at in (pending.find(stop) for stop in self._stop) if at >= 0]
        if cuts:
            self.stopped = True
            self._held = ""
            return pending[: min(cuts)]
        keep = self._possible_start(pending)
        self._held = pending[len(pending) - keep :]
        return pending[: len(pending) - keep]

    def _possible_start(self, pending: str) -> int:
        """Return the length of the longest end of `pending` that begins some stop string."""
        longest = max(len(stop) for stop in self._stop) - 1
        for length in range(min(longest, len(pending)), 0, -1):
            if any(stop.startswith(pending[-length:]) for stop in self._stop):
                return length
        return 0
