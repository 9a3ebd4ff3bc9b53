"""The spaCy component as users of spaCy meet it: pipelines, streams, stored Docs, other processes, errors."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example

import scr_tone
from scr_tone.doc_tone import report_of, tone_of
from scr_tone.tone_component import ToneComponent

TEXTS = [
    "1. Findings\n\nThe nurse failed to call back. Caseloads were high and nobody covered.\n\n(a) It rained.",
    "The Trust accepts that its response was too slow and has apologised.",
    "",
    "\u201cThey failed him.\u201d The family moved in May. [tone: intended]",
    "She should have known.He went home.",
    "   \n\n ",
    "12 34",
]


def pipeline(*before: str, **config: object) -> Language:
    nlp = spacy.blank("en")
    for name in before:
        nlp.add_pipe(name)
    nlp.add_pipe("scr_tone", config=config)
    return nlp


@pytest.fixture(scope="module")
def nlp() -> Language:
    return pipeline()


def as_data(doc: Doc) -> dict:
    return {name: part for name, part in doc._.tone_report.to_dict().items() if name != "libraries"}


def summary_of(doc: Doc) -> tuple:
    """All that the component sets, in a form that can be compared."""
    spans = [[(s.start, s.end, s.label_, s.kb_id_, s.id_) for s in doc.spans[key]] for key in sorted(doc.spans)]
    scores = [doc.spans[key].attrs for key in sorted(doc.spans)]
    numbers = [[value.tolist() for value in attrs.values()] for attrs in scores]
    return doc._.tone_report.to_json(), [sent._.tone for sent in doc.sents], spans, numbers


@pytest.mark.parametrize("text", TEXTS)
def test_a_blank_pipeline_says_what_analyse_says(nlp: Language, tone: scr_tone.ToneAnalyser, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    try:
        wanted = tone.analyse(text)
    except scr_tone.InputError:  # no words in it
        assert doc._.tone_report.sentences == () or not any(map(str.isalpha, text))
        assert not doc._.tone_report.flagged
        return
    whole = wanted.to_dict()
    assert as_data(doc) == {name: part for name, part in whole.items() if name != "libraries"}
    assert doc._.tone_report.provenance["libraries"] == whole["libraries"] | {"spacy": spacy.__version__}
    for sentence in wanted.sentences:
        (same,) = tone.label([text[sentence.start : sentence.end]])
        found = [
            sent._.tone for sent in doc.sents if sentence.text == sent.text.replace("[tone: intended]", "").strip()
        ]
        assert found == [same] or "[" in text


def test_a_whole_review(nlp: Language, tone: scr_tone.ToneAnalyser, root: Path) -> None:
    text = (root / "examples/cover_letter.txt").read_text(encoding="utf-8")
    doc = nlp(text)
    assert as_data(doc) == {k: v for k, v in tone.analyse(text).to_dict().items() if k != "libraries"}


def test_spans_and_words(nlp: Language) -> None:
    doc = nlp(TEXTS[0])
    group, words = doc.spans["scr_tone"], doc.spans["scr_tone_cues"]
    assert [(span.text, span.label_) for span in group][1:3] == [
        ("The nurse failed to call back.", "blame"),
        ("Caseloads were high and nobody covered.", "learning"),
    ]
    report = doc._.tone_report
    assert [span.id_ for span in group] == [sentence.id for sentence in report.sentences]
    assert group.attrs["scores"].shape == (len(group),)
    assert group.attrs["scores"][1] == pytest.approx(group[1]._.tone.scores["blame"], abs=1e-6)
    assert ("failed to", "blame", "failure verbs") in [(w.text, w.label_, w.kb_id_) for w in words]
    assert words.attrs["weights"].shape == (len(words),) and (words.attrs["weights"] > 0).all()
    found = group[1]._.tone
    assert [group[1].text[cue.start : cue.end] for cue in found.cues] == [cue.text for cue in found.cues]
    assert doc[0:2]._.tone is None  # no sentence, so nothing is said of it


def test_what_is_left_out_has_no_span() -> None:
    doc = pipeline(skip=["quotes"], model="small")(TEXTS[3])
    report = doc._.tone_report
    assert report.summary["skipped"] == {"quote": 1, "accepted": 1}
    assert list(doc.spans["scr_tone"]) == []
    assert next(sent._.tone.label for sent in doc.sents if sent._.tone) == "blame"


def test_the_settings_reach_the_report() -> None:
    config = {
        "prior": {"blame": 0.1, "learning": 0.3, "accountability": 0.1, "neutral": 0.5},
        "prior_strength": 1.0,
        "terms": ["Heart Failure Team"],
        "flagged": ["blame", "learning"],
        "threshold": {"blame": 0.999},
        "spans_key": "tone",
        "cues": False,
    }
    nlp = pipeline(model="small", **config)
    doc = nlp(TEXTS[0])
    report = doc._.tone_report
    assert [sentence.label for sentence in report.flagged] == ["learning"]
    assert report.provenance["settings"]["prior"] == config["prior"]
    assert report.provenance["settings"]["terms"] == config["terms"]
    assert {"tone", "tone_cues"} == set(doc.spans)
    assert not doc.spans["tone_cues"]
    assert nlp.config["components"]["scr_tone"]["threshold"] == {"blame": 0.999}


def test_a_text_prior_and_the_defaults_are_in_the_config(nlp: Language) -> None:
    assert pipeline(model="small", prior="natural").get_pipe("scr_tone").tone.prior["neutral"] == 0.66
    config = dict(nlp.config["components"]["scr_tone"])
    assert config.pop("factory") == "scr_tone"
    assert set(config) == {
        "model", "trusted", "prior", "prior_strength", "cues", "explain", "skip", "terms", "flagged", "threshold", "sure", "spans_key",
        "overwrite",
    }  # fmt: skip
    again = spacy.util.load_model_from_config(spacy.util.Config().from_str(nlp.config.to_str()), auto_fill=True)
    assert again.pipe_names == ["scr_tone"]


@pytest.mark.parametrize(
    ("config", "error", "said"),
    [
        ({"model": "smal"}, scr_tone.ModelError, "no such model"),
        ({"prior": "often"}, scr_tone.ConfigError, "prior"),
        ({"skip": ["quote"]}, scr_tone.ConfigError, "did you mean 'quotes'"),
        ({"flagged": ["neutral"]}, scr_tone.ConfigError, "neutral"),
        ({"threshold": {"blame": 2}}, scr_tone.ConfigError, "from 0 to 1"),
        ({"cues": "perhaps"}, ValueError, "cues"),
        ({"modell": "small"}, ValueError, "modell"),
    ],
)
def test_what_is_wrong_is_said_where_the_component_is_added(config: dict, error: type, said: str) -> None:
    with pytest.raises(error, match=said):
        pipeline(**config)


class TestOthersSentences:
    TEXT = "The nurse failed to call back; it rained. The ward was full"

    def test_a_sentencizer(self) -> None:
        nlp = spacy.blank("en")
        nlp.add_pipe("sentencizer", config={"punct_chars": [";"]})
        nlp.add_pipe("scr_tone")
        doc = nlp(self.TEXT)
        assert [sent.text for sent in doc.sents] == ["The nurse failed to call back;", "it rained. The ward was full"]
        assert [span.text for span in doc.spans["scr_tone"]] == [sent.text for sent in doc.sents]
        assert [sentence.text for sentence in doc._.tone_report.sentences] == [sent.text for sent in doc.sents]
        assert all(sent._.tone for sent in doc.sents)

    def test_a_trained_parser(self) -> None:
        """Trained in a second on one text: what matters is whose sentences are labelled, not that they are good ones."""
        text = "Nurses failed him nobody rang back"
        nlp = spacy.blank("en")
        nlp.add_pipe("parser").add_label("dep")
        gold = {"heads": [1, 1, 1, 4, 4, 4], "deps": ["dep", "ROOT", "dep", "dep", "ROOT", "dep"]}
        example = Example.from_dict(nlp.make_doc(text), gold)
        nlp.initialize(lambda: [example])
        for _ in range(15):
            nlp.update([example])
        nlp.add_pipe("scr_tone")
        doc = nlp(text)
        sents = [sent.text for sent in doc.sents]
        assert sents == ["Nurses failed him", "nobody rang back"]
        assert [span.text for span in doc.spans["scr_tone"]] == sents
        assert [token.text for token in doc] == text.split()
        assert doc.has_annotation("DEP")

    def test_sentences_that_somebody_sets_by_hand(self, nlp: Language) -> None:
        doc = nlp.make_doc("He went home.12 The nurse failed him now")
        for token in doc:
            token.is_sent_start = token.text == "failed"
        tokens = [token.text for token in doc]
        doc = nlp.get_pipe("scr_tone")(doc)
        assert [token.text for token in doc] == tokens
        assert [span.text for span in doc.spans["scr_tone"]] == ["He went home.12 The nurse", "failed him now"]

    def test_without_sentences_the_component_marks_its_own(self, nlp: Language) -> None:
        doc = nlp("She should have known.He went home.")
        assert [sent.text for sent in doc.sents] == ["She should have known.", "He went home."]


class TestStreams:
    def test_the_same_as_one_by_one(self, nlp: Language) -> None:
        for size in (1, 2, 100):
            docs = list(nlp.pipe(TEXTS, batch_size=size))
            assert [summary_of(doc) for doc in docs] == [summary_of(nlp(text)) for text in TEXTS]

    def test_what_comes_along_stays(self, nlp: Language) -> None:
        found = list(nlp.pipe(((text, {"at": at}) for at, text in enumerate(TEXTS)), as_tuples=True))
        assert [context["at"] for _, context in found] == list(range(len(TEXTS)))  # also where tokens were split

    def test_many_docs_are_read_in_one_pass_and_none_is_held_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        nlp = pipeline(model="small")
        model = nlp.get_pipe("scr_tone").tone._model
        sizes, taken = [], []
        read = type(model).read
        monkeypatch.setattr(type(model), "read", lambda self, texts: sizes.append(len(texts)) or read(self, texts))

        def texts() -> object:
            for number in range(1_000_000):
                taken.append(number)
                yield "It rained. It snowed."

        stream = nlp.pipe(texts(), batch_size=50)
        for _ in range(60):
            next(stream)
        assert sizes == [100, 100]
        assert len(taken) <= 150  # an endless stream needs no memory

    def test_long_docs_make_small_batches(self, nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("scr_tone.tone_component._BATCH_CHARACTERS", 100)
        component, seen = nlp.get_pipe("scr_tone"), []
        monkeypatch.setattr(ToneComponent, "_labelled", lambda self, docs: seen.append(len(docs)) or docs)
        docs = [nlp.make_doc("It rained. " * 6) for _ in range(5)]
        assert list(component.pipe(iter(docs), batch_size=1000)) == docs
        assert seen == [2, 2, 1]

    def test_labels_that_are_there_are_kept_or_replaced(self, tone: scr_tone.ToneAnalyser) -> None:
        first = pipeline(model="small")(TEXTS[0])
        other = {"blame": 0.01, "learning": 0.01, "accountability": 0.01, "neutral": 0.97}
        kept = pipeline(model="small", prior=other, overwrite=False)
        (doc,) = kept.pipe([Doc(kept.vocab).from_bytes(first.to_bytes())])
        assert as_data(doc) == as_data(first)
        anew = pipeline(model="small", prior=other)
        (doc,) = anew.pipe([Doc(anew.vocab).from_bytes(first.to_bytes())])
        assert doc._.tone_report.provenance["settings"]["prior"] == other
        assert len(doc._.tone_report.sentences) == len(first._.tone_report.sentences)


class TestStored:
    def test_bytes(self, nlp: Language) -> None:
        for text in TEXTS:
            doc = nlp(text)
            again = Doc(spacy.blank("en").vocab).from_bytes(doc.to_bytes())
            assert summary_of(again) == summary_of(doc)
            assert as_data(again) == as_data(doc)

    def test_docbin(self, nlp: Language) -> None:
        docs = [nlp(text) for text in TEXTS if text]
        data = DocBin(docs=docs, store_user_data=True).to_bytes()
        found = list(DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab))
        assert [as_data(doc) for doc in found] == [as_data(doc) for doc in docs]
        assert [doc._.tone_report.to_json() for doc in found] == [doc._.tone_report.to_json() for doc in docs]
        assert [summary_of(doc)[2:] for doc in found] == [summary_of(doc)[2:] for doc in docs]

    def test_a_docbin_without_user_data_says_that_it_has_no_report(self, nlp: Language) -> None:
        data = DocBin(docs=[nlp(TEXTS[0])]).to_bytes()
        (found,) = DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab)
        assert found._.tone_report is None and found.spans["scr_tone"][1]._.tone is None
        assert [span.label_ for span in found.spans["scr_tone"]] == ["neutral", "blame", "learning", "neutral"]

    def test_in_a_process_that_has_no_pipeline(self, nlp: Language, tmp_path: Path, root: Path) -> None:
        nlp(TEXTS[0]).to_disk(tmp_path / "doc")
        code = (
            "import sys, spacy, scr_tone.doc_tone; from spacy.tokens import Doc;"
            "doc = Doc(spacy.blank('en').vocab).from_disk(sys.argv[1]); print(doc._.tone_report.to_json())"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "doc")], check=True, capture_output=True, text=True, cwd=root
        )
        assert json.loads(done.stdout) == nlp(TEXTS[0])._.tone_report.to_dict()

    def test_parts_and_sums_of_docs(self, nlp: Language) -> None:
        doc, other = nlp(TEXTS[0]), nlp(TEXTS[1])
        sents = list(doc.sents)
        part = doc[sents[1].start : sents[2].end].as_doc(copy_user_data=True)
        wanted = [s._.tone for s in sents[1:3]]
        assert [s._.tone for s in part.sents] == wanted
        assert [s.text for s in part._.tone_report.sentences] == [s.text.strip() for s in sents[1:3]]
        with pytest.warns(UserWarning, match="user data"):  # spaCy's: it cannot merge what is said of a whole Doc
            both = Doc.from_docs([doc, other])
        assert [s._.tone for s in both.sents] == [s._.tone for s in (*doc.sents, *other.sents)]
        assert both._.tone_report is None

    def test_nothing_is_there_before(self, nlp: Language) -> None:
        doc = nlp.make_doc("It rained.")
        assert doc._.tone_report is None and doc[:]._.tone is None

    def test_no_text_is_kept_twice(self, nlp: Language) -> None:
        doc = nlp(TEXTS[0])
        kept = json.dumps(list(doc.user_data.values()))
        assert "nurse" not in kept and "failed to" not in kept


class TestSavedPipelines:
    def test_by_name(self, nlp: Language, tmp_path: Path) -> None:
        wanted = summary_of(nlp(TEXTS[0]))
        nlp.to_disk(tmp_path / "pipeline")
        assert sorted(path.name for path in (tmp_path / "pipeline/scr_tone").iterdir()) == ["cfg.json"]
        assert summary_of(spacy.load(tmp_path / "pipeline")(TEXTS[0])) == wanted
        again = pipeline()
        again.from_bytes(nlp.to_bytes())
        assert summary_of(again(TEXTS[0])) == wanted

    def test_a_model_of_ones_own_goes_along(self, tiny_model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from scr_tone.artefact import save

        data = {"sentences": 120, "sha256": "0" * 64}
        save(tiny_model, tmp_path / "mine", name="mine", features={"ngrams": 1}, data=data, scores={})
        with pytest.raises(scr_tone.ModelError, match="can run code"):
            pipeline(model=str(tmp_path / "mine"))
        nlp = pipeline(model=str(tmp_path / "mine"), trusted=True)
        wanted = summary_of(nlp(TEXTS[0]))
        nlp.to_disk(tmp_path / "pipeline")
        saved = nlp.to_bytes()
        shutil.rmtree(tmp_path / "mine")
        again = spacy.load(tmp_path / "pipeline")
        assert summary_of(again(TEXTS[0])) == wanted
        again.to_disk(tmp_path / "second")
        assert summary_of(spacy.load(tmp_path / "second")(TEXTS[0])) == wanted
        empty = pipeline(model=str(tmp_path / "mine"), trusted=True)
        with pytest.raises(scr_tone.ModelError, match="no such model"):
            empty(TEXTS[0])
        assert summary_of(empty.from_bytes(saved)(TEXTS[0])) == wanted
        model = tmp_path / "pipeline/scr_tone/model/classifier.joblib"
        model.write_bytes(model.read_bytes()[:-1] + b"x")
        with pytest.raises(scr_tone.ModelError, match="damaged"):
            spacy.load(tmp_path / "pipeline")

    def test_another_model_of_the_same_name_is_said(self, nlp: Language, tmp_path: Path) -> None:
        nlp.to_disk(tmp_path / "pipeline")
        cfg = tmp_path / "pipeline/scr_tone/cfg.json"
        cfg.write_text(json.dumps(json.loads(cfg.read_text()) | {"sha256": "0" * 64, "version": "0.0.9+000000000000"}))
        with pytest.warns(UserWarning, match="saved with the model small 0.0.9.*labels may differ"):
            spacy.load(tmp_path / "pipeline")


class TestErrors:
    @pytest.fixture
    def failing(self, monkeypatch: pytest.MonkeyPatch) -> Language:
        """A pipeline that cannot read Docs with the word "broken" in them."""
        nlp = pipeline(model="small")
        tone = nlp.get_pipe("scr_tone").tone
        analyse = tone.analyse_all

        def some(documents: list[scr_tone.Document], **options: object) -> list[scr_tone.Report]:
            if any("broken" in document.text for document in documents):
                raise scr_tone.ModelError("cannot be read")
            return analyse(documents, **options)

        monkeypatch.setattr(tone, "analyse_all", some)
        return nlp

    def test_they_are_raised(self, failing: Language) -> None:
        with pytest.raises(scr_tone.ModelError):
            failing("It is broken.")
        with pytest.raises(scr_tone.ModelError):
            list(failing.pipe(["It rained.", "It is broken."]))

    def test_a_handler_gets_the_one_doc_and_the_others_are_done(self, failing: Language) -> None:
        seen = []
        failing.set_error_handler(
            lambda name, proc, docs, error: seen.append((name, [d.text for d in docs], str(error)))
        )
        docs = list(failing.pipe(["It rained.", "It is broken.", "It snowed."]))
        assert [doc.text for doc in docs] == ["It rained.", "It snowed."]
        assert all(doc._.tone_report for doc in docs)
        assert seen == [("scr_tone", ["It is broken."], "cannot be read")]

    def test_an_attribute_that_somebody_else_has(self) -> None:
        Span.set_extension("tone", default="loud", force=True)
        try:
            with pytest.raises(scr_tone.ConfigError, match=r"span\._\.tone: is already used.*Span\.remove_extension"):
                pipeline()
        finally:
            Span.set_extension("tone", getter=tone_of, force=True)
        assert Doc.get_extension("tone_report")[2] is report_of


PROCESSES = """
import multiprocessing
import spacy
import scr_tone.tone_component

TEXTS = ["The nurse failed to call back. It rained.", "Caseloads were high.", "", "She should have known.He left."] * 5

def said(docs):
    return [(doc._.tone_report.to_json(), [s._.tone for s in doc.sents], [s.label_ for s in doc.spans["scr_tone"]],
             [s.kb_id_ for s in doc.spans["scr_tone_cues"]]) for doc in docs]

if __name__ == "__main__":
    for method, model in (("spawn", "small"), ("fork", "standard")):
        if method not in multiprocessing.get_all_start_methods():
            continue
        multiprocessing.set_start_method(method, force=True)
        nlp = spacy.blank("en")
        nlp.add_pipe("scr_tone", config={"model": model})
        here = said(nlp.pipe(TEXTS))  # with the encoder open already, and its threads, which a fork does not take along
        there = said(nlp.pipe(TEXTS, n_process=2, batch_size=3))
        print(method, "the same" if here == there else "something else", "of", len(there))
"""


def test_two_processes_say_the_same(tmp_path: Path, root: Path) -> None:
    """Each way with the model that makes it harder: a fresh process must load, a forked one must not wait for ever."""
    script = tmp_path / "processes.py"
    script.write_text(PROCESSES, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", str(script)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "PYTHONPATH": str(root)},
        cwd=tmp_path,
    )
    methods = [name for name in ("spawn", "fork") if name in multiprocessing.get_all_start_methods()]
    assert (done.stdout.splitlines(), done.stderr) == ([f"{name} the same of 20" for name in methods], "")


def test_the_entry_points_lead_somewhere(root: Path) -> None:
    """That spaCy finds them in an installed wheel is tested in test_packaging."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    assert set(project["spacy_factories"]) == {"scr_tone", "scr_tone_sentences"}
    for group in project.values():
        for target in group.values():
            module, name = target.split(":")
            assert getattr(import_module(module), name)
    assert Language.get_factory_meta("scr_tone").retokenizes


class TestDisplacy:
    def test_drawn_with_our_colours(self, nlp: Language) -> None:
        from spacy import displacy

        from scr_tone.displacy import LABEL_COLOURS, displacy_data, displacy_options

        doc = nlp(TEXTS[0])
        html = displacy.render(doc, style="span", options=displacy_options(), jupyter=False)
        for label in {span.label_ for span in doc.spans["scr_tone"]}:
            assert LABEL_COLOURS[label.upper()] in html
        few = displacy.render(
            displacy_data(doc, labels=["blame"], cues=True),
            style="span", manual=True, options=displacy_options(), jupyter=False,
        )  # fmt: skip
        assert "learning" not in few and few.count(">blame") == 1 + len(
            [span for span in doc.spans["scr_tone_cues"] if span.label_ == "blame"]
        )
        assert "failure verbs" in few
        empty = displacy_data(nlp("It rained."))
        assert empty["spans"] == [] and empty["tokens"] == ["It", "rained", "."]

    def test_what_cannot_be_drawn(self, nlp: Language) -> None:
        from scr_tone.displacy import displacy_data

        with pytest.raises(scr_tone.ConfigError, match="label it first"):
            displacy_data(nlp.make_doc("It rained."))
        with pytest.raises(scr_tone.ConfigError, match="labels"):
            displacy_data(nlp("It rained."), labels="blame")
