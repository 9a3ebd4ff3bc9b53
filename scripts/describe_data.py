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
from scr_tone.training.pointing import marked, shared_words
from scr_tone.training.train import FOR_ENCODERS, WRITTEN_FREELY

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


def aimed(authored: list[LabelledSentence], disputed: list[LabelledSentence]) -> list[str]:
    """A Markdown table of the files of `FOR_ENCODERS`: agreement over all that was written, and what was set aside."""
    lines = ["| file | aimed at | written | agreed | alpha | set aside |", "|---|---|---|---|---|---|"]
    rows: list[tuple[str, str, list[LabelledSentence], int]] = []
    for name, aim in FOR_ENCODERS.items():
        aside = [s for s in disputed if s.extra["file"] == name]
        rows.append((name, aim, [*(s for s in authored if s.file == name), *aside], len(aside)))
    rows.append(("**all**", "", [s for row in rows for s in row[2]], len(disputed)))
    for name, aim, written, aside_count in rows:
        pairs = [(s.label, s.extra["label_blind"]) for s in written]
        same = sum(a == b for a, b in pairs)
        lines.append(
            f"| {name} | {aim} | {len(pairs):,} | {same:,} ({same / len(pairs):.1%}) | {alpha(pairs):.3f} | {aside_count} |"
        )
    return lines


def factors() -> str:
    """How often each factor is tagged, and how far two readers agree."""
    rows, repeated = (
        list(map(json.loads, (DATA / name).read_text("utf-8").splitlines()))
        for name in ("factors.jsonl", "factors_again.jsonl")
    )
    first, again = ({row["id"]: set(row["factors"]) for row in found} for found in (rows, repeated))
    authors = {row["id"]: set(row["author"]) for row in rows if "author" in row}
    tags = Counter(tag for found in first.values() for tag in found)
    return (
        f"Factors of {len(first):,} sentences: {', '.join(f'{name} {count:,}' for name, count in tags.most_common())}; none "
        f"{sum(not found for found in first.values()):,}. Two readers of {len(again)} of them agree at a micro-F1 of "
        f"{agreement(first, again):.2f}, author and blind reader of {len(authors):,} others at {agreement(first, authors):.2f}."
    )


def doubts(authored: list[LabelledSentence], *, free: bool) -> float:
    """Share of the sentences with a second choice, of those whose writers knew of no labels or of the others."""
    found = [s.extra["second_choice"] in LABELS for s in authored if (s.file in WRITTEN_FREELY) == free]
    return sum(found) / len(found)


def marks(authored: list[LabelledSentence], review: list[LabelledSentence]) -> str:
    """How many sentences have words marked, and how far two readers mark the same."""
    first = marked(DATA / "telling.jsonl", authored) + marked(DATA / "telling_eval.jsonl", review)
    again = marked(DATA / "telling_again.jsonl", authored + review)
    by_text = {sentence.text: sentence for sentence in first}
    same = [shared_words(sentence.places[0], by_text[sentence.text]) for sentence in again]
    labels = Counter(sentence.label for sentence in first)
    return (
        f"Words marked in {len(first):,} sentences ("
        + ", ".join(f"{label} {count:,}" for label, count in labels.most_common())
        + f"). A second reader of {len(again)} of them shares {sum(same) / len(same):.2f} of the words (Dice, mean), and none with the "
        f"first in {sum(value == 0 for value in same) / len(same):.0%}."
    )


def agreement(first: dict[str, set[str]], second: dict[str, set[str]]) -> float:
    """Micro-F1 of the tags of two readers over the sentences of the second."""
    both = sum(len(found & first[name]) for name, found in second.items())
    return 2 * both / sum(len(found) + len(first[name]) for name, found in second.items())


def counts() -> str:
    """The generated part of the datasheet."""
    authored = read_labelled_folder(DATA / "authored")
    disputed = read_labelled(DATA / "disputed.jsonl")
    review = read_labelled(DATA / "evaluation" / "review_dev.jsonl")
    pairs = [(s.label, s.extra["label_blind"]) for s in [*authored, *disputed]]
    doubtful = sum(s.extra["second_choice"] in LABELS for s in authored)
    files = sorted({s.file for s in authored})
    rows = [(name, Counter(s.label for s in authored if s.file == name)) for name in files]
    rows.append(("**all**", Counter(s.label for s in authored)))
    lines = [
        f"{len(authored):,} sentences in {len(files)} files, {len({group_of(s) for s in authored}):,} groups (cases and "
        f"contrast sets). Author and blind annotator agree on {sum(a == b for a, b in pairs) / len(pairs):.1%} of them and "
        f"the {len(disputed)} of `disputed.jsonl` (Krippendorff's alpha {alpha(pairs):.3f}); a second choice was named for "
        f"{doubtful:,} of those in `authored/`: {doubts(authored, free=True):.0%} of what was written freely, "
        f"{doubts(authored, free=False):.0%} of the rest. "
        f"Fingerprint `{fingerprint(authored)[:16]}`.",
        "",
        *table(rows, LABELS),
        "",
        "The files aimed at measured confusions (below): what the two annotators said of all that was written for them. "
        f"Set aside in `disputed.jsonl`: {sum(s.label != s.extra['label_blind'] for s in disputed)} on which they differ, and "
        f"{sum('why' in s.extra for s in disputed)} for overlap, which say so under `why`.",
        "",
        *aimed(authored, disputed),
        "",
        "Whom responsibility is put on: "
        + ", ".join(f"{name} {count:,}" for name, count in Counter(s.extra["target"] for s in authored).most_common())
        + ". Voice: "
        + ", ".join(f"{name} {count:,}" for name, count in Counter(s.extra["voice"] for s in authored).most_common())
        + ".",
        "",
        factors(),
        "",
        marks(authored, review),
        "",
        "Folds: "
        + ", ".join(
            f"{fold}: {count:,}" for fold, count in sorted(Counter(fold_of(group_of(s)) for s in authored).items())
        )
        + ".",
        "",
    ]
    tagged = list(map(json.loads, (DATA / "factors_eval.jsonl").read_text("utf-8").splitlines()))
    one, other = ({row["id"]: set(row[key]) for row in tagged} for key in ("factors", "factors_blind"))
    kinds = Counter(s.extra["kind"] for s in review)
    lines += [
        f"`evaluation/review_dev.jsonl`: {len(review)} sentences ("
        + ", ".join(f"{label} {count}" for label, count in Counter(s.label for s in review).most_common())
        + "), by kind: "
        + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
        + f". Both annotators gave the same label to {sum(bool(s.extra['agreed']) for s in review)} of them. "
        f"Two readers of the factors of its {len(one)} `learning` sentences agree at a micro-F1 of {agreement(one, other):.2f}, on all "
        f"factors of {sum(one[name] == other[name] for name in one)}.",
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
