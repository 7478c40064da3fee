"""Which language a sentence is in; other languages are neither read as English nor passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.api import SURE_FROM, Entity
from engine.knowledge.index import KnowledgeIndex
from engine.runtime import packs
from engine.text.entities import TextReader
from engine.text.segment import tokenise
from engine.text.tongues import Tongue, denies, tongue_of


@pytest.fixture(scope="module")
def suggesting(text_index: KnowledgeIndex, models: Path) -> TextReader:
    multilingual = packs.open_multilingual(models)
    return TextReader(text_index, open_multilingual=lambda: multilingual)


def knows(word: str) -> bool:
    return word in {"headache", "patient", "reports", "with", "and", "the", "effort", "peau"}


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("Patient reports headache", Tongue.ENGLISH),
        ("BP 150/95, SpO2 91%", Tongue.ENGLISH),
        ("HCTZ 25 mg", Tongue.ENGLISH),
        ("头痛三天", Tongue.CHINESE),
        ("头痛 with headache and 发热", Tongue.CHINESE),
        ("me duele la cabeza", Tongue.OTHER),
        ("essoufflement à l'effort", Tongue.OTHER),
        ("Bauchschmerzen", Tongue.OTHER),
        ("болит голова", Tongue.OTHER),
        ("頭が痛い", Tongue.OTHER),
        ("صداع شديد", Tongue.OTHER),
        ("xkcd rtfm", Tongue.ENGLISH),
    ],
)
def test_language_of_a_sentence(text: str, tongue: Tongue) -> None:
    assert tongue_of(tokenise(text), text, knows) is tongue


@pytest.mark.parametrize(
    "clause", ["keine Atemnot", "sin fiebre", "pas de palpitations", "без температуры", "熱がない", "لا حمى", "ไม่มีไข้"]
)
def test_denials_of_other_languages(clause: str) -> None:
    assert denies(clause)


@pytest.mark.parametrize("clause", ["dolor de cabeza", "Nachtschweiß", "essoufflement", "頭が痛い", "кашель"])
def test_complaints_are_no_denials(clause: str) -> None:
    assert not denies(clause)


def test_other_languages_are_named_as_not_read(reader: TextReader) -> None:
    text = "No fever. Me duele la cabeza desde ayer. 咳嗽三天。"
    (span,) = reader.not_read(text)
    assert text[span.start : span.end] == "Me duele la cabeza desde ayer."
    assert reader.not_read("Fever and cough for three days, no rash.") == []


def test_one_sentence_of_another_language_stands_out_of_an_english_note(reader: TextReader) -> None:
    note = "A 45-year-old woman with fever and productive cough for three days. She denies chest pain. "
    (span,) = reader.not_read(note + "Me duele la cabeza desde ayer.")
    assert span.start == len(note)
    assert reader.not_read(note + "Augmentin. Bitemporal hemianopia. REVIEW OF SYSTEMS: Noncontributory.") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [("me duele la cabeza", "HP:0002315"), ("болит голова", "HP:0002315"), ("跌倒发作", "HP:0002359")],
)
def test_other_languages_are_suggested_and_never_sure(suggesting: TextReader, text: str, code: str) -> None:
    (found,) = suggesting.read(text, suggest=True)
    assert (found.code, text[found.start : found.end]) == (code, found.text)
    assert found.score is not None
    assert found.score < SURE_FROM


@pytest.mark.parametrize("text", ["keine Kopfschmerzen", "no tengo fiebre", "vivo en la ciudad", "家住郊区"])
def test_nothing_is_suggested_where_denied_or_no_finding(suggesting: TextReader, text: str) -> None:
    assert suggesting.read(text, suggest=True) == []


def test_an_english_word_in_another_language_is_a_guess_and_none_where_denied(reader: TextReader) -> None:
    def findings(text: str) -> list[Entity]:
        return [each for each in reader.read(text) if each.label != "test"]

    said = findings("elle est venue avec des palpitations depuis hier")
    assert said
    assert all(each.score is not None and each.score < SURE_FROM for each in said)
    assert findings("elle est venue sans palpitations") == []


def test_values_stand_in_every_language(reader: TextReader) -> None:
    (value, *_) = [each for each in reader.read("le patient est venu, SpO2 88%") if each.label == "test"]
    assert (value.code, value.value) == ("spo2_percent", 88)


def test_opposites_are_not_suggested(suggesting: TextReader) -> None:
    assert all(each.code != "E_94" for each in suggesting.read("畏热", suggest=True))
