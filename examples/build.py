"""Builds the example documents from their sources: `python examples/build.py [FOLDER]`.

Needs python-docx and ReportLab, which the product itself does not. Dates, ids and the order of everything are fixed, so
that the same sources give the same bytes with the same versions of those two.
"""

from __future__ import annotations

import sys
from pathlib import Path

from build_docx import build_docx
from build_edits import edited_source
from build_markup import read_source
from build_pdf import build_pdf

HERE = Path(__file__).parent


def build(folder: Path = HERE) -> list[Path]:
    """Build the documents into `folder`; returns their paths."""
    draft, published = folder / "draft_review_child_m.docx", folder / "review_family_r.pdf"
    later = folder / "draft_review_child_m_v05.docx"
    build_docx(read_source(HERE / "src" / "child_m.md"), draft)
    build_docx(edited_source(HERE / "src" / "child_m.md", HERE / "src" / "child_m_v05.txt"), later)
    build_pdf(read_source(HERE / "src" / "family_r.md"), published)
    return [draft, later, published]


if __name__ == "__main__":
    for built in build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE):
        print(f"{built} ({built.stat().st_size:,} bytes)")
