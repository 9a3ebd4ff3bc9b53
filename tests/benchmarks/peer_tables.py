"""The records of `tests.benchmarks.peers` and `tests.benchmarks.drafts` in words, for the README beside this file and for the project's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PEERS = Path(__file__).parent / "peers.json"
DRAFTS = Path(__file__).parent / "drafts.json"


def table(record: dict[str, Any], *, command: bool = False) -> list[str]:
    """The contestants side by side; with `command` each row has what it comes from."""
    head = [
        "labelled by", "sentences a second", "ms for one", "macro-F1", "blame: precision, recall",
        "peak MB", "one check from cold, s", "MB on disk", *(["command"] if command else []),
    ]  # fmt: skip
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for name, one in record["contestants"].items():
        macro = "-" if one.get("macro_f1") is None else f"{one['macro_f1']:.2f}"
        blame = f"{one['precision']:.2f}, {one['recall']:.2f}" if "precision" in one else "as above"
        cells = [
            one["title"],
            f"{one['rate']:,.0f}",
            f"{one['single']:.1f}",
            macro if "precision" in one else "as above",
            blame,
            f"{one['memory']:,.0f}" if "memory" in one else "-",
            f"{one['cold']:.1f}" if "cold" in one else "-",
            f"{one['bytes'] / 1e6:,.1f}",
            *([f"`{record['command']} --only {name}`"] if command else []),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def against(record: dict[str, Any]) -> str:
    """The sentence on the same weights elsewhere, and on the machine's ceiling."""
    found, parts = record["contestants"], []
    if "agreement" in record:
        ours, theirs = found["standard"], found["transformers"]
        parts.append(
            f"`standard` is {ours['rate'] / theirs['rate']:.1f} times as fast in bulk, and {theirs['single'] / ours['single']:.1f} "
            "times for one sentence, as the same weights in float32 through transformers, and gives the same label for "
            f"{record['agreement']:.1%} of the sentences."
        )
    if "ceiling" in record:
        rates = {name: rate for name, rate in record["ceiling"].items() if isinstance(rate, float)}
        most = max(rate for name, rate in rates.items() if name.startswith("float32") and "rows" not in name)
        own = record["encoder"]
        reached = record["encoder"]["operations"] * found["standard"]["rate"]
        parts.append(
            f"In bulk it makes {reached:.0f} thousand million operations a second, {reached / most:.0%} of what a large float32 matrix "
            f"product reaches on this machine ({most:.0f}); its encoder by itself makes {own['gigaoperations']:.0f} "
            f"({own['gigaoperations'] / most:.0%})."
        )
    return " ".join(parts)


def outdated(record: dict[str, Any], digest: str) -> str:
    """A sentence for where the `standard` that was measured is not the one that ships, whose digest is given; else nothing."""
    if record["model"] == digest:
        return ""
    return (
        f"**Measured with an earlier `standard`** (manifest {record['model'][:12]}; {digest[:12]} ships): the encoder is of the same "
        "size and arithmetic, but its labels, and so the macro-F1 and the agreement here, are the earlier one's."
    )


def drafted(record: dict[str, Any]) -> str:
    """The sentences on drafts."""
    over, times = record["html"] - record["arithmetic_with_words"], record["first"] / record["second"]
    return (
        f"A review of {record['words']:,} words goes from DOCX to an HTML report in {record['html']:.0f} s, {over:.1f} s more than "
        f"the encoder's own arithmetic ({record['arithmetic']:.0f} s for its sentences, {record['arithmetic_with_words']:.0f} s with "
        f"the readings that find the telling words); with one sentence changed, the next check of it is {times:.0f} times as fast as "
        f"the first; `scr-tone check` of one sentence takes {record['cold']:.1f} s from cold (`{record['command']}`)."
    )
