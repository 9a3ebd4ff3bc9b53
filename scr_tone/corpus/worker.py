"""What a worker does: one document in, its finished part out. The same code in a process of this machine and on a cluster.

A part is what is known of a content wherever it lies: no path is in it. It is compressed JSON, ``{"document": {...},
"sentences": [[...], ...]}`` or ``{"error": {"kind": ..., "reason": ..., "remedy": ...}}``.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from scr_tone.corpus.settings import Setup
from scr_tone.errors import ConfigError, InputError, ModelError
from scr_tone.version import __version__

if TYPE_CHECKING:
    from scr_tone.analyser import ToneAnalyser
    from scr_tone.report import Report

__all__ = ["analysed", "error_part", "prepare", "unpacked"]

_lock = threading.Lock()
_loaded: tuple[Setup, ToneAnalyser] | None = None
#: What words of a document would come in by.
_WORDS = ("text", "cues", "section")


def prepare(setup: Setup) -> None:
    """Load the model, so that what is wrong with it is said before any document is touched."""
    _analyser(setup)


def analysed(setup: Setup, suffix: str, data: bytes, progress: Callable[[int, int], None] | None = None) -> bytes:
    """Analyse one document.

    Parameters
    ----------
    setup : Setup
    suffix : str
        Of its name, which tells Markdown from plain text.
    data : bytes
        Its content. Workers need not share a disk with whoever gives out the work.
    progress : callable, optional
        See `ToneAnalyser.analyse`.

    Returns
    -------
    bytes
        The part. A document that cannot be read, or that makes the analysis fail, gives a part with an error.

    Raises
    ------
    ConfigError
        If this worker has another version of scr-tone.
    ModelError
        If it cannot load the very model.
    """
    tone = _analyser(setup)
    try:
        from scr_tone.reading import read_bytes

        document = read_bytes(data, name=f"document{suffix}", limits=setup.limits)
        report = tone.analyse(
            document,
            cues=setup.cues,
            explain=setup.explain,
            skip=setup.skip,
            project=setup.project,
            decisions=setup.decisions,
            progress=progress,
        )
        return _part(report, len(data), text=setup.text)
    except InputError as error:
        return error_part("unreadable", error.reason, error.remedy)
    except (ConfigError, ModelError):
        raise
    except MemoryError:
        return error_part("failed", "needs more memory than there is", "split it into parts, or use fewer workers")
    except Exception as error:  # noqa: BLE001 - the boundary: one document's surprise must not end the run of thousands
        return error_part(
            "failed", f"the analysis failed on it ({type(error).__name__})", "check it with scr-tone check"
        )
    finally:
        tone.forget()  # what one document left in memory must neither pile up nor touch the next


def error_part(kind: str, reason: str, remedy: str | None) -> bytes:
    """A part that says why a document is not in the tables; of kind "unreadable", "failed" or "died"."""
    return _packed({"error": {"kind": kind, "reason": reason, "remedy": remedy}})


def unpacked(part: bytes) -> dict[str, Any]:
    """What a part holds."""
    return dict(json.loads(zlib.decompress(part)))


def _analyser(setup: Setup) -> ToneAnalyser:
    """The analyser of this process: the model is loaded once, not for each document."""
    global _loaded  # noqa: PLW0603 - one model a process is the point
    with _lock:  # a cluster's worker may have several threads
        if _loaded is None or _loaded[0] != setup:
            if setup.version != __version__:
                raise ConfigError(
                    f"has scr-tone {__version__}, and the work is given out by {setup.version}",
                    remedy="install the same version everywhere",
                    subject="a worker",
                )
            from scr_tone.loading import load

            prior = dict(setup.prior) if isinstance(setup.prior, tuple) else setup.prior
            tone = load(
                setup.place,
                trusted=True,  # said by whoever started the run, of the model with this digest
                prior=prior,
                prior_strength=setup.prior_strength,
                digest=setup.digest,
                threads=setup.threads,
            )
            _loaded = (setup, tone)
        return _loaded[1]


def _part(report: Report, size: int, *, text: bool) -> bytes:
    from scr_tone.rendering.table import cells

    whole = report.to_dict()
    summary = whole["summary"]
    pages = [stretch.page for stretch in report.document.stretches if stretch.page is not None]
    document = {
        "bytes": size,
        "format": whole["document"]["format"],
        "pages": max(pages, default=None),
        "characters": whole["document"]["characters"],
        "words": summary["words"],
        "sentences": summary["sentences"],
        **{f"count_{label}": found["count"] for label, found in summary["labels"].items()},
        **{f"share_{label}": found["share"] for label, found in summary["labels"].items()},
        "flagged": summary["flagged"],
        "flagged_per_1000_words": summary["flagged_per_1000_words"],
        "below_threshold": summary["below_threshold"],
        "skipped": sum(summary["skipped"].values()),
        **{f"purpose_{question}": answer["status"] for question, answer in whole["purpose"].items()},
        "contradiction": whole["contradiction"],
        "warnings": whole["document"]["warnings"],
        "software": f"{whole['software']['name']} {whole['software']['version']}",
        "model": whole["model"]["name"],
        "model_sha256": whole["model"]["sha256"],
        "settings": json.dumps(whole["settings"], sort_keys=True),
    }
    hidden = () if text else _WORDS
    rows = [[None if column in hidden else cell for column, cell in row.items()] for row in cells(whole)]
    return _packed({"document": document, "sentences": rows})


def _packed(content: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 1)
