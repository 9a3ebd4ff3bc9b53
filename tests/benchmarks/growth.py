"""Time and memory against the length of a document and the size of a corpus; both should grow in proportion.

python -m tests.benchmarks.growth              five minutes; writes the table in the README beside this file, and growth.png
python -m tests.benchmarks.growth --most 1000  a try up to so many sentences, which writes nothing

Each length has a process of its own, which has labelled a sentence before. An exponent of 1 is proportion, 2 is quadratic; it is
fitted over the lengths at which what is fixed no longer shows, which the table names.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.table import environment, machine, write_section
from tests.timing import exponent

ROOT = Path(__file__).resolve().parents[2]
PLOT = Path(__file__).parent / "growth.png"
#: Model and kind of text -> lengths. One sentence is measured in characters.
LENGTHS: Mapping[tuple[str, str], Sequence[int]] = {
    ("small", "sentences"): (1, 10, 100, 1_000, 10_000, 100_000),
    ("standard", "sentences"): (1, 10, 100, 1_000, 3_000),
    ("small", "characters"): (1_000, 10_000, 100_000, 1_000_000),
    ("standard", "characters"): (1_000, 10_000, 100_000, 1_000_000),
}
CORPUS = (10, 40, 160)
#: Where a fit begins: below, starting up and single allocations are most of it.
FROM = {"sentences": 100, "characters": 10_000, "documents": 10}
#: Of memory, later: the system gives it out in pieces.
FROM_MEMORY = {"sentences": 1_000, "characters": 100_000}


@dataclass(frozen=True)
class Point:
    """What one length took."""

    size: int
    seconds: float
    memory: float


def text_of(kind: str, size: int) -> str:
    """So many sentences in paragraphs of six, with the label shares of real reviews; or one sentence of so many characters."""
    from tests.benchmarks.make_corpus import draw

    chosen = random.Random(0)
    if kind == "sentences":
        found = draw(chosen, size)
        return "\n\n".join(" ".join(found[at : at + 6]) for at in range(0, size, 6))
    clauses = ("the nurse failed to ring and ", "the school should have asked why and ", "caseloads were high and ")
    return "It says that " + "".join(chosen.choices(clauses, k=size // 20))[: size - 14] + "."


def measure(model: str, kind: str, size: int) -> Point:
    """Analyse it in this process."""
    import scr_tone
    from tests.benchmarks.contestants import memory

    text = text_of(kind, size)
    tone = scr_tone.load(model)
    tone.analyse("The nurse failed to call back.")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the most that it had begins anew
    before, began = memory("VmRSS"), time.perf_counter()
    report = tone.analyse(text)
    seconds = time.perf_counter() - began
    assert report.sentences
    return Point(size, seconds, max(0.0, memory("VmHWM") - before))


def elsewhere(model: str, kind: str, size: int) -> Point:
    """Analyse it in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.growth", "--measure", model, kind, str(size)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), check=True, stdout=subprocess.PIPE, text=True, timeout=900
    )
    point = Point(**json.loads(done.stdout.splitlines()[-1]))
    print(f"{model} {kind} {size:,}: {point.seconds:.3f} s, {point.memory:.1f} MB", flush=True)
    return point


def corpora(sizes: Sequence[int]) -> list[Point]:
    """`scr-tone corpus` with `small` and one worker over so many documents; memory of all its processes."""
    from tests.benchmarks.corpus import corpus
    from tests.benchmarks.make_corpus import make

    with tempfile.TemporaryDirectory() as name:
        manifest = make(Path(name) / "corpus", max(sizes))
        rows = manifest.read_text(encoding="utf-8").splitlines()
        found = []
        for size in sizes:
            part = manifest.with_name(f"{size}.csv")
            part.write_text("\n".join(rows[: size + 1]) + "\n", encoding="utf-8")
            print(f"small documents {size:,}", flush=True)
            run = corpus(part, Path(name) / f"{size}.parquet", "--model", "small", "--workers", 1)
            found.append(Point(size, run.seconds, run.peak[1]))
        return found


def fitted(kind: str, points: Sequence[Point]) -> tuple[float | None, float | None]:
    """Exponents of time and of memory, where there are three lengths or more to fit, of memory two."""
    slow = [one for one in points if one.size >= FROM[kind]]
    large = [one for one in points if one.size >= FROM_MEMORY.get(kind, 0) and one.memory > 0]
    return (
        exponent([one.size for one in slow], [one.seconds for one in slow]) if len(slow) >= 3 else None,
        exponent([one.size for one in large], [one.memory for one in large]) if len(large) >= 2 else None,
    )


def plot(found: Mapping[tuple[str, str], Sequence[Point]]) -> None:
    """Time and memory against length, on logarithmic scales, with a line of proportion through the longest."""
    from matplotlib.figure import Figure

    from scr_tone.plots.canvas import GREY, LINES, MARKS, SIZE
    from scr_tone.rendering.palette import inks

    figure = Figure(figsize=(7, 2.9), layout="constrained")
    styles = dict(zip(("small", "standard"), ("learning", "blame"), strict=True))
    axes = figure.subplots(1, 3)
    panels = (("sentences", "seconds"), ("sentences", "memory"), ("documents", "seconds"))
    for ax, (kind, what) in zip(axes, panels, strict=True):
        for (model, its), points in found.items():
            if its != kind:
                continue
            style = styles[model]
            kept = [one for one in points if what == "seconds" or one.size >= FROM_MEMORY[kind]]
            values = [getattr(one, what) for one in kept]
            sizes = [one.size for one in kept]
            ax.plot(
                sizes,
                values,
                linestyle=LINES[style],
                marker=MARKS[style],
                color=inks()[style],
                markersize=3.5,
                linewidth=1,
                label=model,
            )
            ax.plot(sizes, [values[-1] * size / sizes[-1] for size in sizes], ":", color=GREY, linewidth=0.8)
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.minorticks_off()
        ax.set_xlabel(kind, size=SIZE["text"])
        ax.set_title({"seconds": "seconds", "memory": "MB, beside the model"}[what], loc="left", size=SIZE["title"])
        ax.tick_params(labelsize=SIZE["text"], length=2.5, color=GREY)
        ax.spines[["top", "right"]].set_visible(False)
        ax.spines[["left", "bottom"]].set_color(GREY)
    axes[0].legend(fontsize=SIZE["text"], frameon=False, loc="upper left")
    figure.supxlabel("Dotted: in proportion to the longest.", x=0.01, ha="left", size=SIZE["small"], color=GREY)
    figure.savefig(PLOT, dpi=120, metadata={"Software": None})


def lines(found: Mapping[tuple[str, str], Sequence[Point]], load: float) -> list[str]:
    """The section in the README beside this file."""
    rows = []
    for (model, kind), points in found.items():
        unit = "one sentence, characters" if kind == "characters" else kind
        slow, large = (f"{one:.2f}" if one is not None else "-" for one in fitted(kind, points))
        rows += [f"| `{model}` | {unit} | {one.size:,} | {one.seconds:.3f} | {one.memory:.1f} | | |" for one in points]
        rows.append(f"| `{model}` | **{unit}, exponent** | from {FROM[kind]:,} | | | **{slow}** | **{large}** |")
    return [
        "## Growth",
        "",
        "Seconds of `analyse` and the memory that it took beside the model's, a process for each length; documents are "
        "`scr-tone corpus` with one "
        f"worker, its memory that of all its processes ({machine()}; load when it began {load:.1f}). An exponent of 1 "
        "is proportion; that of memory is "
        f"fitted from {FROM_MEMORY['sentences']:,} sentences and {FROM_MEMORY['characters']:,} characters. Of a "
        "sentence `standard` reads 128 tokens.",
        "",
        "![Time and memory against length, on logarithmic scales](growth.png)",
        "",
        "| model | of | how many | seconds | MB | exponent of time | of memory |",
        "|---|---|---|---|---|---|---|",
        *rows,
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description="Growth, measured.")
    parser.add_argument("--most", type=int, help="sentences, characters and documents, for a try")
    parser.add_argument(
        "--measure", nargs=3, metavar=("MODEL", "KIND", "SIZE"), help="what the command has new processes do"
    )
    options = parser.parse_args()
    if options.measure:
        model, kind, size = options.measure
        print(json.dumps(vars(measure(model, kind, int(size)))))
        return
    load, most = os.getloadavg()[0], options.most or 10**9
    found = {
        (model, kind): [elsewhere(model, kind, size) for size in sizes if size <= most]
        for (model, kind), sizes in LENGTHS.items()
    }
    found["small", "documents"] = corpora([size for size in CORPUS if size <= most] or [2, 4, 8])
    print("\n".join(lines(found, load)))
    if options.most:
        print("\nnot written: a try")
    else:
        write_section("growth", lines(found, load))
        plot(found)


if __name__ == "__main__":
    main()
