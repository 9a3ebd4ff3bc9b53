"""``scr-tone calibrate``: learn from decisions how sure the model must be before it flags."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scr_tone.cli.exits import Exit, complain
from scr_tone.decisions import Decision, read_decisions
from scr_tone.errors import InputError
from scr_tone.project import Flags
from scr_tone.project_file import FILE_NAME, read_project
from scr_tone.thresholds import LEAST, PRECISION, Learned, Tally, learn

__all__ = ["add"]

_MODEL_DIGITS = 16


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "calibrate",
        help="learn thresholds from decisions",
        description="Reads decisions (helpful and intended: the flag was right; wrong: it was not) and finds, for each label, the "
        "smallest score from which flags are right as often as is asked for. Decide on all flags of a draft and not "
        "only on the wrong ones, or the threshold will be too high.",
    )
    parser.add_argument("decisions", nargs="+", metavar="DECISIONS.tone.json")
    parser.add_argument(
        "-o", "--output", metavar=FILE_NAME, help="write the thresholds there; the rest of the file stays as it is"
    )
    parser.add_argument(
        "--precision", type=_share, default=PRECISION, metavar="SHARE", help=f"of right flags (default: {PRECISION})"
    )
    parser.add_argument(
        "--least", type=_count, default=LEAST, metavar="N", help=f"fewest decisions to learn from (default: {LEAST})"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Learn, say what came of it, and write it where that was asked for."""
    flags = read_project(options.output).flags if options.output and Path(options.output).exists() else Flags()
    decisions, model = _of_one_model([one for path in options.decisions for one in read_decisions(path)])
    by_label: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_label.setdefault(decision.label, []).append(decision)
    counted = Counter(decision.decision for decision in decisions)
    print(f"{len(decisions):,} decisions: {', '.join(f'{n:,} {what}' for what, n in sorted(counted.items()))}")
    enough = {label: made for label, made in by_label.items() if len(made) >= options.least}
    for label, made in by_label.items():
        if label not in enough:
            print(f"{label}: {len(made)} decisions, and it takes {options.least}; nothing learned")
    if not enough:
        raise InputError(
            f"{max(map(len, by_label.values()), default=0)} decisions on one label are too few",
            remedy=f"decide on at least {options.least} flags (scr-tone decide), helpful ones as well as wrong ones",
            subject=", ".join(options.decisions),
        )
    threshold = dict(flags.threshold) if flags.model in (None, model[:_MODEL_DIGITS]) else {}
    for label, made in enough.items():
        learned = learn([(one.score, one.decision != "wrong") for one in made], precision=options.precision)
        _say(label, learned, options.precision)
        if learned.threshold is not None:
            # Below the lowest score that was decided on nothing is known, so a threshold that was there is not thrown away.
            lowest = min(one.score for one in made)
            threshold[label] = learned.threshold or min(threshold.get(label, 0.0), lowest)
    threshold = {label: least for label, least in threshold.items() if least > 0}
    if threshold == flags.threshold:
        print("nothing to change")
    elif options.output:
        _write(Path(options.output), threshold, model)
        print(f"{options.output}: written")
    else:
        print(f"\nIn {FILE_NAME} (or name it with -o):\n\n{_toml(threshold, model)}", end="")
    return Exit.DONE


def _of_one_model(decisions: Sequence[Decision]) -> tuple[list[Decision], str]:
    """Decisions on findings of the model that most were made with; the scores of two models cannot be compared."""
    if not decisions:
        return [], ""
    [(model, count)] = Counter(decision.model for decision in decisions).most_common(1)
    if count < len(decisions):
        complain(
            f"note: {len(decisions) - count:,} decisions were made with another model than {model[:_MODEL_DIGITS]} and are left out"
        )
    return [decision for decision in decisions if decision.model == model], model


def _say(label: str, learned: Learned, precision: float) -> None:
    print(f"{label}: {_tally(learned.before)} now")
    if learned.threshold is None:
        print(
            f"  no threshold reaches {precision:.0%}; it would take about {learned.missing:,} more flags with high scores, all of them "
            "right"
        )
    elif learned.threshold == 0:
        print(f"  that is {precision:.0%} or more already; no threshold is needed")
    else:
        lost = learned.before.right - learned.after.right
        print(f"  threshold {learned.threshold:.3f}: {_tally(learned.after)}; {lost:,} right flags are lost")
        print(f"  on decisions left out of the learning in turn: {_tally(learned.unseen)}")


def _tally(tally: Tally) -> str:
    if not tally.flags:
        return "no flags"
    low, high = tally.interval
    return (
        f"{tally.right:,} of {tally.flags:,} flags right, {tally.precision:.0%} (95% interval {low:.0%} to {high:.0%})"
    )


def _toml(threshold: dict[str, float], model: str) -> str:
    lines = [f"{label} = {least:.3f}" for label, least in threshold.items()]
    return "\n".join(["[flags]", f'model = "{model[:_MODEL_DIGITS]}"', "", "[flags.threshold]", *lines]) + "\n"


def _write(path: Path, threshold: dict[str, float], model: str) -> None:
    """Put the thresholds into a settings file, and leave the rest of it, comments too, as it is."""
    import tomlkit

    from scr_tone.output import write_whole

    if not path.exists():
        write_whole(path, _toml(threshold, model))
        return
    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    flags = document.setdefault("flags", tomlkit.table())
    flags["model"] = model[:_MODEL_DIGITS]
    given = flags.get("threshold")
    if not isinstance(given, dict):
        flags.pop("threshold", None)
        given = flags.setdefault("threshold", tomlkit.table())
    for label in [label for label in given if label not in threshold]:
        del given[label]
    for label, least in threshold.items():
        given[label] = round(least, 3)
    write_whole(path, tomlkit.dumps(document))


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError("give a share between 0 and 1")
    return share


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("give a number of decisions")
    return count
