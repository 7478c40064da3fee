"""Compile the safety tables: drug dictionary, interactions, allergy classes, patient rules, doses."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine.knowledge.index import IndexWriter
from engine.safety import names, onc, thesaurus
from engine.safety.allergy import ENTRY as ALLERGY_ENTRY
from engine.safety.dose import ENTRY as DOSE_ENTRY
from engine.safety.dose_rows import ENTRY as DOSE_ROWS_ENTRY
from engine.safety.drugs import ENTRY
from engine.safety.interactions import LABELS_ENTRY, ONC_ENTRY, THESAURUS_ENTRY
from engine.safety.patient import ENTRY as PATIENT_ENTRY
from engine.safety.products import ENTRY as PRODUCTS_ENTRY

LONGEST_FRENCH_WORD = 4


def compile_into(sources: Path, writer: IndexWriter) -> None:
    """Write every `safety.*` entry. Raises ValueError when a table names a drug or a class that is not defined."""
    drugs = list(_rows(sources / "drugs" / "drugs.tsv"))
    known = {row["inn"] for row in drugs}
    inn_of = {french: row["inn"] for row in drugs for french in _listed(row["french"])}
    writer.put_json(ENTRY, dictionary(sources / "drugs", drugs, known))
    writer.put_json(THESAURUS_ENTRY, thesaurus.compile_thesaurus(sources / "ansm_2020", inn_of))
    writer.put_json(ONC_ENTRY, onc.compile_rules(sources / "interactions_onc", known))
    writer.put_json(LABELS_ENTRY, onc.compile_rules(sources / "interactions_labels", known))
    writer.put_json(ALLERGY_ENTRY, allergy_table(sources / "allergy", known))
    writer.put_json(PATIENT_ENTRY, rule_table(sources / "patient" / "rows.json", "rows", known))
    writer.put_json(DOSE_ENTRY, rule_table(sources / "dose" / "limits.json", "limits", known))
    writer.put_json(DOSE_ROWS_ENTRY, dose_lines(sources, drugs))
    writer.put_json(PRODUCTS_ENTRY, products(sources / "dose" / "products.json", known))


def dose_lines(sources: Path, drugs: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return every dose line under its ingredient: those of the treatment options, and of drugs outside them.

    Raises ValueError for a drug outside the dictionary.
    """
    inn_of = {name: row["inn"] for row in drugs for name in _listed(row["synonyms"])} | {
        row["inn"]: row["inn"] for row in drugs
    }
    options = [
        option
        for path in sorted((sources / "treatment" / "conditions").glob("*.json"))
        for option in json.loads(path.read_text(encoding="utf-8"))["options"]
    ]
    lines = [{"drug": option["drug"], **dose} for option in options for dose in option.get("doses", ())]
    lines += json.loads((sources / "dose" / "rows.json").read_text(encoding="utf-8"))["rows"]
    if unknown := {line["drug"] for line in lines} - inn_of.keys():
        raise ValueError(f"dose rows of drugs outside the dictionary: {sorted(unknown)}")
    return [{**line, "drug": inn_of[line["drug"]]} for line in lines]


def products(path: Path, known: set[str]) -> list[dict[str, Any]]:
    """Return the products. Raises ValueError for a drug outside the dictionary."""
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["products"]
    if unknown := {row["drug"] for row in rows} - known:
        raise ValueError(f"products of drugs outside the dictionary: {sorted(unknown)}")
    return rows


def allergy_table(folder: Path, known: set[str]) -> Any:
    """Return the allergy table. Raises ValueError for a member outside the dictionary."""
    table = json.loads((folder / "allergy.json").read_text(encoding="utf-8"))
    members = {inn for group in table["classes"].values() for inn in group["members"]}
    if unknown := members - known:
        raise ValueError(f"allergy classes name drugs outside the dictionary: {sorted(unknown)}")
    return table


def rule_table(path: Path, rows: str, known: set[str]) -> Any:
    """Return a table of rules about drugs. Raises ValueError for a drug outside the dictionary or an id used twice."""
    table = json.loads(path.read_text(encoding="utf-8"))
    if unknown := {inn for row in table[rows] for inn in row["drugs"]} - known:
        raise ValueError(f"{path.name} names drugs outside the dictionary: {sorted(unknown)}")
    ids = [row["id"] for row in table[rows]]
    if len(set(ids)) != len(ids):
        raise ValueError(f"{path.name} uses an id twice")
    return table


def dictionary(folder: Path, drugs: list[dict[str, str]], known: set[str]) -> dict[str, Any]:
    """Return the dictionary entry. Raises ValueError for a brand or a combination of an unknown ingredient."""
    combinations = [
        {
            "name": row["name"],
            "parts": _listed(row["parts"]),
            "synonyms": _listed(row["synonyms"]),
            "zh": _listed(row["zh"]),
        }
        for row in _rows(folder / "combinations.tsv")
    ]
    brands = {row["brand"]: _listed(row["parts"]) for row in _rows(folder / "brands.tsv")}
    listed = [(row["one"], row["other"]) for row in _rows(folder / "look_alikes.tsv")]
    named = {part for row in combinations for part in row["parts"]}
    named |= {part for parts in brands.values() for part in parts} | {inn for pair in listed for inn in pair}
    if unknown := named - known:
        raise ValueError(f"combinations, brands or look-alikes of drugs outside the dictionary: {sorted(unknown)}")
    return {
        "drugs": [{"inn": row["inn"], "zh": _listed(row["zh"])[:1], "rxnorm": row["rxnorm"]} for row in drugs],
        "names": _by_name(drugs, combinations, brands),
        "french": {names.fold(name): row["inn"] for row in drugs for name in _listed(row["french"]) if _is_read(name)},
        "look_alikes": look_alikes(listed),
    }


def _by_name(
    drugs: list[dict[str, str]], combinations: list[dict[str, Any]], brands: dict[str, list[str]]
) -> dict[str, list[str]]:
    """Return the ingredients of every written form; where two share one, the ingredient goes before the brand."""
    written = [(name, [row["inn"]]) for row in drugs for name in _names_of(row)]
    written += [(name, row["parts"]) for row in combinations for name in [row["name"], *row["synonyms"], *row["zh"]]]
    found: dict[str, list[str]] = {}
    for name, parts in [*written, *brands.items()]:
        found.setdefault(names.fold(name), parts)
    return found


def _names_of(row: dict[str, str]) -> list[str]:
    return [row["inn"], *_listed(row["synonyms"]), *_listed(row["zh"])]


def _is_read(french: str) -> bool:
    """Whether a French name is long enough to be no other word: "or" is gold."""
    return len(french) > LONGEST_FRENCH_WORD


def look_alikes(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return for each INN of `pairs` those easily taken for it."""
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {inn: sorted(others) for inn, others in sorted(found.items())}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def _listed(cell: str) -> list[str]:
    return [item for item in cell.split("|") if item]
