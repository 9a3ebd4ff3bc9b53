"""The model card that goes into every artefact, its figures from the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from string import Template
from typing import Any

__all__ = ["card"]


def card(manifest: Mapping[str, Any]) -> str:
    """Model card in Markdown (Mitchell et al. 2019) for a manifest without its file list."""
    template = Template(files("scr_tone").joinpath("resources/model_card.md").read_text(encoding="utf-8"))
    return template.substitute(
        name=manifest["name"],
        what=_what(manifest),
        failures=_failures(manifest),
        sentences=f"{manifest['data'].get('trained_on', manifest['data']['sentences']):,}",
        data_sha256=manifest["data"]["sha256"][:16],
        shares=", ".join(f"{label} {share:.0%}" for label, share in manifest["shares"].items()),
        libraries=", ".join(f"{name} {number}" for name, number in manifest["libraries"].items()),
        adapted=_adapted(manifest["data"].get("adapted")),
        scores="\n\n".join(_table(name, figures) for name, figures in manifest["scores"].items()) or "Not evaluated.",
    )


def _adapted(said: Mapping[str, Any] | None) -> str:
    if said is None:
        return ""
    base = f" It came from `{said['base']}` (manifest `{said['base_sha256'][:16]}`)." if "base" in said else ""
    gap = said["macro_f1_difference"]["difference"]
    low, high = said["macro_f1_difference"]["ci"]
    return (
        f"\n\n**Adapted to other texts.** {said['method']}, with {said['sentences']:,} labelled sentences of {said['documents']:,} "
        f"documents (fingerprint `{said['sha256'][:16]}`), of which {said['held_out']:,} sentences of {said['held_out_documents']:,} "
        f"documents were held out.{base} On those the macro-F1 changed by {gap:+.3f} (95% interval {low:+.3f} to {high:+.3f}); the "
        "tables below are of them. It is meant for texts like these and no others. The manifest names the sentences that it learned "
        "from by hashes of their words: whoever guesses a sentence can check the guess."
    )


def _failures(manifest: Mapping[str, Any]) -> str:
    kind = "ngrams" if "ngrams" in manifest["features"] else "encoder"
    return files("scr_tone").joinpath(f"resources/failures/{kind}.md").read_text(encoding="utf-8").strip()


def _what(manifest: Mapping[str, Any]) -> str:
    features = manifest["features"]
    if "ngrams" in features:
        return (
            f"{features['ngrams']:,} word and character n-grams, multinomial logistic regression (scikit-learn), "
            "temperature scaling on grouped folds. No neural network."
        )
    held_out = manifest["data"]["held_out"]
    return (
        f"A transformer encoder ({features['encoder']}, {features['arithmetic']} arithmetic, run by ONNX Runtime), and linear "
        f"heads over its token states, calibrated with scikit-learn on {held_out:,} sentences of cases that "
        "were kept from its training. It reads a normalised sentence: names, dates, courtesy titles and spelling are "
        "taken out of play."
    )


def _table(name: str, figures: Mapping[str, Any]) -> str:
    low, high = figures["macro_f1_ci"]
    lines = [
        f"**{name}** ({figures['n']:,} sentences): macro-F1 **{figures['macro_f1']:.3f}** "
        f"(95% interval {low:.3f} to {high:.3f}), accuracy {figures['accuracy']:.3f}, "
        f"calibration error {figures['ece']:.3f}.",
        "",
        "| label | precision | recall | F1 | precision at natural shares | sentences |",
        "|---|---|---|---|---|---|",
    ]
    for label, row in figures["per_label"].items():
        natural = f"{row['natural_precision']:.2f}" if "natural_precision" in row else "-"
        lines.append(
            f"| {label} | {row['precision']:.2f} | {row['recall']:.2f} | {row['f1']:.2f} | {natural} | {row['support']:,} |"
        )
    lines += _attributes(figures.get("attributes", {}))
    lines += _factors(figures.get("factors", {}))
    for part, found in figures.get("by", {}).items():
        lines += _parts(part, found)
    return "\n".join(lines)


def _attributes(found: Mapping[str, Any]) -> list[str]:
    if not found:
        return []
    lines = [
        "",
        "| attribute (target and voice: of sentences not neutral) | macro-F1 | 95% interval | accuracy | sentences |",
        "|---|---|---|---|---|",
    ]
    for name, figures in found.items():
        low, high = figures["macro_f1_ci"]
        lines.append(
            f"| {name} | {figures['macro_f1']:.2f} | {low:.2f} to {high:.2f} | {figures['accuracy']:.2f} | {figures['n']:,} |"
        )
    return lines


def _factors(found: Mapping[str, Any]) -> list[str]:
    if not found:
        return []
    each = ", ".join(f"{name} {row['f1']:.2f} ({row['support']})" for name, row in found["per_factor"].items())
    return [
        "",
        f"Contributory factors of {found['n']:,} learning sentences: micro-F1 **{found['micro_f1']:.2f}** (precision "
        f"{found['precision']:.2f}, recall {found['recall']:.2f}). F1 by factor, in brackets how many have it: {each}.",
    ]


def _parts(name: str, found: Mapping[str, Any]) -> list[str]:
    lines = ["", f"| by {name} | macro-F1 | blame precision | blame recall | sentences |", "|---|---|---|---|---|"]
    for part, row in sorted(found.items(), key=lambda item: item[1]["macro_f1"]):
        lines.append(
            f"| {part} | {row['macro_f1']:.2f} | {row['blame_precision']:.2f} | {row['blame_recall']:.2f} | {row['n']:,} |"
        )
    return lines
