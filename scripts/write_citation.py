"""Write CITATION.cff from the version and from what the bundled models say of themselves.

python scripts/write_citation.py            # write
python scripts/write_citation.py --check    # fail if it is out of date
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from scr_tone.artefact import bundled_names, load
from scr_tone.labelled import fingerprint, read_labelled_folder
from scr_tone.provenance import model_entry
from scr_tone.version import __version__

ROOT = Path(__file__).resolve().parent.parent

HEAD = """\
# Written by scripts/write_citation.py.
cff-version: 1.2.0
message: If you use scr-tone, please cite the software, and name the model and the data that your figures rest on.
title: "scr-tone: what each sentence of a case review does with responsibility"
type: software
version: {version}
authors:
  - name: The scr-tone authors
license: MIT
keywords: [safeguarding, serious case review, just culture, text classification]
references:
"""

MODEL = """\
  - type: software
    title: "scr-tone model {name}"
    version: {version}
    authors:
      - name: The scr-tone authors
    license: MIT
    notes: "{notes}"
    identifiers:
      - type: other
        value: "sha256:{sha256}"
        description: SHA-256 of the model's manifest, which pins every file of it.
"""

DATA = """\
  - type: data
    title: "scr-tone labelled sentences"
    version: {version}
    authors:
      - name: The scr-tone authors
    license: CC-BY-4.0
    notes: "{sentences:,} authored sentences with labels; written and labelled by language models."
    identifiers:
      - type: other
        value: "sha256:{sha256}"
        description: Fingerprint of the sentences and labels (data/README.md).
"""


def citation() -> str:
    """The whole file."""
    parts = [HEAD.format(version=__version__)]
    entries: list[dict[str, Any]] = []
    for name in bundled_names():
        artefact = load(name)
        entry = model_entry(name, artefact.digest, artefact.manifest)
        entries.append(entry)
        data = entry["data"]
        notes = f"Trained from {data['sentences']:,} labelled sentences, fingerprint {data['sha256'][:16]}."
        parts.append(MODEL.format(name=name, version=entry["version"], notes=notes, sha256=entry["sha256"]))
    sentences = read_labelled_folder(ROOT / "data" / "authored")  # a model may have learned from fewer of them
    sha256 = fingerprint(sentences)
    parts.append(DATA.format(version=f"{__version__}+{sha256[:12]}", sentences=len(sentences), sha256=sha256))
    return "".join(parts)


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    path, wanted = ROOT / "CITATION.cff", citation()
    if options.check:
        current = path.is_file() and path.read_text(encoding="utf-8") == wanted
        if not current:
            print("CITATION.cff is out of date: run python scripts/write_citation.py")
        return int(not current)
    path.write_text(wanted, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
