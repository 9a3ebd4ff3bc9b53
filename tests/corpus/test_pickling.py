"""An analyser in a pickle: the model's digest travels, the model does not, and no other model takes its place."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
import pytest

import scr_tone
from scr_tone.analyser import ToneAnalyser
from scr_tone.artefact import identify
from scr_tone.errors import ModelError
from scr_tone.loading import _again
from scr_tone.scorer import TextModel
from tests.test_artefact import write


def test_a_bundled_model_comes_back_with_its_prior() -> None:
    tone = scr_tone.load("small", prior="natural", prior_strength=0.7)
    data = pickle.dumps(tone)
    assert len(data) < 1000
    again = pickle.loads(data)
    assert (again.name, again.digest, again.prior, again.prior_strength) == ("small", tone.digest, tone.prior, 0.7)
    text = ["The nurse failed to call back."]
    assert again.label(text) == tone.label(text)
    assert pickle.loads(data) is again  # loaded once, however many tasks bring it
    assert copy.deepcopy(tone).label(text) == tone.label(text)


def test_the_encoder_comes_back_too(standard: ToneAnalyser) -> None:
    again = pickle.loads(pickle.dumps(standard))
    text = ["The nurse failed to call back."]
    assert again.label(text)[0].scores == standard.label(text)[0].scores


def test_a_folder_that_has_changed_is_refused_and_nothing_of_it_runs(tiny_model: TextModel, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    write(tiny_model, folder)
    with pytest.raises(ModelError, match="can run code"):
        scr_tone.load(folder)
    data = pickle.dumps(scr_tone.load(folder, trusted=True))
    _again.cache_clear()
    assert pickle.loads(data).label(["It was a failure by the nurse."])[0].label == "blame"
    _again.cache_clear()

    class Trap:
        def __reduce__(self):
            return Path.touch, (tmp_path / "sprung",)

    import joblib

    joblib.dump(Trap(), folder / "classifier.joblib")  # a changed file under the same manifest
    with pytest.raises(ModelError, match="damaged or was changed"):
        pickle.loads(data)
    manifest = (folder / "manifest.json").read_text(encoding="utf-8")
    (folder / "manifest.json").write_text(manifest.replace('"model"', '"other"'), encoding="utf-8")
    with pytest.raises(ModelError, match="is another model here"):
        pickle.loads(data)
    assert not (tmp_path / "sprung").exists()


def test_a_model_in_memory_is_not_pickled(tiny_model: TextModel) -> None:
    with pytest.raises(pickle.PicklingError, match="save it"):
        pickle.dumps(ToneAnalyser(tiny_model))


def test_a_model_is_told_by_its_digest_before_it_is_opened(tmp_path: Path) -> None:
    assert identify("small") == ("small", scr_tone.load("small").digest)
    with pytest.raises(ModelError, match="is another model here"):
        scr_tone.load("small", digest="0" * 64)
    with pytest.raises(ModelError, match="no such model"):
        identify(tmp_path / "gone")


def test_the_example_for_spark_does_what_it_says(root: Path) -> None:
    text = (root / "docs" / "corpora.md").read_text(encoding="utf-8")
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "mapInPandas" in block]
    scope: dict[str, object] = {}
    exec(code.split("spark.table")[0], scope)
    frames: Iterable[pd.DataFrame] = [
        pd.DataFrame({"id": ["a", "b"], "text": ["The nurse failed to call back.", None]}),
        pd.DataFrame({"id": ["c"], "text": ["It rained."]}),
    ]
    labelled = scope["labelled"]
    found: Iterator[pd.DataFrame] = labelled(iter(frames))  # type: ignore[operator]
    first, second = found
    assert [column.split()[0] for column in str(scope["schema"]).split(", ")] == list(first.columns)
    assert first["label"].isna().tolist() == [False, True] and second["label"].tolist() == ["neutral"]
