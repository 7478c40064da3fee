"""One page about a gate's result that a clinical lead can read: the verdict first, then what it means, then the
figures.

Plain HTML without scripts or anything from elsewhere; it prints on two or three pages. It stands beside the pack
and not in it, because a pack carries no HTML.
"""

from __future__ import annotations

from html import escape

from quantize.verdict import Changed, GateResult, Line

WORDS = {
    "perplexity_ratio": "How much worse it predicts clinical text (1 = as well as the original)",
    "perplexity": "Perplexity on clinical text", "perplexity_reference": "Perplexity of the original",
    "kl_mean_nats": "Distance from the original's choice of words, on average (nats)",
    "kl_p99_nats": "The same for the worst word in a hundred",
    "same_next_word": "Share of words where both would say the same",
    "diagnosis_same_first": "Share of patients with the same first diagnosis",
    "diagnosis_same_top3": "Overlap of the first three diagnoses",
    "diagnosis_top1_reference": "True diagnosis first, original", "diagnosis_top1_quantized": "True diagnosis first",
    "diagnosis_top3_reference": "True diagnosis among three, original",
    "diagnosis_top3_quantized": "True diagnosis among three",
    "diagnosis_top3_loss": "Patients whose true diagnosis left the first three",
    "cant_miss_recall_reference": "Dangerous diseases within five, original",
    "cant_miss_recall_quantized": "Dangerous diseases within five",
    "cant_miss_recall_loss": "Dangerous diseases that left the first five",
    "calibration_error_reference": "Calibration error, original", "calibration_error_quantized": "Calibration error",
    "calibration_error_increase": "How much less its percentages can be believed",
    "entity_agreement": "Names marked as the original marks them (F1)",
    "entity_f1_reference": "Names marked rightly (F1), original", "entity_f1_quantized": "Names marked rightly (F1)",
    "entity_f1_loss": "Names no longer marked rightly (F1)",
    "same_span": "Answers with exactly the original's words",
    "exact_span_reference": "Exactly right answers, original", "exact_span_quantized": "Exactly right answers",
    "exact_span_loss": "Answers no longer exactly right",
    "same_first": "Texts with the same label", "probability_change_mean": "Average change of a probability",
    "same_text": "Texts worded exactly alike", "cosine_mean": "Likeness of sentence vectors (1 = same)",
    "cosine_lowest": "Likeness of the worst vector",
    "time_ratio_batch_1": "Time for one text, as a share of the original's",
    "ms_reference": "Milliseconds for one text, original", "ms_quantized": "Milliseconds for one text",
    "size_ratio": "Size, as a share of the original's",
    "size_mb": "Size in MB", "size_mb_reference": "Size of the original in MB",
    "prefill_tps_reference": "Reading, tokens a second, original", "prefill_tps_quantized": "Reading, tokens a second",
    "decode_tps_reference": "Writing, tokens a second, original", "decode_tps_quantized": "Writing, tokens a second",
    "memory_ratio": "Memory, as a share of the original's",
    "rss_mb_reference": "Memory of the original in MB", "rss_mb_quantized": "Memory in MB",
}  # fmt: skip
_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
.verdict{padding:.8rem 1rem;border-left:.5rem solid;font-size:1.1rem}
.ok{border-color:#1a7f37;background:#eaf6ec}.no{border-color:#b3261e;background:#fbeaea}
table{border-collapse:collapse;width:100%}td,th{padding:4px 8px;border-bottom:1px solid #d0d7de;text-align:left;
vertical-align:top}td.n{text-align:right;white-space:nowrap}pre{white-space:pre-wrap;font:inherit;margin:0}
small{color:#57606a}@media print{body{margin:0}tr{page-break-inside:avoid}}
"""


def page(result: GateResult) -> str:
    """Return the whole page."""
    limits = [line for line in result.lines if line.limit]
    measured = [line for line in result.lines if not line.limit and line.value is not None]
    absent = [line for line in result.lines if line.reason.startswith("not applicable")]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(result.model)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(result.model)}</h1>"
        f"<p>Compared with {escape(result.reference)} on {escape(result.made_on)}, {escape(result.machine)}.</p>"
        f"{_verdict(result, limits)}<h2>What had to be kept</h2>{_table(limits, with_limit=True)}"
        f"<h2>What was measured besides</h2>{_table(measured, with_limit=False)}{_absent(absent)}"
        f"{_changed(result.changed)}{_notes(result.notes)}</html>\n"
    )


def _verdict(result: GateResult, limits: list[Line]) -> str:
    failed = [_name(line) for line in limits if line.passed is not True]
    if result.passed:
        text = "<b>Passed.</b> The smaller model keeps every limit below."
    else:
        why = "; ".join(failed) or "nothing was measured"
        text = f"<b>Not passed.</b> Do not give it to clinicians: {escape(why)}."
    return f'<p class="verdict {"ok" if result.passed else "no"}">{text}</p>'


def _table(lines: list[Line], *, with_limit: bool) -> str:
    head = "<th>Limit<th>Kept" if with_limit else ""
    rows = "".join(_row(line, with_limit=with_limit) for line in lines)
    return f"<table><tr><th>What<th>Value<th>Cases{head}</tr>{rows}</table>"


def _row(line: Line, *, with_limit: bool) -> str:
    value = "—" if line.value is None else f"{line.value:,.4g}"
    end = ""
    if with_limit:
        kept = "yes" if line.passed else "<b>no</b>" + (f" ({escape(line.reason)})" if line.reason else "")
        end = f'<td class="n">{escape(line.limit)}<td>{kept}'
    return f'<tr><td>{escape(_name(line))}<td class="n">{value}<td class="n">{line.count or ""}{end}</tr>'


def _name(line: Line) -> str:
    return WORDS.get(line.name, line.name.replace("_", " "))


def _absent(lines: list[Line]) -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{escape(_name(line))}: {escape(line.reason)}</li>" for line in lines)
    return f"<h2>What does not apply</h2><ul>{items}</ul>"


def _changed(changed: list[Changed]) -> str:
    if not changed:
        return ""
    rows = "".join(
        f'<tr><td class="n">{case.moved:.0%}<td><pre>{escape(case.text[:700])}</pre><td>{escape(case.truth)}'
        f"<td>{escape(case.reference)}<td>{escape(case.quantized)}</tr>"
        for case in changed
    )
    head = "<tr><th>Moved<th>Case<th>True<th>Original says<th>Smaller model says</tr>"
    return f"<h2>The {len(changed)} cases that changed most</h2><p>Invented patients. Read some of them: would the " \
           f"difference have mattered?</p><table>{head}{rows}</table>"


def _notes(notes: list[str]) -> str:
    said = [*notes, "Nothing here was reviewed by a clinician. A model that passed is no safer than its original."]
    return "<h2>Notes</h2><ul>" + "".join(f"<li>{escape(note)}</li>" for note in said) + "</ul>"
