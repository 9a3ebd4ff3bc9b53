"""The network's training and export, on a toy of it; skipped where PyTorch is not installed (the extra ``train``).

python -m pytest tests/test_neural.py
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
pytest.importorskip("transformers", reason="needs the extra 'train'")
pytest.importorskip("onnx", reason="needs the extra 'train'")

from safetensors.torch import load_file, save_file  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402
from tokenizers.models import WordPiece  # noqa: E402
from tokenizers.pre_tokenizers import BertPreTokenizer  # noqa: E402
from tokenizers.processors import RobertaProcessing  # noqa: E402
from transformers import AutoModel, MPNetConfig  # noqa: E402

import scr_tone  # noqa: E402
from scr_tone.encoder import EncoderFiles, EncoderModel  # noqa: E402
from scr_tone.labelled import LabelledSentence  # noqa: E402
from scr_tone.records import LABELS  # noqa: E402
from scr_tone.scorer import Head  # noqa: E402
from scr_tone.training import standard  # noqa: E402
from scr_tone.training.examples import CLASSES, Examples, soft_label  # noqa: E402
from scr_tone.training.neural.export import export, shrink  # noqa: E402
from scr_tone.training.neural.fine_tune import (  # noqa: E402
    Recipe,
    fine_tune,
    teacher_logits,
    write_teacher_logits,
)
from scr_tone.training.neural.loop import Schedule  # noqa: E402
from scr_tone.training.neural.network import (  # noqa: E402
    Network,
    TokenIds,
    cut,
    load_network,
    padded,
    save_network,
)
from scr_tone.training.neural.quantise import quantise, smooth  # noqa: E402
from scr_tone.training.neural.restore import restored  # noqa: E402

WORDS = [
    "the", "nurse", "failed", "should", "caseloads", "were", "high", "accepts", "apologises", "visited", "on", "may", ".",
    ",", "a", "of", "school",
]  # fmt: skip
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]


@pytest.fixture
def toy() -> tuple[Network, TokenIds]:
    torch.manual_seed(0)
    vocabulary = [*SPECIAL, *"abcdefghijklmnopqrstuvwxyz", *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"), *WORDS]
    tokenizer = Tokenizer(WordPiece({word: at for at, word in enumerate(dict.fromkeys(vocabulary))}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.post_processor = RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    config = MPNetConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=3, num_attention_heads=4,
        intermediate_size=64, max_position_embeddings=140,
    )  # fmt: skip
    return Network(AutoModel.from_config(config, add_pooling_layer=False), 32), TokenIds(tokenizer)


TEXTS = [
    "the nurse failed . ", "caseloads were high , of the school", "the school accepts", "visited on may .",
    "the nurse should", "a school of high caseloads were failed on may , the nurse apologises .",
]  # fmt: skip


def examples() -> Examples:
    sentences = [
        LabelledSentence(text, LABELS[at % 4], "f", {"id": f"{at}-{copy}", "case": f"{at}-{copy}"})
        for copy in range(8)
        for at, text in enumerate(TEXTS)
    ]
    targets = {name: np.full((len(sentences), len(classes)), np.nan, np.float32) for name, classes in CLASSES.items()}
    targets["label"] = np.stack([soft_label(sentence) for sentence in sentences])
    targets["factors"][0] = 0
    held = np.arange(len(sentences)) % 12 == 0
    return Examples(sentences, [s.text for s in sentences], targets, held, frozenset(WORDS), frozenset())


def pooled(network: Network, tokens: TokenIds, texts: list[str]) -> np.ndarray:
    network.eval()
    with torch.no_grad():
        return np.concatenate(
            [(network.states(*padded([ids], tokens.pad)).sum(1) / len(ids)).numpy() for ids in tokens(texts)]
        )


def features(model: EncoderModel, texts: list[str]) -> np.ndarray:
    """What the heads see: the mean of the token states of each sentence."""
    return np.stack([states.mean(0) for states, _ in model.states(texts)])


def runtime(graph: bytes, tokens: TokenIds, *, alone: bool) -> EncoderModel:
    head = Head(LABELS, np.eye(32, 4, dtype=np.float32), np.zeros(4, np.float32), 1.0, np.full(4, 0.25, np.float32))
    files = EncoderFiles(graph, tokens.tokenizer.to_str(), frozenset(WORDS), frozenset(), alone)
    return EncoderModel(files, {"label": head})


def test_the_graph_computes_what_the_network_computes_at_any_length(toy) -> None:
    network, tokens = toy
    wanted = pooled(network, tokens, TEXTS)
    graph = export(network)
    assert np.abs(features(runtime(graph, tokens, alone=False), TEXTS) - wanted).max() < 1e-5
    assert np.abs(features(runtime(shrink(graph), tokens, alone=False), TEXTS) - wanted).max() < 0.02


def test_eight_bits_stay_close_and_smoothing_changes_nothing(toy) -> None:
    network, tokens = toy
    wanted = pooled(network, tokens, TEXTS)
    smooth(network, tokens, TEXTS)
    assert np.abs(pooled(network, tokens, TEXTS) - wanted).max() < 1e-4
    found = features(runtime(quantise(export(network)), tokens, alone=True), TEXTS)
    spread = np.abs(wanted - wanted.mean(0)).mean()
    assert np.abs(found - wanted).mean() < 0.3 * spread
    assert np.array_equal(found[2:3], features(runtime(quantise(export(network)), tokens, alone=True), TEXTS[2:3]))


def test_a_head_that_weighs_the_tokens_gives_what_the_network_gives(toy) -> None:
    network, tokens = toy
    layer = network.heads["factors"]
    logits = network.eval()(*padded(tokens(TEXTS), tokens.pad))["factors"]
    torch.nn.init.normal_(layer.focus)
    weighed = network(*padded(tokens(TEXTS), tokens.pad))["factors"].detach().numpy()
    assert abs(weighed - logits.detach().numpy()).max() > 0.01  # it was the mean before
    coef, bias, focus = (found.detach().numpy() for found in (layer.weight.T, layer.bias, layer.focus.T))
    heads = {"label": Head(LABELS, np.eye(32, 4, dtype=np.float32), np.zeros(4, np.float32), 1.0, np.full(4, 0.25))}
    heads["factors"] = Head(CLASSES["factors"], coef, bias, 1.0, np.full(11, 0.1, np.float32), focus)
    files = EncoderFiles(export(network), tokens.tokenizer.to_str(), frozenset(WORDS), frozenset(), alone=False)
    found = [reading.logits("factors") for reading in EncoderModel(files, heads).read(TEXTS)]
    assert np.allclose(found, weighed, atol=1e-4)


def test_a_network_from_before_a_head_weighed_its_tokens_is_read_as_it_was(toy, tmp_path: Path) -> None:
    network, tokens = toy
    save_network(network, tokens, tmp_path)
    state = load_file(tmp_path / "model.safetensors")
    del state["heads.factors.focus"]
    save_file(state, tmp_path / "model.safetensors")
    again, _ = load_network(tmp_path)
    assert not again.heads["factors"].focus.any()


def all_heads(network: Network) -> dict[str, Head]:
    found = {}
    for name, layer in network.heads.items():
        arrays = {one: values.detach().numpy().T.copy() for one, values in layer.named_parameters()}
        prior = np.full(len(CLASSES[name]), 1 / len(CLASSES[name]), np.float32)
        found[name] = Head(CLASSES[name], arrays["weight"], arrays["bias"], 2.0, prior, arrays.get("focus"))
    return found


def test_a_network_comes_back_from_the_model_that_was_made_of_it(toy) -> None:
    network, tokens = toy
    torch.nn.init.normal_(network.heads["factors"].focus)
    heads = all_heads(network)
    smooth(network, tokens, TEXTS)
    files = EncoderFiles(quantise(export(network)), tokens.tokenizer.to_str(), frozenset(WORDS), frozenset(), True)
    model = EncoderModel(files, heads)
    again, read = restored(model)
    wanted = list(model.read(TEXTS))
    with torch.no_grad():
        found = again.eval()(*padded(read(TEXTS), read.pad))
    for name in heads:
        logits = np.array([reading.logits(name) for reading in wanted])
        spread = np.abs(logits - logits.mean(0)).mean()
        assert np.abs(found[name].numpy() - logits).mean() < 0.2 * spread, name  # eight bits round the states, too


def test_a_network_does_not_come_back_from_float32(toy) -> None:
    network, tokens = toy
    with pytest.raises(scr_tone.ConfigError, match="no eight-bit layers"):
        restored(runtime(export(network), tokens, alone=False))


def test_a_sentence_can_be_in_a_pass_more_than_once(toy, tmp_path: Path, monkeypatch) -> None:
    from scr_tone.training.neural import fine_tune as module

    network, tokens = toy
    seen: list[int] = []
    monkeypatch.setattr(
        module, "run", lambda network, batches, *_, **__: [seen.extend(batch) for batch in batches] and 0
    )
    known = examples()
    times = np.where(np.arange(len(known.texts)) < 12, 3, 1)
    fine_tune(network, tokens, known, Recipe(1, Schedule(1e-3, 1e-2), batch=8), tmp_path, times=times)
    assert len(seen) == times[~known.held].sum() == 3 * 11 + 33


def test_a_cut_with_all_layers_is_the_same_network(toy) -> None:
    network, tokens = toy
    same, short = cut(network, tokens, range(3), TEXTS)
    assert np.abs(pooled(same, short, TEXTS) - pooled(network, tokens, TEXTS)).max() < 1e-5
    smaller, _ = cut(network, tokens, [0, 2], TEXTS)
    first = network.encoder.encoder.layer[2].output.dense.weight
    assert torch.equal(smaller.encoder.encoder.layer[1].output.dense.weight, first)


def test_saved_and_loaded(toy, tmp_path: Path) -> None:
    network, tokens = toy
    save_network(network, tokens, tmp_path / "n")
    again, read = load_network(tmp_path / "n")
    assert np.array_equal(pooled(again, read, TEXTS), pooled(network, tokens, TEXTS))


def test_training_learns_and_an_interrupted_run_ends_the_same(toy, tmp_path: Path, monkeypatch) -> None:
    network, tokens = toy
    start = {name: value.clone() for name, value in network.state_dict().items()}
    recipe = Recipe(12, Schedule(1e-3, 1e-2, checkpoint_seconds=0), batch=8, seed=5)
    said: list[str] = []
    met = fine_tune(network, tokens, examples(), recipe, tmp_path / "whole", say=said.append)
    assert not (tmp_path / "whole" / "checkpoint.pt").exists()
    assert np.isnan(met[examples().held]).all()
    assert np.isfinite(met[~examples().held]).all()
    truth = np.array([LABELS.index(s.label) for s in examples().sentences])
    assert (met.argmax(1) == truth)[~examples().held].mean() > 0.9
    whole = {name: value.clone() for name, value in network.state_dict().items()}

    class StopError(Exception):
        pass

    calls = 0
    clip = torch.nn.utils.clip_grad_norm_

    def interrupted(*arguments, **named):
        nonlocal calls
        calls += 1
        if calls == 20:
            raise StopError
        return clip(*arguments, **named)

    network.load_state_dict(start)
    monkeypatch.setattr(torch.nn.utils, "clip_grad_norm_", interrupted)
    with pytest.raises(StopError):
        fine_tune(network, tokens, examples(), recipe, tmp_path / "part")
    again = fine_tune(network, tokens, examples(), recipe, tmp_path / "part")
    assert all(torch.equal(value, whole[name]) for name, value in network.state_dict().items())
    assert np.array_equal(again, met, equal_nan=True)


def test_bfloat16_learns_the_same_and_the_weights_stay_float32(toy, tmp_path: Path) -> None:
    network, tokens = toy
    start = {name: value.clone() for name, value in network.state_dict().items()}
    truth = np.array([LABELS.index(s.label) for s in examples().sentences])
    met = {}
    for half in (False, True):
        network.load_state_dict(start)
        recipe = Recipe(12, Schedule(1e-3, 1e-2), batch=8, seed=5, bfloat16=half)
        met[half] = fine_tune(network, tokens, examples(), recipe, tmp_path / str(half))[~examples().held]
        assert (met[half].argmax(1) == truth[~examples().held]).mean() > 0.9
        assert {value.dtype for value in network.state_dict().values()} <= {torch.float32, torch.int64}
    assert not np.array_equal(met[True], met[False])


def test_a_checkpoint_of_another_run_is_refused(toy, tmp_path: Path, monkeypatch) -> None:
    network, tokens = toy
    recipe = Recipe(1, Schedule(1e-3, 1e-2, checkpoint_seconds=0), batch=8, seed=5)
    monkeypatch.setattr(Path, "unlink", lambda *a, **k: None)
    fine_tune(network, tokens, examples(), recipe, tmp_path)
    with pytest.raises(scr_tone.ConfigError, match="another training run"):
        fine_tune(network, tokens, examples(), Recipe(1, recipe.schedule, batch=8, seed=6), tmp_path)


def test_the_teachers_labels_are_kept_by_id(tmp_path: Path) -> None:
    known = examples()
    logits = np.full((len(known.texts), 4), np.nan, np.float32)
    logits[3] = [1, 2, 3, 4]
    write_teacher_logits(tmp_path / "t.npz", known, logits)
    assert np.array_equal(teacher_logits(tmp_path / "t.npz", known), logits, equal_nan=True)


def test_a_student_that_is_trained_on_learns_from_a_teacher_that_is_there_and_says_so(tmp_path: Path) -> None:
    known = examples()
    said: list[str] = []
    assert standard._taught(known, tmp_path, said.append) is None
    write_teacher_logits(tmp_path / "teacher.npz", known, np.zeros((len(known.texts), 4), np.float32))
    taught = standard._taught(known, tmp_path, said.append)
    assert taught is not None
    assert taught.shape == (len(known.texts), 4)
    assert "the annotators alone" in said[0]
    assert "teacher.npz too" in said[1]
