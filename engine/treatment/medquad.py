"""MedQuAD (NIH and CDC answers, CC BY 4.0) as documents of the library. The shipped file stays unaltered."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from engine.treatment.library import Collection, Document

FILE = "medquad_answered.jsonl.gz"
EDITION = "MedQuAD 577bd37"
LICENCE = "CC BY 4.0"
DATE = "2019"
"""Year of the collection; the answers themselves carry no date."""
KEY = "medquad"
"""Opens the ids of its passages: ``medquad:<answer>:<start>-<stop>``."""
_SITES = {
    "1_CancerGov_QA": ("National Cancer Institute", "https://www.cancer.gov"),
    "2_GARD_QA": ("Genetic and Rare Diseases Information Center", "https://rarediseases.info.nih.gov"),
    "3_GHR_QA": ("Genetics Home Reference", "https://ghr.nlm.nih.gov"),
    "4_MPlus_Health_Topics_QA": ("MedlinePlus Health Topics", "https://www.nlm.nih.gov/medlineplus"),
    "5_NIDDK_QA": ("National Institute of Diabetes and Digestive and Kidney Diseases", "https://www.niddk.nih.gov"),
    "6_NINDS_QA": ("National Institute of Neurological Disorders and Stroke", "https://www.ninds.nih.gov"),
    "7_SeniorHealth_QA": ("NIHSeniorHealth", "https://nihseniorhealth.gov"),
    "8_NHLBI_QA_XML": ("National Heart, Lung, and Blood Institute", "https://www.nhlbi.nih.gov"),
    "9_CDC_QA": ("Centers for Disease Control and Prevention", "https://www.cdc.gov"),
}

@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the shipped file; `id` is its line number, counted from 0."""

    id: int
    site: str
    focus: str
    synonyms: tuple[str, ...]
    kind: str
    text: str


def read_answers(path: Path) -> Iterator[Answer]:
    """Yield every answer of the shipped file, in order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            yield Answer(number, row["src"], row["focus"], tuple(row["synonyms"]), row["qtype"], row["answer"])


def collections(path: Path) -> Iterator[tuple[Collection, list[Document]]]:
    """Yield each site with its answers, in the order of the file; documents keep the answer's number."""
    for site, answers in groupby(read_answers(path), key=lambda answer: answer.site):
        name, address = site_name(site)
        collection = Collection(KEY, name, EDITION, DATE, address, LICENCE)
        yield collection, [
            Document(answer.id, answer.focus, answer.kind, answer.text, answer.synonyms) for answer in answers
        ]


def site_name(site: str) -> tuple[str, str]:
    """Return the institute and its address for one source code of the file."""
    return _SITES.get(site, (site, "https://github.com/abachaa/MedQuAD"))
