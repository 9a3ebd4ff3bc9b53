"""A sample as files for people and programs: CSV for a spreadsheet, Label Studio, doccano.

With pre-labels people see what the model thinks before they judge, which makes them faster and draws them towards it
(anchoring); without (``blind=True``) agreement with the model means something.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from scr_tone.records import LABELS
from scr_tone.rendering.names import MEANING
from scr_tone.rendering.table import safe_cell

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CARRIED", "csv_form", "doccano_form", "label_studio_config", "label_studio_form"]

#: What goes out with each sentence and comes back with its label.
CARRIED = (
    "document", "page", "section", "key", "inclusion_probability", "stratum", "stratum_size", "sample",
)  # fmt: skip
_WHOLE = ("page", "stratum_size")


def _rows(sample: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Plain rows. The id is called ``key``, because both programs give an ``id`` of their own to each sentence."""
    for row in sample.rename(columns={"id": "key"}).to_dict("records"):
        carried = {name: _plain(name, row.get(name)) for name in CARRIED}
        yield {**carried, "text": row["text"], "before": row["before"], "after": row["after"], "source": row}


def _plain(name: str, value: Any) -> Any:
    import pandas as pd

    if pd.isna(value):
        return None
    if name in _WHOLE:
        return int(value)
    return float(value) if name == "inclusion_probability" else str(value)


def csv_form(sample: pd.DataFrame, *, blind: bool = False) -> str:
    """CSV for Excel or LibreOffice, a byte order mark in front so that both read it as UTF-8.

    Parameters
    ----------
    sample : pandas.DataFrame
        From `draw_sample`.
    blind : bool
        Leave out the model's label and score.

    Returns
    -------
    str
        The columns ``label``, ``annotator`` and ``note`` are empty, to be filled in.
    """
    suggested = [] if blind else ["suggested", "suggested_score"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["before", "text", "after", "label", "annotator", "note", *suggested, *CARRIED])
    for row in _rows(sample):
        # A spreadsheet takes an id of digits with an e among them for a number, and rewrites it.
        row["key"] = f"#{row['key']}"
        source = row["source"]
        hints = [] if blind else [source["label"], _score(source)]
        cells = [row["before"], row["text"], row["after"], "", "", "", *hints, *(row[name] for name in CARRIED)]
        writer.writerow([safe_cell(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def _score(row: Mapping[str, Any]) -> float | None:
    score = _plain("score", row.get(f"score_{row['label']}"))
    return None if score is None else round(float(score), 4)


def label_studio_form(sample: pd.DataFrame, *, blind: bool = False, model: str = "scr-tone") -> str:
    """Tasks for Label Studio (its JSON import), with the model's labels as ``predictions``.

    Parameters
    ----------
    sample : pandas.DataFrame
    blind : bool
        Without predictions.
    model : str
        Name of the model, as the program shows it beside a prediction.
    """
    tasks = []
    for row in _rows(sample):
        source = row.pop("source")
        task: dict[str, Any] = {"data": row}
        if not blind:
            choice = {"choices": [source["label"]]}
            result = {"from_name": "label", "to_name": "text", "type": "choices", "value": choice}
            task["predictions"] = [{"model_version": model, "score": _score(source), "result": [result]}]
        tasks.append(task)
    return json.dumps(tasks, indent=1) + "\n"


def label_studio_config() -> str:
    """The labelling interface that fits `label_studio_form`, to be pasted into the project's settings."""
    choices = "\n".join(
        f"    <Choice value={quoteattr(label)} hint={quoteattr(MEANING[label])} hotkey={quoteattr(str(at))}/>"
        for at, label in enumerate(LABELS, 1)
    )
    return (
        "<View>\n"
        '  <Text name="before" value="$before"/>\n'
        '  <Header value="Label this sentence; the others are there to resolve a pronoun" size="5"/>\n'
        '  <Text name="text" value="$text"/>\n'
        '  <Choices name="label" toName="text" choice="single" required="true" showInLine="true">\n'
        f"{choices}\n"
        "  </Choices>\n"
        '  <Text name="after" value="$after"/>\n'
        '  <TextArea name="note" toName="text" placeholder="Doubts, if any" rows="2" maxSubmissions="1"/>\n'
        "</View>\n"
    )


def doccano_form(sample: pd.DataFrame, *, blind: bool = False) -> str:
    """JSON Lines for a text classification project in doccano; what it does not know it keeps as metadata.

    Parameters
    ----------
    sample : pandas.DataFrame
    blind : bool
        Without labels. doccano cannot tell a label that was given out from one that a person chose, so with them an export
        holds the model's label wherever nobody looked.
    """
    lines = []
    for row in _rows(sample):
        source = row.pop("source")
        row["label"] = [] if blind else [source["label"]]
        lines.append(json.dumps(row) + "\n")
    return "".join(lines)
