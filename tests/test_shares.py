"""Shares and their intervals, and the rows that they are counted from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, norm, t

import scr_tone
from scr_tone.errors import ConfigError, InputError
from scr_tone.records import Block
from scr_tone.sentence_rows import sentence_rows
from scr_tone.shares import share_table

TEXT = "The nurse failed to call back. It rained. It was May. She should have rung."


@pytest.fixture(scope="module")
def report(tone: scr_tone.ToneAnalyser) -> scr_tone.Report:
    return tone.analyse(TEXT)


def corpus(*documents: str) -> pd.DataFrame:
    """A frame with one letter a sentence: b, l, a, n."""
    names = {label[0]: label for label in scr_tone.LABELS}
    return pd.DataFrame(
        [(f"d{at}", 2010 + at % 2, names[letter]) for at, word in enumerate(documents) for letter in word],
        columns=["document", "year", "label"],
    )


def test_a_report_its_frame_and_a_list_give_the_same_rows(report) -> None:
    one, frame, several = sentence_rows(report), sentence_rows(report.to_frame()), sentence_rows([report])
    for rows in (one, frame, several):
        assert rows["label"].tolist() == ["blame", "neutral", "neutral", "blame"]
        assert rows.attrs == {"model": "small"}
        assert rows["_left"].iloc[0] == 0 and rows["_right"].iloc[-1] == 1


def test_what_is_skipped_keeps_its_room_and_is_not_counted(tone) -> None:
    report = tone.analyse(scr_tone.Document.from_blocks([Block("Findings", "heading", level=1), Block(TEXT)]))
    rows = sentence_rows(report)
    assert len(rows) == len(report.sentences) - 1
    assert rows["_left"].iloc[0] > 0


def test_documents_of_one_name_stay_two(tone) -> None:
    report = tone.analyse("It rained.")
    assert sentence_rows([report, report])["_document"].tolist() == ["text", "text (2)"]


def test_a_frame_without_offsets_is_placed_by_its_sentences() -> None:
    rows = sentence_rows(corpus("bnnn", "ln"))
    assert rows["_left"].tolist() == [0, 0.25, 0.5, 0.75, 0, 0.5]


def test_a_document_column_of_any_name_and_missing_labels() -> None:
    frame = corpus("bn", "l").rename(columns={"document": "file"})
    frame.loc[1, "label"] = None
    rows = sentence_rows(frame, document="file")
    assert rows[["_document", "label"]].values.tolist() == [["d0", "blame"], ["d1", "learning"]]
    assert sentence_rows(frame)["_document"].unique().tolist() == ["text"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (pd.DataFrame({"text": ["It rained."]}), "no column 'label'"),
        (pd.DataFrame({"label": ["It rained on the 3rd."]}), "holds another label"),
        (["a text"], "not str"),
        (7, "not int"),
        ([], "no report"),
    ],
)
def test_anything_else_is_refused_without_repeating_it(data, words) -> None:
    with pytest.raises(InputError, match=words) as caught:
        sentence_rows(data)
    assert "rained" not in str(caught.value)


def test_an_unknown_document_column_is_named() -> None:
    with pytest.raises(InputError, match=r"'file'.*document, year, label"):
        sentence_rows(corpus("b"), document="file")


def test_one_document_has_wilsons_interval() -> None:
    table = share_table(corpus("bnnnnnnnnn"))
    row = table.set_index("label").loc["blame"]
    wilson = binomtest(1, 10).proportion_ci(method="wilson")
    assert (row["share"], row["low"], row["high"]) == (0.1, wilson.low, wilson.high)
    assert set(table["method"]) == {"Wilson"}
    assert table["label"].tolist() == list(scr_tone.LABELS)
    assert table["count"].sum() == table["n"].iloc[0] == 10


def test_several_documents_that_differ_have_a_wider_interval() -> None:
    alike, apart = corpus(*["bn" * 10] * 10), corpus(*["b" * 20, "n" * 20] * 5)
    widths = []
    for frame in (alike, apart):
        row = share_table(frame).iloc[0]
        assert row["share"] == 0.5 and row["method"] == "bootstrap of documents" and row["documents"] == 10
        widths.append(row["high"] - row["low"])
    assert widths[1] > 2 * widths[0]


def test_documents_that_agree_by_chance_prove_no_certainty() -> None:
    row = share_table(corpus("nnnn", "nnnn")).iloc[0]
    assert row["share"] == row["low"] == 0 and row["method"] == "bootstrap of documents"
    assert row["high"] == pytest.approx(binomtest(0, 8).proportion_ci(method="wilson").high)


def test_the_bootstrap_covers_where_documents_differ() -> None:
    """95% intervals over 20 documents whose own shares vary, in 100 worlds; Wilson's alone would cover far fewer."""
    generator = np.random.default_rng(7)
    covered = naive = 0
    for _ in range(100):
        own = generator.beta(2, 8, size=20)  # mean 0.2
        hits = generator.binomial(30, own)
        frame = corpus(*("b" * hit + "n" * (30 - hit) for hit in hits))
        row = share_table(frame, labels=["blame"], resamples=300).iloc[0]
        covered += row["low"] <= 0.2 <= row["high"]
        plain = binomtest(int(hits.sum()), 600).proportion_ci(method="wilson")
        naive += plain.low <= 0.2 <= plain.high
    assert covered / 100 >= 0.9
    assert naive / 100 < 0.85


def test_the_interval_of_few_documents_is_wider_as_students_t_is() -> None:
    """The percentile bootstrap is too narrow for few; its tails are moved out as Hesterberg (2015) does, sqrt(n / (n - 1)) t."""
    words = ["b" * 30 + "n" * 10, "b" * 10 + "n" * 30, "b" * 20 + "n" * 20, "b" * 24 + "n" * 16, "b" * 16 + "n" * 24]
    row = share_table(corpus(*words), labels=["blame"], resamples=4000, seed=1).iloc[0]
    shares = np.array([word.count("b") / 40 for word in words])
    drawn = np.random.default_rng(1).multinomial(5, np.full(5, 0.2), size=4000) @ shares / 5
    tail = norm.cdf(-np.sqrt(5 / 4) * t.ppf(0.975, 4))
    assert tail < 0.002  # not 0.025
    assert [row["low"], row["high"]] == pytest.approx(list(np.quantile(drawn, [tail, 1 - tail])))


def test_the_same_seed_gives_the_same_interval() -> None:
    frame = corpus("bnn", "bbn", "nnn", "lnn")
    pd.testing.assert_frame_equal(share_table(frame, seed=3), share_table(frame, seed=3))


def test_groups_are_sorted_and_the_missing_ones_last() -> None:
    frame = corpus("bn", "ln", "an").assign(agency=["x", "x", None, "a", "c", "c"])
    table = share_table(frame, "agency", labels=["blame"])
    assert table["agency"].tolist() == ["a", "c", "x", "(not stated)"]
    assert table["n"].tolist() == [1, 2, 2, 1]
    assert share_table(frame, "year")["year"].drop_duplicates().tolist() == [2010, 2011]
    order = pd.Categorical(frame["agency"], ["x", "c", "a"], ordered=True)
    assert share_table(frame.assign(agency=order), "agency")["agency"].drop_duplicates().tolist() == [
        "x",
        "c",
        "a",
        "(not stated)",
    ]


def test_factors_are_shares_of_learning() -> None:
    joined = ["workload; tools", "tools", "", "", None, ""]
    listed = [["workload", "tools"], np.array(["tools"]), [], [], None, []]
    for cells in (joined, listed):
        table = share_table(corpus("llbn", "ln").assign(factors=cells), "factors")
        assert table[["factors", "label", "count", "n"]].values.tolist() == [
            ["tools", "learning", 2, 3],
            ["workload", "learning", 1, 3],
        ]
        assert table.attrs["sentences"] == 3 and table.attrs["by"] == "factors"


def test_the_tables_of_a_corpus_can_be_counted() -> None:
    """As ``scr-tone corpus`` writes them: categories, years as text, lists, the model by its digest."""
    frame = corpus("lbn", "nl").rename(columns={"document": "path"})
    frame = frame.assign(year=frame["year"].astype(str)[::-1].to_numpy(), model_sha256="4ee7a614a193", skipped=None)
    frame = frame.astype({"path": "category", "year": "category", "label": "category", "model_sha256": "category"})
    table = share_table(frame, "year", labels=["blame"])
    assert table[["year", "count", "documents"]].values.tolist() == [["2010", 0, 2], ["2011", 1, 1]]
    assert table.attrs["model"] == "4ee7a614"


def test_a_model_without_factors_says_which_has_them(report) -> None:
    with pytest.raises(InputError, match="standard"):
        share_table(corpus("l").assign(factors=[""]), "factors")
    assert share_table(report, "factors").empty  # no learning sentence


def test_bad_arguments_are_named() -> None:
    frame = corpus("b")
    with pytest.raises(InputError, match=r"'decade'.*year"):
        share_table(frame, "decade")
    with pytest.raises(ConfigError, match="'blam'"):
        share_table(frame, labels=["blam"])
    with pytest.raises(ConfigError, match="between 0 and 1"):
        share_table(frame, confidence=95)


def test_nothing_that_counts_gives_no_shares(tone) -> None:
    table = share_table(tone.analyse(scr_tone.Document.from_blocks([Block("Findings", "heading", level=1)])))
    assert table["n"].tolist() == [0] * 4 and table["share"].isna().all()
    empty = share_table(corpus("b").iloc[:0])
    assert empty["n"].tolist() == [0] * 4 and empty["low"].isna().all()
