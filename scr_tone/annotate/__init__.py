"""A Word document with comments on the sentences that were flagged, and otherwise as it was.

`annotate` works on bytes, `annotate_file` on files. The document is parsed and changed in a child process under limits,
like everything that comes from outside (`scr_tone.reading.child`). Parts: `remarks` (what the comments say), `threads` (those
that are there already), `anchors` (ranges in the body), `parts` (the package), `job` (all of it, in the child).
"""

from __future__ import annotations

from scr_tone.annotate.document import Annotated, annotate, annotated, check_labels, explains
from scr_tone.annotate.files import annotate_file, check_output, save_annotated

__all__ = [
    "Annotated",
    "annotate",
    "annotate_file",
    "annotated",
    "check_labels",
    "check_output",
    "explains",
    "save_annotated",
]
