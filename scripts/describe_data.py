"""Count what is in data/ and write the tables of the datasheet, and the fixed split.

python scripts/describe_data.py            # rewrite data/README.md between its markers, and data/split.json
python scripts/describe_data.py --check    # fail if either is out of date
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from scr_tone.labelled import (
    FOLDS,
    LabelledSentence,
    fingerprint,
    fold_of,
    group_of,
    read_labelled,
    read_labelled_folder,
)
from scr_tone.records import LABELS

DATA = Path(__file__).resolve().parent.parent / "data"
BEGIN, END = "<!-- counts: written by scripts/describe_data.py -->", "<!-- end of counts -->"


def alpha(pairs: list[tuple[str, str]]) -> float:
    """Krippendorff's alpha for two annotators and nominal labels (Krippendorff 2011)."""
    values = Counter(label for pair in pairs for label in pair)
    total = sum(values.values())
    observed = sum(a != b for a, b in pairs) / len(pairs)
    expected = 1 - sum(count * (count - 1) for count in values.values()) / (total * (total - 1))
    return 1 - observed / expected


def table(counts: list[tuple[str, Counter[str]]], heads: tuple[str, ...]) -> list[str]:
    """A Markdown table of counts, a row each."""
    lines = [f"| file | {' | '.join(heads)} | all |", "|---" * (len(heads) + 2) + "|"]
    for name, counter in counts:
        lines.append(f"| {name} | {' | '.join(f'{counter[head]:,}' for head in heads)} | {sum(counter.values()):,} |")
    return lines


def counts() -> str:
    """The generated part of the datasheet."""
    authored = read_labelled_folder(DATA / "authored")
    pairs = [(s.label, s.extra["label_blind"]) for s in authored]
    doubtful = sum(s.extra["second_choice"] in LABELS for s in authored)
    files = sorted({s.file for s in authored})
    rows = [(name, Counter(s.label for s in authored if s.file == name)) for name in files]
    rows.append(("**all**", Counter(s.label for s in authored)))
    lines = [
        f"{len(authored):,} sentences in {len(files)} files, {len({group_of(s) for s in authored}):,} groups (cases and "
        f"contrast sets). Author and blind annotator agree on {sum(a == b for a, b in pairs) / len(pairs):.1%} "
        f"(Krippendorff's alpha {alpha(pairs):.3f}); a second choice was named for {doubtful:,}. "
        f"Fingerprint `{fingerprint(authored)[:16]}`.",
        "",
        *table(rows, LABELS),
        "",
        "Whom responsibility is put on: "
        + ", ".join(f"{name} {count:,}" for name, count in Counter(s.extra["target"] for s in authored).most_common())
        + ". Voice: "
        + ", ".join(f"{name} {count:,}" for name, count in Counter(s.extra["voice"] for s in authored).most_common())
        + ".",
        "",
        "Folds: "
        + ", ".join(
            f"{fold}: {count:,}" for fold, count in sorted(Counter(fold_of(group_of(s)) for s in authored).items())
        )
        + ".",
        "",
    ]
    review = read_labelled(DATA / "evaluation" / "review_dev.jsonl")
    kinds = Counter(s.extra["kind"] for s in review)
    lines += [
        f"`evaluation/review_dev.jsonl`: {len(review)} sentences ("
        + ", ".join(f"{label} {count}" for label, count in Counter(s.label for s in review).most_common())
        + "), by kind: "
        + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
        + f". Both annotators gave the same label to {sum(bool(s.extra['agreed']) for s in review)} of them.",
    ]
    return "\n".join(lines)


def split(sentences: list[LabelledSentence]) -> str:
    """The split as JSON: group -> fold."""
    folds = {group: fold_of(group) for group in sorted({group_of(s) for s in sentences})}
    return json.dumps({"folds": FOLDS, "held_out": 0, "groups": folds}, indent=0, ensure_ascii=False) + "\n"


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    readme = DATA / "README.md"
    text = readme.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    wanted = {
        readme: f"{head}{BEGIN}\n{counts()}\n{END}{tail}",
        DATA / "split.json": split(read_labelled_folder(DATA / "authored")),
    }
    stale = [
        path for path, content in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != content
    ]
    if options.check:
        for path in stale:
            print(f"{path.name} is out of date: run python scripts/describe_data.py")
        return bool(stale)
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
