"""The everyday speech set counts each wanted finding once, and reads only what the patient says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.evaluation import lay
from engine.evaluation.lay import FILE_NAME, evaluate, load_conversations, load_narratives
from engine.text.entities import TextReader

DATA = Path(__file__).resolve().parents[2] / "data"


class _Engine:
    def __init__(self, reader: TextReader) -> None:
        self.reader = reader


def test_any_code_of_a_finding_is_enough_and_a_denial_must_be_read_as_one(reader: TextReader, tmp_path: Path) -> None:
    rows = [
        {"id": "en1", "text": "I keep throwing up, no fever.", "present": [["E_211", "x"]], "absent": [["E_91"]]},
        {"id": "en2", "text": "I keep throwing up.", "present": [["E_45"]], "absent": []},
    ]
    (tmp_path / FILE_NAME).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    values = {metric.name: metric.value for metric in evaluate(_Engine(reader), tmp_path).metrics}
    assert values["recall, English narratives (same authors)"] == pytest.approx(2 / 3)
    assert values["findings beside the wanted ones, English"] == 0.5


def test_only_the_patient_is_heard(reader: TextReader, tmp_path: Path) -> None:
    rows = (
        "ID,section_header,section_text,dialogue\n"
        '0,CC,"She has vomiting and a cough.","Doctor: Any cough?\nPatient: Yes, and I was throwing up."\n'
        '1,FAM/SOCHX,"He smokes.","Patient: I smoke."\n'
    )
    (tmp_path / "train.csv").write_text(rows, encoding="utf-8")
    (tmp_path / FILE_NAME).write_text("", encoding="utf-8")
    conversations = list(load_conversations(tmp_path))
    assert [each.said for each in conversations] == ["Yes, and I was throwing up."]
    heard = evaluate(_Engine(reader), tmp_path).metrics[-1]
    assert (heard.n, 0 < heard.value < 1) == (1, True)


def test_every_narrative_has_an_id_of_its_own_and_known_codes(reader: TextReader) -> None:
    narratives = load_narratives(DATA / FILE_NAME)
    assert len(narratives) >= 60
    assert len({each.id for each in narratives}) == len(narratives)


def test_a_missing_file_is_said(reader: TextReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lay, "CHECKOUT_DATA", tmp_path)
    with pytest.raises(FileNotFoundError):
        evaluate(_Engine(reader), tmp_path)
