"""Two drafts compared, as a page: what became worse, what was mended, the shares, then everything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from scr_tone.records import LABELS
from scr_tone.rendering.comparison_words import (
    becomes,
    by_tone,
    factor_counts,
    is_counted,
    places,
    purpose_statuses,
    verdict,
)
from scr_tone.rendering.findings import advice
from scr_tone.rendering.html import with_flags
from scr_tone.rendering.method import caution, method
from scr_tone.rendering.names import counted
from scr_tone.rendering.page import contents, key, label_tag, page, section_name, strip
from scr_tone.rendering.references import References

__all__ = ["comparison_page"]

Pairs = Sequence[Mapping[str, Any]]

# Long, and no change of tone: not on paper.
_ON_SCREEN = ("Moved, unchanged", "Edited without a change of tone")


def comparison_page(comparison: Mapping[str, Any], *, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """A page for a comparison.

    Parameters
    ----------
    comparison : mapping
        As from ``Comparison.to_dict``.
    old, new : mapping
        The reports, as from ``Report.to_dict``.
    """
    title = " \u2192 ".join(_name(comparison, side) for side in ("old", "new"))
    return page(f"Tone of {title}", _body(comparison, with_flags(old), with_flags(new)))


def _name(comparison: Mapping[str, Any], side: str) -> str:
    return str(comparison[side]["document"]["name"] or "text")


def _body(comparison: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    names = [escape(_name(comparison, side)) for side in ("old", "new")]
    sizes = [
        f"{counted(summary['sentences'], 'sentence')}, {counted(summary['words'], 'word')}"
        for summary in (comparison[side]["summary"] for side in ("old", "new"))
    ]
    yield f"<h1>{names[0]} \u2192 {names[1]}</h1>"
    yield f'<p class="meta">Before: {sizes[0]}. Now: {sizes[1]}. {caution()}</p>'
    for warning in comparison["warnings"]:
        yield f'<p class="warning">Note: {escape(warning)}.</p>'
    first, *more = verdict(comparison)
    yield f'<p class="verdict"><strong>{escape(first)}</strong> {escape(" ".join(more))}</p>'
    parts = [
        ("worse", "What became worse", list(_worse(comparison, new))),
        ("mended", "What was mended", list(_mended(comparison))),
        ("shares", "Shares before and now", list(_shares(comparison, old, new))),
        ("sections", "By section", list(_sections(comparison))),
        ("still", "Still reads as blame", list(_still(comparison))),
        ("rest", "Everything else", list(_rest(comparison))),
        ("method", "Method and limits", list(method(comparison, anchor="method"))),
    ]
    yield contents((anchor, text) for anchor, text, lines in parts if lines)
    for _, _, lines in parts:
        yield from lines


def _worse(comparison: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    pairs = by_tone(comparison, "became_blame", "new_blame")
    yield f'<h2 id="worse">What became worse ({len(pairs)})</h2>'
    if not pairs:
        yield '<p class="note">No sentence reads as blame that did not before.</p>'
        return
    yield (
        '<p class="note">Sentences that read as blame now and did not before, or were not there. <del>Struck out</del> went, '
        "<ins>underlined</ins> was put in.</p>"
    )
    advised = {s["index"]: s.get("advice") for s in new["sentences"] if s["flagged"]}
    references = References("")
    yield from _cards(pairs, {index: given for index, given in advised.items() if given}, references)
    yield from references.lines()


def _mended(comparison: Mapping[str, Any]) -> Iterator[str]:
    pairs = by_tone(comparison, "mended")
    yield f'<h2 id="mended">What was mended ({len(pairs)})</h2>'
    if not pairs:
        yield '<p class="note">No flagged sentence was reworded so that it no longer reads as blame.</p>'
    for label in dict.fromkeys(becomes(pair) for pair in pairs):
        those = [pair for pair in pairs if becomes(pair) == label]
        yield f"<h3>Was blame, is {label} ({len(those)})</h3>"
        yield from _cards(those)
    for title, tone in (
        ("Cut with its blame", "removed_blame"),
        ("No longer counted, not mended", "set_aside"),
    ):
        those = by_tone(comparison, tone)
        if those:
            yield f"<h3>{title} ({len(those)})</h3>"
            yield from _cards(those)


def _cards(
    pairs: Pairs, advised: Mapping[int, Mapping[str, Any]] | None = None, references: References | None = None
) -> Iterator[str]:
    """Pairs, each with its labels before and now, where it stands, and what was struck out and put in."""
    for pair in pairs:
        before, after = (" ".join(label_tag(s["label"], s["score"]) for s in pair[side]) for side in ("old", "new"))
        label = next(
            (s["label"] for s in pair["new"] if s["label"] == "blame"), becomes(pair) if pair["new"] else "neutral"
        )
        section = section_name((pair["new"] or pair["old"])[0]["section"])
        place = " \u00b7 ".join([section, *map(escape, places(pair))])
        change = f"{before or 'new'} \u2192 {after or 'gone'}"
        if pair["status"] == "unchanged" and [s["label"] for s in pair["old"]] == [s["label"] for s in pair["new"]]:
            change = after
        yield (
            f'<article class="finding {label}"><p class="where"><span class="change">{change}</span> \u00b7 '
            f'{place}</p><p class="said">{_text(pair)}</p>'
        )
        for sentence in pair["new"]:
            if advised and references:
                yield from advice(advised.get(sentence["index"]), sentence, references)
        yield "</article>"


def _text(pair: Mapping[str, Any]) -> str:
    """The sentence with what was struck out and put in; a new or gone one is marked as a whole."""
    if pair["changes"]:
        return "".join(_piece(piece["op"], piece["text"]) for piece in pair["changes"])
    text = " ".join(sentence["text"] for sentence in pair["new"] or pair["old"])
    op = "equal" if pair["old"] and pair["new"] else "insert" if pair["new"] else "delete"
    return _piece(op, text)


def _piece(op: str, text: str) -> str:
    tag = {"delete": "del", "insert": "ins"}.get(op)
    return f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text)


def _shares(comparison: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    yield '<h2 id="shares">Shares before and now</h2>'
    yield (
        f'<div class="strips"><span>Before</span>{strip(old, name="the old draft")}<span>Now</span>{strip(new, name="the new draft")}'
        f"</div>{key()}"
    )
    yield (
        '<table class="shares"><thead><tr><th scope="col">Label</th><th scope="col" class="n" colspan="2">Before</th>'
        '<th scope="col" class="n" colspan="2">Now</th><th scope="col" class="n">Change</th></tr></thead><tbody>'
    )
    before, after = (comparison[side]["summary"]["labels"] for side in ("old", "new"))
    for label in LABELS:
        was, now = before[label], after[label]
        points = 100 * (now["share"] - was["share"])
        yield (
            f'<tr><th scope="row">{label}</th><td class="n">{was["count"]:,}</td><td class="n">{was["share"]:.1%}</td>'
            f'<td class="n">{now["count"]:,}</td><td class="n">{now["share"]:.1%}</td><td class="n">{_signed(points)} points</td></tr>'
        )
    yield "</tbody></table>"
    yield from _plain_table("Contributory factor", factor_counts(comparison))
    yield from _plain_table("What the text says of its purpose", purpose_statuses(comparison))


def _plain_table(head: str, rows: Sequence[tuple[str, object, object]]) -> Iterator[str]:
    """A row for each name, with what it was and is; what changed stands out."""
    if not rows:
        return
    yield (
        f'<table class="shares"><thead><tr><th scope="col">{head}</th><th scope="col" class="n">Before</th>'
        '<th scope="col" class="n">Now</th></tr></thead><tbody>'
    )
    for name, before, after in rows:
        now = f"<strong>{after}</strong>" if before != after else after
        yield f'<tr><th scope="row">{escape(name)}</th><td class="n">{before}</td><td class="n">{now}</td></tr>'
    yield "</tbody></table>"


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "\u2212") if abs(value) >= 0.05 else "0.0"


def _sections(comparison: Mapping[str, Any]) -> Iterator[str]:
    rows = comparison["sections"]
    if len(rows) < 2:
        return
    yield '<h2 id="sections">By section</h2><table class="sections compared"><thead><tr><th scope="col">Section</th>'
    yield (
        '<th scope="col" class="n">Blame</th><th scope="col" class="n">Learning</th><th scope="col" class="n">'
        '<abbr title="Accountability">Account.</abbr></th><th scope="col" class="n wide">Sentences</th></tr></thead><tbody>'
    )
    for row in rows:
        old, new = row["old"], row["new"]
        name = section_name((new or old)["section"])
        if new is None:
            name += ' <span class="where">(gone)</span>'
        elif old is None:
            name += ' <span class="where">(new)</span>'
        elif old["section"] != new["section"]:
            name += f' <span class="where">(was {section_name(old["section"])})</span>'
        cells = "".join(
            f'<td class="n">{_before_after(*(side["labels"][label]["count"] if side else None for side in (old, new)))}</td>'
            for label in ("blame", "learning", "accountability")
        )
        sizes = _before_after(*(side["sentences"] if side else None for side in (old, new)))
        yield f'<tr><th scope="row">{name}</th>{cells}<td class="n wide">{sizes}</td></tr>'
    yield "</tbody></table>"


def _before_after(before: int | None, after: int | None) -> str:
    if before == after:
        return str(after) if after else '<span class="none">0</span>'
    return " \u2192 ".join("\u2013" if value is None else str(value) for value in (before, after))


def _still(comparison: Mapping[str, Any]) -> Iterator[str]:
    pairs = by_tone(comparison, "still_blame")
    if not pairs:
        return
    yield f'<h2 id="still">Still reads as blame ({len(pairs)})</h2>'
    for title, those in (
        ("Reworded", [pair for pair in pairs if pair["changes"]]),
        ("As before", [pair for pair in pairs if not pair["changes"]]),
    ):
        if those:
            yield f"<details><summary>{title} ({len(those)})</summary>"
            yield from _cards(those)
            yield "</details>"


def _rest(comparison: Mapping[str, Any]) -> Iterator[str]:
    quiet = [pair for pair in comparison["pairs"] if is_counted(pair) and pair["tone"] is None]
    edited = ("edited", "split", "merged")
    lists = [
        ("Other changes of tone", by_tone(comparison, "changed")),
        ("New sentences", [pair for pair in quiet if pair["status"] == "new"]),
        ("Sentences that went", [pair for pair in quiet if pair["status"] == "gone"]),
        ("Moved, unchanged", [pair for pair in quiet if pair["status"] == "unchanged" and pair["moved"]]),
        ("Edited without a change of tone", [pair for pair in quiet if pair["status"] in edited]),
    ]
    same = sum(pair["status"] == "unchanged" and not pair["moved"] for pair in quiet)
    yield '<h2 id="rest">Everything else</h2>'
    for title, those in lists:
        if those:
            screen = ' class="screen"' if title in _ON_SCREEN else ""
            yield f"<details{screen}><summary>{title} ({len(those)})</summary>"
            yield from _cards(those)
            yield "</details>"
    yield (
        f'<p class="note">As they were: {counted(same, "sentence")}. Paragraph numbers, capitals, quotation marks, dashes and '
        "spaces make no edit.</p>"
    )
