"""Build the engine from the installed knowledge and models; the only place in the engine that wires parts together.

Tables are loaded at once; models only when a request needs one, because most requests never do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from engine import __version__, api, errors
from engine.diagnosis import reader_gate
from engine.diagnosis.diagnose import Diagnoser
from engine.diagnosis.reader_voice import Reader
from engine.knowledge.index import KnowledgeIndex, require_sealed
from engine.locations import compiled_knowledge
from engine.runtime import packs
from engine.runtime.base import Encoder, Tagger, TextRuntime
from engine.safety.verdict import SafetyChecker
from engine.text.entities import TextReader
from engine.treatment import prose, wording
from engine.treatment.library import Library
from engine.treatment.library_pack import open_library
from engine.treatment.plan import Planner

log = logging.getLogger(__name__)
Model = TypeVar("Model")


class Engine:
    """All parts of the engine over one knowledge index. Raises InstallationError where a needed file is unfit."""

    def __init__(self, index_path: Path | None = None, models_dir: Path | None = None) -> None:
        path = index_path or compiled_knowledge()
        require_sealed(path)
        self.index = KnowledgeIndex(path)
        self._models_dir = models_dir or packs.models_dir()
        self._runtime: TextRuntime | None = None
        self._case_reader: Reader | None = None

    @property
    def models_dir(self) -> Path:
        """Where the packs are, and what was measured of them on this machine."""
        return self._models_dir

    @cached_property
    def reader(self) -> TextReader:
        return TextReader(
            self.index, lambda: self.encoder, self.safety.dictionary, lambda: self.tagger, lambda: self.multilingual
        )

    @cached_property
    def diagnoser(self) -> Diagnoser:
        return Diagnoser(self.index, encoder=lambda: self.encoder, ranker=lambda: self.ranker)

    @cached_property
    def safety(self) -> SafetyChecker:
        return SafetyChecker(self.index)

    @cached_property
    def planner(self) -> Planner:
        libraries, notes = self._reference_packs()
        return Planner(
            self.index, self.safety, packs=libraries, pack_notes=notes, open_encoder=lambda: self.encoder
        )

    def _reference_packs(self) -> tuple[list[Library], list[api.Bilingual]]:
        """Return the clinic's own libraries, and a note for the plan on each pack that cannot be used."""
        verified, unfit = packs.reference_packs(self._models_dir)
        libraries: list[Library] = []
        refused = [(pack.name, pack.trust) for pack in unfit if pack.task == "reference"]
        for pack in verified:
            try:
                libraries.append(open_library(pack.model_path, pack.manifest.name))
            except errors.InstallationError as damaged:
                refused.append((pack.manifest.name, damaged.code))
        for name, code in refused:
            log.warning("reference pack %s is not used: %s", name, code)
        return libraries, [wording.pack_left_out(name, code) for name, code in refused]

    @cached_property
    def encoder(self) -> Encoder | None:
        """The sentence encoder, or None where no fit pack is installed; reading then uses the dictionaries alone.

        An unfit pack is no reason to stop reading: `engine.installation` names it among the problems on screen.
        """
        return self._fit(packs.open_encoder, "sentence encoder")

    @cached_property
    def ranker(self) -> Encoder | None:
        """The trained ranker of conditions, or None where no fit pack is installed; the encoder then ranks alone."""
        return self._fit(packs.open_ranker, "ranker of conditions")

    @cached_property
    def multilingual(self) -> Encoder | None:
        """The encoder of many languages, or None where no fit pack is installed: what no dictionary reads stays so."""
        return self._fit(packs.open_multilingual, "multilingual encoder")

    @cached_property
    def tagger(self) -> Tagger | None:
        """The entity tagger, or None where no fit pack is installed; names are then read by the dictionaries alone."""
        return self._fit(packs.open_tagger, "entity tagger")

    def _fit(self, open_pack: Callable[[Path], Model | None], what: str) -> Model | None:
        """Return the model, or None where its pack is absent or unfit; the log names an unfit one."""
        try:
            return open_pack(self._models_dir)
        except errors.InstallationError as unfit:
            log.warning("the %s is not used: %s: %s", what, unfit.code, unfit)
            return None

    def forget_text_model(self) -> None:
        """Close the language model; the next request that needs one opens what is installed then."""
        if self._runtime is not None:
            self._runtime.close()
            self._runtime = None

    def text_runtime(self) -> TextRuntime:
        """Return the loaded language model. Raises ModelMissing, ModelDamaged or ModelUntrusted."""
        if self._runtime is None:
            self._runtime = packs.open_text_runtime(self._models_dir)
        return self._runtime

    def case_reader(self, asked: bool) -> Reader | None:
        """Return the language model as a voice: when asked for, or where its stored measurement lets it vote unasked.

        Raises like `text_runtime` when asked for and no sound model is installed.
        """
        if not asked and not self._reader_may_vote:
            return None
        self._case_reader = self._case_reader or Reader(self.text_runtime())
        return self._case_reader

    @cached_property
    def _reader_may_vote(self) -> bool:
        measured = reader_gate.measured_model(self._models_dir)
        if measured is None:
            return False
        installed = packs.versions(self._models_dir)
        return any(f"{name} {version}" == measured for name, version in installed.items()) and reader_gate.may_vote(
            self._models_dir, measured
        )

    def write_prose(
        self, plan: api.Plan, case: api.Case, runtime: TextRuntime, cancelled: Callable[[], bool]
    ) -> Iterator[api.PlanSentence]:
        return prose.write(plan, case, runtime, cancelled, self.planner.terms)

    def versions(self) -> api.Versions:
        """Return the versions that every result carries."""
        return api.Versions(__version__, self.index.json("index.version"), packs.versions(self._models_dir))

    def warm(self) -> None:
        """Load the tables now, so that the first request does not wait for them."""
        _ = self.reader, self.diagnoser, self.safety, self.planner
