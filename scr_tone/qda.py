"""REFI-QDA exchange: labelled documents as a project (.qdpx) for NVivo, MAXQDA, ATLAS.ti, QualCoder and others, codes as .qdc.

Written with pyrefiqda's model of the standard (REFI-QDA 1.5). A text goes into the project as plain text in UTF-8 without a byte
order mark, and positions count Unicode code points in it, the end being the place after the last one. Programs differ on line
ends, so the text has one kind, line feeds unless told otherwise, and positions are those of the text as it was written.
"""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from scr_tone.errors import ConfigError
from scr_tone.output import check_writable, write_whole
from scr_tone.qda_codes import Codes, codebook_tree
from scr_tone.records import LABELS, Sentence
from scr_tone.version import __version__

if TYPE_CHECKING:
    from scr_tone.report import Report

__all__ = ["LineEnds", "qdpx_bytes", "save_codebook", "save_qdpx"]

LineEnds = Literal["lf", "crlf"]

_PROJECT, _CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
_HOME = uuid.uuid5(uuid.NAMESPACE_OID, "scr-tone")
#: What XML 1.0 cannot hold.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CODED = tuple(label for label in LABELS if label != "neutral")


def save_qdpx(
    reports: Report | Sequence[Report],
    path: str | Path,
    *,
    labels: Collection[str] = _CODED,
    line_ends: LineEnds = "lf",
    name: str = "scr-tone",
) -> None:
    """Write documents and their labels as a REFI-QDA project. It holds the whole text of the documents.

    Each sentence with one of the labels that is not left out of the counts is coded with it; with what it puts responsibility on
    (blame and accountability) or the factors it names (learning) as codes below that; and with the level of the culpability
    ladder where it claims one. A note on the coding has the scores and the words that weighed.

    Parameters
    ----------
    reports : Report or sequence of Report
    path : str or Path
        Ending ``.qdpx``. The file appears whole or not at all.
    labels : collection of str
        Which labels are coded; not neutral, if not given.
    line_ends : {"lf", "crlf"}
        How lines end in the texts, and so what positions count: "crlf" for a program in which codes slide by one for each line.
    name : str
        Of the project.

    Raises
    ------
    ConfigError
        If the file cannot be written, an argument makes no sense, or the package pyrefiqda is not installed.

    Examples
    --------
    >>> import scr_tone, tempfile, pathlib
    >>> report = scr_tone.load().analyse("The nurse failed to call back. It rained.")
    >>> folder = tempfile.TemporaryDirectory()
    >>> scr_tone.save_qdpx(report, pathlib.Path(folder.name, "project.qdpx"))
    >>> folder.cleanup()
    """
    _check_ending(path, ".qdpx")
    check_writable(path)
    write_whole(path, qdpx_bytes(reports, labels=labels, line_ends=line_ends, name=name))


def save_codebook(path: str | Path) -> None:
    """Write the codes alone, without any text, as a REFI-QDA codebook.

    Parameters
    ----------
    path : str or Path
        Ending ``.qdc``.

    Raises
    ------
    ConfigError
        If the file cannot be written, or the package pyrefiqda is not installed.
    """
    _check_ending(path, ".qdc")
    _library()
    from pyrefiqda.models import codebook as model

    tree = codebook_tree(_guid, model.CodeType)
    write_whole(
        path, _xml(model.CodeBook(codes=model.CodesType(code=tree), origin=f"scr-tone {__version__}"), _CODEBOOK)
    )


def _check_ending(path: str | Path, ending: str) -> None:
    if Path(path).suffix.lower() != ending:
        raise ConfigError("has another ending", remedy=f"end the name in {ending}", subject=str(path))


def qdpx_bytes(
    reports: Report | Sequence[Report],
    *,
    labels: Collection[str] = _CODED,
    line_ends: LineEnds = "lf",
    name: str = "scr-tone",
) -> bytes:
    """The project of `save_qdpx` as bytes.

    Raises
    ------
    ConfigError
        As for `save_qdpx`.
    """
    if line_ends not in ("lf", "crlf"):
        raise ConfigError(f"is {line_ends!r}", remedy='use "lf" or "crlf"', subject="line_ends")
    if unknown := [label for label in labels if label not in LABELS]:
        raise ConfigError(f"has {unknown[0]!r}", remedy=f"use {', '.join(LABELS)}", subject="labels")
    _library()
    from pyrefiqda.models import project as model
    from xsdata.models.datatype import XmlDateTime

    whole = [reports] if not isinstance(reports, Sequence) else list(reports)
    now = XmlDateTime.from_datetime(datetime.now(UTC).replace(microsecond=0))
    user = _guid("user")
    made: dict[str, Any] = {"creating_user": user, "creation_date_time": now}
    codes = Codes(_guid)
    sources, notes, files = [], [], {}
    for number, report in enumerate(whole):
        place = f"{number}/{report.document.name or ''}"
        guid = _guid("source", place)
        text, moved = _laid_out(report.document.text, line_ends)
        files[f"sources/{guid}.txt"] = text.encode("utf-8")
        selections = []
        for sentence in report.sentences:
            if sentence.skipped is not None or sentence.label not in labels:
                continue
            for at, code in enumerate(codes.of(sentence)):
                key = (place, str(sentence.index), code)
                noted = []
                if at == 0:  # the label itself; what lies below it would only say the same again
                    note = _guid("note", *key)
                    content = _said(sentence, report)
                    notes.append(model.TextSourceType(guid=note, name="scr-tone", plain_text_content=content, **made))
                    noted = [model.NoteRefType(target_guid=note)]
                coding = model.CodingType(
                    guid=_guid("coding", *key), code_ref=model.CodeRefType(target_guid=code), note_ref=noted, **made
                )
                selections.append(
                    model.PlainTextSelectionType(
                        guid=_guid("selection", *key),
                        name=_clean(sentence.text[:80]),
                        start_position=int(moved[sentence.start]),
                        end_position=int(moved[sentence.end]),
                        coding=[coding],
                        **made,
                    )
                )
        sources.append(
            model.TextSourceType(
                guid=guid,
                name=_clean(report.document.name or f"text {number + 1}"),
                plain_text_path=f"internal://{guid}.txt",
                plain_text_selection=selections,
                **made,
            )
        )
    project = model.Project(
        name=_clean(name),
        origin=f"scr-tone {__version__}",
        creating_user_guid=user,
        creation_date_time=now,
        users=model.UsersType(user=[model.UserType(guid=user, name="scr-tone", id="scr-tone")]),
        code_book=model.CodeBookType(codes=model.CodesType(code=codebook_tree(_guid, model.CodeType))),
        sources=model.SourcesType(text_source=sources),
        notes=model.NotesType(note=notes) if notes else None,
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, written in {"project.qde": _xml(project, _PROJECT).encode(), **files}.items():
            # With ZIP's first day instead of today: a clock that stands before 1980 could not be written.
            archive.writestr(zipfile.ZipInfo(inside), written, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _library() -> None:
    try:
        import pyrefiqda  # noqa: F401
    except ImportError:
        raise ConfigError(
            "needs the package pyrefiqda", remedy="pip install 'scr-tone[research]'", subject="REFI-QDA"
        ) from None


def _xml(whole: Any, namespace: str) -> str:
    from xsdata.formats.dataclass.serializers.config import SerializerConfig
    from xsdata_pydantic.bindings import XmlSerializer

    return str(XmlSerializer(config=SerializerConfig(encoding="UTF-8")).render(whole, ns_map={None: namespace}))


def _guid(*parts: str) -> str:
    """The same name each time, so that a project written again can be told to be of the same texts."""
    return str(uuid.uuid5(_HOME, "\x1f".join(parts)))


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


def _laid_out(text: str, line_ends: LineEnds) -> tuple[str, npt.NDArray[np.int64]]:
    """The text with one kind of line end, and for each old offset the new one, shape (len(text) + 1,)."""
    sound = _SURROGATE.sub("?", text)
    end = "\n" if line_ends == "lf" else "\r\n"
    width = np.ones(len(text) + 1, dtype=np.int64)
    for found in re.finditer(r"\r\n?|\n", sound):
        width[found.start() : found.end()] = 0
        width[found.end() - 1] = len(end)
    offsets = np.concatenate([[0], np.cumsum(width[:-1])])
    return re.sub(r"\r\n?|\n", end, sound), offsets


def _said(sentence: Sentence, report: Report) -> str:
    return _clean("\n".join(_lines(sentence, report)))


def _lines(sentence: Sentence, report: Report) -> Iterator[str]:
    yield ", ".join(
        f"{label} {sentence.scores[label]:.2f}" for label in sorted(LABELS, key=lambda name: -sentence.scores[name])
    )
    if sentence.cues:
        yield "words: " + " | ".join(cue.text for cue in sentence.cues)
    if sentence.voice:
        yield f"voice: {sentence.voice}"
    model = report.provenance.get("model", {})
    yield f"id {sentence.id}; scr-tone {__version__}, model {model.get('name', '')} {str(model.get('sha256', ''))[:12]}"
