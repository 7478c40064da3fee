"""The measure of names: places in characters are right however the text is set, and only exact ones count."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from engine import errors
from engine.api import Entity
from engine.evaluation.entities import Annotated, evaluate, read_tsv, written
from engine.text.named import Guideline

TSV = "Selegiline\tO\n-\tO\ninduced\tO\npostural\tB-Disease\nhypotension\tI-Disease\n.\tO\n\nIt\tO\nhurts\tB-Disease\n"
SENTENCE = Annotated(("MPTP", "-", "induced", "Parkinson", "'", "s", "disease", "."), ((3, 7),))


class Reads:
    """A reader that marks every `name` it is given."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.guidelines: set[Guideline] = set()

    def read(self, text: str, *, guideline: Guideline) -> list[Entity]:
        self.guidelines.add(guideline)
        places = [(text.find(name), name) for name in self.names]
        return [Entity(at, at + len(name), name, "disease") for at, name in places if at >= 0]


def test_a_corpus_file_is_read_by_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(TSV, encoding="utf-8")
    first, second = read_tsv(tmp_path / "a.tsv")
    assert (first.words[:2], first.names, second.names) == (("Selegiline", "-"), ((3, 5),), ((1, 2),))


def test_places_are_those_of_the_text_spaced_or_printed() -> None:
    for spaced, name in ((True, "Parkinson ' s disease"), (False, "Parkinson's disease")):
        text, names = written([SENTENCE, SENTENCE], spaced)
        assert sorted(text[start:end] for start, end in names) == [name, name]
    assert text == "MPTP-induced Parkinson's disease. MPTP-induced Parkinson's disease."


def test_only_exact_places_of_the_right_label_count(tmp_path: Path) -> None:
    folder = tmp_path / "ncbi_disease"
    folder.mkdir()
    (folder / "test.tsv").write_text(TSV, encoding="utf-8")
    reader = Reads("postural hypotension", "induced")
    engine = SimpleNamespace(tagger=object(), reader=reader)
    figures = {metric.name: metric.value for metric in evaluate(engine, tmp_path).metrics}  # type: ignore[arg-type]
    assert figures["NCBI disease, test: F1, sentence by sentence"] == pytest.approx(0.5)
    assert figures["NCBI disease, test: precision"] == pytest.approx(0.5)
    assert figures["NCBI disease, test: recall"] == pytest.approx(0.5)
    assert reader.guidelines == {Guideline.NCBI}


def test_without_a_corpus_or_a_tagger_nothing_is_measured(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        evaluate(SimpleNamespace(tagger=object()), tmp_path)  # type: ignore[arg-type]
    with pytest.raises(errors.ModelMissing):
        evaluate(SimpleNamespace(tagger=None), tmp_path)  # type: ignore[arg-type]
