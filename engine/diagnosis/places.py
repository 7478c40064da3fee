"""What a place name says that a prior needs: the country's WHO region and which half of the year is winter there.

Common geography, not a clinical source. A place that no row knows says nothing: then no row for a region or a season
of the shipped rates applies. Near the equator there is no winter, so seasons say nothing there either.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from engine.diagnosis.string_table import fold
from engine.knowledge.index import IndexWriter, KnowledgeIndex

ENTRY = "diagnosis.places"
Hemisphere = Literal["north", "south", "tropics"]


@dataclass(frozen=True, slots=True)
class Place:
    """One country, or a part of one, under all the names that people write."""

    names: tuple[str, ...]
    who_region: str
    hemisphere: Hemisphere


class Gazetteer:
    """Finds the country that a free text for a region names."""

    def __init__(self, places: Sequence[Place]) -> None:
        named = [(f" {_spelt(name)} ", place) for place in places for name in place.names]
        self._named = sorted(named, key=lambda pair: -len(pair[0]))

    def find(self, region: str | None) -> Place | None:
        """Return the place with the longest name that stands in `region`, or None."""
        if not region:
            return None
        text = f" {_spelt(region)} "
        return next((place for name, place in self._named if _stands_in(name, text)), None)

    def find_all(self, text: str) -> list[Place]:
        """Return every place whose name stands in `text`; of names inside one another only the longest counts."""
        left, found = f" {_spelt(text)} ", []
        for name, place in self._named:
            if _stands_in(name, left):
                found.append(place)
                left = left.replace(name if name.isascii() else name.strip(), "  ")
        return found

    @staticmethod
    def load(index: KnowledgeIndex) -> Gazetteer:
        """Return the compiled places."""
        return Gazetteer(msgspec.convert(index.json(ENTRY), list[Place]))


def compile_into(folder: Path, writer: IndexWriter) -> None:
    """Store the places of `folder`/places.json. Raises where a row is malformed."""
    rows = json.loads((folder / "places.json").read_text(encoding="utf-8"))
    msgspec.convert(rows, list[Place])
    writer.put_json(ENTRY, rows)


def _spelt(name: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(name)).split())


def _stands_in(name: str, text: str) -> bool:
    """Chinese is written without spaces, so its names are found anywhere; others only as whole words."""
    return name.strip() in text if not name.isascii() else name in text
