"""A folder of texts becomes a signed pack that verifies, installs, and is searched and cited; the rest is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runtime import packs
from engine.treatment.library_pack import open_library
from engine.treatment.retrieval import Retrieval
from quantize.__main__ import main
from tests.quantize.importers.pdf_files import pdf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "snake.md").write_text("# Snake bite\nKeep the limb still and go to hospital.\n")
    pages = [f"Page {n} on burns.\nCool with water." for n in range(1, 13)]
    (texts / "guide.pdf").write_bytes(pdf(pages, "Burn guide"))
    (texts / "scan.pdf").write_bytes(pdf(["", ""]))
    (texts / "sheet.docx").write_bytes(b"PK")
    return texts


def test_documents_become_an_installed_pack_that_is_cited(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = tmp_path / "models"
    command = ["pack", str(folder), "--name", "clinic-texts", "--version", "1.0", "--licence", "own", "--no-vectors",
               "--models-dir", str(models), "--out", str(tmp_path / "pack")]
    assert main(command) == 0
    told = capsys.readouterr().out
    assert "scan.pdf: none of its 2 pages holds text" in told
    assert "sheet.docx: no reader for this kind of file" in told
    packs.install(tmp_path / "pack", models)
    (verified,), unfit = packs.reference_packs(models)
    assert unfit == []
    search = Retrieval([open_library(verified.model_path, verified.manifest.name)])
    assert search.search("snake bite").passages[0].source.title.endswith("Snake bite")
    assert search.search("burns page").passages[0].source_id.startswith("clinic-texts:")
    assert main(command) == 1  # nothing is overwritten


def test_a_folder_with_nothing_readable_makes_no_pack(folder: Path, tmp_path: Path) -> None:
    for name in ("snake.md", "guide.pdf", "sheet.docx"):
        (folder / name).unlink()
    target = tmp_path / "pack"
    assert main(["pack", str(folder), "--name", "none", "--version", "1.0", "--licence", "own", "--no-vectors",
                 "--models-dir", str(tmp_path / "models"), "--out", str(target)]) == 1
    assert not target.exists()


def test_a_changed_library_is_not_opened(folder: Path, tmp_path: Path) -> None:
    models, pack = tmp_path / "models", tmp_path / "pack"
    assert main(["pack", str(folder), "--name", "clinic-texts", "--version", "1.0", "--licence", "own", "--no-vectors",
                 "--models-dir", str(models), "--out", str(pack)]) == 0
    packs.install(pack, models)
    library = models / "packs" / "clinic-texts" / "1.0" / "library.sqlite"
    library.chmod(0o644)
    data = bytearray(library.read_bytes())
    data[-1] ^= 1
    library.write_bytes(data)
    fit, unfit = packs.reference_packs(models)
    assert fit == []
    assert unfit[0].name == "clinic-texts"
