"""``scr-tone train``: fit the n-gram model on ``data/`` and write the artefact, the same bytes each time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from scr_tone.artefact import save
from scr_tone.classifier import ToneClassifier, head_of
from scr_tone.evaluation import by_parts, metrics
from scr_tone.labelled import (
    FOLDS,
    LabelledSentence,
    fingerprint,
    fold_of,
    group_of,
    read_labelled,
    read_labelled_folder,
)
from scr_tone.records import LABELS
from scr_tone.scorer import NATURAL_PRIOR, Head, TextModel, softmax

__all__ = [
    "FOR_ENCODERS",
    "REPRODUCIBLE",
    "WRITTEN_FREELY",
    "fit",
    "rerun_reproducibly",
    "train",
    "weighted",
]

#: Settings under which floating-point sums come out the same on every x86-64 machine that has AVX2: one thread, and the
#: same kernels in OpenBLAS and numpy whatever else the processor could do.
REPRODUCIBLE = {
    "OPENBLAS_CORETYPE": "Haswell",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR",
    "PYTHONHASHSEED": "0",
}

#: Files written for what an encoder had been measured to confuse, as whole stretches at the shares of life, or freely, and what each
#: was aimed at. N-grams do not learn from them: the first have the same words under every label, and with nine of them the n-gram model
#: is worse on real prose (models/EXPERIMENTS.md); with the others it has not been tried.
FOR_ENCODERS: Mapping[str, str] = {
    "plain_reproach.jsonl": "plainly worded reproach",
    "talk_of_reviews.jsonl": "neutral talk about reviews, feelings and procedure",
    "quiet_owning.jsonl": "quiet admissions and assurance",
    "dull_conditions.jsonl": "dull system conditions",
    "inquest_conditions.jsonl": "learning told flatly in evidence, and neutral look-alikes",
    "concessions_in_evidence.jsonl": "concessions at one remove and missing assurance, and look-alikes",
    "dull_reproach.jsonl": "reproach in flat or bureaucratic words, and look-alikes",
    "review_borders.jsonl": "the borders of the labels in the prose of reviews",
    "digest_prose.jsonl": "general talk in digests and analyses of many reviews, and remits in plain words",
    "inquest_narrative.jsonl": "what evidence says of gaps, told flatly; alarming events told plainly",
    "press_reports.jsonl": "reproach and owning in the words of the press and of parliament",
    "statements_responses.jsonl": "quiet owning in letters, statements and minutes, and what only looks like it",
    "review_findings.jsonl": "conduct or condition in dull analysis",
    "conditions_prose.jsonl": "contributory factors in indirect words",
    "inquiry_volumes.jsonl": "how inquiries work, memories of witnesses, themes as fragments",
    "agency_reports.jsonl": "agencies' own reports: alarming chronology, half a clause of condition, acknowledged faults",
    "about_the_process.jsonl": "what reviews are and how they are done, beside what they are for",
    "evidence_heard.jsonl": "gaps told flatly in evidence, admissions put dully, and look-alikes",
    "inquiry_and_chamber.jsonl": "talk around responsibility in inquiries, parliament and councils",
    "lives_and_families.jsonl": "quiet blaming of parents and of those who were harmed, and look-alikes",
    "many_cases.jsonl": "counts and themes of many cases, patterns, single cases singled out",
    "matters_of_concern.jsonl": "concerns that judge a system or a task, assurance that is wanting",
    "news_and_comment.jsonl": "reproach and owning in sober restated news and columns",
    "owning_and_not.jsonl": "owning without its usual words, and what only looks like it",
    "adult_reviews_life.jsonl": "reviews about adults at the shares of life",
    "agency_accounts_life.jsonl": "agencies' accounts at the shares of life",
    "around_reviews_life.jsonl": "texts around reviews at the shares of life",
    "child_reviews_life.jsonl": "reviews about children at the shares of life",
    "coroner_health_life.jsonl": "coroners' reports about health care at the shares of life",
    "coroner_other_life.jsonl": "coroners' reports about prisons, roads, homes and the rest at the shares of life",
    "inquiry_inspection_life.jsonl": "inquiries and inspectorates at the shares of life",
    "press_life.jsonl": "the press at the shares of life",
    "case_analysis_life.jsonl": "analysis chapters as consultants write them",
    "coroner_evidence_life.jsonl": "long evidence-centred coroners' reports at the shares of life",
    "hearings_life.jsonl": "hearings, judgments and debates at the shares of life",
    "press_columns_life.jsonl": "columns, interviews and broadcasts at the shares of life",
    "research_life.jsonl": "research on many reviews at the shares of life",
    "review_digests_life.jsonl": "short plain restatements of whole reviews",
    "statements_minutes_life.jsonl": "statements and minutes at the shares of life",
    "free_adult_reviews.jsonl": "analysis in reviews about adults",
    "free_agency_papers.jsonl": "agencies' own papers, statements and evidence",
    "free_around_reviews.jsonl": "briefings, statements, responses and minutes",
    "free_child_findings.jsonl": "findings and learning in reviews about children",
    "free_child_reviews.jsonl": "findings and analysis in reviews about children",
    "free_conclusions.jsonl": "conclusions of inquests, reviews and investigations",
    "free_coroners_concerns.jsonl": "coroners' evidence and matters of concern",
    "free_coroners_health.jsonl": "coroners' reports about health care",
    "free_coroners_other.jsonl": "coroners' reports about prisons, roads, homes and the rest",
    "free_press_and_chamber.jsonl": "the press, committees, debates, ombudsmen and inspectorates",
    "free_research.jsonl": "research on many reviews",
    "free_stock_phrases.jsonl": "overview reports, narrative conclusions and inspections in stock phrases",
    "free_views.jsonl": "texts by people with a view, and replies to them",
    "ladder.jsonl": "how an act was meant: the levels of the culpability ladder, under every label",
}

#: Those whose writers knew of no labels: documents as their authors would have written them, labelled afterwards by two readers. About
#: half of their sentences have a second choice, as in real prose; of the others, whose writers had a label in mind, fewer than one in
#: ten (data/README.md).
WRITTEN_FREELY = frozenset(name for name in FOR_ENCODERS if name.startswith("free_"))

#: Weight of the second annotator's other choice beside the label.
_SECOND_CHOICE = 0.2


def rerun_reproducibly(arguments: Sequence[str]) -> int | None:
    """Run ``python -m scr_tone ARGUMENTS`` under `REPRODUCIBLE`; None when this process is already so.

    The settings must be in the environment before numpy is imported, hence a process of its own.
    """
    wanted = (
        REPRODUCIBLE
        if _is_x86()
        else {k: v for k, v in REPRODUCIBLE.items() if not k.startswith(("OPENBLAS_C", "NPY"))}
    )
    if all(os.environ.get(name) == value for name, value in wanted.items()):
        return None
    environment = {**os.environ, **wanted}
    environment.pop("OPENBLAS_L2_SIZE", None)
    return subprocess.run([sys.executable, "-m", "scr_tone", *arguments], env=environment, check=False).returncode


def _is_x86() -> bool:
    import platform

    return platform.machine().lower() in ("x86_64", "amd64")


def weighted(sentences: Sequence[LabelledSentence]) -> tuple[list[str], list[str], list[float], list[str]]:
    """Texts, labels, weights and groups, a doubtful sentence once for each label that an annotator gave it.

    A label that both annotators gave weighs 1; where they differ each weighs a half; a second choice weighs 0.2 and the
    label the rest. A sentence's own "weight" multiplies them.
    """
    texts, labels, weights, groups = [], [], [], []
    for sentence in sentences:
        blind = sentence.extra.get("label_blind", sentence.label)
        second = sentence.extra.get("second_choice", "-")
        shares = {sentence.label: 1.0}
        if blind in LABELS and blind != sentence.label:
            shares = {sentence.label: 0.5, blind: 0.5}
        elif second in LABELS and second != sentence.label:
            shares = {sentence.label: 1 - _SECOND_CHOICE, second: _SECOND_CHOICE}
        for label, share in shares.items():
            texts.append(sentence.text)
            labels.append(label)
            weights.append(share * float(sentence.extra.get("weight", 1)))
            groups.append(group_of(sentence))
    return texts, labels, weights, groups


def fit(
    sentences: Sequence[LabelledSentence], *, say: Callable[[str], None] = lambda line: None, **settings: Any
) -> tuple[TextModel, dict[str, Any]]:
    """Fit the label, and who carries responsibility and in whose voice, over one vocabulary.

    `target` and `voice` are fitted on the sentences that are not `neutral`, as they are only shown for those.

    Returns
    -------
    model : TextModel
    figures : dict
        Metrics of the grouped five-fold cross-validation that also gives the temperature, under the training prior,
        because held-out authored sentences have its label shares; empty with ``folds=0``.
    """
    texts, labels, weights, groups = weighted(sentences)
    say(f"label: {len(sentences):,} sentences, {len(set(groups)):,} groups, {FOLDS} folds and all")
    model = ToneClassifier(**settings).fit(
        texts, labels, fold_ids=[fold_of(group) for group in groups], sample_weight=weights
    )
    figures = _validated(model, sentences, texts) if model.folds else {}
    heads: dict[str, Head] = {"label": model.head_}
    charged = [s for s in sentences if s.label != "neutral" and s.extra.get("target") and s.extra.get("voice")]
    for name in ("target", "voice"):
        if len({s.extra[name] for s in charged}) >= 2:
            say(f"{name}: {len(charged):,} sentences")
            heads[name] = _attribute_head(model, charged, name)
    return TextModel(model.vectorizer_.features_, heads), figures


def _validated(model: ToneClassifier, sentences: Sequence[LabelledSentence], texts: list[str]) -> dict[str, Any]:
    logits = dict(zip(texts, model.validation_logits_ / model.head_.temperature, strict=True))
    order = [list(model.classes_).index(label) for label in LABELS]
    probabilities = softmax(np.stack([logits[sentence.text] for sentence in sentences])[:, order])
    truth, groups = [s.label for s in sentences], [group_of(s) for s in sentences]
    figures = metrics(truth, probabilities, groups=groups, natural=NATURAL_PRIOR)
    figures["by"] = by_parts(sentences, probabilities, genres=[s.file.removesuffix(".jsonl") for s in sentences])
    return figures


def _attribute_head(model: ToneClassifier, sentences: Sequence[LabelledSentence], name: str) -> Head:
    values = np.array([sentence.extra[name] for sentence in sentences])
    matrix = model.vectorizer_.transform([sentence.text for sentence in sentences])
    fitted = LogisticRegression(C=model.C, max_iter=model.max_iter, tol=model.tol).fit(matrix, values)
    return head_of(fitted, 1.0, values, None)


def train(data: str | Path, folder: str | Path, *, say: Callable[[str], None] = lambda line: None) -> dict[str, Any]:
    """Fit on ``data/authored``, evaluate, and write the artefact to `folder`.

    Parameters
    ----------
    data : path
        Folder with ``authored/*.jsonl`` and, for the published scores, ``evaluation/*.jsonl``.
    folder : path
        Where the artefact goes; replaced as a whole.
    say : callable
        Gets a line of progress now and then.

    Returns
    -------
    dict
        The manifest that was written.
    """
    from scr_tone.analyser import ToneAnalyser

    data = Path(data)
    sentences = [s for s in read_labelled_folder(data / "authored") if s.file not in FOR_ENCODERS]
    scores: dict[str, Any] = {}
    model, validated = fit(sentences, say=say)
    scores["authored, cross-validated by case"] = validated
    tone = ToneAnalyser(model, name=Path(folder).name)
    for path in sorted((data / "evaluation").glob("*.jsonl")):
        say(f"evaluation: {path.name}")
        labelled = read_labelled(path)
        shares = tone.score_matrix([s.text for s in labelled])
        found = metrics([s.label for s in labelled], shares, natural=NATURAL_PRIOR)
        scores[path.stem] = found
    return save(
        model,
        folder,
        name=Path(folder).name,
        features={"ngrams": len(model.features.vocabulary_)},
        data={"sentences": len(sentences), "sha256": fingerprint(sentences)},
        scores=scores,
    )
