"""The report's part on the diagnosis: danger signs, what must not be missed, the own diagnosis and the ranked list."""

from __future__ import annotations

from desktop.report import report_words as words
from desktop.report.blocks import Block, Bullets, Facts, Heading, Table, Text, Tone
from desktop.words import (
    AGREEMENTS,
    VOICE_AGREEMENTS,
    Language,
    field_word,
    likelihood_words,
    percent,
    pick,
    prior_text,
    sentence_case,
    shown,
    source_name,
    word,
)
from engine.api import Differential, Evidence, Flip, Hypothesis

CANT_MISS_LIMIT = 5
PRINTED_FIRST = 5
"""Hypotheses in full; those not to be missed are printed at any place, the others are counted on paper."""
EVIDENCE_EACH = 3
LEAST_LOG_LR = 0.1
"""A log likelihood ratio below this (a factor of 1.1) is left out on paper."""


def diagnosis_blocks(result: Differential | None, own: str | None, language: Language) -> tuple[Block, ...]:
    """Return what was found; without a result only the clinician's own diagnosis."""
    blocks: list[Block] = [*_danger(result, language), Heading(pick(words.DIFFERENTIAL, language))]
    blocks.append(Facts(((pick(words.OWN_DIAGNOSIS, language), own or pick(words.NOT_RECORDED, language)),)))
    if result is None:
        return (*blocks, Text(pick(words.NOT_RANKED_YET, language)))
    if own and result.agreement is not None:
        blocks.append(Text(word(AGREEMENTS, result.agreement, language)))
    return (*blocks, *_ranking(result, language), *_gaps(result, language))


def _danger(result: Differential | None, language: Language) -> list[Block]:
    if result is None:
        return []
    texts = (f"{shown(flag.display, flag.text, language)} ({source_name(flag.source, result.sources)})"
             for flag in result.red_flags)
    flags = tuple(Text(text, Tone.DANGER, bold=True) for text in texts)
    blocks: list[Block] = [Heading(pick(words.DANGER, language)),
                           Bullets(flags) if flags else Text(pick(words.NO_DANGER, language))]
    if result.cant_miss:
        entries = tuple(Text(f"{shown(entry.display, entry.name, language)}: "
                             f"{shown(entry.display_why, entry.why, language)}")
                        for entry in result.cant_miss[:CANT_MISS_LIMIT])
        blocks += [Heading(pick(words.CANT_MISS, language)), Bullets(entries)]
    return blocks


def _ranking(result: Differential, language: Language) -> list[Block]:
    if result.status == "abstained":
        reasons = [pick(reason, language) for reason in result.display_reasons] or result.reasons
        candidates = tuple(Text(f"{pick(entry.display, language)} ({entry.code})") for entry in result.hypotheses)
        return [Text(pick(words.ABSTAINED, language), bold=True),
                Bullets(tuple(Text(reason) for reason in reasons)), Bullets(candidates)]
    header = ("", words.DIAGNOSIS, words.LIKELIHOOD, words.FOR, words.AGAINST)
    printed = [entry for place, entry in enumerate(result.hypotheses) if place < PRINTED_FIRST or entry.cant_miss]
    blocks: list[Block] = [Table(
        tuple(pick(entry, language) if not isinstance(entry, str) else entry for entry in header),
        tuple(_row(entry, language) for entry in printed), (4, 27, 16, 28, 25))]
    blocks.append(Text(pick(words.SHORTENED, language).format(
        shown=len(printed), total=len(result.hypotheses), each=EVIDENCE_EACH), Tone.MUTED))
    if result.voices_agree is not None:
        blocks.append(Text(word(VOICE_AGREEMENTS, result.voices_agree, language), Tone.MUTED))
    return blocks


def _row(entry: Hypothesis, language: Language) -> tuple[tuple[Text, ...], ...]:
    name = [Text(pick(entry.display, language), bold=True)]
    if entry.cant_miss:
        name.append(Text(f"⚠ {pick(words.CANT_MISS, language)}", Tone.DANGER))
    likelihood = () if entry.probability is None else (
        Text(f"{percent(entry.probability)} {likelihood_words(entry.probability, language)}"),)
    ordered = sorted(entry.evidence, key=lambda one: -abs(one.log_lr))
    speaks_for = [one for one in ordered if one.log_lr >= LEAST_LOG_LR][:EVIDENCE_EACH]
    against = [one for one in ordered if one.log_lr <= -LEAST_LOG_LR][:EVIDENCE_EACH]
    return ((Text(str(entry.rank)),), tuple(name), likelihood, _side(speaks_for, language), _side(against, language))


def _side(evidence: list[Evidence], language: Language) -> tuple[Text, ...]:
    return tuple(_evidence(one, language) for one in evidence) or (Text("–", Tone.MUTED),)


def _evidence(entry: Evidence, language: Language) -> Text:
    name = sentence_case(shown(entry.display, entry.finding, language))
    finding = name if entry.present else pick(words.ABSENT, language).format(finding=name)
    return Text(f"{finding} {entry.log_lr:+.2f}".replace("-", "\N{MINUS SIGN}"))


def _flip(flip: Flip, language: Language) -> str:
    states = {True: words.IS_PRESENT, False: words.IS_ABSENT, None: words.IS_UNKNOWN}
    return pick(words.FLIP_SAID, language).format(
        finding=sentence_case(shown(flip.display, flip.finding, language)),
        state=pick(states[flip.to_present], language),
        disease=pick(flip.display_first, language) if flip.display_first else flip.new_first,
    )


def _gaps(result: Differential, language: Language) -> list[Block]:
    pairs = []
    if result.prior is not None and result.status == "ranked":
        pairs.append((pick(words.PRIOR, language), prior_text(result.prior, language)))
    if result.flips is not None and result.status == "ranked":
        pairs.append((pick(words.FLIP, language), _flip(result.flips, language)))
    if result.missing:
        names = ", ".join(field_word(field, language) for field in result.missing)
        pairs.append((pick(words.MISSING, language), names))
    if result.unrecognised:
        pairs.append((pick(words.UNREAD, language), ", ".join(result.unrecognised)))
    return [Facts(tuple(pairs))] if pairs else []
