"""What was decided about findings, kept in a small JSON file beside the draft.

The file holds ids, labels, scores and days, and none of the text. An id is a short hash of a sentence's words, so a decision goes
with the words wherever they move to in the next draft. Whoever guesses a sentence can check the guess against its id; the file
is less confidential than the draft, and not public.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from scr_tone.errors import ConfigError, InputError
from scr_tone.output import write_whole
from scr_tone.records import LABELS

__all__ = [
    "VERDICTS",
    "Decision",
    "Decisions",
    "Verdict",
    "decisions_beside",
    "decisions_in",
    "read_decisions",
    "record_decisions",
]

Verdict = Literal["intended", "wrong", "helpful"]
#: What can be decided: that the flag is right and the sentence stays; that the flag is wrong; that it is right and was of use.
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

_SUFFIX = ".tone.json"
_VERSION = 1
_MOST_BYTES = 20_000_000
_ID = re.compile(r"[0-9A-Za-z]{4,64}(?:-\d{1,6})?")
_REPEAT = re.compile(r"-\d+\Z")


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision.

    Attributes
    ----------
    id : str
        Of the finding, without the count of a repeat: the same words, the same decision.
    decision : {"intended", "wrong", "helpful"}
    label : Label
        What the model called the sentence.
    score : float
        Its score for that label.
    model : str
        SHA-256 of the model's manifest.
    date : str
        The day, as YYYY-MM-DD.
    """

    id: str
    decision: Verdict
    label: str
    score: float
    model: str = ""
    date: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", _REPEAT.sub("", self.id))


@dataclass(frozen=True)
class Decisions:
    """Decisions by id.

    Examples
    --------
    >>> made = Decisions([Decision("0a1b2c3d4e5f", "intended", "blame", 0.9)])
    >>> made.verdict("0a1b2c3d4e5f-2"), made.verdict("ffffffffffff")
    ('intended', None)
    """

    entries: Iterable[Decision] = ()
    _by_id: Mapping[str, Decision] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries", tuple(self.entries))
        object.__setattr__(self, "_by_id", {entry.id: entry for entry in self.entries})

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Decision]:
        return iter(self._by_id.values())

    def verdict(self, identity: str) -> Verdict | None:
        """What was decided about a finding, or None."""
        found = self._by_id.get(_REPEAT.sub("", identity))
        return found.decision if found else None

    def to_json(self) -> str:
        """The file's content; one decision a line, so that two versions compare well."""
        lines = ",\n".join(f"    {json.dumps(asdict(entry))}" for entry in sorted(self, key=lambda entry: entry.id))
        body = f"[\n{lines}\n  ]" if lines else "[]"
        return f'{{\n  "version": {_VERSION},\n  "decisions": {body}\n}}\n'


def decisions_beside(draft: str | Path) -> Path:
    """The file for a draft's decisions: its name with ``.tone.json`` behind it.

    Examples
    --------
    >>> decisions_beside("draft.docx").name
    'draft.docx.tone.json'
    """
    draft = Path(draft)
    return draft.with_name(draft.name + _SUFFIX) if draft.name else draft / _SUFFIX


def read_decisions(path: str | Path) -> Decisions:
    """Read a file of decisions.

    Raises
    ------
    InputError
        If it cannot be read, or is no such file.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read ({reason})", remedy="check the path", subject=str(path)) from None
    return decisions_in(data, subject=str(path))


def decisions_in(data: bytes, *, subject: str = "the decisions") -> Decisions:
    """Decisions from the content of such a file.

    Parameters
    ----------
    data : bytes
    subject : str
        What to call it in error messages.

    Raises
    ------
    InputError
        If it is no such file.
    """
    if len(data) > _MOST_BYTES:
        raise InputError("is larger than 20 MB", remedy="name a file of decisions", subject=subject)
    try:
        return _parsed(json.loads(data.decode("utf-8-sig")))
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    except json.JSONDecodeError as error:
        reason = f"line {error.lineno} is no JSON"
    except RecursionError:
        reason = "it is nested too deeply"
    except ConfigError as error:
        reason = error.reason
    raise InputError(
        f"is no file of decisions ({reason})", remedy="mend it, or move it away and decide again", subject=subject
    )


def _parsed(raw: Any) -> Decisions:
    if not isinstance(raw, dict) or not isinstance(raw.get("decisions"), list):
        raise ConfigError('it has no list "decisions"')
    if raw.get("version") != _VERSION or isinstance(raw["version"], bool):
        raise ConfigError(f"its version is {raw.get('version')!r}, and this scr-tone reads {_VERSION}")
    return Decisions(_entry(entry, number) for number, entry in enumerate(raw["decisions"], 1))


def _entry(raw: Any, number: int) -> Decision:
    """One decision; keys that a later version may add are passed over."""
    score = raw.get("score") if isinstance(raw, dict) else None
    good = (
        isinstance(raw, dict)
        and isinstance(raw.get("id"), str)
        and _ID.fullmatch(raw["id"]) is not None
        and raw.get("decision") in VERDICTS
        and raw.get("label") in LABELS
        and isinstance(score, int | float)
        and not isinstance(score, bool)
        and 0 <= score <= 1
        and all(isinstance(raw.get(key, ""), str) for key in ("model", "date"))
    )
    if not good:
        raise ConfigError(f"decision {number} is not one of id, decision, label, score, model and date")
    return Decision(
        raw["id"], raw["decision"], raw["label"], float(raw["score"]), raw.get("model", ""), raw.get("date", "")
    )


def record_decisions(path: str | Path, made: Iterable[Decision] = (), undone: Iterable[str] = ()) -> Decisions:
    """Put decisions into a file, which is made if it is not there.

    Parameters
    ----------
    path : str or Path
    made : iterable of Decision
        A later decision on the same finding takes the place of the earlier one. Without a date they get today's.
    undone : iterable of str
        Ids whose decisions are taken back.

    Returns
    -------
    Decisions
        All that the file now holds.

    Raises
    ------
    InputError
        If the file that is there is none of decisions; it stays as it is.
    ConfigError
        If it cannot be written.
    """
    path = Path(path)
    today = date.today().isoformat()
    gone = {_REPEAT.sub("", identity) for identity in undone}
    with _alone(path):
        kept = [entry for entry in read_decisions(path) if entry.id not in gone] if path.exists() else []
        new = (
            entry if entry.date else Decision(entry.id, entry.decision, entry.label, entry.score, entry.model, today)
            for entry in made
        )
        decisions = Decisions([*kept, *new])
        write_whole(path, decisions.to_json())
    return decisions


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the folder, so that of two who write at once neither loses the other's decision.

    The folder is locked and not the file, because the file is replaced whole. Where the system or the file system has no such
    lock (Windows, some network drives), the last one to write wins.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = None
    try:
        with contextlib.suppress(OSError):
            handle = os.open(path.absolute().parent, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        if handle is not None:
            os.close(handle)
