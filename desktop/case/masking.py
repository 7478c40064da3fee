"""Hiding what is known to identify a patient in free text, character for character, so that spans stay exact.

Masked are the patient's name and its parts, Chinese given names and surnames with a title, the local number, the phone
and the birth date however they are written, the parts of the address, e-mail addresses, and long runs of digits. What
is not known cannot be masked: the text is treated as identifying all the same.

A name that is also an ordinary or clinical word (Burns, May) is masked only inside the full name or after a title,
because hiding a finding from the engine would harm the patient.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache

from desktop.case.record import Patient

MASK = "*"
_CJK = r"\u3400-\u9fff"
_WORD = rf"[^\W{_CJK}]"
"""A letter or digit of a script that separates words."""
_MARKS = r"[\u0300-\u036f]*"
_GAP = r"[\s.,·・\-_/()+]{0,3}"
_TITLES_EN = r"(?:mr|mrs|ms|miss|mx|dr|prof|sir|madam)\.?\s+"
_TITLES_ZH = "(?:先生|女士|小姐|太太|同志|师傅|老师|医生|大爷|大妈|奶奶|爷爷|阿姨|叔叔|某某|某)"
_COMPOUND_SURNAMES = re.compile(
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|"
    "太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|令狐|百里|呼延|东郭|南门|西门"
)
_ORDINARY_WORD = re.compile(
    "ache|al|bill|bin|black|blood|bone|brown|burn|burns|chest|child|cold|cough|da|day|de|do|dry|el|eye|father|fever|flu|"
    "foot|gall|grace|green|hand|head|heart|high|hope|hurt|in|joy|june|kidney|king|la|le|lip|little|liver|long|low|man|"
    "mark|may|mother|page|pain|per|rash|rich|rose|ruby|say|see|short|sick|small|so|stone|thin|to|van|von|walker|ward|"
    "weak|white|will|winter|wood|woods|worms|worn|young"
)
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
# Every repetition is bounded or anchored: an unbounded one takes minutes on 200 kB without a blank.
_EMAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_LONG_DIGITS = r"\d{9,}x?"
_MIN_ADDRESS_PART = 3
_MIN_NUMBER_DIGITS = 4


def mask(text: str, patient: Patient) -> str:
    """Return `text` in the same length with every known identifier of `patient` replaced by asterisks."""
    pattern = _pattern(patient)
    hidden = list(text)
    for match in pattern.finditer(_folded(text)):
        for position in range(*match.span()):
            if not text[position].isspace():
                hidden[position] = MASK
    return "".join(hidden)


def _pattern(patient: Patient) -> re.Pattern[str]:
    parts = [
        *_name_patterns(patient.name), *_number_patterns(patient.local_number), *_number_patterns(patient.phone),
        *_date_patterns(patient.birth_date), *_address_patterns(patient.address), _EMAIL, _LONG_DIGITS,
    ]
    # Longest first: an alternative takes what it finds, and a full name must win over its parts.
    return re.compile("|".join(sorted(parts, key=len, reverse=True)))


def _folded(text: str) -> str:
    """Return `text` lower-cased, half-width and without accents, one character for each character."""
    return "".join(_fold(character) for character in text)


@cache
def _fold(character: str) -> str:
    if character.isascii():
        return character.lower()
    for form in ("NFKC", "NFKD"):
        plain = unicodedata.normalize(form, character).casefold()
        base = unicodedata.normalize("NFD", plain)[:1] if plain else ""
        if len(plain) == 1:
            return base or character
    return character


def _name_patterns(name: str) -> Iterator[str]:
    folded = _folded(unicodedata.normalize("NFC", name)).strip()
    chinese = "".join(re.findall(rf"[{_CJK}]", folded))
    if len(chinese) >= 2:
        yield from _chinese_name_patterns(chinese)
    words = [word for word in re.findall(rf"{_WORD}+", folded) if not word.isdigit()]
    if len(words) > 1:
        yield _whole_words(_GAP.join(_spelled(word) for word in words))
        yield _whole_words(_GAP.join(_spelled(word) for word in reversed(words)))
    for word in words:
        yield rf"(?<!{_WORD}){_TITLES_EN}{_spelled(word)}(?!{_WORD})"
        if len(word) >= 2 and not _ORDINARY_WORD.fullmatch(word):
            yield _whole_words(_spelled(word))


def _chinese_name_patterns(name: str) -> Iterator[str]:
    surname_length = 2 if _COMPOUND_SURNAMES.match(name) and len(name) > 2 else 1
    surname, given = name[:surname_length], name[surname_length:]
    yield r"\s?".join(name)
    yield f"{surname}{_TITLES_ZH}"
    if surname_length == 1:
        yield f"[老小]{surname}(?![{_CJK}])"
    if len(given) >= 2:
        yield given


def _number_patterns(number: str) -> Iterator[str]:
    signs = re.findall(r"[0-9a-z]", _folded(number))
    if len(signs) >= _MIN_NUMBER_DIGITS:
        yield rf"(?<![0-9a-z]){_GAP.join(signs)}(?![0-9a-z])"
        # A phone is written with and without its country code: the last nine digits give it away.
        if all(sign.isdigit() for sign in signs) and len(signs) > 9:
            yield rf"(?:\d{_GAP}){{0,6}}{_GAP.join(signs[-9:])}(?!\d)"


def _date_patterns(birth_date: str | None) -> Iterator[str]:
    try:
        born = date.fromisoformat((birth_date or "")[:10])
    except ValueError:
        return
    year, month, day = f"(?:{born:%Y}|{born:%y})", f"0?{born.month}", f"0?{born.day}"
    mark = r"\s?[-/.年月日\s]\s?"
    month_name = f"{_MONTHS[3 * born.month - 3 : 3 * born.month]}[a-z]{{0,6}}"
    for order in ((year, month, day), (day, month, year), (month, day, year)):
        yield rf"(?<!\d){mark.join(order)}(?!\d)日?"
    yield rf"(?<!\d){born:%Y%m%d}(?!\d)"
    yield rf"(?<!\d){day}(?:st|nd|rd|th)?\s+(?:of\s+)?{month_name}\.?,?\s+{year}(?!\d)"
    yield rf"{month_name}\.?\s+{day}(?:st|nd|rd|th)?,?\s+{year}(?!\d)"


def _address_patterns(address: str) -> Iterator[str]:
    for part in re.split(r"[,;\n，；、]", _folded(address)):
        words = part.split()
        if len("".join(words)) >= _MIN_ADDRESS_PART and not part.strip().isdigit():
            yield _whole_words(r"\s+".join(_spelled(word) for word in words))


def _spelled(word: str) -> str:
    """Return a pattern for `word` that also meets its letters when accents are written as separate marks."""
    return "".join(re.escape(letter) + _MARKS for letter in word if not unicodedata.combining(letter))


def _whole_words(pattern: str) -> str:
    return rf"(?<!{_WORD}){pattern}(?!{_WORD})"
