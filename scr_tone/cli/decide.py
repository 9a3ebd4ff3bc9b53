"""``scr-tone decide``: note what was decided about findings of a draft, beside it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from scr_tone.cli.exits import Exit
from scr_tone.cli.options import add_config, add_model, add_prior, loaded, project_of
from scr_tone.decisions import VERDICTS, Decision, decisions_beside, record_decisions
from scr_tone.errors import InputError
from scr_tone.reading import read
from scr_tone.units import Unit, units_of

__all__ = ["add"]

_UNDO = "undo"
_LEAST_DIGITS = 4


def add(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "decide",
        help="note that a flag is intended, wrong or helpful",
        description="Notes decisions on findings of a draft in DRAFT.tone.json beside it, or in the file that scr-tone.toml "
        "names for all drafts. A finding that is intended or wrong stays quiet in later checks, also when it moves; "
        "check --show skipped lists it. The file holds none of the text.",
    )
    parser.add_argument("draft", metavar="DRAFT")
    parser.add_argument(
        "ids", nargs="+", metavar="ID", help="id of a finding, as check shows it, or the beginning of it"
    )
    parser.add_argument(
        "decision",
        choices=(*VERDICTS, _UNDO),
        help="intended: the flag is right and the sentence stays; wrong: it is a false alarm; helpful: it was of use (the sentence "
        "stays flagged); undo: take a decision back",
    )
    parser.add_argument("--decisions", metavar="FILE", help="keep them there instead")
    add_config(parser)
    add_model(parser)
    add_prior(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Find the sentences, label them, note what was decided."""
    project = project_of(options, options.draft)
    target = Path(options.decisions or project.decisions or decisions_beside(options.draft))
    units, _ = units_of(read(options.draft), project=project)
    found = [_find(units, given, options.draft) for given in options.ids]
    if options.decision == _UNDO:
        kept = record_decisions(target, undone=[unit.id for unit in found])
    else:
        tone = loaded(options)
        predictions = tone.label([unit.masked.text for unit in found], cues=False)
        made = [
            Decision(unit.id, options.decision, one.label, one.scores[one.label], tone.digest)
            for unit, one in zip(found, predictions, strict=True)
        ]
        kept = record_decisions(target, made)
        for one in made:
            print(f"{one.id}  {one.label} {one.score:.0%}  {one.decision}")
    print(f"{target}: {len(kept):,} decision{'' if len(kept) == 1 else 's'}")
    return Exit.DONE


def _find(units: list[Unit], given: str, draft: str) -> Unit:
    """The finding whose id is given, whole or its beginning."""
    wanted = given.lower()
    exact = [unit for unit in units if unit.id == wanted]
    near = exact or [unit for unit in units if len(wanted) >= _LEAST_DIGITS and unit.id.startswith(wanted)]
    different = {unit.id.split("-")[0] for unit in near}
    if len(different) == 1:
        return near[0]
    reason = f"has several findings {given}..." if near else f"has no finding {given}"
    raise InputError(reason, remedy=f"copy an id from scr-tone check {draft}", subject=draft)
