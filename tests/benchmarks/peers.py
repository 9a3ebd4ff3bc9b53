"""The models that ship beside what else one could use, on the same held-out sentences in one run.

python -m tests.benchmarks.peers                    all of it, seven minutes on two cores; the peers' models are made first
python -m tests.benchmarks.peers --prepare          makes the peers' models only, some minutes, once
python -m tests.benchmarks.peers --only standard --only minilm       some of them; writes nothing
python -m tests.benchmarks.peers --bulk 40 --all 80                  a try; writes nothing

The peers run in an environment of their own (`make peers` makes it from lock/peers.txt). Every contestant has a process of its
own; they are timed in turn, so that a busy moment of the machine falls on all. A full run writes the table in the README beside
this file and ``peers.json``, of which the project's README is made.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from scr_tone.artefact import load
from scr_tone.encoder import EncoderModel
from scr_tone.evaluation import metrics
from scr_tone.labelled import read_labelled_folder
from scr_tone.normalise import normalise
from scr_tone.records import LABELS
from scr_tone.scorer import probabilities
from scr_tone.training.examples import held_out
from scr_tone.training.train import FOR_ENCODERS, fit
from tests.benchmarks.arithmetic import KERNEL
from tests.benchmarks.contestants import CONTESTANTS
from tests.benchmarks.peer_tables import PEERS, against, table
from tests.benchmarks.speed import timed
from tests.benchmarks.table import environment, machine, write_section

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "python -m tests.benchmarks.peers"
BULK, SINGLE, ROUNDS = 500, 60, 3
#: Seconds after which a contestant that has not answered is ended.
PATIENCE = 900
ONE = "The nurse failed to call back."


class Process:
    """A contestant at work."""

    def __init__(self, python: str, name: str, folder: Path, errors: Path) -> None:
        self.name, self._errors = name, errors
        command = [python, "-m", "tests.benchmarks.contestants", name, str(folder)]
        with open(errors, "w", encoding="utf-8") as file:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )

    def ask(self, do: str, **order: Any) -> dict[str, Any]:
        """Have it do something, and wait for what comes of it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        watch = threading.Timer(PATIENCE, self._process.kill)
        watch.start()
        try:
            self._process.stdin.write(json.dumps({"do": do, **order}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            watch.cancel()
        if not line:
            raise SystemExit(f"{self.name} did not answer {do!r}:\n{self._errors.read_text(encoding='utf-8')[-2000:]}")
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def processes(names: Sequence[str], python: str, folder: Path) -> Iterator[dict[str, Process]]:
    """All at once: those that are not asked anything wait and take no time."""
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        found = {}
        for name in names:
            own = sys.executable if CONTESTANTS[name].ours else python
            found[name] = Process(own, name, folder, Path(place) / f"{name}.txt")
            stack.callback(found[name].end)
        yield found


def held(count: int | None) -> tuple[list[str], list[str], list[str]]:
    """Sentences of the cases that nobody trained on, in an order that means nothing; the same as the encoder reads them; labels."""
    found = [s for s in read_labelled_folder(ROOT / "data" / "authored") if held_out(s)]
    random.Random(0).shuffle(found)
    found = found[:count]
    model = load("standard").model
    assert isinstance(model, EncoderModel)
    plain = [s.text for s in found]
    normalised = [normalise(text, model.files.common, model.files.names).text for text in plain]
    return plain, normalised, [s.label for s in found]


def unseen(texts: Sequence[str]) -> list[str]:
    """Labels by n-grams as `small` has them, but fitted without the cases of these texts, of which what ships has seen all."""
    authored = read_labelled_folder(ROOT / "data" / "authored")
    model, _ = fit([s for s in authored if s.file not in FOR_ENCODERS and not held_out(s)], folds=0)
    order = model.heads["label"].classes
    return [order[at] for at in probabilities(model, texts).argmax(1)]


def scores(truth: Sequence[str], found: Sequence[str], *, blame_only: bool) -> dict[str, float | None]:
    """Macro-F1, and precision and recall of blame."""
    neither = LABELS.index("neutral")  # a contestant that does not flag a sentence says no more of it
    chosen = np.eye(len(LABELS))[[LABELS.index(label) if label else neither for label in found]]
    figures = metrics(truth, chosen, resamples=0)
    blame = figures["per_label"]["blame"]
    macro = None if blame_only else float(figures["macro_f1"])
    return {"macro_f1": macro, "precision": blame["precision"], "recall": blame["recall"]}


def cold(name: str, python: str, folder: Path, repeats: int) -> tuple[float, float]:
    """Seconds and peak MB of a new process that checks one sentence; of ours it is the whole command."""
    with tempfile.TemporaryDirectory() as place:
        text = Path(place) / "one.txt"
        text.write_text(ONE, encoding="utf-8")
        if name in ("standard", "small"):
            return timed("-m", "scr_tone", "check", "--model", name, str(text), repeats=repeats)
        own = sys.executable if CONTESTANTS[name].ours else python
        command = ("-m", "tests.benchmarks.contestants", name, str(folder), "--once", ONE)
        return timed(*command, repeats=repeats, python=own)


def ceiling(python: str, tokens: int, seconds: float) -> dict[str, Any]:
    """See `tests.benchmarks.arithmetic.ceilings`."""
    command = [python, "-m", "tests.benchmarks.arithmetic", str(tokens), str(seconds)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), check=True, capture_output=True, text=True, timeout=PATIENCE
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Everything, as the record keeps it."""
    names = options.only or list(CONTESTANTS)
    began = os.getloadavg()[0]
    plain, normalised, truth = held(options.all)
    bulk, single = min(options.bulk, len(plain)), min(options.single, len(plain))
    found: dict[str, dict[str, Any]] = {name: {"title": CONTESTANTS[name].title} for name in names}
    labels: dict[str, list[str]] = {}
    encoder: dict[str, Any] = {}
    with processes(names, options.python, folder) as at_work:
        for name, process in at_work.items():
            print(f"{name}: all {len(plain):,} sentences", flush=True)
            process.ask("texts", texts=normalised if CONTESTANTS[name].normalised else plain)
            found[name]["bytes"] = process.ask("size")["bytes"]
            if CONTESTANTS[name].labels_of is None:
                answer = process.ask("labels")
                labels[name] = unseen(plain) if name == "small" else answer["labels"]
                found[name] |= scores(truth, labels[name], blame_only=CONTESTANTS[name].blame_only)
                found[name]["memory"] = answer["memory"]
        for number in range(options.rounds):
            print(f"round {number + 1}", flush=True)
            for name, process in at_work.items():
                seconds = process.ask("bulk", start=0, count=bulk)["seconds"]
                found[name]["rate"] = max(found[name].get("rate", 0.0), bulk / seconds)
            if "standard" in at_work:
                bare = at_work["standard"].ask("arithmetic", start=0, count=bulk)
                if bulk / bare["seconds"] > encoder.get("rate", 0.0):
                    encoder = {
                        "rate": bulk / bare["seconds"],
                        "gigaoperations": bare["operations"] / bare["seconds"] / 1e9,
                    }
                    encoder["operations"] = bare["operations"] / bulk / 1e9
        print("one by one", flush=True)
        for name, process in at_work.items():
            found[name]["single"] = process.ask("single", start=len(plain) - single, count=single)["median"]
    print("cold starts", flush=True)
    for name in names:
        if CONTESTANTS[name].labels_of is None:
            found[name]["cold"], found[name]["cold_memory"] = cold(name, options.python, folder, options.rounds)
    record: dict[str, Any] = {
        "command": COMMAND,
        "machine": machine(),
        "model": load("standard").digest,
        "load": began,
        "sentences": len(plain),
        "bulk": bulk,
        "rounds": options.rounds,
        "single": single,
        "contestants": found,
    }
    if {"standard", "transformers"} <= set(names):
        pairs = zip(labels["standard"], labels["transformers"], strict=True)
        record["agreement"] = sum(one == other for one, other in pairs) / len(plain)
    if encoder:
        tokens = load("standard").model._encode(normalised[:bulk])  # type: ignore[union-attr]
        middle = round(statistics.median(len(ids) for ids, _ in tokens))
        print("the machine's own ceiling", flush=True)
        record |= {"encoder": encoder, "tokens": middle, "ceiling": ceiling(options.python, middle, options.ceiling)}
    return record


def lines(record: dict[str, Any]) -> list[str]:
    """The section in the README beside this file."""
    found = [
        "## Beside peers",
        "",
        f"{record['sentences']:,} sentences of held-out cases, on which nobody was trained: labels of all of them; "
        f"{record['bulk']} in bulk, best of {record['rounds']} runs taken in turn; {record['single']} one by one, the median of a warm "
        f"process; a process for each, on two threads where it can ({record['machine']}; load when it began {record['load']:.1f}). "
        "Memory is the most that the process had after labelling all. From cold is a new process that labels one sentence; of ours it is "
        "the whole command `scr-tone check`, which reads a file and writes a report. The others were trained on the "
        "same sentences as ours, "
        "MiniLM's weights being left as they are; `small` ships trained on all cases, so its labels here are those of a copy fitted "
        "without these; lists of words flag, which is compared with `blame`. transformers is "
        "given sentences sorted "
        "by length, in batches of 32, and as our encoder reads them.",
        "",
        *table(record, command=True),
        "",
        against(record),
    ]
    if "ceiling" in record:
        rates = {name: rate for name, rate in record["ceiling"].items() if isinstance(rate, float)}
        own, record_tokens = record["encoder"], record["tokens"]
        found += [
            "",
            f"A sentence of {record_tokens} tokens, the median, takes {record['encoder']['operations']:.2f} thousand "
            "million operations on average over "
            f"the run: for n tokens, 6 · (2n(4d² + 2df) + 4n²d) (6 layers, d = 768, f = 3072; `tests/benchmarks/arithmetic.py`).",
            "",
            "| matrix products on this machine, two threads | thousand million operations a second | the encoder by itself, of it |",
            "|---|---|---|",
            *(f"| {name} | {rate:,.0f} | {own['gigaoperations'] / rate:.0%} |" for name, rate in rates.items()),
            "",
            f"The large ones are of 2,048 by 2,048; those of {record_tokens} rows are a sentence's by 768 by 3,072, one on each thread, as "
            f"the encoder reads. numpy's kernel: {record['ceiling'][KERNEL]}.",
        ]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="The models that ship, beside peers.")
    parser.add_argument("--only", action="append", choices=CONTESTANTS, help="these; all if not given")
    parser.add_argument("--bulk", type=int, default=BULK, help="sentences in bulk")
    parser.add_argument("--single", type=int, default=SINGLE, help="sentences one by one")
    parser.add_argument("--all", type=int, help="sentences to compare labels on; all held-out ones if not given")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--ceiling", type=float, default=2.0, metavar="SECONDS", help="for each matrix product")
    parser.add_argument("--python", default=str(ROOT / ".venv-peers/bin/python"), help="of the peers' environment")
    parser.add_argument("--folder", type=Path, default=ROOT / "build/peers", help="of the peers' models")
    parser.add_argument("--limit", type=int, help="of the sentences that peers are trained on, for a try")
    parser.add_argument("--prepare", action="store_true", help="make the peers' models and end")
    options = parser.parse_args()
    folder = options.folder.resolve()
    make = [options.python, "-m", "tests.benchmarks.peer_models", str(folder)]
    make += ["--limit", str(options.limit)] if options.limit else []
    subprocess.run(make, cwd=ROOT, env=environment(), check=True, stderr=subprocess.DEVNULL, timeout=3600)
    if options.prepare:
        return
    record = measure(options, folder)
    print("\n".join(lines(record)))
    whole = options.bulk >= BULK and options.single >= SINGLE and options.rounds >= ROUNDS
    if whole and not (options.only or options.all or options.limit):
        PEERS.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        write_section("peers", lines(record))
    else:
        print("\nnot written: a try")


if __name__ == "__main__":
    main()
