"""Number words become digits, in both languages, and nothing else changes."""

import pytest

from engine.safety.number_words import with_digits


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("three times a day", "3 times a day"),
        ("every twelve hours", "every 12 hours"),
        ("someone", "someone"),
        ("一日三次", "1日3次"),
        ("每十二小时", "每12小时"),
        ("每 8 小时 1 次", "每8小时1次"),
        ("二十四", "24"),
        ("十天", "10天"),
        ("两次", "2次"),
    ],
)
def test_number_words(text: str, digits: str) -> None:
    assert with_digits(text) == digits
