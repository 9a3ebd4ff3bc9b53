"""Two drafts compared, for a terminal: what became worse, what was mended, the shares, then the rest."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scr_tone.provenance import made_with
from scr_tone.records import LABELS
from scr_tone.rendering.ansi import LABEL_STYLE, Painter, clean, painter, width, wrapped
from scr_tone.rendering.comparison_words import by_tone, factor_counts, is_counted, places, purpose_statuses, verdict
from scr_tone.rendering.names import counted

__all__ = ["comparison_text"]

#: How many of a list are shown that is not about blame; the page and the JSON have them all.
_MOST = 12
_MARKS = {"delete": ("[-", "-]"), "insert": ("{+", "+}")}
_CODES = {1: "31;9", 2: "32;4"}
_TO = " \u2192 "


def comparison_text(comparison: Mapping[str, Any], *, colour: bool = False) -> str:
    """A comparison for reading in a terminal; words struck out are marked ``[-so-]``, words put in ``{+so+}``.

    Parameters
    ----------
    comparison : mapping
        As from ``Comparison.to_dict``.
    colour : bool
        Whether to use ANSI colours; the environment variable NO_COLOR switches them off all the same.
    """
    paint, columns = painter(colour), width()
    return "\n".join(_lines(comparison, paint, columns)) + "\n"


def _lines(comparison: Mapping[str, Any], paint: Painter, columns: int) -> Iterator[str]:
    names = [" ".join(clean(comparison[side]["document"]["name"] or "text").split()) for side in ("old", "new")]
    sentences = [comparison[side]["summary"]["sentences"] for side in ("old", "new")]
    yield f"{paint('1', _TO.join(names))}  {sentences[0]:,}{_TO}{counted(sentences[1], 'sentence')}"
    for warning in comparison["warnings"]:
        yield from textwrap.wrap(f"note: {warning}", columns)
    yield ""
    for sentence in verdict(comparison):
        yield from textwrap.wrap(sentence, columns, initial_indent="  ", subsequent_indent="  ")
    for title, tones in (
        ("Became worse", ("became_blame", "new_blame")),
        ("Mended", ("mended",)),
        ("Cut, and read as blame", ("removed_blame",)),
        ("No longer counted, not mended", ("set_aside",)),
    ):
        yield from _listed(title, by_tone(comparison, *tones), paint, columns)
    yield from _shares(comparison, paint)
    yield from _profile(comparison, paint)
    yield from _sections(comparison, paint, columns)
    yield from _listed(
        "Still read as blame", [p for p in by_tone(comparison, "still_blame") if p["changes"]], paint, columns
    )
    yield from _listed("Other changes of tone", by_tone(comparison, "changed"), paint, columns, most=_MOST)
    yield from _rest(comparison, paint, columns)
    yield ""
    yield "  A flag is a question about wording, never a judgement on people; about the model's errors: scr-tone info"
    yield from textwrap.wrap(made_with(comparison), columns, initial_indent="  ", subsequent_indent="    ")


def _listed(
    title: str, pairs: Sequence[Mapping[str, Any]], paint: Painter, columns: int, *, most: int | None = None
) -> Iterator[str]:
    if not pairs:
        return
    yield ""
    yield paint("1", f"{title} ({len(pairs)})")
    section: object = ""
    for pair in pairs[:most]:
        here = (pair["new"] or pair["old"])[0]["section"]
        if here != section:
            section = here
            yield ""
            yield "  " + paint(
                "1", textwrap.shorten(clean(here), columns - 2, placeholder=" ...") if here else "(no heading)"
            )
        yield ""
        yield "  " + _head(pair, paint)
        yield from (f"    {line}" for line in _marked(pair, paint, columns - 4))
    if most is not None and len(pairs) > most:
        yield ""
        yield f"  ... and {len(pairs) - most:,} more; --format html lists them all"


def _head(pair: Mapping[str, Any], paint: Painter) -> str:
    before, after = (
        " + ".join(paint(LABEL_STYLE[s["label"]], f"{s['label']} {s['score']:.0%}") for s in pair[side])
        for side in ("old", "new")
    )
    return paint("2", " \u00b7 ").join([f"{before or 'new'} \u2192 {after or 'gone'}", *map(clean, places(pair))])


def _marked(pair: Mapping[str, Any], paint: Painter, columns: int) -> list[str]:
    """The sentence with what was struck out and put in; a new or gone one is marked as a whole."""
    pieces = pair["changes"]
    if not pieces:
        text = " ".join(sentence["text"] for sentence in pair["new"] or pair["old"])
        op = "equal" if pair["old"] and pair["new"] else "insert" if pair["new"] else "delete"
        pieces = [{"op": op, "text": text}]
    text, marks = "", bytearray()
    for piece in pieces:
        left, right = _MARKS.get(piece["op"], ("", ""))
        shown = f"{left}{piece['text']}{right}"
        text += shown
        marks += bytes([("equal", "delete", "insert").index(piece["op"])]) * len(shown)
    return wrapped(text, marks, _CODES, paint, columns)


def _shares(comparison: Mapping[str, Any], paint: Painter) -> Iterator[str]:
    old, new = (comparison[side]["summary"]["labels"] for side in ("old", "new"))
    yield ""
    yield f"{paint('1', 'Shares')}{'before':>21}{'now':>15}{'change':>17}"
    for label in LABELS:
        before, after = old[label], new[label]
        yield (
            f"  {label:15}{before['count']:>6,} {before['share']:>6.1%}  {after['count']:>6,} {after['share']:>6.1%}  "
            f"{after['count'] - before['count']:>+6,} {100 * (after['share'] - before['share']):>+6.1f} points"
        )


def _profile(comparison: Mapping[str, Any], paint: Painter) -> Iterator[str]:
    """What changed in the factors that are named, and in what the text says of its purpose."""
    factors = [row for row in factor_counts(comparison) if row[1] != row[2]]
    purpose = [row for row in purpose_statuses(comparison) if row[1] != row[2]]
    for title, rows in (
        ("Factors named by learning sentences", factors),
        ("What the text says of its purpose", purpose),
    ):
        if rows:
            yield ""
            yield paint("1", title)
            yield from (f"  {name:64} {before}{_TO}{after}" for name, before, after in rows)


def _sections(comparison: Mapping[str, Any], paint: Painter, columns: int) -> Iterator[str]:
    """Sections in which the counts of blame or learning changed."""
    rows = [row for row in comparison["sections"] if _figures(row["old"]) != _figures(row["new"])]
    if not rows or len(comparison["sections"]) < 2:
        return
    room = columns - 36
    yield ""
    title = "Sections that changed"
    yield f"{paint('1', title)}{'blame':>{room - len(title) + 12}}{'learning':>12}{'account.':>12}"
    for row in rows:
        name = (row["new"] or row["old"])["section"]
        title = textwrap.shorten(clean(name), room - 8, placeholder=" ...") if name else "(no heading)"
        title += " (gone)" if row["new"] is None else " (new)" if row["old"] is None else ""
        before, after = _figures(row["old"]), _figures(row["new"])
        cells = "".join(
            f"{f'{was}{_TO}{now}' if was != now else was:>12}" for was, now in zip(before, after, strict=True)
        )
        yield f"  {title:{room - 2}}{cells}"


def _figures(row: Mapping[str, Any] | None) -> list[int]:
    return [row["labels"][label]["count"] if row else 0 for label in ("blame", "learning", "accountability")]


def _rest(comparison: Mapping[str, Any], paint: Painter, columns: int) -> Iterator[str]:
    """One line for each sentence that is new, went, or moved as it is, without blame; the other edits are counted."""
    quiet = [pair for pair in comparison["pairs"] if is_counted(pair) and pair["tone"] is None]
    for title, those in (
        ("New", [pair for pair in quiet if pair["status"] == "new"]),
        ("Gone", [pair for pair in quiet if pair["status"] == "gone"]),
        ("Moved, unchanged", [pair for pair in quiet if pair["moved"] and pair["status"] == "unchanged"]),
    ):
        if not those:
            continue
        yield ""
        yield paint("1", f"{title} ({len(those)})")
        for pair in those[:_MOST]:
            here = (pair["new"] or pair["old"])[0]
            label = here["label"]
            room = columns - 19
            yield f"  {paint(LABEL_STYLE[label], f'{label:15}')} {textwrap.shorten(clean(here['text']), room, placeholder=' ...')}"
        if len(those) > _MOST:
            yield f"  ... and {len(those) - _MOST:,} more; --format html lists them all"
    edited = sum(pair["status"] in ("edited", "split", "merged") for pair in quiet)
    same = sum(pair["status"] == "unchanged" and not pair["moved"] for pair in quiet)
    yield ""
    yield f"  edited without a change of tone: {edited:,}; as they were: {same:,}"
