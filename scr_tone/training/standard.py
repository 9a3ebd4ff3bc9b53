"""``scr-tone train --preset standard`` and ``accurate``: teacher, student, artefact; each stage is kept and not repeated.

With ``--start`` a student that ships is trained on instead; of a teacher it takes what ``teacher.npz`` has, if it is there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scr_tone.artefact import load
from scr_tone.encoder import EncoderModel
from scr_tone.errors import ConfigError, InputError
from scr_tone.labelled import group_of
from scr_tone.records import LABELS
from scr_tone.training.examples import Examples, load_examples
from scr_tone.training.finish import finish
from scr_tone.training.mixture import times_in_a_pass
from scr_tone.training.weights import pretrained

__all__ = ["STUDENT_LAYERS", "train_encoder"]

#: Layers of the teacher that the student keeps; see models/EXPERIMENTS.md for what else was tried.
STUDENT_LAYERS = (0, 1, 2, 3, 4, 5)
_LEAST_HELD_CASES = 10
_TEACHER_LOGITS = "teacher.npz"
_TEACHER_EPOCHS, _TEACHER_RATE = 1.4, 3e-5
_STUDENT_EPOCHS, _STUDENT_RATE = 2.3, 5e-5
#: Of a student that is trained on.
_ON_EPOCHS, _ON_RATE = 1.0, 4e-5


def train_encoder(
    preset: str,
    data: str | Path,
    folder: str | Path,
    work: str | Path,
    *,
    start: str | Path | None = None,
    trusted: bool = False,
    seed: int = 1,
    bfloat16: bool = False,
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Train the teacher, cut and train the student from it, and write the artefact.

    Parameters
    ----------
    preset : {"standard", "accurate"}
        The student, or the teacher itself.
    data : path
        The project's ``data``.
    folder : path
        Of the artefact.
    work : path
        Where the stages leave what they made: ``teacher/``, ``teacher.npz``, ``student/``. What is there is used, and a
        stage that was interrupted goes on from its last checkpoint.
    start : str or path, optional
        For ``standard``: no teacher is trained; the encoder of this model is trained on, with the labels of a teacher
        whose ``teacher.npz`` is in `work`, if there is one. A bundled model, or an artefact folder.
    trusted : bool
        For a folder, that its origin is trusted.
    seed : int
    bfloat16 : bool
        See `scr_tone.training.neural.fine_tune.Recipe`.
    say : callable
        Gets lines of progress.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    ConfigError
        If PyTorch or the pretrained weights are not installed, or `start` cannot be trained on.
    ModelError
        If `start` cannot be loaded.
    InputError
        If the data are unreadable, or too few for a part to be held out.
    """
    if find_spec("torch") is None:
        raise ConfigError("needs PyTorch", remedy="pip install 'scr-tone[train]'", subject=f"preset {preset}")
    if start is not None and preset == "accurate":
        raise ConfigError("is for `standard`", remedy="leave it out", subject="--start")
    base = None if start is None else _base(start, trusted)
    work = Path(work)
    examples = load_examples(data)
    _enough(examples, str(data))
    say(f"{len(examples.texts):,} sentences, {int(examples.held.sum()):,} of them held out")
    if base is None:
        _teacher(examples, work, seed, bfloat16, say)
    if preset == "accurate":
        described = "MPNet-base, 12 layers"
        chosen, arithmetic = work / "teacher", "float32"
    else:
        if base is None:
            _student(examples, work, seed, bfloat16, say)
        else:
            _trained_on(base, examples, work, seed, bfloat16, say)
        described = f"MPNet-base cut to {len(STUDENT_LAYERS)} layers, distilled"
        chosen, arithmetic = work / "student", "int8"
    return finish(
        chosen,
        examples,
        data,
        folder,
        arithmetic=arithmetic,  # type: ignore[arg-type]
        description=described,
        say=say,
    )


def _enough(examples: Examples, data: str) -> None:
    """Say before the hours of training, not after, that there is nothing to calibrate on."""
    held = [sentence for sentence, kept in zip(examples.sentences, examples.held, strict=True) if kept]
    cases, labels = {group_of(sentence) for sentence in held}, {sentence.label for sentence in held}
    if len(cases) < _LEAST_HELD_CASES or labels != set(LABELS):
        raise InputError(
            f"only {len(cases)} cases fall to the held-out tenth, with {len(labels)} of the {len(LABELS)} labels",
            remedy=f"give sentences of more cases; {_LEAST_HELD_CASES} held-out ones with every label are needed",
            subject=data,
        )


def _teacher(examples: Examples, work: Path, seed: int, bfloat16: bool, say: Callable[[str], None]) -> None:
    from scr_tone.training.neural.fine_tune import Recipe, fine_tune, write_teacher_logits
    from scr_tone.training.neural.loop import Schedule
    from scr_tone.training.neural.network import fresh, save_network

    if (work / "teacher" / "model.safetensors").exists():
        say(f"teacher: taken from {work / 'teacher'}")
        return
    network, tokens = fresh(pretrained("mpnet", work / "pretrained"), seed)
    recipe = Recipe(_TEACHER_EPOCHS, Schedule(_TEACHER_RATE, 10 * _TEACHER_RATE), seed=seed, bfloat16=bfloat16)
    began = time.time()
    met = fine_tune(network, tokens, examples, recipe, work / "teacher", say=lambda line: say(f"teacher: {line}"))
    write_teacher_logits(work / _TEACHER_LOGITS, examples, met)
    save_network(network, tokens, work / "teacher")
    _note(work / "teacher", recipe, time.time() - began, met)


def _student(examples: Examples, work: Path, seed: int, bfloat16: bool, say: Callable[[str], None]) -> None:
    from scr_tone.training.neural.fine_tune import Recipe, fine_tune
    from scr_tone.training.neural.loop import Schedule
    from scr_tone.training.neural.network import cut, load_network, save_network

    if (work / "student" / "model.safetensors").exists():
        say(f"student: taken from {work / 'student'}")
        return
    network, tokens = load_network(work / "teacher")
    network, tokens = cut(network, tokens, STUDENT_LAYERS, examples.texts)
    recipe = Recipe(_STUDENT_EPOCHS, Schedule(_STUDENT_RATE, 10 * _STUDENT_RATE), seed=seed, bfloat16=bfloat16)
    taught = _taught(examples, work, say)
    began = time.time()
    met = fine_tune(
        network, tokens, examples, recipe, work / "student", taught=taught, say=lambda line: say(f"student: {line}")
    )
    save_network(network, tokens, work / "student")
    _note(work / "student", recipe, time.time() - began, met)


def _taught(examples: Examples, work: Path, say: Callable[[str], None]) -> npt.NDArray[np.float32] | None:
    """What a teacher has left in `work`, shape (n, 4), and None if it has left nothing; either is said."""
    from scr_tone.training.neural.fine_tune import teacher_logits

    noted = work / _TEACHER_LOGITS
    if not noted.exists():
        say(f"student: no {noted}, so it learns from the annotators alone")
        return None
    say(f"student: learns from {noted} too")
    return teacher_logits(noted, examples)


def _base(start: str | Path, trusted: bool) -> EncoderModel:
    model = load(start, trusted=trusted).model
    if not isinstance(model, EncoderModel):
        raise ConfigError("has no encoder", remedy="start from `standard`", subject=f"--start {start}")
    return model


def _trained_on(
    base: EncoderModel, examples: Examples, work: Path, seed: int, bfloat16: bool, say: Callable[[str], None]
) -> None:
    from scr_tone.training.neural.fine_tune import Recipe, fine_tune
    from scr_tone.training.neural.loop import Schedule
    from scr_tone.training.neural.network import save_network
    from scr_tone.training.neural.restore import restored

    if (work / "student" / "model.safetensors").exists():
        say(f"student: taken from {work / 'student'}")
        return
    network, tokens = restored(base)
    recipe = Recipe(_ON_EPOCHS, Schedule(_ON_RATE, 5 * _ON_RATE), seed=seed, bfloat16=bfloat16)
    times = times_in_a_pass(examples, seed)
    taught = _taught(examples, work, say)
    began = time.time()
    met = fine_tune(
        network,
        tokens,
        examples,
        recipe,
        work / "student",
        taught=taught,
        times=times,
        say=lambda line: say(f"student: {line}"),
    )
    save_network(network, tokens, work / "student")
    _note(work / "student", recipe, time.time() - began, met)


def _note(folder: Path, recipe: Any, seconds: float, met: Any) -> None:
    """What was done, for the table of experiments."""
    read = int(np.isfinite(met).all(1).sum())
    note = {"epochs": recipe.epochs, "rate": recipe.schedule.rate, "seconds": round(seconds), "sentences": read}
    (folder / "training.json").write_text(json.dumps(note, indent=2) + "\n", encoding="utf-8")
