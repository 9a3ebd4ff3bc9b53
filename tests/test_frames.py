"""`label_frame` on the frames that people have: holes, odd dtypes, odd indices, chunks."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

import scr_tone
from scr_tone.frames import FRAME_COLUMNS

TEXTS = ["The nurse failed to call back.", None, "Caseloads were high.", "", "  \n", "The nurse failed to call back."]
LABELS = ["blame", None, "learning", None, None, "blame"]


def kinds() -> dict[str, pd.Series]:
    return {
        "object": pd.Series(TEXTS, dtype=object),
        "nan": pd.Series([np.nan if text is None else text for text in TEXTS], dtype=object),
        "NA": pd.Series([pd.NA if text is None else text for text in TEXTS], dtype=object),
        "NaT": pd.Series([pd.NaT if text is None else text for text in TEXTS], dtype=object),
        "str": pd.Series(TEXTS, dtype="str"),
        "string": pd.Series(TEXTS, dtype="string[python]"),
        "category": pd.Series(TEXTS, dtype="category"),
        "category of string": pd.Series(TEXTS, dtype="string").astype("category"),
    }


def labels(frame: pd.DataFrame, name: str = "label") -> list[str | None]:
    return [None if pd.isna(label) else str(label) for label in frame[name]]


@pytest.mark.parametrize("kind", kinds())
def test_missing_and_blank_texts_are_not_labelled(tone: scr_tone.ToneAnalyser, kind: str) -> None:
    frame = pd.DataFrame({"text": kinds()[kind]})
    before = frame.copy(deep=True)
    made = tone.label_frame(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert labels(made) == LABELS
    assert list(made.columns) == ["text", *FRAME_COLUMNS]
    assert made["text"].dtype == frame["text"].dtype
    for name in FRAME_COLUMNS:
        assert str(made[name].dtype) == ("Float64" if name.startswith("score") else "string")
        assert made[name][[1, 3, 4]].isna().all()
    assert made["score"].isna().sum() == 3
    assert np.allclose(
        made[[c for c in made if c.startswith("score_")]].dropna().sum(axis=1).astype(float), 1, atol=1e-5
    )
    assert made.iloc[0, 1:].equals(made.iloc[5, 1:])


@pytest.mark.parametrize("dtype", ["string[pyarrow]", "arrow"])
def test_arrow_strings(tone: scr_tone.ToneAnalyser, dtype: str) -> None:
    pa = pytest.importorskip("pyarrow")
    made = tone.label_frame(
        pd.DataFrame({"text": pd.array(TEXTS, dtype=pd.ArrowDtype(pa.string()) if dtype == "arrow" else dtype)})
    )
    assert labels(made) == LABELS


@pytest.mark.parametrize(
    "index",
    [
        [7, 7, 9, 9, 9, 7],
        list("abcdef")[::-1],
        pd.MultiIndex.from_product([["A", "B"], [1, 2, 3]], names=["report", "sentence"]),
        pd.date_range("2020-01-01", periods=6),
        [None, 1.5, "x", (1, 2), pd.NA, True],
    ],
)
def test_index_and_order_stay(tone: scr_tone.ToneAnalyser, index: object) -> None:
    frame = pd.DataFrame({"text": TEXTS, "page": range(6)}, index=index)
    made = tone.label_frame(frame)
    assert made.index.equals(frame.index) and made.index.names == frame.index.names
    assert made["page"].tolist() == list(range(6))
    assert labels(made) == LABELS


def test_rows_say_what_label_says(tone: scr_tone.ToneAnalyser) -> None:
    made = tone.label_frame(pd.DataFrame({"text": TEXTS}))
    (wanted,) = tone.label(TEXTS[2:3])
    row = made.iloc[2]
    assert (row["label"], row["score"], row["target"], row["voice"]) == (
        wanted.label, wanted.scores[wanted.label], wanted.target, wanted.voice,
    )  # fmt: skip
    assert {name.removeprefix("score_"): row[name] for name in made if name.startswith("score_")} == dict(wanted.scores)


def test_chunks_make_the_same_table(tone: scr_tone.ToneAnalyser) -> None:
    frame = pd.DataFrame({"text": TEXTS * 4})
    data = frame.to_csv(index=False)
    whole = tone.label_frame(pd.read_csv(io.StringIO(data)))
    parts = pd.concat(tone.label_frame(part) for part in pd.read_csv(io.StringIO(data), chunksize=5))
    pd.testing.assert_frame_equal(whole, parts)
    assert parts.attrs == whole.attrs


def test_a_sentence_is_read_once(tone: scr_tone.ToneAnalyser, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[list[str]] = []
    label = tone.label
    monkeypatch.setattr(tone, "label", lambda texts, **options: read.append(texts) or label(texts, **options))
    tone.label_frame(pd.DataFrame({"text": TEXTS}))
    assert read == [["The nurse failed to call back.", "Caseloads were high."]]


@pytest.mark.parametrize("texts", [[], pd.array([], dtype="string"), [None, pd.NA]])
def test_nothing_to_label(tone: scr_tone.ToneAnalyser, texts: object) -> None:
    frame = pd.DataFrame({"text": texts})
    made = tone.label_frame(frame)
    assert len(made) == len(frame) and made["label"].isna().all()
    assert {name: str(made[name].dtype) for name in ("label", "score")} == {"label": "string", "score": "Float64"}


def test_a_column_of_any_name(tone: scr_tone.ToneAnalyser) -> None:
    assert labels(tone.label_frame(pd.DataFrame({0: TEXTS}), column=0)) == LABELS


@pytest.mark.parametrize(
    ("frame", "column", "said"),
    [
        (
            pd.DataFrame({"sentence": ["a"], "page": [1]}),
            "text",
            "the frame: has no column 'text'; name one of sentence, page",
        ),
        (pd.DataFrame(), "text", "it has no columns at all"),
        (pd.DataFrame([["a", "b"]], columns=["text", "text"]), "text", "is the name of several columns"),
        (pd.DataFrame({"text": [1, 2]}), "text", "column 'text': holds no text in row 0 but a int"),
        (pd.DataFrame({"text": ["a", None, b"b"]}), "text", "holds no text in row 2 but a bytes"),
        (pd.DataFrame({"text": ["a", ["b"]]}), "text", "in row 1 but a list"),
        (pd.DataFrame({"label": ["a"]}), "label", "would be replaced.*pass prefix"),
        (pd.DataFrame({("a", "b"): ["x"]}, columns=pd.MultiIndex.from_tuples([("a", "b")])), "a", "several columns"),
        (["a sentence"], "text", "is a list, not a pandas DataFrame"),
        (pd.Series(["a sentence"]), "text", "is a Series"),
    ],
)
def test_what_cannot_be_labelled_is_said(tone: scr_tone.ToneAnalyser, frame: object, column: str, said: str) -> None:
    with pytest.raises(scr_tone.InputError, match=said):
        tone.label_frame(frame, column=column)  # type: ignore[arg-type]


def test_columns_of_the_same_name(tone: scr_tone.ToneAnalyser) -> None:
    frame = pd.DataFrame({"text": ["It rained."], "label": ["gold"], "tone_label": [1]})
    with pytest.warns(UserWarning, match="replaced in the copy: label; pass prefix=") as seen:
        made = tone.label_frame(frame)
    assert seen[0].filename == __file__  # the warning points at the caller
    assert (made["label"].iloc[0], frame["label"].iloc[0]) == ("neutral", "gold")
    assert list(made.columns)[:3] == ["text", "label", "tone_label"]
    with pytest.warns(UserWarning, match="replaced in the copy: tone_label"):
        assert tone.label_frame(frame, prefix="tone_")["label"].iloc[0] == "gold"
    assert labels(tone.label_frame(frame[["label"]], column="label", prefix="t_"), "t_label") == ["neutral"]
