"""The option rows as documents of the library, so that a question finds them beside the reference texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.api import SourceRecord
from engine.treatment.library import Collection, Document
from engine.treatment.rows import ConditionRow, OptionRow, Statement

KEY = "rows"


def collection(version: str) -> Collection:
    """Return what the rows are as a source: Lantern's own words, not reviewed, each pointing to its records."""
    return Collection(KEY, "Lantern treatment rows", version, "", "", "Apache-2.0")


def documents(conditions: Sequence[ConditionRow], sources: Mapping[str, SourceRecord]) -> Iterator[Document]:
    """Yield one document for each option and one for the advice of each condition, numbered in order."""
    number = 0
    for row in conditions:
        names = (row.name.zh, *row.synonyms, *row.reference_terms)
        for option in row.options:
            yield Document(number, row.name.en, "treatment", _option_text(option), (*names, option.name.en,
                           option.name.zh), option.id, _address(option.statements(), sources))
            number += 1
        advice = [*row.first_steps, *row.rehabilitation, *row.lifestyle, *row.safety_net, *row.follow_up]
        if advice:
            text = " ".join(statement.en for statement in advice)
            yield Document(number, row.name.en, "treatment", text, names, f"{row.code} advice",
                           _address(advice, sources))
            number += 1


def _option_text(option: OptionRow) -> str:
    texts = [f"{option.name.en}."]
    labelled = (("", option.benefit), ("Harm: ", option.harm), ("Monitoring: ", option.monitoring),
                ("Stop: ", option.stop))
    texts += [f"{label}{statement.en}" for label, statement in labelled if statement is not None]
    return " ".join(texts)


def _address(statements: Sequence[Statement], sources: Mapping[str, SourceRecord]) -> str:
    cited = (source for statement in statements for source in statement.sources if source in sources)
    return next((sources[source].address for source in cited if sources[source].address), "")
