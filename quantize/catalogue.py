"""The default models: which package carries each file, or that Lantern stores it, and what the file must be."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from engine.locations import resources
from engine.runtime.base import Template
from engine.runtime.pack_manifest import Manifest, PackFile, Task


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """One pack of `resources/models/packages.json`. `member` is the path of the model inside the package's wheel.

    Without a `package` the model is one that Lantern trained and stores itself, and `origin` says how it was made.
    """

    name: str
    version: str
    task: Task
    title: str
    licence: str
    model: str
    size_bytes: int
    sha256: str
    package: str = ""
    package_version: str = ""
    member: str = ""
    origin: str = ""
    tokenizer: str | None = None
    context_tokens: int | None = None
    template: Template | None = None
    base_sha256: str | None = None
    gate: dict[str, float] = field(default_factory=dict)
    gate_passed: bool | None = None

    @property
    def requirement(self) -> str:
        return f"{self.package}=={self.package_version}"

    @property
    def stored_files(self) -> Path:
        """The folder with what Lantern stores itself: licence, model card, vocabulary, its own models."""
        return resources() / "models" / self.name

    def manifest(self, files: list[PackFile]) -> Manifest:
        """Return the manifest of the pack made of `files`."""
        return Manifest(
            name=self.name, version=self.version, task=self.task, title=self.title, licence=self.licence,
            model=self.model, files=files, tokenizer=self.tokenizer, licence_file="LICENSE.txt", card="CARD.md",
            template=self.template, context_tokens=self.context_tokens, base_sha256=self.base_sha256,
            gate=self.gate, gate_passed=self.gate_passed,
            origin=self.origin or f"{self.member.split('/')[-1]} of the package {self.package} {self.package_version}",
        )


def default_models() -> list[PackagedModel]:
    """Return the models that `fetch` installs."""
    return msgspec.json.decode((resources() / "models" / "packages.json").read_bytes(), type=list[PackagedModel])
