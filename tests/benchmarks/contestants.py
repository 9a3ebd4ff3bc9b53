"""Everybody who is measured against each other. Each has a process of its own, which does as it is told on standard input.

python -m tests.benchmarks.contestants NAME FOLDER              serves `tests.benchmarks.peers`
python -m tests.benchmarks.contestants NAME FOLDER --once TEXT  labels one sentence: a cold start

A loader returns a function from sentences to labels; what a contestant cannot say, being no classifier of four, is "".
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_BATCH = 32

Labeller = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True)
class Contestant:
    """One who labels sentences.

    Attributes
    ----------
    title : str
        In the tables.
    load : callable
        Given the folder of `tests.benchmarks.peer_models`.
    files : callable
        Files and folders that it needs beside the libraries, given the same folder.
    ours : bool
        Runs where the product runs; the others have an environment of their own.
    normalised : bool
        Is given the sentences as our encoder reads them (`scr_tone.normalise`), the time for that not counted.
    blame_only : bool
        Only says whether a sentence is flagged, which is compared with `blame`.
    labels_of : str, optional
        Gives the labels of that one, so that they are compared once.
    """

    title: str
    load: Callable[[Path], Labeller]
    files: Callable[[Path], list[Path]]
    ours: bool = False
    normalised: bool = False
    blame_only: bool = False
    labels_of: str | None = None


def _ours(name: str, *, words: bool) -> Labeller:
    import scr_tone

    tone = scr_tone.load(name)

    def run(texts: Sequence[str]) -> list[str]:
        tone.forget()  # else the second run would be a dictionary's
        if words:
            return [found.label for found in tone.label(texts)]
        return [scr_tone.LABELS[at] for at in tone.score_matrix(texts).argmax(1)]

    run.tone = tone  # type: ignore[attr-defined]
    return run


def _transformers(folder: Path) -> Labeller:
    import transformers
    from safetensors.torch import load_file

    from tests.benchmarks.peer_models import network

    transformers.logging.set_verbosity_error()
    place = folder / "transformers"
    module = network(transformers.MPNetConfig.from_pretrained(place))
    module.load_state_dict(load_file(place / "model.safetensors"))
    tokenizer = transformers.PreTrainedTokenizerFast.from_pretrained(place)
    found = transformers.pipeline("text-classification", model=module.eval(), tokenizer=tokenizer, device="cpu")

    def run(texts: Sequence[str]) -> list[str]:
        # The pipeline pads each batch to its longest sentence and does not sort, so a user who wants speed sorts.
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        labels = [""] * len(texts)
        for at, one in zip(order, found([texts[at] for at in order], batch_size=_BATCH, truncation=True), strict=True):
            labels[at] = one["label"]
        return labels

    return run


def _minilm(folder: Path) -> Labeller:
    import joblib
    from sentence_transformers import SentenceTransformer

    from tests.benchmarks.peer_models import minilm_folder

    body = SentenceTransformer(str(minilm_folder()), device="cpu")
    head = joblib.load(folder / "minilm" / "head.joblib")

    def run(texts: Sequence[str]) -> list[str]:
        # encode sorts by length, as SetFit's predict has it do
        return list(head.predict(body.encode(list(texts), batch_size=_BATCH, show_progress_bar=False)))

    return run


def _minilm_files(folder: Path) -> list[Path]:
    from tests.benchmarks.peer_models import minilm_folder

    return [minilm_folder() / name for name in ("model.safetensors", "tokenizer.json", "config.json")] + [
        folder / "minilm"
    ]


def _textcat(folder: Path) -> Labeller:
    import spacy

    nlp = spacy.load(folder / "textcat")
    return lambda texts: [max(doc.cats, key=doc.cats.get) for doc in nlp.pipe(texts, batch_size=256)]


def _word_list(folder: Path) -> Labeller:
    from scr_tone.cues import find_cues

    return lambda texts: ["blame" if find_cues(text, "blame") else "" for text in texts]


def _proselint(folder: Path) -> Labeller:
    from proselint.checks import __register__
    from proselint.registry import CheckRegistry
    from proselint.tools import LintFile

    CheckRegistry().register_many(__register__)
    return lambda texts: ["blame" if LintFile("text", content=text).lint() else "" for text in texts]


def _proselint_files(folder: Path) -> list[Path]:
    import importlib.util

    found = importlib.util.find_spec("proselint")
    assert found is not None and found.origin is not None
    return [Path(found.origin).parent]


CONTESTANTS = {
    "standard": Contestant(
        "scr-tone, `standard`",
        lambda _: _ours("standard", words=False),
        lambda _: [ROOT / "models/standard"],
        ours=True,
    ),
    "transformers": Contestant(
        "the same weights in float32, transformers' pipeline, PyTorch",
        _transformers,
        lambda folder: [folder / "transformers"],
        normalised=True,
    ),
    "minilm": Contestant("MiniLM-L6, frozen, and logistic regression, as SetFit serves it", _minilm, _minilm_files),
    "textcat": Contestant(
        "spaCy `textcat`, ensemble of CNN and bag of words", _textcat, lambda folder: [folder / "textcat"]
    ),
    "small": Contestant(
        "scr-tone, `small`", lambda _: _ours("small", words=False), lambda _: [ROOT / "models/small"], ours=True
    ),
    "cues": Contestant(
        "a list of words: our blame cues",
        _word_list,
        lambda _: [ROOT / "scr_tone/resources/cues.json"],
        ours=True,
        blame_only=True,
    ),
    "proselint": Contestant("proselint, whatever it finds", _proselint, _proselint_files, blame_only=True),
    "standard-words": Contestant(
        "scr-tone, `standard`, with the words that tell",
        lambda _: _ours("standard", words=True),
        lambda _: [ROOT / "models/standard"],
        ours=True,
        labels_of="standard",
    ),
    "small-words": Contestant(
        "scr-tone, `small`, with the words that tell",
        lambda _: _ours("small", words=True),
        lambda _: [ROOT / "models/small"],
        ours=True,
        labels_of="small",
    ),
}


def memory(what: str) -> float:
    """MB of this process: "VmHWM" the most that it ever had, "VmRSS" now. Not ru_maxrss, which a child begins with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(f"{what}:")[1].split()[0]) / 1024


def _size(path: Path) -> int:
    return (
        sum(_size(each) for each in path.iterdir() if each.name != "__pycache__")
        if path.is_dir()
        else path.stat().st_size
    )


def serve(contestant: Contestant, folder: Path) -> None:
    """Answer orders, one JSON object a line each way, until there are no more."""
    out = sys.stdout
    sys.stdout = sys.stderr  # what libraries print must not come between
    run = contestant.load(folder)
    texts: list[str] = []
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        answer: dict[str, Any] = {}
        match order.pop("do"):
            case "texts":
                texts = order["texts"]
                run(texts[:_BATCH])
            case "labels":
                answer["labels"] = run(texts)
                answer["memory"] = memory("VmHWM")
            case "bulk":
                part = texts[order["start"] : order["start"] + order["count"]]
                began = time.perf_counter()
                run(part)
                answer["seconds"] = time.perf_counter() - began
            case "single":
                spent = []
                for text in texts[order["start"] : order["start"] + order["count"]]:
                    began = time.perf_counter()
                    run([text])
                    spent.append(1000 * (time.perf_counter() - began))
                answer["median"] = statistics.median(spent)
            case "arithmetic":
                from tests.benchmarks.arithmetic import alone

                part, model = texts[order["start"] : order["start"] + order["count"]], run.tone._model  # type: ignore[attr-defined]
                answer["seconds"], answer["operations"] = alone(model, [model.normalised(text).text for text in part])
            case "size":
                answer["bytes"] = sum(map(_size, contestant.files(folder)))
        print(json.dumps(answer), file=out, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="One who labels sentences.")
    parser.add_argument("name", choices=CONTESTANTS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--once", metavar="TEXT")
    options = parser.parse_args()
    contestant = CONTESTANTS[options.name]
    if options.once is None:
        serve(contestant, options.folder)
    else:
        print(contestant.load(options.folder)([options.once]))


if __name__ == "__main__":
    main()
